import { EvidenceStore } from "./store.ts"

const collect = (node: unknown, found: Set<string>): void => {
  if (Array.isArray(node)) for (const item of node) collect(item, found)
  else if (typeof node === "object" && node !== null) {
    const { type, table_name: table } = node as { type?: unknown; table_name?: unknown }
    if (type === "BASE_TABLE" && typeof table === "string") found.add(table)
    for (const value of Object.values(node)) collect(value, found)
  }
}

/**
 * The tables that each query reads, as DuckDB itself parses it (names of its own CTEs among them), sorted.
 * A query that does not parse reads none; its own run says why.
 */
export const tablesRead = async (queries: ReadonlyArray<string>): Promise<ReadonlyArray<ReadonlyArray<string>>> => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
  try {
    const all: Array<ReadonlyArray<string>> = []
    for (const query of queries) {
      const [row] = await store.all("SELECT json_serialize_sql(?::VARCHAR)::VARCHAR AS tree", [query])
      const found = new Set<string>()
      collect(JSON.parse(String(row?.["tree"])), found)
      all.push([...found].sort())
    }
    return all
  } finally {
    store.close()
  }
}
