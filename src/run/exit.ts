import { severities, type Severity } from "../findings/finding.ts"
import { instantOf } from "../time/index.ts"
import type { JudgedRun } from "./judge.ts"
import type { RunSettings } from "./settings.ts"

/** What the exit code of a whole run depends on. */
export type ExitQuestion = {
  readonly trustworthy: boolean
  readonly standing: JudgedRun["standing"]
  readonly report: Pick<RunSettings["report"], "failOn" | "failOnOpen" | "failOnLeads">
  readonly outOfScope: ReadonlySet<string>
  readonly asOf: string
}

const isNew = (status: string): boolean => status === "new" || status === "reopened" || status === "lapsed"

/**
 * 2 where the run can't be trusted, else 1 where something at or above the threshold is new, reopened, lapsed or past due
 * (`failOnOpen`: all that is not waived or closed), else 0. Leads count only where asked.
 */
export const exitCodeOf = ({ trustworthy, standing, report, outOfScope, asOf }: ExitQuestion): 0 | 1 | 2 => {
  if (!trustworthy) return 2
  if (report.failOn === "never") return 0
  const threshold = severities.indexOf(report.failOn)
  const fails = standing.some(({ status, severity, kind, control, due }) => {
    if (outOfScope.has(control) || (kind === "lead" && !report.failOnLeads) || severities.indexOf(severity as Severity) < threshold) return false
    if (status === "waived" || status === "closed") return false
    return report.failOnOpen || isNew(status) || (due !== undefined && instantOf(due) < instantOf(asOf))
  })
  return fails ? 1 : 0
}
