import { readFileSync } from "node:fs"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { ClosingReview } from "../findings/status.ts"
import type { Summary } from "../report/summary.ts"
import { formatInstant, instantOf } from "../time/index.ts"

const query = readFileSync(new URL("closing-reviews.sql", import.meta.url), "utf8")

/** Verdicts that close; `unjustified` and the like leave a finding open. */
const closing: ReadonlySet<string> = new Set(["justified", "dataError", "remediated"])

const namesIn = (json: unknown): ReadonlyArray<string> => (typeof json === "string" ? (JSON.parse(json) as ReadonlyArray<string>) : [])

/** The newest review of each finding from a source with authority, as the report tells it; `closing` where it may close its finding. Names as the report writes them. */
export type ReadReview = { readonly told: Omit<NonNullable<Summary["reviews"]>[number], "closes">; readonly closing?: ClosingReview }

/** Reads the newest review of each finding. One closes by its verdict and a second person who is not the first under another name. */
export const readReviews = async (store: EvidenceStore, names: Pseudonymiser): Promise<ReadonlyArray<ReadReview>> =>
  (await store.all(query)).map((row): ReadReview => {
    const [by, approvedBy] = [namesIn(row["reviewer"]), namesIn(row["approver"])]
    const [finding, verdict, at] = [String(row["finding"]), String(row["verdict"]), String(row["at"])]
    const told = { finding: names.scrub(finding), verdict, at: formatInstant(instantOf(at)), by: names.person(String(row["by"])), ...(typeof row["approvedBy"] === "string" ? { approvedBy: names.person(row["approvedBy"]) } : {}) }
    const closes = closing.has(verdict) && approvedBy.length > 0 && !approvedBy.some((name) => by.includes(name))
    return { told, ...(closes ? { closing: { finding, at, people: [...by, ...approvedBy].map(names.person) } } : {}) }
  })
