import { createReadStream, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { Summary } from "../report/summary.ts"
import type { Finding } from "./finding.ts"

/** What became of findings between two reports. */
export const differences = ["new", "persisting", "resolved", "reopened", "waived", "lapsed", "closed", "notReassessed"] as const
export type Difference = (typeof differences)[number]

/** One finding of either report, with what became of it. */
export type Changed = { readonly difference: Difference; readonly id: string; readonly control: string; readonly severity: string; readonly kind: string; readonly sentence: string }

/** The findings of a report folder, one at a time. */
export const findingsOf = async function* (folder: string): AsyncGenerator<Finding> {
  for await (const line of createInterface({ input: createReadStream(join(folder, "findings.ndjson")) })) if (line !== "") yield JSON.parse(line) as Finding
}

const changed = (difference: Difference, { id, control, severity, kind, sentence }: Finding): Changed => ({ difference, id, control, severity, kind, sentence })

/**
 * Compares an earlier report with a later one. Missing now and judged again: resolved; missing and not judged again: notReassessed,
 * which is no good news.
 */
export const diffReports = async (earlier: string, later: string): Promise<ReadonlyArray<Changed>> => {
  const before = new Map<string, Finding>()
  for await (const finding of findingsOf(earlier)) before.set(finding.id, finding)
  const resolved = new Set((JSON.parse(readFileSync(join(later, "summary.json"), "utf8")) as Summary).resolved)
  const result: Array<Changed> = []
  for await (const finding of findingsOf(later)) {
    const known = before.delete(finding.id)
    if (finding.status === "waived" || finding.status === "lapsed" || finding.status === "closed" || finding.status === "reopened") result.push(changed(finding.status, finding))
    else result.push(changed(known ? "persisting" : "new", finding))
  }
  for (const finding of before.values()) result.push(changed(resolved.has(finding.id) ? "resolved" : "notReassessed", finding))
  return result.sort((a, b) => differences.indexOf(a.difference) - differences.indexOf(b.difference) || (a.id < b.id ? -1 : 1))
}
