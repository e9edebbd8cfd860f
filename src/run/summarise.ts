import { readFileSync } from "node:fs"
import type { Control, Judged } from "../controls/index.ts"
import type { Accounting, Population, SourceSummary, Summary } from "../report/summary.ts"
import type { OutOfScope } from "./settings.ts"

const zero: Accounting = { read: 0, accepted: 0, duplicate: 0, superseded: 0, conflicting: 0, ignored: 0, rejected: 0 }

/** Totals over sources; the accounting adds up or the program is wrong. */
export const totalsOf = (sources: ReadonlyArray<SourceSummary>): Summary["totals"] => {
  const totals = { ...zero, objects: 0, unreadable: 0, bytes: 0, produced: {} as Record<string, number> }
  for (const source of sources) {
    for (const key of [...Object.keys(zero), "objects", "unreadable", "bytes"] as ReadonlyArray<keyof Accounting | "objects" | "unreadable" | "bytes">) totals[key] += source[key]
    for (const [kind, count] of Object.entries(source.produced)) totals.produced[kind] = (totals.produced[kind] ?? 0) + count
  }
  const { read, accepted, duplicate, superseded, conflicting, ignored, rejected } = totals
  if (read !== accepted + duplicate + superseded + conflicting + ignored + rejected) throw new Error("the accounting of records does not add up; this is a defect of Earshot")
  return totals
}

/** The printed and signed population of a control. */
export const populationOf = ({ control, counts }: Judged, outOfScope: ReadonlyMap<string, OutOfScope>): Population => {
  const left = outOfScope.get(control.id)
  return {
    control: control.id, family: control.family, title: control.title, question: control.question, unit: control.unit, severity: control.severity, kind: control.kind ?? "finding",
    population: counts.population, pass: counts.pass, fail: counts.fail, unverifiable: counts.unverifiable, notApplicable: counts.notApplicable, reasons: counts.reasons,
    ...(left === undefined ? {} : { outOfScope: { reason: left.reason, owner: left.owner } })
  }
}

/** Why a run is not to be trusted, in sentences; empty where it is. */
export const problemsOf = (judged: ReadonlyArray<Judged>, selfTestFailed: ReadonlyArray<string>, maxUnverifiable: number, sources: ReadonlyArray<{ readonly id: string; readonly problem?: string }>): ReadonlyArray<string> => {
  const problems: Array<string> = []
  for (const name of selfTestFailed) problems.push(`The self-test of ${name} failed, so its outcomes cannot be relied on.`)
  for (const { id, problem } of sources) if (problem !== undefined) problems.push(`The source ${id} could not be listed: ${problem}`)
  for (const { control, counts } of judged) {
    if (control.untrustworthy === true && counts.fail > 0) problems.push(`${control.title}: ${counts.fail} of ${counts.population} (${control.id}; unit: ${control.unit}).`)
    const share = counts.population === 0 ? 0 : counts.unverifiable / counts.population
    if (share > maxUnverifiable) problems.push(`${control.id}: ${counts.unverifiable} of ${counts.population} could not be verified (${(share * 100).toFixed(1)} %; the policy allows ${(maxUnverifiable * 100).toFixed(1)} %).`)
  }
  return problems
}

/** Digests of every control that judged, by id. */
export const controlDigests = (controls: ReadonlyArray<Control>): Readonly<Record<string, string>> => Object.fromEntries(controls.map((control) => [control.id, control.sha256]))

/** The package's version. */
export const version = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version
