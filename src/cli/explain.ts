import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Control } from "../controls/index.ts"
import type { Finding, LawReference } from "../findings/finding.ts"
import type { Summary } from "../report/summary.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { sayIfChanged } from "./as-stated.ts"
import { catalogueOf } from "./custom-controls.ts"
import { UsageError } from "./failure.ts"
import { newestReport, onReport, requireReport } from "./reports.ts"
import { drawTimeline } from "./timeline.ts"
import { examples, type Verb } from "./verb.ts"

const findIn = async (folder: string, id: string, report: string): Promise<Finding> => {
  const { findingsOf } = await import("../findings/diff.ts")
  for await (const finding of findingsOf(requireReport(folder))) if (finding.id === id) return finding
  throw new UsageError(`${report} holds no finding with this id; look it up in findings.ndjson or name another report.`)
}

const indented = (text: string): string => `  ${text}`

const section = (title: string, lines: ReadonlyArray<string>): ReadonlyArray<string> => (lines.length === 0 ? [] : ["", title, ...lines.map(indented)])

type LawRow = { readonly jurisdiction?: string; readonly version?: string; readonly mode?: string; readonly forms?: ReadonlyArray<string>; readonly versionAssumed?: boolean }

/** The row of the law pack as the judgement had it, where the finding is about a row. */
const rowOf = ({ details }: Finding, law: LawReference): LawRow | undefined => {
  const rows = details["rows"]
  return Array.isArray(rows) ? (rows as ReadonlyArray<LawRow>).find((row) => row.jurisdiction === law.jurisdiction && row.version === law.version) : undefined
}

const lawLines = (finding: Finding): ReadonlyArray<string> => finding.law.flatMap((law) => {
  const { mode, forms, versionAssumed } = rowOf(finding, law) ?? {}
  return [
    `${law.jurisdiction}, version ${law.version}, applies: ${law.citation}`,
    ...(mode === undefined ? [] : [`  its rule: ${mode}${forms === undefined || forms.length === 0 ? "" : `; satisfied by ${forms.map((form) => form.replaceAll("_", " ")).join(", ")}`}${versionAssumed === true ? "; its first version, stretched back to this time" : ""}`])
  ]
})

const searchLine = ({ kind, records, sources, from, to, names }: Finding["searched"][number]): string => {
  const delivered = records === 0 ? `nothing delivered${sources.length === 0 ? ", by no source" : ` by ${sources.join(", ")}`}` : `${records.toLocaleString("en-US")} ${records === 1 ? "record" : "records"} of ${sources.join(", ")}`
  return `${kind}: ${delivered}${from === undefined ? "" : `, ${from} to ${to ?? ""}`}${names === undefined ? "" : `, looked for under ${names.join(", ")}`}`
}

const placeLine = (one: Finding["evidence"][number]): string => `${one.kind} ${one.id}: ${one.object}${one.versionId === undefined ? "" : `, version ${one.versionId}`}${one.line === undefined ? "" : `, line ${one.line}`}${one.pointer === undefined ? "" : `, ${one.pointer}`}`

const findingLines = (finding: Finding): ReadonlyArray<string> => [
  `${finding.kind === "lead" ? "Lead" : "Finding"} ${finding.id} (${finding.severity}, ${finding.status}) of ${finding.control}`,
  "", finding.sentence,
  ...section("Timeline (UTC)", drawTimeline(finding)),
  ...section("What the rule wanted", [
    ...(finding.rule.pack === undefined ? [] : [`policy ${finding.rule.pack} ${finding.rule.version ?? ""}${finding.rule.ref === undefined ? "" : `, ${finding.rule.ref}`}`]),
    ...lawLines(finding), ...finding.citations
  ]),
  ...section("Evidence", finding.evidence.length === 0 ? ["none: the absence is the finding; see what was searched"] : finding.evidence.map((one) => `${placeLine(one)} (object SHA-256 ${one.objectSha256.slice(0, 16)}…)`)),
  ...section("What was searched", finding.searched.map(searchLine)),
  ...section("What speaks against it", finding.contrary.length === 0 ? ["nothing was found"] : finding.contrary.map(placeLine)),
  ...section("What would set it right", [finding.remedy, ...(finding.due === undefined ? [] : [`Due ${finding.due}${finding.owner === undefined ? "" : `, owner ${finding.owner}`}.`])])
]

