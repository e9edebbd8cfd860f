import type { Evidence, Finding } from "../findings/finding.ts"
import { TextFile } from "./file-writer.ts"
import { Gravest } from "./gravest.ts"
import type { Output, Report } from "./output.ts"
import type { Population, Summary } from "./summary.ts"

/** What code-scanning services take from one run; beyond it the gravest findings are given, and the file says so. */
export const sarifResultsMax = 25_000

const levels = { critical: "error", high: "error", medium: "warning", low: "note" } as const

/** Score by which services that know `security-severity` sort. */
const scores = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" } as const

const baselineStates = { new: "new", reopened: "new", lapsed: "updated", persisting: "unchanged", waived: "unchanged", closed: "unchanged" } as const

const rule = (control: Population): object => ({
  id: control.control,
  shortDescription: { text: control.title },
  fullDescription: { text: control.question },
  defaultConfiguration: { level: levels[control.severity], ...(control.outOfScope === undefined ? {} : { enabled: false }) },
  properties: {
    "security-severity": scores[control.severity], tags: ["privacy", control.family], unit: control.unit,
    population: control.population, pass: control.pass, fail: control.fail, unverifiable: control.unverifiable, notApplicable: control.notApplicable
  }
})

/** Object names of other systems are no URIs always: whatever is not allowed there is percent-encoded. */
const uri = (object: string): string => encodeURI(object.toWellFormed()).replaceAll(/%25([0-9A-F]{2})/gi, "%$1").replaceAll("[", "%5B").replaceAll("]", "%5D").replace(/^([^/]*):(?!\/\/)/, "$1%3A")

const location = (evidence: Evidence): object => ({
  physicalLocation: { artifactLocation: { uri: uri(evidence.object) }, ...(evidence.line === undefined ? {} : { region: { startLine: evidence.line } }) },
  logicalLocations: [{ fullyQualifiedName: `${evidence.kind}/${evidence.id}`, kind: "member" }]
})

const suppressionsOf = (finding: Finding, summary: Summary): ReadonlyArray<object> => {
  if (finding.status === "closed") return [{ kind: "external", status: "accepted", justification: "Closed by a review." }]
  if (finding.status !== "waived") return []
  const waiver = summary.waivers.find((one) => one.finding === finding.id || one.cause === finding.cause)
  return [{ kind: "external", status: "accepted", justification: waiver === undefined ? "Waived." : `${waiver.reason} (owner ${waiver.owner}, approved by ${waiver.approvedBy}, until ${waiver.expires})` }]
}

const result = (finding: Finding, summary: Summary, ruleIndex: number): object => {
  const { id, control, kind, severity, status, sentence, evidence, contrary } = finding
  const suppressions = suppressionsOf(finding, summary)
  return {
    ruleId: control, ...(ruleIndex < 0 ? {} : { ruleIndex }),
    kind: kind === "lead" ? "review" : "fail", level: kind === "lead" ? "none" : levels[severity],
    message: { text: sentence },
    ...(evidence.length === 0 ? {} : { locations: evidence.slice(0, 10).map(location) }),
    ...(contrary.length === 0 ? {} : { relatedLocations: contrary.slice(0, 10).map(location) }),
    partialFingerprints: { "earshotFinding/v1": id },
    baselineState: baselineStates[status],
    ...(suppressions.length === 0 ? {} : { suppressions }),
    properties: {
      severity, status, reason: finding.reason, cause: finding.cause, remedy: finding.remedy, citations: finding.citations,
      ...(finding.at === undefined ? {} : { at: finding.at }), ...(finding.due === undefined ? {} : { due: finding.due }), ...(finding.owner === undefined ? {} : { owner: finding.owner }),
      ...(finding.contactId === undefined ? {} : { contactId: finding.contactId }), ...(finding.recordingId === undefined ? {} : { recordingId: finding.recordingId })
    }
  }
}

const invocation = ({ run, trust, exitCode }: Summary, notes: ReadonlyArray<string>): object => ({
  executionSuccessful: trust.trustworthy, exitCode, startTimeUtc: run.startedAt, endTimeUtc: run.finishedAt,
  toolExecutionNotifications: [...trust.problems.map((text) => ({ level: "error", message: { text } })), ...notes.map((text) => ({ level: "warning", message: { text } }))]
})

/** findings.sarif: SARIF 2.1.0 with fingerprints, suppressions, baseline states and a stated cap. */
export const sarifOutput = (report: Report): Output => {
  const { summary } = report
  const places = new Map(summary.controls.map(({ control }, index) => [control, index]))
  const results = new Gravest<string>(sarifResultsMax)
  return {
    take: (finding) => results.add(finding.severity, () => JSON.stringify(result(finding, summary, places.get(finding.control) ?? -1))),
    finish: () => {
      const kept = results.values()
      const notes = results.seen > kept.length ? [`This file holds the ${kept.length} gravest of ${results.seen} findings; findings.ndjson holds all.`] : []
      const driver = { name: "Earshot", version: summary.earshot.version, semanticVersion: summary.earshot.version, rules: summary.controls.map(rule) }
      const file = new TextFile(report.out, "findings.sarif")
      file.write(`{"$schema":"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","version":"2.1.0","runs":[{"tool":${JSON.stringify({ driver })},"automationDetails":${JSON.stringify({ id: `${summary.run.pipeline}/${summary.run.id}` })},"invocations":[${JSON.stringify(invocation(summary, notes))}],"columnKind":"utf16CodeUnits","properties":${JSON.stringify({ asOf: summary.run.asOf, findings: results.seen, resultsMax: sarifResultsMax, resolved: summary.counts.resolved, notReassessed: summary.counts.notReassessed })},"results":[`)
      kept.forEach((text, index) => file.write(`${index === 0 ? "\n" : ",\n"}${text}`))
      file.write("\n]}]}\n")
      file.close()
    }
  }
}
