import type { EvidenceStore } from "../evidence/index.ts"
import { instantText } from "./assemble.ts"
import type { Search } from "./finding.ts"

/** What was delivered of each record kind and event type: the ground on which an absence stands. */
export const searches = async (store: EvidenceStore): Promise<(kind: string) => Search> => {
  const rows = await store.all(`SELECT kind, list_sort(list(source)) AS sources, sum(records)::BIGINT AS records, min(oldest) AS oldest, max(newest) AS newest FROM produced WHERE records > 0 GROUP BY kind ORDER BY kind`)
  const known = new Map(rows.map((row): readonly [string, Search] => [String(row["kind"]), {
    kind: String(row["kind"]),
    sources: row["sources"] as ReadonlyArray<string>,
    ...(row["oldest"] === null ? {} : { from: instantText(row["oldest"] as string) }),
    ...(row["newest"] === null ? {} : { to: instantText(row["newest"] as string) }),
    records: Number(row["records"])
  }]))
  return (kind) => known.get(kind) ?? { kind, sources: [], records: 0 }
}
