import { AttestError } from "./AttestError.ts"

/** Deeper values than this are refused, so that a hostile document cannot exhaust the stack. */
const depthMax = 256

const ill = (what: string): AttestError => new AttestError("format", `A value cannot be written as canonical JSON: ${what}.`)

const writeText = (text: string): string => {
  if (!text.isWellFormed()) throw ill("a text holds half of a surrogate pair")
  return JSON.stringify(text)
}

const writeObject = (value: object, depth: number): string => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw ill("an object is not a plain one")
  const entries = value as Readonly<Record<string, unknown>>
  const parts: Array<string> = []
  // Array.prototype.sort compares UTF-16 code units, which is the order that RFC 8785 §3.2.3 asks for.
  for (const key of Object.keys(entries).sort()) {
    const member = entries[key]
    if (member !== undefined) parts.push(`${writeText(key)}:${write(member, depth)}`)
  }
  return `{${parts.join(",")}}`
}

const write = (value: unknown, depth: number): string => {
  if (value === null) return "null"
  if (typeof value === "string") return writeText(value)
  if (typeof value === "boolean") return value ? "true" : "false"
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw ill("a number is not finite")
    return JSON.stringify(value)
  }
  if (typeof value !== "object") throw ill(`${typeof value} is not a JSON type`)
  if (depth >= depthMax) throw ill(`it is nested deeper than ${depthMax} levels`)
  if (Array.isArray(value)) return `[${value.map((member: unknown) => write(member, depth + 1)).join(",")}]`
  return writeObject(value, depth + 1)
}

/**
 * The one JSON text of a value after RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units,
 * numbers as ECMAScript prints them, no white space. Members whose value is `undefined` are left out.
 * Throws AttestError (`format`) for what has no such form: NaN, infinities, bigint, lone surrogates, dates, cycles.
 */
export const canonicalJson = (value: unknown): string => write(value, 0)

/** The UTF-8 bytes of {@link canonicalJson}. */
export const canonicalBytes = (value: unknown): Buffer => Buffer.from(canonicalJson(value), "utf8")
