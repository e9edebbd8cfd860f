import type { Cause } from "../report/summary.ts"
import { type Finding, severities } from "./finding.ts"

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Groups findings by root, so that a broken announcement is one line and not 40,000. */
export class Causes {
  readonly #causes = new Map<string, Mutable<Cause>>()

  /** Counts one finding under its cause. */
  add(finding: Finding): void {
    const open = finding.status !== "waived" && finding.status !== "closed"
    const isNew = finding.status === "new" || finding.status === "reopened" || finding.status === "lapsed"
    const known = this.#causes.get(finding.cause)
    if (known === undefined) {
      const at = finding.cause.slice(finding.cause.indexOf("#", finding.cause.indexOf("#") + 1) + 1)
      this.#causes.set(finding.cause, {
        cause: finding.cause, control: finding.control, severity: finding.severity, kind: finding.kind, reason: finding.reason, ...(at === "" ? {} : { at }),
        sentence: finding.sentence, findings: 1, open: open ? 1 : 0, new: isNew ? 1 : 0, ...(finding.due === undefined ? {} : { due: finding.due }),
        ...(finding.owner === undefined ? {} : { owner: finding.owner }), example: finding.id
      })
      return
    }
    known.findings += 1
    if (open) known.open += 1
    if (isNew) known.new += 1
    if (severities.indexOf(finding.severity) > severities.indexOf(known.severity)) known.severity = finding.severity
    if (finding.due !== undefined && (known.due === undefined || finding.due < known.due)) known.due = finding.due
  }

  /** Causes, gravest first, then the most numerous; findings before leads. */
  sorted(): ReadonlyArray<Cause> {
    return [...this.#causes.values()].sort((a, b) =>
      Number(a.kind === "lead") - Number(b.kind === "lead") || severities.indexOf(b.severity) - severities.indexOf(a.severity) || b.findings - a.findings || (a.cause < b.cause ? -1 : 1))
  }
}
