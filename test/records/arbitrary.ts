import * as fc from "fast-check"
import { recordKinds, recordSchemas, type RecordSchema } from "../../src/records/index.ts"

const instant = fc.tuple(
  fc.date({ min: new Date("0002-01-01T00:00:00Z"), max: new Date("9998-12-31T00:00:00Z"), noInvalidDate: true }), fc.constantFrom("Z", "z", "+00:00", "-05:30", "+14:00", "-23:59"), fc.constantFrom("", ".1", ".123456789012")
).map(([date, offset, fraction]) => `${date.toISOString().slice(0, 19)}${fraction}${offset}`)

/** Any code point but halves of pairs; fast-check's own unit `binary` first makes a table of all of them, for longer than many tests take. */
export const anySign = fc.integer({ min: 0, max: 0x10ffff - 0x800 }).map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800))

/** Texts of any signs. */
export const anySigns = (constraints: fc.StringConstraints = {}): fc.Arbitrary<string> => fc.string({ ...constraints, unit: anySign })

// Broken characters are rare, so that most records get through.
const text = fc.oneof(
  { weight: 30, arbitrary: fc.string({ minLength: 1, unit: "grapheme" }) },
  { weight: 8, arbitrary: fc.constantFrom("\"", "\\", "\n", "__proto__", "😀", "=1+1", "</script>", "\u2028", "\u0001", "\\u0000") },
  { weight: 1, arbitrary: anySigns({ minLength: 1 }) },
  { weight: 1, arbitrary: fc.constantFrom("\u0000", "\ud800") }
)

const patterned: Readonly<Record<string, fc.Arbitrary<string>>> = {
  "^[A-Z]{2}$": fc.constantFrom("DE", "US"), "^[A-Z]{3}$": fc.constantFrom("EUR", "USD"), "^[0-9a-fA-F]{64}$": fc.constant("aB".repeat(32)), "^[A-Z]{2}(-[A-Z0-9]{1,3})?$": fc.constantFrom("DE", "US-CA")
}

const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.boolean())

const objectOf = (schema: RecordSchema): fc.Arbitrary<unknown> => {
  const properties = schema.properties
  if (properties === undefined) return fc.dictionary(text, scalar, { maxKeys: 4, noNullPrototype: true })
  const required = schema.required ?? []
  const choices = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((choice) => choice.required ?? [])
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valueOf(field as RecordSchema & { pattern?: string })]))
  const free = Object.keys(properties).filter((name) => !choices.includes(name))
  return fc.tuple(fc.record(fields, { requiredKeys: [...required, ...choices] }), fc.subarray(free), choices.length === 0 ? fc.constant("") : fc.constantFrom(...choices)).map(([whole, kept, choice]) =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => required.includes(name) || kept.includes(name) || name === choice)))
}

const valueOf = (schema: RecordSchema & { readonly pattern?: string; readonly minimum?: number; readonly maximum?: number }): fc.Arbitrary<unknown> => {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.oneOf !== undefined && schema.properties === undefined) return fc.oneof(...schema.oneOf.map(valueOf))
  switch (schema.type) {
    case "string": return schema.format === "date-time" ? instant : schema.pattern === undefined ? text : patterned[schema.pattern] ?? text
    case "integer": return fc.integer({ min: 0 })
    case "number": return fc.double({ min: schema.minimum ?? -1e300, max: schema.maximum ?? 1e300, noNaN: true })
    case "boolean": return fc.boolean()
    case "array": return fc.array(valueOf(schema.items ?? {}), { minLength: 1, maxLength: 3 })
    default: return objectOf(schema)
  }
}

/** Records of every kind, nearly all of which fit their schema; texts are hostile. */
export const anyRecord: fc.Arbitrary<unknown> = fc.oneof(...recordKinds.map((kind) => objectOf(recordSchemas[kind])))
