import { readFileSync } from "node:fs"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { ClosingReview } from "../findings/status.ts"

const query = readFileSync(new URL("closing-reviews.sql", import.meta.url), "utf8")

/** Verdicts that close; `unjustified` and the like leave a finding open. */
const closing: ReadonlySet<string> = new Set(["justified", "dataError", "remediated"])

const namesIn = (json: unknown): ReadonlyArray<string> => (typeof json === "string" ? (JSON.parse(json) as ReadonlyArray<string>) : [])

/** Reviews that close findings: verdict, second person, from a source with authority; the newest verdict counts. Names as the report writes them. */
export const closingReviews = async (store: EvidenceStore, names: Pseudonymiser): Promise<ReadonlyArray<ClosingReview>> =>
  (await store.all(query)).flatMap((row) => {
    const [by, approvedBy] = [namesIn(row["reviewer"]), namesIn(row["approver"])]
    if (!closing.has(String(row["verdict"])) || approvedBy.length === 0 || approvedBy.some((name) => by.includes(name))) return []
    return [{ finding: String(row["finding"]), at: String(row["at"]), people: [...by, ...approvedBy].map(names.person) }]
  })
