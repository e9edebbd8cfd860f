import type { Finding } from "../findings/finding.ts"
import type { Summary } from "./summary.ts"

/** What every output is made from: signed files of the report folder and nothing else. */
export type Report = {
  /** Holds findings.ndjson, inputs.ndjson, quarantine.ndjson, retention.ndjson, summary.json and core.dsse.json. */
  readonly folder: string
  readonly summary: Summary
  /** Text of core.dsse.json. */
  readonly coreEnvelope: string
  readonly signed: boolean
  /** Where outputs are written; the folder itself while a report is built. */
  readonly out: string
}

/** An output being written: gets every finding once, in order, with its line as it stands. */
export type Output = {
  readonly take: (finding: Finding, line: string) => void
  readonly finish: () => void | Promise<void>
}

/** Gravity as the other formats count it: 1 low … 4 critical. */
export const gravity: Readonly<Record<Finding["severity"], number>> = { low: 1, medium: 2, high: 3, critical: 4 }

/** True where somebody still has to act on it. */
export const isOpen = ({ status }: Pick<Finding, "status">): boolean => status !== "waived" && status !== "closed"

/** True where it counts as new for the exit code. */
export const isNew = ({ status }: Pick<Finding, "status">): boolean => status === "new" || status === "reopened" || status === "lapsed"

/** Families in the order in which they are read; others after them, by name. */
const familyOrder = ["consent", "access", "policy", "retention", "evidence"]

/** Orders family names for display. */
export const inFamilyOrder = (families: Iterable<string>): ReadonlyArray<string> => {
  const place = (family: string): number => (familyOrder.includes(family) ? familyOrder.indexOf(family) : familyOrder.length)
  return [...new Set(families)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
}
