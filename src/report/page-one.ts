import type { Finding } from "../findings/finding.ts"
import { severities } from "../findings/finding.ts"
import { inFamilyOrder, isOpen } from "./output.ts"
import type { Population, Summary } from "./summary.ts"
import { count, day, daysUntil, list, minute, number, percent } from "./words.ts"

/** One answer to "can this audit be trusted?". */
export type Check = { readonly topic: string; readonly state: "good" | "bad" | "note"; readonly sentence: string }

/** The first thing that is read. */
export type Verdict = { readonly trusted: boolean; readonly headline: string; readonly sentence: string }

/** Population sums of controls. */
export type Judged = { readonly controls: number; readonly population: number; readonly judged: number; readonly fail: number; readonly unverifiable: number }

/** Sums the populations of controls in scope; `judged` = pass + fail. */
export const judgedOf = (controls: ReadonlyArray<Population>): Judged =>
  controls.filter((control) => control.outOfScope === undefined).reduce((sum, control) => ({
    controls: sum.controls + 1, population: sum.population + control.pass + control.fail + control.unverifiable, judged: sum.judged + control.pass + control.fail,
    fail: sum.fail + control.fail, unverifiable: sum.unverifiable + control.unverifiable
  }), { controls: 0, population: 0, judged: 0, fail: 0, unverifiable: 0 })

/** The verdict: trust first, since findings of an untrustworthy audit prove nothing. */
export const verdictOf = (summary: Summary): Verdict => {
  const { trust, counts, run } = summary
  const part = run.full ? "" : " It covers only some controls (it was run with --only, --skip or as a replay), so it is no baseline and decides no deletion."
  if (!trust.trustworthy) return { trusted: false, headline: "This audit cannot be trusted", sentence: `What it found may be right, but what it did not find proves nothing until ${trust.problems.length === 1 ? "the problem below is" : "the problems below are"} solved.${part}` }
  const graver = severities.filter((severity) => counts.bySeverity[severity] > 0).reverse().map((severity) => `${number(counts.bySeverity[severity])} ${severity}`)
  const found = counts.findings === 0 ? "It found nothing against the policies and laws that it was given" : `It reports ${count(counts.findings, "finding")}`
  const leads = counts.leads === 0 ? "" : ` and ${count(counts.leads, "lead")} worth looking into`
  return { trusted: true, headline: "This audit can be trusted", sentence: `${found}${graver.length === 0 ? "" : ` (${list(graver)})`}${leads}.${part}` }
}

const failing = (summary: Summary, control: string): number => summary.controls.find((one) => one.control === control)?.fail ?? 0

const sourceCheck = (summary: Summary): Check => {
  const { totals, sources } = summary
  const empty = sources.filter((source) => source.read === 0).map((source) => source.id)
  const bad = failing(summary, "evidence/source-empty") + failing(summary, "evidence/unreadable-objects") + failing(summary, "evidence/rejected-over-allowance") > 0
  const sentence = `${count(totals.objects, "object")} of ${count(sources.length, "source")} held ${count(totals.read, "record")}; ${totals.rejected === 0 ? "none was rejected" : `${number(totals.rejected)} (${percent(totals.rejected, totals.read)}) did not fit and ${totals.rejected === 1 ? "is" : "are"} in quarantine`}${totals.unreadable === 0 ? "" : `; ${count(totals.unreadable, "object")} could not be read`}${empty.length === 0 ? "" : `; nothing came from ${list(empty)}`}.`
  return { topic: "Sources", state: bad ? "bad" : totals.unreadable > 0 || totals.rejected > 0 || empty.length > 0 ? "note" : "good", sentence }
}

