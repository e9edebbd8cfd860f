import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Output, Report } from "./output.ts"
import type { Summary } from "./summary.ts"

const cell = (text: string): string => text.replaceAll("|", String.raw`\|`).replaceAll("\n", " ").replaceAll("<", "&lt;")

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string | number>>): ReadonlyArray<string> => [
  `| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...rows.map((row) => `| ${row.map((value) => cell(String(value))).join(" | ")} |`)
]

/** summary.md: the breakfast page. */
export const summaryMarkdown = (summary: Summary): string => {
  const { run, trust, totals, counts, causes } = summary
  const problems = trust.problems.map((problem) => `- ${cell(problem)}`)
  return `${[
    `# ${cell(run.pipeline)}, as of ${run.asOf}`, "",
    trust.trustworthy ? "**This audit can be trusted.**" : "**This audit cannot be trusted.**", ...(problems.length === 0 ? [] : ["", ...problems]), "",
    `${trust.signed ? "Signed." : "UNSIGNED."} Run ${run.id}${run.sequence === undefined ? "" : `, number ${run.sequence} of its chain`}. ${trust.selfTest.cases} self-test cases, ${trust.selfTest.failed.length} failed.`, "",
    `${counts.findings} findings (${counts.bySeverity.critical} critical, ${counts.bySeverity.high} high, ${counts.bySeverity.medium} medium, ${counts.bySeverity.low} low), ${counts.leads} leads; ${counts.resolved} resolved since last time.`, "",
    "## Causes", "", ...table(["severity", "control", "findings", "new", "due", "what"], causes.map((cause) => [cause.kind === "lead" ? "lead" : cause.severity, cause.control, cause.findings, cause.new, cause.due ?? "", cause.sentence])), "",
    "## Controls", "", ...table(["control", "population", "pass", "fail", "unverifiable", "not applicable"], summary.controls.map((control) => [control.control, control.population, control.pass, control.fail, control.unverifiable, control.notApplicable])), "",
    "## Sources", "", ...table(["source", "objects", "read", "accepted", "rejected", "newest"], summary.sources.map((source) => [source.id, source.objects, source.read, source.accepted, source.rejected, source.newest ?? ""])), "",
    `Total: ${totals.read} records read = ${totals.accepted} accepted + ${totals.duplicate} duplicate + ${totals.superseded} superseded + ${totals.conflicting} conflicting + ${totals.ignored} ignored + ${totals.rejected} rejected.`, ""
  ].join("\n")}`
}

/** Writes summary.md. */
export const markdownOutput = (report: Report): Output => ({ take: () => undefined, finish: () => writeFileSync(join(report.out, "summary.md"), summaryMarkdown(report.summary)) })
