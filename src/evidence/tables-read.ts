import { EvidenceStore } from "./store.ts"

const collect = (node: unknown, found: Set<string>): void => {
  if (Array.isArray(node)) for (const item of node) collect(item, found)
  else if (typeof node === "object" && node !== null) {
    const { type, table_name: table } = node as { type?: unknown; table_name?: unknown }
    if (type === "BASE_TABLE" && typeof table === "string") found.add(table)
    for (const value of Object.values(node)) collect(value, found)
  }
}

/** The trees of queries in their order; all in one crossing into DuckDB. */
const trees = async (queries: ReadonlyArray<string>): Promise<ReadonlyArray<unknown>> => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
  try {
    const rows = await store.all(`SELECT json_serialize_sql(query, skip_null := true, skip_empty := true, skip_default := true)::VARCHAR AS tree
      FROM (SELECT unnest(queries) AS query, generate_subscripts(queries, 1) AS place FROM (SELECT from_json(?::JSON, '["VARCHAR"]') AS queries)) ORDER BY place`, [JSON.stringify(queries)])
    return rows.map((row) => JSON.parse(String(row["tree"])) as unknown)
  } finally {
    store.close()
  }
}

/** What was found of a text is true of it for ever. */
const known = new Map<string, ReadonlyArray<string>>()

/**
 * The tables that each query reads, as DuckDB itself parses it (names of its own CTEs among them), sorted.
 * A query that does not parse reads none; its own run says why.
 */
export const tablesRead = async (queries: ReadonlyArray<string>): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
  const unknown = [...new Set(queries)].filter((query) => !known.has(query))
  const parsed = unknown.length === 0 ? [] : await trees(unknown)
  for (const [index, query] of unknown.entries()) {
    const found = new Set<string>()
    collect(parsed[index], found)
    known.set(query, [...found].sort())
  }
  return queries.map((query) => known.get(query) ?? [])
}