const freshnessCheck = (summary: Summary): Check => {
  const stale = failing(summary, "evidence/source-stale")
  const dated = summary.sources.flatMap((source) => (source.newest === undefined ? [] : [{ id: source.id, newest: source.newest }])).sort((a, b) => (a.newest < b.newest ? -1 : 1))
  const [oldest] = dated
  const newest = dated.at(-1)
  if (oldest === undefined || newest === undefined) return { topic: "Freshness", state: "note", sentence: "No source delivered anything with a time." }
  const reach = `The newest record of all is of ${day(newest.newest)}; the source that has been silent longest is ${oldest.id}, since ${day(oldest.newest)}.`
  if (stale > 0) return { topic: "Freshness", state: "bad", sentence: `${count(stale, "source")} delivered nothing for longer than allowed. ${reach}` }
  const asked = summary.controls.filter(({ control, outOfScope }) => control === "evidence/source-stale" && outOfScope === undefined)
  if (asked.length === 0) return { topic: "Freshness", state: "note", sentence: `This audit left out the question of how old the sources may be. ${reach}` }
  const { judged } = judgedOf(asked)
  // A source without freshWithin is never too old, which says nothing of how old it is.
  const unlimited = summary.sources.length - judged
  if (unlimited <= 0) return { topic: "Freshness", state: "good", sentence: `No source is older than the pipeline allows. ${reach}` }
  const limits = judged === 0 ? "The pipeline sets no limit of age (freshWithin) for its sources, so none was tested." : `${count(judged, "source")} ${judged === 1 ? "is" : "are"} as young as the pipeline asks; the age of ${unlimited} ${unlimited === 1 ? "other was" : "others was"} not tested (no freshWithin).`
  return { topic: "Freshness", state: "note", sentence: `${limits} ${reach}` }
}

const judgedCheck = (summary: Summary): Check => {
  const { controls, population, judged, unverifiable } = judgedOf(summary.controls)
  if (population === 0) return { topic: "Share judged", state: "note", sentence: "No control had anything to judge." }
  const open = unverifiable === 0 ? "Every one could be judged." : `${percent(judged, population)} could be judged; ${number(unverifiable)} could not be verified for want of evidence, and ${unverifiable === 1 ? "is" : "are"} not counted as passed.`
  return { topic: "Share judged", state: "good", sentence: `${count(controls, "question")} asked of ${number(population)} units (recordings, people in them, accesses, decisions). ${open}` }
}

const selfTestCheck = ({ trust: { selfTest } }: Summary): Check =>
  selfTest.failed.length === 0
    ? { topic: "Self-test", state: selfTest.cases === 0 ? "note" : "good", sentence: selfTest.cases === 0 ? "No control brought a case to test itself with." : `Before judging, the controls were given ${count(selfTest.cases, "case")} with known answers and got every one right.` }
    : { topic: "Self-test", state: "bad", sentence: `${count(selfTest.failed.length, "control")} did not get known cases right: ${list(selfTest.failed)}.` }

const signatureCheck = ({ trust, run }: Summary): Check => {
  const notes = (trust.notes ?? []).map((note) => ` ${note}`).join("")
  return trust.signed
    ? { topic: "Signature", state: notes === "" ? "good" : "note", sentence: `Signed. Anybody who has the public key can check that nothing was changed since${run.sequence === undefined ? "" : `; it is number ${number(run.sequence)} of its chain, so that an earlier report that is missing would show`}.${notes}` }
    : { topic: "Signature", state: "bad", sentence: `UNSIGNED: the pipeline had no signing key, so nobody can tell whether this report was changed.${notes}` }
}

/** The five answers to "can this audit be trusted?". */
export const checksOf = (summary: Summary): ReadonlyArray<Check> => [sourceCheck(summary), freshnessCheck(summary), judgedCheck(summary), selfTestCheck(summary), signatureCheck(summary)]

/** One family's line on page one. */
export type FamilyLine = Judged & { readonly family: string; readonly findings: number; readonly bySeverity: Readonly<Record<Finding["severity"], number>>; readonly causes: number; readonly leads: number }

