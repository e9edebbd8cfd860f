/** JSON documents in an object: one document, an array of them, or one a line. */
import { type FormatInput, ObjectUnreadable } from "./format.ts"

/** A JSON object with unknown content. */
export type Json = Readonly<Record<string, unknown>>

/** One document of an object and where it stands. */
export type JsonDocument =
  | { readonly value: unknown; readonly line?: number; readonly pointer?: string }
  | { readonly fault: string; readonly line: number }

/** Is it a JSON object (not an array, not null)? */
export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The text if it is one with something in it. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" && value.trim() !== "" ? value : undefined)

/** The first of several spellings of a field that is a text. */
export const textAt = (json: Json | undefined, ...names: ReadonlyArray<string>): string | undefined => {
  for (const name of names) {
    const text = textOf(json?.[name])
    if (text !== undefined) return text
  }
  return undefined
}

/** The JSON object in a field. */
export const jsonAt = (json: Json | undefined, ...names: ReadonlyArray<string>): Json | undefined => {
  for (const name of names) {
    const value = json?.[name]
    if (isJson(value)) return value
  }
  return undefined
}

/** The list in a field; empty where there is none. */
export const listAt = (json: Json | undefined, ...names: ReadonlyArray<string>): ReadonlyArray<unknown> => {
  for (const name of names) {
    const value = json?.[name]
    if (Array.isArray(value)) return value
  }
  return []
}

/** The finite number in a field. */
export const numberAt = (json: Json | undefined, name: string): number | undefined => {
  const value = json?.[name]
  return typeof value === "number" && Number.isFinite(value) ? value : undefined
}

/** The object with the fields that have a value; exact optional types want absent, not undefined. */
export const defined = <Fields extends object>(fields: Fields): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } => {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) kept[name] = value
  return kept as { [Name in keyof Fields]: Exclude<Fields[Name], undefined> }
}

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

/** Text of a whole object; throws ObjectUnreadable where it is not UTF-8. */
export const wholeText = async (input: FormatInput): Promise<string> => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await input.whole())
  } catch (problem) {
    if (problem instanceof TypeError) throw new ObjectUnreadable("The object is not UTF-8 text; deliver it as UTF-8.")
    throw problem
  }
}

/** Objects written one after the other with nothing between, as Firehose delivers them; undefined where that does not work out. */
const concatenated = (text: string): ReadonlyArray<unknown> | undefined => {
  const values: Array<unknown> = []
  let depth = 0
  let inText = false
  let from = 0
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (inText) {
      if (character === 92) index++
      else if (character === 34) inText = false
    } else if (character === 34) inText = true
    else if (character === 123 || character === 91) depth++
    else if (character === 125 || character === 93) {
      depth--
      if (depth !== 0) continue
      const value = parsed(text.slice(from, index + 1))
      if (value === undefined) return undefined
      values.push(value.value)
      from = index + 1
    }
  }
  return text.slice(from).trim() === "" ? values : undefined
}

/**
 * The JSON documents of an object. Throws ObjectUnreadable where not one is JSON; `what` says what
 * was expected, for instance "a vCon".
 */
export const documentsOf = async (input: FormatInput, what: string): Promise<ReadonlyArray<JsonDocument>> => {
  const text = await wholeText(input)
  if (text.trim() === "") return []
  const whole = parsed(text)
  if (whole !== undefined) return Array.isArray(whole.value) ? whole.value.map((value: unknown, index) => ({ value, pointer: `/${index}` })) : [{ value: whole.value, pointer: "" }]
  const joined = /\}[ \t]*\{/.test(text) ? concatenated(text) : undefined
  if (joined !== undefined) return joined.map((value, index) => ({ value, pointer: `/${index}` }))
  const documents: Array<JsonDocument> = []
  text.split("\n").forEach((content, index) => {
    if (content.trim() === "") return
    const line = parsed(content)
    documents.push(line === undefined ? { fault: "The line is not a JSON document.", line: index + 1 } : { value: line.value, line: index + 1 })
  })
  // A document over several lines, such as a pretty-printed stream.
  const apart = documents.every((document) => "fault" in document) ? concatenated(text) : undefined
  if (apart !== undefined) return apart.map((value, index) => ({ value, pointer: `/${index}` }))
  if (documents.every((document) => "fault" in document)) throw new ObjectUnreadable(`The object is not JSON, so it is not ${what}; name its real format in the pipeline file or deliver it again.`)
  return documents
}

/** Where a document stands, for what is produced from it; `inside` is a pointer within the document. */
export const placeOf = (document: JsonDocument, inside = ""): { readonly line?: number; readonly pointer?: string } => {
  const pointer = ("pointer" in document ? document.pointer ?? "" : "") + inside
  return { ...(document.line === undefined ? {} : { line: document.line }), ...(pointer === "" ? {} : { pointer }) }
}
