/** Schemas as shapes over bytes: what `match` follows. A schema that needs more than a shape can say has none. */
import { type RecordKind, type RecordSchema, recordKinds, recordSchemas } from "./kinds.ts"

/** Longer lists of free keys are left to validation, which finds duplicates in linear time. */
export const keysMax = 24

/** What a value must be. */
export const text = 0
export const instant = 1
export const word = 2
export const classes = 3
export const number = 4
export const integer = 5
export const boolean = 6
export const list = 7
export const object = 8
export const map = 9
/** A list of aliases: each is an object, or a text that is kept as one. */
export const aliases = 10
/** Whatever it is, only a full validation can tell. */
export const unknown = 11

/** The class of each byte of a text, and how many bytes there may be. */
export type ByteClasses = { readonly allowed: ReadonlyArray<Uint8Array>; readonly lengths: ReadonlySet<number> }

/** A field of an object. */
export type Field = {
  /** Its name in quotes. */
  readonly key: Uint8Array
  readonly bit: number
  readonly shape: Shape
  /** The field that followed it last time: records of one writer look alike. */
  next: Field | undefined
}

/** A value's shape; one class for all of them keeps the matching fast. */
export class Shape {
  readonly type: number
  /** A text may be empty, a list too, a number may be negative, a value of a map null. */
  readonly lenient: boolean
  /** Of a word: the texts that it may be, in quotes. */
  readonly words: ReadonlyArray<Uint8Array>
  readonly pattern: ByteClasses | undefined
  readonly item: Shape | undefined
  readonly fields: ReadonlyArray<Field>
  /** Bits of the fields that must be there. */
  readonly required: number
  /** Bits of fields of which one must be there, of each kind of choice: any, or exactly one. */
  readonly any: number
  readonly one: number
  first: Field | undefined

  constructor(given: Partial<Pick<Shape, "type" | "lenient" | "words" | "pattern" | "item" | "fields" | "required" | "any" | "one">>) {
    this.type = given.type ?? unknown
    this.lenient = given.lenient ?? false
    this.words = given.words ?? []
    this.pattern = given.pattern
    this.item = given.item
    this.fields = given.fields ?? []
    this.required = given.required ?? 0
    this.any = given.any ?? 0
    this.one = given.one ?? 0
    this.first = this.fields[0]
  }
}

type Schema = RecordSchema & { readonly pattern?: string; readonly minLength?: number; readonly minItems?: number; readonly minimum?: number; readonly maximum?: number; readonly maxProperties?: number }

const quoted = (name: string): Uint8Array => Buffer.from(JSON.stringify(name))

const classOf = (ranges: string): Uint8Array => {
  const allowed = new Uint8Array(256)
  for (const [from = "", , to = from] of ranges.match(/.-.|./g) ?? []) for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) allowed[code] = 1
  return allowed
}

/** `^[A-Z]{2}$` and what has an optional tail, such as `^[A-Z]{2}(-[A-Z0-9]{1,3})?$`. */
const patternOf = (source: string): ByteClasses | undefined => {
  const parts = /^\^\[([\w-]+)\]\{(\d+)\}(?:\((.)\[([\w-]+)\]\{(\d+),(\d+)\}\)\?)?\$$/.exec(source)
  if (parts === null) return undefined
  const [, first = "", length = "", mark, rest = "", least = "", most = ""] = parts
  const allowed = Array<Uint8Array>(Number(length)).fill(classOf(first))
  const lengths = new Set([Number(length)])
  if (mark === undefined) return { allowed, lengths }
  for (let tail = Number(least); tail <= Number(most); tail++) lengths.add(Number(length) + 1 + tail)
  return { allowed: [...allowed, classOf(mark), ...Array<Uint8Array>(Number(most)).fill(classOf(rest))], lengths }
}

const textShape = (schema: Schema): Shape => {
  if (schema.format === "date-time") return new Shape({ type: instant })
  if (schema.enum !== undefined) return new Shape({ type: word, words: schema.enum.map(quoted) })
  if (schema.pattern !== undefined) {
    const pattern = patternOf(schema.pattern)
    return pattern === undefined ? new Shape({}) : new Shape({ type: classes, pattern })
  }
  return new Shape({ type: text, lenient: schema.minLength !== 1 })
}

