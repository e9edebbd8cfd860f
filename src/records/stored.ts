/** The form in which a record is kept: free text gone, aliases in one shape, times as the store reads them. */
import { hash } from "node:crypto"
import { type RecordKind, type RecordSchema, recordKinds, recordSchemas } from "./kinds.ts"
import { instantOf } from "../time/index.ts"
import { storedInstant } from "./instant.ts"
import type { CanonicalRecord } from "./types.ts"

const unstoredOf = (schema: RecordSchema): ReadonlyArray<string> =>
  Object.entries(schema.properties ?? {}).filter(([, field]) => field["x-stored"] === false).map(([name]) => name)

/** Fields whose presence means that the bytes as they came must not be kept. */
const rewrittenFields: Readonly<Record<RecordKind, ReadonlyArray<string>>> = Object.fromEntries(recordKinds.map((kind) => [
  kind,
  [...unstoredOf(recordSchemas[kind]), ...(recordSchemas[kind].properties?.["aliases"] === undefined ? [] : ["aliases"]), ...(kind === "transcript" ? ["turns"] : [])]
])) as unknown as Record<RecordKind, ReadonlyArray<string>>

const unstoredFields: Readonly<Record<RecordKind, ReadonlyArray<string>>> = Object.fromEntries(recordKinds.map((kind) => [
  kind, [...unstoredOf(recordSchemas[kind])].sort()
])) as unknown as Record<RecordKind, ReadonlyArray<string>>

/**
 * Digest (SHA-256, hex) of what a record says in fields that are not kept, the same however it was written: two versions that differ
 * in nothing else are a conflict all the same. Undefined where it says nothing there.
 */
export const unstoredDigest = (record: CanonicalRecord): string | undefined => {
  const said: ReadonlyArray<unknown> = record.kind === "transcript"
    ? record.turns.map(({ partyId, at, until, text }) => [partyId, String(instantOf(at)), until === undefined ? null : String(instantOf(until)), text])
    : unstoredFields[record.kind].filter((field) => Object.hasOwn(record, field)).map((field) => [field, (record as unknown as Record<string, unknown>)[field]])
  return said.length === 0 ? undefined : hash("sha256", JSON.stringify(said), "hex")
}

/** Must the record be written anew before it is kept? */
export const needsRewriting = (record: CanonicalRecord): boolean => {
  for (const field of rewrittenFields[record.kind]) if (Object.hasOwn(record, field)) return true
  return false
}

const storedTimes = (schema: RecordSchema | undefined, value: unknown): unknown => {
  if (schema === undefined) return value
  if (typeof value === "string") return schema.format === "date-time" ? storedInstant(value) : value
  if (Array.isArray(value)) return value.map((item) => storedTimes(schema.items, item))
  if (typeof value !== "object" || value === null) return value
  const fields = schema.properties ?? schema.oneOf?.find((alternative) => alternative.properties !== undefined)?.properties
  if (fields === undefined) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, storedTimes(Object.hasOwn(fields, name) ? fields[name] : undefined, item)]))
}

/**
 * The record as it is kept. Fields that the schema marks `x-stored: false` are gone, a
 * transcript's turns too; an alias is always an object. `unusual` is false where no time of it needs rewriting.
 */
export const storedForm = (record: CanonicalRecord, unusual = true): Record<string, unknown> => {
  const form = unusual ? storedTimes(recordSchemas[record.kind], record) as Record<string, unknown> : { ...record } as Record<string, unknown>
  for (const field of unstoredFields[record.kind]) delete form[field]
  if (record.kind === "transcript") delete form["turns"]
  const aliases = form["aliases"]
  if (Array.isArray(aliases)) form["aliases"] = aliases.map((alias: unknown) => typeof alias === "string" ? { alias } : alias)
  return form
}

const beforeAlias = Buffer.from(`{"alias":`)

/** A record's bytes with the aliases that are texts, from and to these places, as objects. */
export const withAliases = (bytes: Buffer, start: number, end: number, places: ReadonlyArray<number>): Buffer => {
  const written = Buffer.allocUnsafe(end - start + places.length / 2 * (beforeAlias.length + 1))
  let [at, fill] = [start, 0]
  for (const [index, place] of places.entries()) {
    fill += bytes.copy(written, fill, at, place)
    at = place
    if (index % 2 === 0) fill += beforeAlias.copy(written, fill)
    else written[fill++] = 125
  }
  bytes.copy(written, fill, at, end)
  return written
}
