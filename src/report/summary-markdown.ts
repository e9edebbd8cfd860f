import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { beyondRuleSentence, beyondRuleTotals } from "./beyond-rule.ts"
import { markdownTable, markdownText } from "./markdown.ts"
import type { Output, Report } from "./output.ts"
import { changeSentence, changesOf, checksOf, DueBook, familiesOf, subtitleOf, verdictOf } from "./page-one.ts"
import type { OwnerDue } from "./page-one.ts"
import type { Summary } from "./summary.ts"
import { capital, count, day, number, percent } from "./words.ts"

/** Causes that the breakfast page names. */
const causesShown = 15

const signs = { good: "✓", bad: "✗", note: "!" } as const

const trust = (summary: Summary): ReadonlyArray<string> => {
  const verdict = verdictOf(summary)
  return [
    `## ${verdict.headline}${summary.trust.signed ? "" : " (UNSIGNED)"}`, "", verdict.sentence, "",
    ...summary.trust.problems.map((problem) => `- **Problem:** ${markdownText(problem)}`), ...(summary.trust.problems.length === 0 ? [] : [""]),
    ...checksOf(summary).map((check) => `- ${signs[check.state]} **${check.topic}.** ${markdownText(check.sentence)}`), ""
  ]
}

const found = (summary: Summary): ReadonlyArray<string> => [
  "## What was found", "",
  ...markdownTable(["Family", { number: "Critical" }, { number: "High" }, { number: "Medium" }, { number: "Low" }, { number: "Leads" }, { number: "Judged" }, { number: "Failed" }],
    familiesOf(summary).map((family) => [capital(family.family), ...[family.bySeverity.critical, family.bySeverity.high, family.bySeverity.medium, family.bySeverity.low, family.leads, family.judged].map(number), percent(family.fail, family.judged)])), ""
]

const causes = (summary: Summary): ReadonlyArray<string> => summary.causes.length === 0 ? [] : [
  `### The gravest ${count(Math.min(causesShown, summary.causes.length), "cause")} of ${number(summary.causes.length)}`, "",
  ...summary.causes.slice(0, causesShown).map((cause) => `- **${cause.kind === "lead" ? "lead" : cause.severity}**, ${cause.findings === 1 ? "once" : `${number(cause.findings)} times`}: ${markdownText(cause.sentence)} (${markdownText(cause.control)}${cause.due === undefined ? "" : `, due ${day(cause.due)}`}${cause.owner === undefined ? "" : `, ${markdownText(cause.owner)}`}; ${cause.example})`), ""
]

/** Over-compliance is a breach too, and costs money. */
const beyondRule = (summary: Summary): ReadonlyArray<string> => {
  const totals = beyondRuleTotals(summary)
  return totals.length === 0 ? [] : ["### Granted beyond the rule", "", ...totals.map((total) => `- ${markdownText(beyondRuleSentence(total))}`), ""]
}

const changes = (summary: Summary): ReadonlyArray<string> => [
  "## What changed", "", changeSentence(summary), "", ...changesOf(summary).map((change) => `- **${number(change.count)} ${change.status}**: ${change.meaning}`), ""
]

const due = (owners: ReadonlyArray<OwnerDue>): ReadonlyArray<string> => [
  "## What is due, and whose it is", "",
  ...(owners.length === 0 ? ["Nothing is open."] : markdownTable(["Owner", { number: "Overdue" }, { number: "Within 7 days" }, { number: "Later" }, "Next"],
    owners.map((owner) => [markdownText(owner.owner), number(owner.overdue), number(owner.week), number(owner.later + owner.undated), owner.next === undefined ? "no date" : day(owner.next)]))), ""
]

const scope = ({ outOfScope }: Summary): ReadonlyArray<string> =>
  outOfScope.length === 0 ? [] : ["## Left out on purpose", "", ...outOfScope.map((one) => `- ${markdownText(one.control)}: ${markdownText(one.reason)} (${markdownText(one.owner)})`), ""]

const controls = (summary: Summary): ReadonlyArray<string> => [
  "## Every control", "",
  ...markdownTable(["Control", { number: "Population" }, { number: "Passed" }, { number: "Failed" }, { number: "Not verified" }, { number: "Not applicable" }],
    summary.controls.map((control) => [`${markdownText(control.title)} (${markdownText(control.control)})`, ...[control.population, control.pass, control.fail, control.unverifiable, control.notApplicable].map(number)])), ""
]

const sources = ({ sources: all, totals }: Summary): ReadonlyArray<string> => [
  "## Sources", "",
  ...markdownTable(["Source", { number: "Objects" }, { number: "Read" }, { number: "Accepted" }, { number: "Rejected" }, "Newest"],
    all.map((source) => [markdownText(source.id), ...[source.objects, source.read, source.accepted, source.rejected].map(number), source.newest === undefined ? "nothing" : day(source.newest)])), "",
  `${count(totals.read, "record")} read = ${number(totals.accepted)} accepted + ${number(totals.duplicate)} duplicate + ${number(totals.superseded)} superseded + ${number(totals.conflicting)} conflicting + ${number(totals.ignored)} ignored + ${number(totals.rejected)} rejected.`, ""
]

/** summary.md: the breakfast page. */
export const summaryMarkdown = (summary: Summary, owners: ReadonlyArray<OwnerDue>): string => [
  `# Privacy audit: ${markdownText(summary.run.pipeline)}`, "", markdownText(subtitleOf(summary)), "",
  ...trust(summary), ...found(summary), ...causes(summary), ...beyondRule(summary), ...changes(summary), ...due(owners), ...scope(summary), ...controls(summary), ...sources(summary)
].join("\n")

/** Writes summary.md. */
export const markdownOutput = (report: Report): Output => {
  const book = new DueBook(report.summary.run.asOf)
  return { take: (finding) => book.add(finding), finish: () => writeFileSync(join(report.out, "summary.md"), summaryMarkdown(report.summary, book.sorted())) }
}