/** Findings by family and severity, from the causes, with what was judged as the denominator. */
export const familiesOf = (summary: Summary): ReadonlyArray<FamilyLine> =>
  inFamilyOrder(summary.controls.map((control) => control.family)).map((family) => {
    const causes = summary.causes.filter((cause) => cause.control.startsWith(`${family}/`))
    const bySeverity = { low: 0, medium: 0, high: 0, critical: 0 }
    for (const cause of causes) if (cause.kind === "finding") bySeverity[cause.severity] += cause.findings
    const leads = causes.reduce((sum, cause) => sum + (cause.kind === "lead" ? cause.findings : 0), 0)
    return { family, ...judgedOf(summary.controls.filter((control) => control.family === family)), findings: summary.counts.byFamily[family] ?? 0, bySeverity, causes: causes.length, leads }
  })

const statusNames: ReadonlyArray<readonly [string, string]> = [
  ["new", "seen for the first time"], ["reopened", "back, though resolved or closed before"], ["lapsed", "whose waiver has ended"], ["persisting", "known and still there"],
  ["waived", "accepted for a time by a waiver"], ["closed", "closed by a review"]
]

/** What changed since the last trusted full run: number and meaning of each status, nought left out. */
export const changesOf = ({ counts }: Summary): ReadonlyArray<{ readonly status: string; readonly count: number; readonly meaning: string }> => [
  ...statusNames.map(([status, meaning]) => ({ status, count: counts.byStatus[status] ?? 0, meaning })),
  { status: "resolved", count: counts.resolved, meaning: "judged again and passing now" },
  { status: "not reassessed", count: counts.notReassessed, meaning: "not judged again this time, so neither open nor resolved" }
].filter((change) => change.count > 0)

/** The sentence above the changes. */
export const changeSentence = ({ counts, run }: Summary): string => {
  const known = (counts.byStatus["persisting"] ?? 0) + counts.resolved + counts.notReassessed + (counts.byStatus["waived"] ?? 0) + (counts.byStatus["closed"] ?? 0)
  if (run.previousStatement === undefined && known === 0) return "There is no earlier trusted run to compare with, so everything counts as new."
  const fresh = (counts.byStatus["new"] ?? 0) + (counts.byStatus["reopened"] ?? 0) + (counts.byStatus["lapsed"] ?? 0)
  return `${fresh === 0 ? "Nothing new" : `${number(fresh)} ${fresh === 1 ? "is" : "are"} new`}, ${number(counts.resolved)} resolved, ${number(counts.byStatus["persisting"] ?? 0)} still there.`
}

/** What one owner has to do by when. Counts of open findings. */
export type OwnerDue = { readonly owner: string; overdue: number; week: number; later: number; undated: number; next?: string }

/** Collects what is due by owner, from findings that are open; as seen at the run's as-of. */
export class DueBook {
  readonly #owners = new Map<string, OwnerDue>()
  readonly #asOf: string

  constructor(asOf: string) {
    this.#asOf = asOf
  }

  add(finding: Finding): void {
    if (!isOpen(finding) || finding.kind === "lead") return
    const owner = finding.owner ?? "nobody named"
    const line: OwnerDue = this.#owners.get(owner) ?? { owner, overdue: 0, week: 0, later: 0, undated: 0 }
    this.#owners.set(owner, line)
    if (finding.due === undefined) {
      line.undated += 1
      return
    }
    const days = daysUntil(this.#asOf, finding.due)
    if (Date.parse(finding.due) <= Date.parse(this.#asOf)) line.overdue += 1
    else if (days <= 7) line.week += 1
    else line.later += 1
    if (line.next === undefined || finding.due < line.next) line.next = finding.due
  }

  /** Owners with the soonest first. */
  sorted(): ReadonlyArray<OwnerDue> {
    return [...this.#owners.values()].sort((a, b) => ((a.next ?? "~") < (b.next ?? "~") ? -1 : (a.next ?? "~") > (b.next ?? "~") ? 1 : a.owner < b.owner ? -1 : 1))
  }
}

/** The line under the title. */
export const subtitleOf = ({ run, policies }: Summary): string =>
  `As of ${minute(run.asOf)}. Run ${run.id}${run.sequence === undefined ? "" : `, number ${number(run.sequence)} of its chain`}. Policy ${list(policies.map((policy) => `${policy.policy} ${policy.version}`))}.`