/** The matcher reads 15 digits at most, of a number 12 before its point: no bound of the schemas is smaller. */
const isBounded = ({ minimum, maximum }: Schema): boolean =>
  (minimum === undefined || minimum === 0 || minimum <= -1e12) && (maximum === undefined || maximum >= 1e12)

const bitsOf = (names: ReadonlyArray<string>, fields: ReadonlyArray<string>): number => names.reduce((bits, name) => bits | 1 << fields.indexOf(name), 0)

const choice = (alternatives: ReadonlyArray<RecordSchema> | undefined, names: ReadonlyArray<string>): number =>
  (alternatives ?? []).reduce((bits, alternative) => bits | bitsOf(alternative.required ?? [], names), 0)

const isChoice = (alternatives: ReadonlyArray<RecordSchema> | undefined): boolean =>
  (alternatives ?? []).every((each) => Object.keys(each).join() === "required" && each.required?.length === 1)

const scalars = "string,number,boolean"

const objectShape = (schema: Schema): Shape => {
  const values = schema.additionalProperties
  if (schema.properties === undefined) {
    const types = typeof values === "object" ? String(values.type) : ""
    return types === scalars || types === `${scalars},null` ? new Shape({ type: map, lenient: types !== scalars }) : new Shape({})
  }
  const names = Object.keys(schema.properties)
  // Bits of a 32-bit integer; what is not closed may hold anything.
  if (names.length > 31 || values !== false || !isChoice(schema.oneOf) || !isChoice(schema.anyOf)) return new Shape({})
  const fields = Object.entries(schema.properties).map(([name, field], place): Field => ({ key: quoted(name), bit: 1 << place, shape: shapeOf(name, field), next: undefined }))
  fields.forEach((field, place) => { field.next = fields[place + 1] })
  return new Shape({ type: object, fields, required: bitsOf(schema.required ?? [], names), any: choice(schema.anyOf, names), one: choice(schema.oneOf, names) })
}

/** What schemas may say and shapes follow; what says anything else is left to validation. */
const followed: ReadonlySet<string> = new Set([
  "$schema", "$id", "title", "description", "x-names", "x-stored", "type", "const", "enum", "format", "pattern", "minLength", "minimum", "maximum",
  "items", "minItems", "properties", "additionalProperties", "required", "anyOf", "oneOf", "maxProperties"
])

const isFollowed = (schema: Schema): boolean => Object.keys(schema).every((keyword) => followed.has(keyword)) && (schema.format ?? "date-time") === "date-time"
  && (schema.minLength ?? 1) === 1 && (schema.minItems ?? 1) === 1 && (schema.maxProperties ?? keysMax) >= keysMax

const shapeOf = (name: string, schema: Schema): Shape => {
  if (!isFollowed(schema)) return new Shape({})
  if (schema.const !== undefined) return new Shape({ type: word, words: [quoted(schema.const)] })
  // What is not kept as it came is written anew, which needs the parsed value.
  if (schema["x-stored"] === false || name === "turns") return new Shape({})
  if (name === "aliases") return new Shape({ type: aliases, lenient: schema.minItems !== 1, item: shapeOf("", schema.items?.oneOf?.find(({ type }) => type === "object") ?? {}) })
  switch (schema.type) {
    case "string": return textShape(schema)
    case "integer": return isBounded(schema) ? new Shape({ type: integer, lenient: schema.minimum !== 0 }) : new Shape({})
    case "number": return isBounded(schema) ? new Shape({ type: number, lenient: schema.minimum !== 0 }) : new Shape({})
    case "boolean": return new Shape({ type: boolean })
    case "array": return new Shape({ type: list, lenient: schema.minItems !== 1, item: shapeOf("", schema.items ?? {}) })
    case "object": return objectShape(schema)
    default: return new Shape({})
  }
}

/** The shape of each record kind. */
export const shapes = (): Readonly<Record<RecordKind, Shape>> =>
  Object.fromEntries(recordKinds.map((kind) => [kind, shapeOf("", recordSchemas[kind])])) as unknown as Record<RecordKind, Shape>
