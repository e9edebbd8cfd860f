import { createReadStream, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { Summary } from "../report/summary.ts"
import type { Finding } from "./finding.ts"

/** What became of findings between two reports. */
export const differences = ["new", "persisting", "resolved", "reopened", "waived", "lapsed", "closed", "notReassessed"] as const
export type Difference = (typeof differences)[number]

/** One finding of either report, with what became of it; `fresh`: it wants somebody's attention now and did not before. */
export type Changed = { readonly difference: Difference; readonly fresh: boolean; readonly id: string; readonly control: string; readonly severity: string; readonly kind: string; readonly sentence: string }

/** The findings of a report folder, one at a time. */
export const findingsOf = async function* (folder: string): AsyncGenerator<Finding> {
  for await (const line of createInterface({ input: createReadStream(join(folder, "findings.ndjson")) })) if (line !== "") yield JSON.parse(line) as Finding
}

type Known = Pick<Finding, "status">

const isPast = (known: Known): boolean => known.status === "waived" || known.status === "closed"

/** What became of a finding that the later report holds; `known` is what the earlier one said of it. Between the two there may be other reports. */
const became = (status: Finding["status"], known: Known | undefined): Difference => {
  if (status === "waived" || status === "closed" || status === "lapsed") return status
  if (known === undefined) return status === "reopened" ? "reopened" : "new"
  return isPast(known) ? "reopened" : "persisting"
}

const isFresh = (difference: Difference, known: Known | undefined): boolean =>
  difference === "new" || difference === "reopened" || (difference === "lapsed" && known?.status !== "lapsed")

const changed = (difference: Difference, { id, control, severity, kind, sentence }: Finding, known?: Known): Changed => ({ difference, fresh: isFresh(difference, known), id, control, severity, kind, sentence })

const summaryOf = (folder: string): Summary => JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary

/**
 * Compares an earlier report with a later one. Missing now and judged again: resolved; missing and not judged again: notReassessed,
 * which is no good news.
 */
export const diffReports = async (earlier: string, later: string): Promise<ReadonlyArray<Changed>> => {
  const before = new Map<string, Finding>()
  for await (const finding of findingsOf(earlier)) before.set(finding.id, finding)
  const resolved = new Set(summaryOf(later).resolved)
  const remembered = new Map((summaryOf(earlier).notReassessed ?? []).map((one) => [one.id, one]))
  const result: Array<Changed> = []
  for await (const finding of findingsOf(later)) {
    const known = before.get(finding.id) ?? remembered.get(finding.id)
    before.delete(finding.id)
    result.push(changed(became(finding.status, known), finding, known))
  }
  for (const finding of before.values()) result.push(changed(resolved.has(finding.id) ? "resolved" : "notReassessed", finding))
  return result.sort((a, b) => differences.indexOf(a.difference) - differences.indexOf(b.difference) || (a.id < b.id ? -1 : 1))
}
