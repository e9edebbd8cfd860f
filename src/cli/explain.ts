import type { Finding } from "../findings/finding.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { newestReport, onReport, requireReport } from "./reports.ts"
import { drawTimeline } from "./timeline.ts"
import type { Terminal } from "./terminal.ts"
import { examples, type Verb } from "./verb.ts"

const findIn = async (folder: string, id: string, report: string): Promise<Finding> => {
  const { findingsOf } = await import("../findings/diff.ts")
  for await (const finding of findingsOf(requireReport(folder))) if (finding.id === id) return finding
  throw new UsageError(`${report} holds no finding with this id; look it up in findings.ndjson or name another report.`)
}

const indented = (text: string): string => `  ${text}`

const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> => (lines.length === 0 ? [] : ["", title, ...lines.map(indented)])

const findingLines = (finding: Finding): ReadonlyArray<string> => [
  `${finding.kind === "lead" ? "Lead" : "Finding"} ${finding.id} (${finding.severity}, ${finding.status}) of ${finding.control}`,
  "", finding.sentence,
  ...section("Timeline (UTC)", drawTimeline(finding)),
  ...section("What the rule wanted", [
    ...(finding.rule.pack === undefined ? [] : [`policy ${finding.rule.pack} ${finding.rule.version ?? ""}${finding.rule.ref === undefined ? "" : `, ${finding.rule.ref}`}`]),
    ...finding.law.map((law) => `${law.jurisdiction} (${law.version}) applies: ${law.citation}`), ...finding.citations
  ]),
  ...section("Evidence", finding.evidence.map((one) => `${one.kind} ${one.id}: ${one.object}${one.line === undefined ? "" : `, line ${one.line}`}${one.pointer === undefined ? "" : `, ${one.pointer}`} (object SHA-256 ${one.objectSha256.slice(0, 16)}…)`)),
  ...section("Searched and not found", finding.searched.map((search) => `${search.kind}: ${search.records} records of ${search.sources.join(", ") || "no source"}${search.from === undefined ? "" : `, ${search.from} to ${search.to ?? ""}`}${search.names === undefined ? "" : `, under ${search.names.join(", ")}`}`)),
  ...section("What speaks against it", finding.contrary.map((one) => `${one.kind} ${one.id}: ${one.object}${one.line === undefined ? "" : `, line ${one.line}`}`)),
  ...section("What would set it right", [finding.remedy, ...(finding.due === undefined ? [] : [`Due ${finding.due}${finding.owner === undefined ? "" : `, owner ${finding.owner}`}.`])])
]

const explainControl = async (id: string, terminal: Terminal): Promise<boolean> => {
  const { readCatalogue } = await import("../controls/index.ts")
  const control = (await readCatalogue()).find((one) => one.id === id)
  if (control === undefined) return false
  for (const line of [
    `${control.id}: ${control.title} (${control.severity} ${control.kind ?? "finding"})`, "", control.question, "", `Unit: ${control.unit}`, `Rests on: ${control.needs.join(", ")}`,
    ...section("Outcomes", Object.entries(control.reasons).map(([reason, { outcome, sentence }]) => `${outcome} ${reason}: ${sentence}`)),
    ...section("Remedy", [control.remedy]), ...section("Citations", control.citations)
  ]) terminal.out(line)
  return true
}

/** `earshot explain CONTROL|FINDING [REPORT]`: what a control means, or one finding with its evidence as a timeline. */
export const explainVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("explain <what> [report]").description("Explain a control, or one finding with its evidence as a timeline.").option("--out <dir>", "folder of reports, to take the newest from", environment["EARSHOT_OUT"] ?? "reports")
    .addHelpText("after", examples("earshot explain consent/recorded-after-refusal", "earshot explain f-0123456789abcdef0123456789abcdef reports/2026-11-22T02-00-00Z-1a2b3c4d"))
    .action((what: string, report: string | undefined, flags: { readonly out: string }) => work(async () => {
      if (!what.startsWith("f-")) {
        if (await explainControl(what, terminal)) return exitCodes.success
        const { suggestion } = await import("../yaml/index.ts")
        const { readCatalogue } = await import("../controls/index.ts")
        throw new UsageError(`${what} is neither a control nor a finding; ${suggestion(what, (await readCatalogue()).map((control) => control.id))}`)
      }
      const shown = report ?? await newestReport(flags.out, environment)
      for (const line of findingLines(await onReport(shown, environment, (folder) => findIn(folder, what, shown)))) terminal.out(line)
      return exitCodes.success
    }))
}
