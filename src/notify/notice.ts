import type { Summary } from "../report/summary.ts"

/** What is told of a run that ended: counts, codes and links; no person, no sentence of a finding. Times are RFC 3339, UTC. */
export type Notice = {
  readonly earshot: 1
  readonly event: "finished" | "failed"
  readonly pipeline: string
  readonly run?: string
  readonly asOf?: string
  readonly startedAt: string
  readonly finishedAt: string
  readonly exitCode: number
  readonly meaning: string
  readonly trustworthy: boolean
  /** How many things speak against trusting the run; the report names them. */
  readonly problems: number
  /** The stage in which a failed run ended. */
  readonly stage?: string
  readonly findings?: { readonly total: number; readonly bySeverity: Summary["counts"]["bySeverity"]; readonly byStatus: Summary["counts"]["byStatus"]; readonly leads: number; readonly resolved: number }
  readonly records?: { readonly read: number; readonly rejected: number; readonly objects: number; readonly unreadable: number }
  readonly units?: { readonly judged: number; readonly unverifiable: number }
  /** Name of the report folder. */
  readonly report?: string
  /** Digest of the signed statement, hex. */
  readonly statement?: string
  readonly sequence?: number
}

/** What a run that wrote its report gives a notice. */
export type Finished = { readonly summary: Summary; readonly report: string; readonly statement: string }

const total = (controls: Summary["controls"], of: "population" | "unverifiable"): number => controls.reduce((sum, control) => sum + control[of], 0)

/** The notice of a run that wrote its report. */
export const noticeOf = ({ summary, report, statement }: Finished, meaning: string): Notice => ({
  earshot: 1, event: "finished", pipeline: summary.run.pipeline, run: summary.run.id, asOf: summary.run.asOf, startedAt: summary.run.startedAt, finishedAt: summary.run.finishedAt,
  exitCode: summary.exitCode, meaning, trustworthy: summary.trust.trustworthy, problems: summary.trust.problems.length,
  findings: { total: summary.counts.findings, bySeverity: summary.counts.bySeverity, byStatus: summary.counts.byStatus, leads: summary.counts.leads, resolved: summary.counts.resolved },
  records: { read: summary.totals.read, rejected: summary.totals.rejected, objects: summary.totals.objects, unreadable: summary.totals.unreadable },
  units: { judged: total(summary.controls, "population"), unverifiable: total(summary.controls, "unverifiable") },
  report, statement, ...(summary.run.sequence === undefined ? {} : { sequence: summary.run.sequence })
})

/** The notice of a run that ended without a report. Why it failed may quote a file or a name, so only its log says that. */
export const failureNotice = (run: { readonly pipeline: string; readonly startedAt: string; readonly finishedAt: string; readonly exitCode: number; readonly stage: string }, meaning: string): Notice =>
  ({ earshot: 1, event: "failed", pipeline: run.pipeline, startedAt: run.startedAt, finishedAt: run.finishedAt, exitCode: run.exitCode, meaning, trustworthy: false, problems: 1, stage: run.stage })

const count = (several: number, one: string): string => `${several} ${one}${several === 1 ? "" : "s"}`

/** The notice as a person reads it, a line each. */
export const noticeLines = (notice: Notice, link: string | undefined): ReadonlyArray<string> => {
  const { findings, records, units } = notice
  return [
    `Pipeline ${notice.pipeline}, started ${notice.startedAt}, ended ${notice.finishedAt}.`,
    notice.meaning,
    notice.event === "failed" ? `It ended in stage ${notice.stage ?? "start"} without a report; its log says why.` : notice.trustworthy ? "The audit can be trusted." : `The audit can't be trusted: ${count(notice.problems, "problem")}.`,
    ...(findings === undefined ? [] : [
      `${count(findings.total, "finding")}: ${Object.entries(findings.bySeverity).map(([severity, number]) => `${number} ${severity}`).join(", ")}; ${count(findings.leads, "lead")}.`,
      `New ${findings.byStatus["new"] ?? 0}, reopened ${findings.byStatus["reopened"] ?? 0}, lapsed ${findings.byStatus["lapsed"] ?? 0}, resolved ${findings.resolved}.`
    ]),
    ...(records === undefined ? [] : [`${count(records.read, "record")} from ${count(records.objects, "object")}; ${records.rejected} in quarantine, ${count(records.unreadable, "object")} unreadable.`]),
    ...(units === undefined ? [] : [`${count(units.judged, "unit")} judged, ${units.unverifiable} could not be verified.`]),
    ...(notice.report === undefined ? [] : [`Report: ${link ?? notice.report}`, `Statement: ${notice.statement ?? ""}`])
  ]
}
