import type { Evidence, Finding } from "../findings/finding.ts"
import { TextFile } from "./file-writer.ts"
import type { Output, Report } from "./output.ts"
import type { Population, Summary } from "./summary.ts"

/** The version whose class definitions the tests check against. */
const schemaVersion = "1.9.0-dev"

const compliance = { uid: 2003, name: "Compliance Finding" } as const
const detection = { uid: 2004, name: "Detection Finding" } as const

const severityIds = { low: 2, medium: 3, high: 4, critical: 5 } as const
const severityNames = { low: "Low", medium: "Medium", high: "High", critical: "Critical" } as const

/** Finding status and activity of the standard for each of ours. */
const statuses = {
  new: [1, "New"], reopened: [1, "New"], lapsed: [1, "New"], persisting: [2, "In Progress"], waived: [3, "Suppressed"], closed: [4, "Resolved"]
} as const
const activities = { new: [1, "Create"], reopened: [1, "Create"], lapsed: [2, "Update"], persisting: [2, "Update"], waived: [2, "Update"], closed: [3, "Close"] } as const

const resource = (type: string, uid: string | undefined): ReadonlyArray<object> => (uid === undefined ? [] : [{ type, uid }])

const evidenceOf = (one: Evidence): object => ({
  name: one.kind, uid: one.id, data: { source: one.source, object: one.object, ...(one.versionId === undefined ? {} : { versionId: one.versionId }), ...(one.line === undefined ? {} : { line: one.line }), ...(one.pointer === undefined ? {} : { pointer: one.pointer }), sha256: one.sha256, objectSha256: one.objectSha256 },
  resources: [{ type: one.kind, uid: one.id }]
})

const common = (finding: Finding, summary: Summary, control: Population | undefined): object => {
  const { uid, name } = finding.kind === "lead" ? detection : compliance
  const [activity, activityName] = activities[finding.status]
  const [status, statusName] = statuses[finding.status]
  const act = finding.at === undefined ? {} : { start_time: Date.parse(finding.at), end_time: Date.parse(finding.at) }
  const resources = [...resource("contact", finding.contactId), ...resource("recording", finding.recordingId), ...resource("party", finding.party), ...resource("staff", finding.staff)]
  return {
    category_uid: 2, category_name: "Findings", class_uid: uid, class_name: name, activity_id: activity, activity_name: activityName, type_uid: uid * 100 + activity, type_name: `${name}: ${activityName}`,
    severity_id: severityIds[finding.severity], severity: severityNames[finding.severity], status_id: status, status: statusName, time: Date.parse(summary.run.finishedAt), ...act,
    message: finding.sentence,
    metadata: { version: schemaVersion, uid: finding.id, product: { name: "Earshot", vendor_name: "Earshot", version: summary.earshot.version }, logged_time: Date.parse(summary.run.finishedAt), correlation_uid: summary.run.id },
    finding_info: {
      uid: finding.id, title: control?.title ?? finding.control, desc: finding.sentence, types: [finding.cause], created_time: Date.parse(summary.run.finishedAt),
      ...(finding.at === undefined ? {} : { first_seen_time: Date.parse(finding.at), last_seen_time: Date.parse(finding.at) }),
      analytic: { uid: finding.control, name: control?.title ?? finding.control, ...(finding.kind === "lead" ? { type_id: 3, type: "Statistical" } : { type_id: 1, type: "Rule" }), version: summary.earshot.version }
    },
    ...(resources.length === 0 ? {} : { resources }),
    ...(finding.evidence.length === 0 ? {} : { evidences: finding.evidence.map(evidenceOf) }),
    remediation: { desc: finding.remedy, ...(finding.citations.length === 0 ? {} : { references: finding.citations }) },
    unmapped: { status: finding.status, reason: finding.reason, due: finding.due, owner: finding.owner, rule: finding.rule }
  }
}

const complianceOf = (finding: Finding, control: Population | undefined): object => ({
  control: finding.control, ...(control === undefined ? {} : { desc: control.question }), status_id: 3, status: "Fail", status_detail: finding.reason,
  standards: finding.citations.length === 0 ? [finding.rule.pack ?? "policy"] : finding.citations,
  ...(finding.law.length === 0 ? {} : { requirements: finding.law.map((law) => `${law.jurisdiction}: ${law.citation}`) }),
  checks: [{ uid: finding.control, name: control?.title ?? finding.control, status_id: 3, status: "Fail" }]
})

/** One OCSF event: Compliance Finding (2003), for a lead Detection Finding (2004). */
export const ocsfEvent = (finding: Finding, summary: Summary, control: Population | undefined): object =>
  finding.kind === "lead" ? { ...common(finding, summary, control), is_alert: false, confidence_id: 1, confidence: "Low" } : { ...common(finding, summary, control), compliance: complianceOf(finding, control) }

/** findings.ocsf.ndjson: every finding as an event of the Open Cybersecurity Schema Framework. */
export const ocsfOutput = (report: Report): Output => {
  const file = new TextFile(report.out, "findings.ocsf.ndjson")
  const controls = new Map(report.summary.controls.map((control) => [control.control, control]))
  return { take: (finding) => file.write(`${JSON.stringify(ocsfEvent(finding, report.summary, controls.get(finding.control)))}\n`), finish: () => file.close() }
}