const controlLines = (control: Control): ReadonlyArray<string> => [
  `${control.id}: ${control.title} (${control.severity} ${control.kind ?? "finding"})`, "", control.question, "", `Unit: ${control.unit}`, `Rests on: ${control.needs.join(", ")}`,
  ...section("Outcomes", Object.entries(control.reasons).map(([reason, { outcome, sentence }]) => `${outcome} ${reason}: ${sentence}`)),
  ...section("Remedy", [control.remedy]), ...section("Citations", control.citations)
]

/** What a report says of a control that is no longer here, or is a pipeline's own. */
const reportedLines = async (folder: string, id: string, report: string): Promise<ReadonlyArray<string> | undefined> => {
  const summary = JSON.parse(readFileSync(join(requireReport(folder), "summary.json"), "utf8")) as Summary
  const control = summary.controls.find((one) => one.control === id)
  if (control === undefined) return undefined
  const { findingsOf } = await import("../findings/diff.ts")
  let example: Finding | undefined
  for await (const finding of findingsOf(folder)) if (finding.control === id) { example = finding; break }
  return [
    `${id}: ${control.title} (${control.severity} ${control.kind}), as ${report} judged it`, "", control.question, "", `Unit: ${control.unit}`,
    ...section("Outcomes", [`population ${control.population}: pass ${control.pass}, fail ${control.fail}, unverifiable ${control.unverifiable}, notApplicable ${control.notApplicable}`, ...Object.entries(control.reasons).map(([reason, count]) => `${reason.replace(":", " ")}: ${count}`)]),
    ...(example === undefined ? [] : [...section("For instance", [`${example.id}: ${example.sentence}`]), ...section("Remedy", [example.remedy]), ...section("Citations", example.citations)])
  ]
}

type Flags = { readonly out: string; readonly pipeline?: string }

/** `earshot explain CONTROL|FINDING [REPORT]`: what a control means, or one finding with its evidence as a timeline. */
export const explainVerb: Verb = (program, { terminal, environment, cwd, work }) => {
  /** Reads a report, and says so where it was changed. */
  const reading = <A>(report: string, read: (folder: string) => Promise<A>): Promise<A> => onReport(report, environment, async (folder) => {
    await sayIfChanged(requireReport(folder), report, terminal)
    return read(folder)
  })

  const linesOfControl = async (id: string, named: string | undefined, flags: Flags): Promise<ReadonlyArray<string>> => {
    const catalogue = await catalogueOf(flags.pipeline, { environment, cwd })
    const control = catalogue.find((one) => one.id === id)
    if (control !== undefined) return controlLines(control)
    const report = named ?? await newestReport(flags.out, environment).catch(() => undefined)
    const reported = report === undefined ? undefined : await reading(report, (folder) => reportedLines(folder, id, report))
    if (reported !== undefined) return reported
    const { suggestion } = await import("../yaml/index.ts")
    throw new UsageError(`${id} is neither a control nor a finding; ${suggestion(id, catalogue.map((one) => one.id))}`)
  }

  program.command("explain <what> [report]").description("Explain a control, or one finding with its evidence as a timeline.")
    .option("--out <dir>", "folder of reports, to take the newest from", environment["EARSHOT_OUT"] ?? "reports").option("--pipeline <file>", "with the custom controls of this pipeline")
    .addHelpText("after", examples("earshot explain consent/recorded-after-refusal", "earshot explain f-0123456789abcdef0123456789abcdef reports/2026-11-22T02-00-00Z-1a2b3c4d"))
    .action((what: string, report: string | undefined, flags: Flags) => work(async () => {
      const findingIn = async (shown: string): Promise<ReadonlyArray<string>> => findingLines(await reading(shown, (folder) => findIn(folder, what, shown)))
      for (const line of what.startsWith("f-") ? await findingIn(report ?? await newestReport(flags.out, environment)) : await linesOfControl(what, report, flags)) terminal.out(line)
      return exitCodes.success
    }))
}
