import { consistencyRows } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import { instantText } from "../findings/assemble.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { Summary } from "../report/summary.ts"

const hasTable = async (store: EvidenceStore, name: string): Promise<boolean> =>
  (await store.all(`SELECT 1 AS one FROM duckdb_tables() WHERE table_name = ?::VARCHAR`, [name])).length > 0

/** How many sessions each template explains; one session may have several explanations. */
export const accessShares = async (store: EvidenceStore): Promise<Summary["explanations"]> => {
  const none = { sessions: 0, byTemplate: {}, unexplained: 0 }
  if (!(await hasTable(store, "explanationShare"))) return none
  const rows = await store.all(`SELECT template, sum(sessions)::BIGINT AS sessions FROM explanationShare GROUP BY template ORDER BY template`)
  const all = Object.fromEntries(rows.map((row) => [String(row["template"]), Number(row["sessions"])]))
  const { all: sessions = 0, unexplained = 0, ...byTemplate } = all
  return { sessions, byTemplate, unexplained }
}

/** Rows for the pictures of consistency, with people under their pseudonyms; empty where no decision was judged. */
export const consistencyOf = (store: EvidenceStore, names: Pseudonymiser): Promise<Summary["consistency"]> => consistencyRows(store, names.person)

/** What exporters vouch to have delivered. */
export const coverageOf = async (store: EvidenceStore): Promise<Summary["coverage"]> => {
  const rows = await store.all(`SELECT "source", kinds, "from", "to" FROM coverage ORDER BY "source", "from", "to", kinds::VARCHAR`)
  return rows.map((row) => ({ source: String(row["source"]), kinds: row["kinds"] as ReadonlyArray<string>, from: instantText(String(row["from"])), to: instantText(String(row["to"])) }))
}
