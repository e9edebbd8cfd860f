import type { TreeHead } from "../attest/index.ts"
import { loadPolicyTables } from "../policy/index.ts"
import { allFacts, consistencyTables, type Control, inOrder, judgeEstate, type Judged } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import { collect, type Collected } from "../findings/collect.ts"
import { namesUnder } from "../findings/pseudonyms.ts"
import { searches } from "../findings/searches.ts"
import { type Baseline, type Earlier, standing } from "../findings/status.ts"
import type { Waiver } from "../pipeline/index.ts"
import { retentionFacts } from "../gate/index.ts"
import type { RetentionTotals, Summary } from "../report/summary.ts"
import { addDuration, instantOf, parseDuration } from "../time/index.ts"
import { readReviews } from "./closing-reviews.ts"
import { digestOfLaw, digestOfPolicies } from "./digests.ts"
import { Outcomes } from "./outcomes.ts"
import { Lines } from "./outputs.ts"
import { writeRetention } from "./retention.ts"
import type { RunObserver, RunSettings } from "./settings.ts"

/** What judging gives the report. */
export type JudgedRun = Collected & {
  readonly judged: ReadonlyArray<Judged>
  readonly used: ReadonlyMap<Waiver, number>
  /** Findings of the baseline that were judged again and pass now. */
  readonly resolvedNow: number
  /** Their ids, and those that had come to pass before and have not failed since: one that fails again is reopened. */
  readonly resolved: ReadonlyArray<string>
  /** Findings of the baseline that were not judged again. */
  readonly notReassessedNow: number
  /** What is known of these, and of those that no run has judged again for less than a year. */
  readonly notReassessed: NonNullable<Summary["notReassessed"]>
  /** The newest review of each finding. */
  readonly reviews: NonNullable<Summary["reviews"]>
  /** Head of the tree of outcomes.ndjson.gz. */
  readonly outcomeHead: TreeHead
  /** What retention.ndjson holds. */
  readonly retention: RetentionTotals
  /** Open findings by status, severity and kind, for the exit code. */
  readonly standing: ReadonlyArray<{ readonly status: string; readonly severity: string; readonly kind: string; readonly control: string; readonly due?: string; readonly count: number }>
}

type Judging = {
  readonly store: EvidenceStore
  readonly settings: RunSettings
  readonly controls: ReadonlyArray<Control>
  /** Without it the report names people. */
  readonly pseudonymKey: Uint8Array | undefined
  readonly idKey: Uint8Array
  readonly baseline: Baseline | undefined
  readonly folder: string
  readonly observer: RunObserver
  readonly full: boolean
}

/** The owners of families, of the pack in force at as-of. */
const owners = async (store: EvidenceStore): Promise<Readonly<Record<string, string>>> => {
  const rows = await store.all(`SELECT o.family, o.owner FROM packOwner o JOIN packPeriod p ON p.packKey = o.packKey, run
    WHERE p."from" <= run."asOf" AND (p.until IS NULL OR run."asOf" < p.until)`)
  return Object.fromEntries(rows.map((row) => [String(row["family"]), String(row["owner"])]))
}

/** Facts that the report draws from beside those that controls read. */
const reported = ["party", "presence", "explanationShare", "unexplainedList", ...retentionFacts]

/** A finding whose control or records are gone for good is not remembered for ever. */
const rememberedFor = parseDuration("P1Y")

type Unassessed = {
  readonly baseline: Baseline
  readonly asOf: string
  readonly controls: ReadonlyArray<Control>
  readonly notApplicable: ReadonlySet<string>
  readonly waivers: ReadonlyArray<Waiver>
  /** Findings that a review may close. */
  readonly reviewed: ReadonlySet<string>
}

/** Whether a finding that nobody judged again may still need its evidence: it was open, and its control preserves, or is no longer known. */
const mayNeed = (id: string, earlier: Earlier, { asOf, controls, notApplicable, waivers, reviewed }: Unassessed): boolean => {
  const answeredFor = reviewed.has(id) || waivers.some(({ finding, cause, expires }) => (finding === id || (cause !== undefined && cause === earlier.cause)) && instantOf(expires) > instantOf(asOf))
  if (answeredFor || earlier.status === "waived" || earlier.status === "closed" || earlier.control.startsWith("retention/") || notApplicable.has(id)) return false
  const control = controls.find((one) => one.id === earlier.control)
  return control === undefined ? earlier.since === undefined || earlier.preserves === true : control.preserves === true
}

