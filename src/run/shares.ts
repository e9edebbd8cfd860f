import { consistencyRows } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import { instantText } from "../findings/assemble.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { ExplainedPart, Summary, UnexplainedMatter } from "../report/summary.ts"

const hasTable = async (store: EvidenceStore, name: string): Promise<boolean> =>
  (await store.all(`SELECT 1 AS one FROM duckdb_tables() WHERE table_name = ?::VARCHAR`, [name])).length > 0

/** Matters and objects of a matter that the summary lists; the findings have them all. */
const mattersMax = 1000
const targetsMax = 20

type Share = { readonly of: string | null; readonly template: string; readonly sessions: number }

/** `all` and `unexplained` stand beside the templates; `undecided` among them: the records cannot tell. */
const partOf = (rows: ReadonlyArray<Share>): ExplainedPart => {
  const counted: Record<string, number> = Object.fromEntries(rows.map(({ template, sessions }) => [template, sessions]))
  const { all: sessions = 0, unexplained = 0, ...byTemplate } = counted
  return { sessions, byTemplate, unexplained }
}

const partsBy = async (store: EvidenceStore, column: "team" | "action"): Promise<ReadonlyArray<ExplainedPart & { readonly of: string | null }>> => {
  const rows = await store.all(`SELECT "${column}" AS of, template, sum(sessions)::DOUBLE AS sessions FROM explanationShare GROUP BY "${column}", template ORDER BY "${column}" NULLS LAST, template`) as unknown as ReadonlyArray<Share>
  return [...Map.groupBy(rows, (row) => row.of)].map(([of, own]) => ({ of, ...partOf(own) }))
}

const mattersOf = async (store: EvidenceStore, names: Pseudonymiser): Promise<{ readonly toReview: ReadonlyArray<UnexplainedMatter>; readonly matters: number }> => {
  const [all] = await store.all("SELECT count(*)::DOUBLE AS matters FROM unexplainedList")
  const rows = await store.all(`SELECT person, customer, "day"::VARCHAR AS "day", sessions::DOUBLE AS sessions, controls, actions, targets[1:${targetsMax}] AS targets
    FROM unexplainedList ORDER BY sessions DESC, person, customer NULLS FIRST, "day" LIMIT ${mattersMax}`)
  return {
    matters: Number(all?.["matters"] ?? 0),
    toReview: rows.map((row) => ({
      person: names.person(String(row["person"])), ...(row["customer"] === null ? {} : { customer: names.person(row["customer"] as string) }), day: String(row["day"]), sessions: Number(row["sessions"]),
      controls: (row["controls"] as ReadonlyArray<string>).map((name) => `access/${name}`), actions: row["actions"] as ReadonlyArray<string>, targets: (row["targets"] as ReadonlyArray<string>).map((target) => names.scrub(target))
    }))
  }
}

/** How many sessions each template explains, in all, by team and by action, and what nothing explains, by person, customer and day. */
export const accessShares = async (store: EvidenceStore, names: Pseudonymiser): Promise<Summary["explanations"]> => {
  if (!(await hasTable(store, "explanationShare"))) return { sessions: 0, byTemplate: {}, unexplained: 0 }
  const rows = await store.all(`SELECT NULL AS of, template, sum(sessions)::DOUBLE AS sessions FROM explanationShare GROUP BY template ORDER BY template`) as unknown as ReadonlyArray<Share>
  return {
    ...partOf(rows),
    byTeam: (await partsBy(store, "team")).map(({ of, ...part }) => ({ ...(of === null ? {} : { team: of }), ...part })),
    byAction: (await partsBy(store, "action")).map(({ of, ...part }) => ({ action: of ?? "", ...part })),
    ...await mattersOf(store, names)
  }
}

/** Rows for the pictures of consistency, with people under their pseudonyms; empty where no decision was judged. */
export const consistencyOf = (store: EvidenceStore, names: Pseudonymiser): Promise<Summary["consistency"]> => consistencyRows(store, names.person)

/** What exporters vouch to have delivered. */
export const coverageOf = async (store: EvidenceStore, scrub: (text: string) => string): Promise<Summary["coverage"]> => {
  const rows = await store.all(`SELECT "source", kinds, "from", "to", queues, sites FROM coverage ORDER BY "source", "from", "to", kinds::VARCHAR, queues::VARCHAR, sites::VARCHAR`)
  const limit = (name: "queues" | "sites", list: unknown): { readonly queues?: ReadonlyArray<string>; readonly sites?: ReadonlyArray<string> } => (Array.isArray(list) ? { [name]: list.map((one) => scrub(String(one))) } : {})
  return rows.map((row) => ({
    source: String(row["source"]), kinds: row["kinds"] as ReadonlyArray<string>, from: instantText(String(row["from"])), to: instantText(String(row["to"])),
    ...limit("queues", row["queues"]), ...limit("sites", row["sites"])
  }))
}
