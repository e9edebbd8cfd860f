/** Validation errors as one sentence for the person who has to mend the record. No value is ever quoted. */
import type { ErrorObject } from "ajv"
import { instantFault } from "./instant.ts"
import { type RecordKind, type RecordSchema, recordSchemas } from "./kinds.ts"
import { nearest } from "./nearest.ts"
import type { Rejection } from "./validate.ts"

const identifier = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

const segmentsOf = (pointer: string): ReadonlyArray<string> =>
  pointer === "" ? [] : pointer.slice(1).split("/").map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))

/** A pointer without keys that are data: a key that does not look like a field name may name a person. */
const safePointer = (pointer: string): string => {
  const kept: Array<string> = []
  for (const part of segmentsOf(pointer)) {
    if (!identifier.test(part) && !/^\d+$/.test(part)) break
    kept.push(part)
  }
  return kept.map((part) => `/${part}`).join("")
}

const fieldOf = (pointer: string): string => segmentsOf(safePointer(pointer)).findLast((part) => !/^\d+$/.test(part)) ?? "record"

const valueAt = (value: unknown, pointer: string): unknown => {
  let found = value
  for (const part of segmentsOf(pointer)) found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[part] : undefined
  return found
}

/** The schema that governs the object at a pointer (the object alternative where there are several). */
const schemaAt = (kind: RecordKind, pointer: string): RecordSchema | undefined => {
  let schema: RecordSchema | undefined = recordSchemas[kind]
  for (const part of segmentsOf(pointer)) {
    const properties: Readonly<Record<string, RecordSchema>> = schema?.properties ?? {}
    schema = schema?.items ?? (Object.hasOwn(properties, part) ? properties[part] : undefined)
    schema = schema?.oneOf?.find((alternative) => alternative.properties !== undefined) ?? schema
  }
  return schema
}

const unknownField = (kind: RecordKind, error: ErrorObject): Rejection => {
  const field = String((error.params as { additionalProperty?: unknown }).additionalProperty)
  const parent = safePointer(error.instancePath)
  const known = Object.keys(schemaAt(kind, error.instancePath)?.properties ?? {})
  if (!identifier.test(field)) return { pointer: parent, sentence: `Unknown field, whose name is not shown because it may be personal; free-form values belong into "attributes".` }
  const near = nearest(field, known)
  if (near === undefined) return { pointer: `${parent}/${field}`, sentence: `Unknown field "${field}".` }
  return { pointer: `${parent}/${field}`, sentence: `Unknown field "${field}"; did you mean "${near}"?`, nearest: near }
}

const notAllowed = (error: ErrorObject, value: unknown): Rejection => {
  const allowed = (error.params as { allowedValues?: ReadonlyArray<string> }).allowedValues ?? []
  const found = valueAt(value, error.instancePath)
  const near = typeof found === "string" ? nearest(found, allowed) : undefined
  const hint = near === undefined ? "" : `; the nearest is "${near}"`
  return {
    pointer: safePointer(error.instancePath),
    sentence: `"${fieldOf(error.instancePath)}" is not one of ${allowed.join(", ")}${hint}.`,
    ...(near === undefined ? {} : { nearest: near })
  }
}

const article = (type: string): string => ({ string: "text", integer: "a whole number", number: "a number", boolean: "true or false", object: "an object", array: "a list", null: "null" })[type] ?? type

const typeSentence = (error: ErrorObject): string => {
  const type = (error.params as { type?: string | ReadonlyArray<string> }).type ?? ""
  const types = typeof type === "string" ? type.split(",") : type
  return `"${fieldOf(error.instancePath)}" must be ${types.map(article).join(" or ")}.`
}

const patternSentence = (field: string): string => {
  if (field === "jurisdiction" || field === "location") return `"${field}" is not a place as ISO 3166 writes it, for instance DE or US-CA.`
  if (field === "country") return `"country" is not a country of two capital letters as ISO 3166-1 writes it, for instance DE.`
  if (field === "currency") return `"currency" is not three capital letters as ISO 4217 writes it, for instance EUR.`
  if (field === "sha256") return `"sha256" is not a digest of 64 hexadecimal digits.`
  return `"${field}" does not have the form that is asked for.`
}

const choiceSentence = (kind: RecordKind, error: ErrorObject): string => {
  if (error.instancePath !== "") return `"${fieldOf(error.instancePath)}" must hold texts or objects {alias, from, until}.`
  const schema = recordSchemas[kind]
  const choices = (error.keyword === "oneOf" ? schema.oneOf : schema.anyOf) ?? []
  const names = choices.flatMap((choice) => choice.required ?? []).join(", ")
  return error.keyword === "oneOf" ? `Exactly one of ${names} must be there.` : `At least one of ${names} must be there.`
}

const sentence = (kind: RecordKind, value: unknown, error: ErrorObject): string => {
  const field = fieldOf(error.instancePath)
  switch (error.keyword) {
    case "required": return `Field "${String((error.params as { missingProperty?: unknown }).missingProperty)}" is missing.`
    case "type": return typeSentence(error)
    case "format": {
      const found = valueAt(value, error.instancePath)
      return `"${field}" ${instantFault(typeof found === "string" ? found : "")}.`
    }
    case "minLength": return `"${field}" is empty; leave the field out where nothing is known.`
    case "minItems": return `"${field}" is an empty list; leave the field out or name at least one.`
    case "maxProperties": return `"${field}" has more than ${String((error.params as { limit?: unknown }).limit)} entries.`
    case "minimum": case "maximum": return `"${field}" is out of range (${String((error.params as { comparison?: unknown }).comparison)} ${String((error.params as { limit?: unknown }).limit)}).`
    case "pattern": return patternSentence(field)
    case "oneOf": case "anyOf": return choiceSentence(kind, error)
    default: return `"${field}" does not fit (${error.keyword}).`
  }
}

/** Errors inside the alternatives of a choice, and of the choice itself, are one problem, told once. */
const problemsOf = (errors: ReadonlyArray<ErrorObject>): ReadonlyArray<ErrorObject> => {
  const inside = (error: ErrorObject) => /\/(?:oneOf|anyOf)\/\d+\//.test(error.schemaPath)
  const precise = errors.filter((error) => inside(error) && error.keyword !== "type" && error.instancePath !== "" && error.keyword !== "required")
  return errors.filter((error) => !inside(error)).map((error) =>
    error.keyword === "oneOf" && error.instancePath !== "" ? precise.find((each) => each.instancePath.startsWith(error.instancePath)) ?? error : error)
}

// A misspelt field explains a missing one, so it is told first.
const weight = (error: ErrorObject): number => error.keyword === "additionalProperties" ? 0 : 1

/** The first problem as a sentence, and how many more there are. */
export const sentenceOf = (kind: RecordKind, value: unknown, errors: ReadonlyArray<ErrorObject>): Rejection => {
  const problems = [...problemsOf(errors)].sort((left, right) => weight(left) - weight(right))
  const first = problems[0]
  if (first === undefined) return { pointer: "", sentence: "The record does not fit its schema." }
  const told = first.keyword === "additionalProperties" ? unknownField(kind, first)
    : first.keyword === "enum" ? notAllowed(first, value)
    : { pointer: safePointer(first.instancePath), sentence: sentence(kind, value, first) }
  const others = problems.length - 1
  return others === 0 ? told : { ...told, sentence: `${told.sentence} (${others} more ${others === 1 ? "problem" : "problems"})` }
}
