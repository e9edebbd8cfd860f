import { benjaminiHochberg, hypergeometricUpper } from "../statistics/index.ts"
import type { StatisticsSetting } from "./unit-deviation.ts"

/** How often a decider and a partner (an approver, a reason) met, and how often each met anybody, within a team. */
export type ConcentrationCell = {
  readonly team: string
  readonly actor: string
  readonly partner: string
  readonly together: number
  readonly ofActor: number
  readonly ofPartner: number
  readonly total: number
}

/** What became of a pair; the numbers are absent where there was too little to say. */
export type Concentration = ConcentrationCell & {
  readonly outcome: "pass" | "fail" | "notApplicable"
  readonly reason: string | null
  /** Meetings that chance leads one to expect: ofActor ofPartner / total. */
  readonly expected?: number
  /** Observed over expected. */
  readonly lift?: number
  /** Upper tail of the hypergeometric distribution. */
  readonly p?: number
  readonly q?: number
  readonly tests?: number
}

/** Enough of each to say anything, and somebody else whom either could have met. */
const enough = (cell: ConcentrationCell, setting: StatisticsSetting): boolean =>
  cell.total >= setting.minimumGroup && Math.min(cell.ofActor, cell.ofPartner) >= setting.minimumEvents && Math.max(cell.ofActor, cell.ofPartner) < cell.total

/** Pairs that could have met, those that never did among them: the family is fixed by the margins, not by what was found. */
const possible = (cells: ReadonlyArray<ConcentrationCell>, setting: StatisticsSetting): number =>
  [...Map.groupBy(cells, (cell) => cell.team).values()].reduce((sum, team) => {
    const large = (of: "ofActor" | "ofPartner", name: "actor" | "partner"): number =>
      new Set(team.filter((cell) => cell.total >= setting.minimumGroup && cell[of] >= setting.minimumEvents && cell[of] < cell.total).map((cell) => cell[name])).size
    return sum + large("ofActor", "actor") * large("ofPartner", "partner")
  }, 0)

/**
 * Judges the pairs of one family (policy, period): a pair stands out if it met more often than chance would have it
 * within its team, at a false discovery rate of `fdr` over all pairs that could have met, and at least `material` times as often.
 */
export const judgeConcentrations = (cells: ReadonlyArray<ConcentrationCell>, setting: StatisticsSetting): ReadonlyArray<Concentration> => {
  const tested = cells.filter((cell) => enough(cell, setting))
  const tests = possible(cells, setting)
  const p = tested.map((cell) => hypergeometricUpper(cell.together, cell.ofActor, cell.ofPartner, cell.total))
  const q = benjaminiHochberg([...p, ...Array.from({ length: tests - tested.length }, () => 1)])
  const place = new Map(tested.map((cell, index) => [cell, index]))
  return cells.map((cell): Concentration => {
    const index = place.get(cell)
    if (index === undefined) return { ...cell, outcome: "notApplicable", reason: "not-enough-data" }
    const expected = (cell.ofActor * cell.ofPartner) / cell.total
    const lift = cell.together / expected
    const concentrated = (q[index] as number) <= setting.fdr && lift >= setting.material
    return { ...cell, expected, lift, p: p[index] as number, q: q[index] as number, tests, outcome: concentrated ? "fail" : "pass", reason: concentrated ? "concentrated" : null }
  })
}
