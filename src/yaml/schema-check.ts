import { Ajv2020 } from "ajv/dist/2020.js"
import type { ErrorObject, ValidateFunction } from "ajv/dist/2020.js"
import ipaddr from "ipaddr.js"
import { parseDuration, parseInstant } from "../time/index.ts"
import { suggestion } from "./nearest.ts"

/** A JSON Schema 2020-12 as imported from `schemas/`. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** What does not fit the schema, where (path of keys) and whether the key itself is at fault. */
export type Misfit = { readonly path: ReadonlyArray<string>; readonly onKey: boolean; readonly sentence: string }

/** How a value of a format is written, for people. */
const formatHints: Readonly<Record<string, string>> = {
  "date-time": "a time with an offset, such as 2026-01-01T00:00:00Z",
  duration: "an ISO 8601 duration, such as PT30S, P30D or P1Y",
  "time-of-day": "an hour and minute in quotes, such as \"07:00\"",
  date: "a day, such as 2026-12-25",
  cidr: "a network, such as 10.0.0.0/8 or 2001:db8::/32",
  "time-zone": "an IANA time zone, such as America/Chicago"
}

const knowsTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}

const validators = new WeakMap<JsonSchema, ValidateFunction>()

const makeValidator = (schema: JsonSchema): ValidateFunction => {
  // The schemas are valid (a test says so) and run seldom: to check and to polish them took half of the compiling.
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true, validateFormats: true, validateSchema: false, meta: false, code: { optimize: false } })
  ajv.addVocabulary(["x-names", "x-stored", "x-hint"])
  ajv.addFormat("date-time", (text: string) => parseInstant(text) !== undefined)
  ajv.addFormat("duration", (text: string) => parseDuration(text) !== undefined)
  ajv.addFormat("time-of-day", /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
  ajv.addFormat("date", (text: string) => parseInstant(`${text}T00:00:00Z`) !== undefined)
  ajv.addFormat("cidr", (text: string) => ipaddr.isValidCIDR(text))
  ajv.addFormat("time-zone", knowsTimeZone)
  return ajv.compile(schema)
}

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map of keys",
  null: "null"
}

const typeOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "array" : typeof value === "object" ? "object" : typeof value

const wrongType = (error: ErrorObject): string => {
  const wanted = [error.params["type"] as string | ReadonlyArray<string>].flat()
  const got = typeOf(error.data)
  const quotes = wanted.includes("string") && (got === "number" || got === "boolean") ? "; write it in quotes" : ""
  if (got === "null") return `is empty; it must be ${wanted.map((type) => typeNames[type] ?? type).join(" or ")}`
  return `must be ${wanted.map((type) => typeNames[type] ?? type).join(" or ")}, not ${typeNames[got] ?? got}${quotes}`
}

const propertiesOf = (error: ErrorObject): ReadonlyArray<string> =>
  Object.keys((error.parentSchema?.["properties"] ?? {}) as Record<string, unknown>)

const enumSentence = (error: ErrorObject): string => {
  const known = (error.params["allowedValues"] as ReadonlyArray<unknown>).map(String)
  const got = typeof error.data === "string" ? error.data : JSON.stringify(error.data)
  return `${JSON.stringify(got)} is not known; ${suggestion(got, known)}`
}

const pattern = (error: ErrorObject): string => {
  const hint = error.parentSchema?.["x-hint"]
  return `${JSON.stringify(error.data)} is not written as expected${typeof hint === "string" ? ` (${hint})` : ""}`
}

const wrongName = (name: string, names: { readonly enum?: ReadonlyArray<string> }): string =>
  names.enum === undefined
    ? `the key ${JSON.stringify(name)} is not written as a name: letters, digits and _, no digit first`
    : `unknown key ${JSON.stringify(name)}; ${suggestion(name, names.enum)}`

const unescapePointer = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~")

/** May the key that holds what is wrong not be left out? Its place in the schema tells: `…/properties/<key>/…`. */
const isNeeded = ({ schemaPath }: ErrorObject, schema: JsonSchema): boolean => {
  const steps = schemaPath.split("/").slice(1).map((part) => unescapePointer(decodeURIComponent(part)))
  const at = steps.lastIndexOf("properties")
  let holder: unknown = schema
  for (const step of steps.slice(0, at)) holder = (holder as Readonly<Record<string, unknown>> | undefined)?.[step]
  const required = (holder as { readonly required?: ReadonlyArray<string> } | undefined)?.required
  return at >= 0 && required?.includes(steps[at + 1] ?? "") === true
}

/** The sentence of one ajv error; undefined for those that only repeat another (if, anyOf wrappers). */
const sentenceOf = (error: ErrorObject, schema: JsonSchema): string | undefined => {
  switch (error.keyword) {
    case "additionalProperties":
    case "unevaluatedProperties": {
      const key = String(error.params["additionalProperty"] ?? error.params["unevaluatedProperty"])
      return `unknown key ${JSON.stringify(key)}; ${suggestion(key, propertiesOf(error))}`
    }
    case "required":
      return `the key ${JSON.stringify(error.params["missingProperty"])} is missing; add it`
    case "type":
      return wrongType(error)
    case "enum":
      return enumSentence(error)
    case "const":
      return `must be ${JSON.stringify(error.params["allowedValue"])}`
    case "format":
      return `${JSON.stringify(error.data)} is not ${formatHints[String(error.params["format"])] ?? `a ${String(error.params["format"])}`}`
    case "pattern":
      return pattern(error)
    case "minItems":
      return `must not be an empty list; ${isNeeded(error, schema) ? "name at least one" : "leave the key out instead"}`
    case "minLength":
      return "must not be empty"
    case "minProperties":
      return `must not be empty${isNeeded(error, schema) ? "" : "; leave the key out instead"}`
    case "uniqueItems":
      return "lists the same entry twice; remove one"
    case "propertyNames":
      return wrongName(String(error.params["propertyName"]), error.schema as { readonly enum?: ReadonlyArray<string> })
    case "if":
    case "anyOf":
    case "oneOf":
      return error.keyword === "if" ? undefined : "fits none of the allowed forms"
    default:
      return error.message ?? "does not fit the schema"
  }
}

/** A value of a wrong type breaks enum, pattern and format too: one sentence is enough. */
const withoutEchoes = (errors: ReadonlyArray<ErrorObject>): ReadonlyArray<ErrorObject> => {
  const mistyped = new Set(errors.filter((error) => error.keyword === "type").map((error) => error.instancePath))
  // What propertyNames found is reported by propertyNames itself, with the name.
  return errors.filter((error) => error.propertyName === undefined && (error.keyword === "type" || !mistyped.has(error.instancePath)))
}

/** Everything in the value that does not fit the schema. */
export const misfits = (value: unknown, schema: JsonSchema): ReadonlyArray<Misfit> => {
  let validate = validators.get(schema)
  if (validate === undefined) validators.set(schema, (validate = makeValidator(schema)))
  if (validate(value)) return []
  const found = new Map<string, Misfit>()
  for (const error of withoutEchoes(validate.errors ?? [])) {
    const sentence = sentenceOf(error, schema)
    if (sentence === undefined) continue
    const path = error.instancePath.split("/").slice(1).map(unescapePointer)
    const key = (error.params["additionalProperty"] ?? error.params["unevaluatedProperty"] ?? error.params["propertyName"]) as string | undefined
    const misfit = key === undefined ? { path, onKey: false, sentence } : { path: [...path, key], onKey: true, sentence }
    found.set(`${misfit.path.join("/")} ${sentence}`, misfit)
  }
  return [...found.values()]
}
