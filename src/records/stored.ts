/** The form in which a record is kept: free text gone, aliases in one shape, times in upper case. */
import { type RecordKind, type RecordSchema, recordKinds, recordSchemas } from "./kinds.ts"
import { upperCaseInstant } from "./instant.ts"
import type { CanonicalRecord } from "./types.ts"

const unstoredOf = (schema: RecordSchema): ReadonlyArray<string> =>
  Object.entries(schema.properties ?? {}).filter(([, field]) => field["x-stored"] === false).map(([name]) => name)

/** Fields whose presence means that the bytes as they came must not be kept. */
const rewrittenFields: Readonly<Record<RecordKind, ReadonlyArray<string>>> = Object.fromEntries(recordKinds.map((kind) => [
  kind,
  [...unstoredOf(recordSchemas[kind]), ...(recordSchemas[kind].properties?.["aliases"] === undefined ? [] : ["aliases"]), ...(kind === "transcript" ? ["turns"] : [])]
])) as unknown as Record<RecordKind, ReadonlyArray<string>>

/** Must the record be written anew before it is kept? */
export const needsRewriting = (record: CanonicalRecord): boolean => {
  for (const field of rewrittenFields[record.kind]) if (Object.hasOwn(record, field)) return true
  return false
}

const upperCaseTimes = (schema: RecordSchema | undefined, value: unknown): unknown => {
  if (schema === undefined) return value
  if (typeof value === "string") return schema.format === "date-time" ? upperCaseInstant(value) : value
  if (Array.isArray(value)) return value.map((item) => upperCaseTimes(schema.items, item))
  if (typeof value !== "object" || value === null) return value
  const fields = schema.properties ?? schema.oneOf?.find((alternative) => alternative.properties !== undefined)?.properties
  if (fields === undefined) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, upperCaseTimes(Object.hasOwn(fields, name) ? fields[name] : undefined, item)]))
}

/**
 * The record as it is kept. Fields that the schema marks `x-stored: false` are gone, a
 * transcript's turns too; an alias is always an object.
 */
export const storedForm = (record: CanonicalRecord): Record<string, unknown> => {
  const schema = recordSchemas[record.kind]
  const kept = upperCaseTimes(schema, record) as Record<string, unknown>
  const form = kept === (record as unknown) ? { ...record } as Record<string, unknown> : kept
  for (const field of unstoredOf(schema)) delete form[field]
  if (record.kind === "transcript") delete form["turns"]
  const aliases = form["aliases"]
  if (Array.isArray(aliases)) form["aliases"] = aliases.map((alias: unknown) => typeof alias === "string" ? { alias } : alias)
  return form
}