/** What is known of findings that the run did not judge again, in the order of their ids. */
const unassessed = (ids: ReadonlyArray<string>, known: Unassessed): JudgedRun["notReassessed"] => ids.flatMap((id) => {
  const earlier = known.baseline.findings.get(id)
  if (earlier === undefined || rememberedFor === undefined) return []
  const { preserves: _preserves, ...rest } = earlier
  const since = earlier.since ?? known.asOf
  if (addDuration(instantOf(since), rememberedFor) < instantOf(known.asOf)) return []
  return [{ id, ...rest, since, ...(mayNeed(id, earlier, known) ? { preserves: true as const } : {}) }]
}).sort((a, b) => (a.id < b.id ? -1 : 1))

/** More connections than this add memory and no speed: queries that are large use several threads themselves. */
const lanesMax = 4

/** Both, or what one failed with once the other is quiet too. */
const sideBySide = async <One, Other>(one: Promise<One>, other: Promise<Other>): Promise<readonly [One, Other]> => {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** Derives the facts, judges every control, writes findings.ndjson, outcomes.ndjson.gz and retention.ndjson. */
export const judgeAll = async ({ store, settings, controls, pseudonymKey, idKey, baseline, folder, observer }: Judging): Promise<JudgedRun> => {
  const names = namesUnder(pseudonymKey)
  await loadPolicyTables(store.connection, settings.packs)
  const known = await allFacts(settings.packs)
  const facts = inOrder(known, [...controls.flatMap((control) => control.reads), ...reported])
  const reviews = await readReviews(store, names)
  const { stand, used } = standing({
    asOf: settings.asOf, baseline, waivers: settings.waivers, reviews: reviews.flatMap(({ closing }) => closing ?? []), owners: await owners(store),
    policies: digestOfPolicies(settings.packs), law: digestOfLaw(settings.packs)
  })
  const seen = new Set<string>()
  const closed = new Set<string>()
  const tally = new Map<string, number>()
  const findings = new Lines(folder, "findings.ndjson")
  // What is written side by side is read side by side: a connection gives one result at a time.
  const beside = await store.beside()
  const outcomes = new Outcomes(beside, controls, async (control) => { for (const fact of inOrder(known, control.reads)) await fact.make(beside) })
  await outcomes.begin(baseline, idKey)
  try {
    const lanes = [store]
    while (lanes.length < Math.min(settings.evidence.threads, lanesMax)) lanes.push(await store.beside())
    await store.seal()
    const judged = await judgeEstate(lanes, {
      facts, controls, kept: [...reported, ...consistencyTables], ...outcomes.naming,
      judgedOne: (lane, judged, place) => outcomes.add(lane, judged, place),
      progress: (done) => { observer.progress(done, facts.length + controls.length) }
    })
    const collecting = async (): Promise<Collected> => collect(store, {
      controls, assembly: { idKey, names, search: await searches(store) },
      stand: (finding, control) => {
        const standingNow = stand(finding, control)
        seen.add(finding.id)
        if (standingNow.status === "closed") closed.add(finding.id)
        const key = JSON.stringify([standingNow.status, finding.severity, finding.kind, finding.control, standingNow.due ?? null])
        tally.set(key, (tally.get(key) ?? 0) + 1)
        return standingNow
      },
      write: (lines) => { findings.write(lines); return Promise.resolve() }
    })
    const [patterns, collected] = await sideBySide(outcomes.gather(), collecting())
    findings.close()
    const [outcomeHead, retention] = await sideBySide(outcomes.write({ folder, pseudonymKey, idKey, patterns }), writeRetention(store, controls, { folder, pseudonymKey }))
    const judgedIds = new Set(controls.map((control) => control.id))
    const missing = [...(baseline?.findings.keys() ?? [])].filter((id) => !seen.has(id))
    const { passing, notApplicable } = await outcomes.stillJudged(missing, baseline, judgedIds, idKey)
    const passed = new Set(passing)
    const left = missing.filter((id) => !passed.has(id))
    return {
      ...collected, judged, used, reviews: reviews.map(({ told }) => ({ ...told, closes: closed.has(told.finding) })), outcomeHead, retention, resolvedNow: passing.length, resolved: [...new Set([...passing, ...[...(baseline?.resolved ?? [])].filter((id) => !seen.has(id))])].sort(),
      notReassessedNow: left.filter((id) => baseline?.findings.get(id)?.since === undefined).length, notReassessed: baseline === undefined ? [] : unassessed(left, { baseline, asOf: settings.asOf, controls, notApplicable: new Set(notApplicable), waivers: settings.waivers, reviewed: new Set(reviews.flatMap(({ closing }) => closing?.finding ?? [])) }),
      standing: [...tally].map(([key, count]) => {
        const [status, severity, kind, control, due] = JSON.parse(key) as [string, string, string, string, string | null]
        return { status, severity, kind, control, ...(due === null ? {} : { due }), count }
      })
    }
  } finally {
    await outcomes.end()
  }
}
