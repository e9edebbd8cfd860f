import { recordColumns, transcriptColumns, type Column } from "./columns.ts"
import { createPurgeTables } from "./purged.ts"
import type { EvidenceStore } from "./store.ts"
import { literal } from "./literal.ts"

/** Where a stored row came from; the first columns of each stored table. */
const provenance: ReadonlyArray<Column> = [
  { name: "objectNumber", type: "INTEGER" }, { name: "line", type: "BIGINT" }, { name: "pointer", type: "VARCHAR" }, { name: "digest", type: "VARCHAR" }
]

/** Last column of the stored records: a digest of what they said in fields that are not kept. */
const unstored: Column = { name: "unstoredDigest", type: "VARCHAR" }

/** The keys that the border puts before a record in a staged line. */
const stagedNames: Readonly<Record<string, string>> = { objectNumber: "_o", line: "_l", pointer: "_p", digest: "_d", unstoredDigest: "_u" }

const quoted = (name: string): string => `"${name}"`

/** read_json drops an offset when asked for TIMESTAMP, so times that may have one are read with zone and cast to UTC, which takes twice as long. */
const zoned = (type: string): string => type.replaceAll("TIMESTAMP", "TIMESTAMPTZ")

/** The longest row that the border can make of a record of 8 MiB or of a document. */
const rowBytesMax = 64 * 1024 * 1024

/** DuckDB reads in buffers of twice the longest row: small ones stay in the processor's cache and let several threads read one file. */
const bufferRowMin = 1024 * 1024

/** What is known of staged rows: a shorter longest row and times that all end in `Z` make loading cheaper. */
export type StagedRows = { readonly longest: number; readonly offsets: boolean }

/** Columns of stored table `stored_<kind>`: provenance, then the schema's fields and the digest of what is not kept (turn and signal: what is kept of transcripts). */
export const storedColumns = (kind: string): ReadonlyArray<Column> => {
  const fields = recordColumns.get(kind)
  if (fields !== undefined) return [...provenance, ...fields, unstored]
  const kept = transcriptColumns.get(kind)
  if (kept === undefined) throw new Error(`no stored table for ${kind}`)
  return [...provenance, ...kept]
}

/** All stored kinds: records, turn, signal. */
export const storedKinds: ReadonlyArray<string> = [...recordColumns.keys(), ...transcriptColumns.keys()]

/** Texts of which nearly every row has its own: compressing them costs a third of the storing, and each join on them pays for it again. */
const distinct: ReadonlySet<string> = new Set(["id", "contactId", "recordingId", "subject", "uri", "versionId", "sha256", "digest"])

const definition = ({ name, type }: Column): string => `${quoted(name)} ${type}${distinct.has(name) ? " USING COMPRESSION uncompressed" : ""}`

/** A store of an earlier release has no digest of what is not kept. */
const completeStoredTables = async (store: EvidenceStore): Promise<void> => {
  const [complete] = await store.all(`SELECT count(DISTINCT table_name)::INTEGER AS "tables" FROM duckdb_columns() WHERE column_name = '${unstored.name}' AND starts_with(table_name, 'stored_')`)
  if (complete?.["tables"] === recordColumns.size) return
  for (const kind of recordColumns.keys()) await store.run(`ALTER TABLE stored.${quoted(`stored_${kind}`)} ADD COLUMN IF NOT EXISTS ${quoted(unstored.name)} ${unstored.type}`)
}

/** Makes the stored tables where they are missing. */
export const createStoredTables = async (store: EvidenceStore): Promise<void> => {
  await store.run(storedKinds.map((kind) => {
    const columns = storedColumns(kind).map(definition).join(", ")
    return `CREATE TABLE IF NOT EXISTS stored.${quoted(`stored_${kind}`)} (${columns})`
  }).join(";\n"))
  await completeStoredTables(store)
  await createPurgeTables(store)
}

/** How the columns of a kind stand in a staged line, and how they are read from there. */
const stagedForm = (kind: string, offsets: boolean): { readonly staged: ReadonlyArray<readonly [name: string, type: string]>; readonly selected: string } => {
  const columns = storedColumns(kind)
  return {
    staged: columns.map(({ name, type }) => [stagedNames[name] ?? name, offsets ? zoned(type) : type]),
    selected: columns.map(({ name, type }) => {
      const staged = quoted(stagedNames[name] ?? name)
      return offsets && type.includes("TIMESTAMP") ? `${staged}::${type}` : staged
    }).join(", ")
  }
}

/** Appends one staged NDJSON file of validated records of one kind; records were checked at the border. */
export const loadStaged = async (store: EvidenceStore, kind: string, files: ReadonlyArray<string>, { longest, offsets }: StagedRows = { longest: rowBytesMax, offsets: true }): Promise<void> => {
  if (files.length === 0) return
  const { staged, selected } = stagedForm(kind, offsets)
  const columns = staged.map(([name, type]) => `${quoted(name)}: ${literal(type)}`).join(", ")
  const paths = files.map(literal).join(", ")
  await store.run(
    `INSERT INTO ${quoted(`stored_${kind}`)} SELECT ${selected} FROM read_json([${paths}], format = 'newline_delimited', columns = {${columns}}, maximum_object_size = ${Math.max(longest, bufferRowMin)})`
  )
}

/** Appends staged lines that are in memory, as few as a case has; goes in a sealed store too. */
export const loadStagedLines = async (store: EvidenceStore, kind: string, lines: ReadonlyArray<string>): Promise<void> => {
  const { staged, selected } = stagedForm(kind, true)
  await store.run(
    `INSERT INTO ${quoted(`stored_${kind}`)} SELECT ${selected} FROM (SELECT unnest(from_json(line::JSON, ${literal(JSON.stringify(Object.fromEntries(staged)))})) FROM (SELECT unnest(string_split(?, chr(10))) AS line))`,
    [lines.join("\n")]
  )
}
