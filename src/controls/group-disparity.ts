import {
  adverseImpactRatio, benjaminiHochberg, breslowDayTarone, casesPerGroup, commonOddsRatio, fisherExact, informative, type Interval, mantelHaenszel, oddsRatio, pearson, pooled, smallestExpected, type Table
} from "../statistics/index.ts"
import type { StatisticsSetting } from "./unit-deviation.ts"

/** A group in one stratum, and the rest of that stratum. */
export type GroupCell = { readonly stratum: number; readonly cases: number; readonly favourable: number; readonly restCases: number; readonly restFavourable: number }

/** One group of one attribute within a period, stratum by stratum. */
export type Group = { readonly attribute: string; readonly value: string; readonly cells: ReadonlyArray<GroupCell> }

/** What became of a group; the numbers are absent where there was too little to say. */
export type GroupDisparity = {
  readonly attribute: string
  readonly value: string
  /** In strata that hold both the group and others. */
  readonly cases: number
  readonly favourable: number
  readonly restCases: number
  readonly restFavourable: number
  readonly strata: number
  readonly outcome: "pass" | "fail" | "notApplicable"
  readonly reason: string | null
  readonly method?: "cochran-mantel-haenszel" | "fisher"
  readonly statistic?: number
  readonly p?: number
  readonly q?: number
  /** Groups tested in this family. */
  readonly tests?: number
  readonly common?: Interval
  /** Rate of the group over the rate of the rest, strata thrown together. */
  readonly impact?: Interval
  readonly pooledOdds?: number
  readonly pooledP?: number
  readonly homogeneityP?: number
  /** The pooled difference is significant and points the other way than the stratified one. */
  readonly paradox?: boolean
  /** Cases that each side would need to see an impact ratio of 0.8 four times in five. */
  readonly needed?: number
}

const tableOf = ({ cases, favourable, restCases, restFavourable }: GroupCell): Table => [[favourable, cases - favourable], [restFavourable, restCases - restFavourable]]

const significant = 0.05

type Sized = { readonly group: Group; readonly tables: ReadonlyArray<Table>; readonly base: Omit<GroupDisparity, "outcome" | "reason"> }

const sized = (group: Group): Sized => {
  const shared = group.cells.filter((cell) => cell.cases > 0 && cell.restCases > 0)
  const sum = (of: (cell: GroupCell) => number): number => shared.reduce((total, cell) => total + of(cell), 0)
  const base = {
    attribute: group.attribute, value: group.value, cases: sum((cell) => cell.cases), favourable: sum((cell) => cell.favourable),
    restCases: sum((cell) => cell.restCases), restFavourable: sum((cell) => cell.restFavourable), strata: shared.length
  }
  return { group, tables: shared.map(tableOf), base }
}

const enough = ({ base }: Sized, setting: StatisticsSetting): boolean => {
  const { cases, favourable, restCases, restFavourable } = base
  if (cases < setting.minimumGroup || restCases < setting.minimumGroup) return false
  const rate = (favourable + restFavourable) / (cases + restCases)
  const sides = [[favourable, cases * rate], [cases - favourable, cases * (1 - rate)]] as const
  return sides.every(([observed, expected]) => Math.max(observed, expected) >= setting.minimumEvents)
}

const neededFor = (rate: number): Pick<GroupDisparity, "needed"> => (rate > 0 && rate < 1 ? { needed: casesPerGroup(rate, 0.8 * rate) } : {})

type Tested = Pick<GroupDisparity, "method" | "statistic" | "p" | "common" | "impact" | "pooledOdds" | "pooledP" | "homogeneityP" | "paradox">

/** Fisher where one small table is all there is; Cochran-Mantel-Haenszel without correction otherwise. */
const tested = ({ tables, base }: Sized): Tested & { readonly p: number } => {
  const used = informative(tables)
  const together = pooled(tables)
  const single = used[0]
  const small = used.length === 1 && single !== undefined && smallestExpected(single) < 5
  const stratified = mantelHaenszel(tables, 0)
  const common = commonOddsRatio(tables)
  const whole = pearson(together, false)
  const pooledOdds = oddsRatio(together)
  return {
    method: small ? "fisher" : "cochran-mantel-haenszel", statistic: stratified.statistic, p: small ? fisherExact(single).twoSided : stratified.p, common,
    impact: adverseImpactRatio({ events: base.favourable, total: base.cases }, { events: base.restFavourable, total: base.restCases }),
    pooledOdds, pooledP: whole.p, homogeneityP: breslowDayTarone(tables).p,
    paradox: whole.p < significant && Math.log(pooledOdds) * Math.log(common.estimate) < 0
  }
}

/**
 * Judges the groups of one family (policy, period): each group against the rest, within strata of like cases.
 * A group differs if its q-value (Benjamini-Hochberg over the family) is at most `fdr`. Where strata disagree
 * (Breslow-Day-Tarone p < 0.05, or the pooled difference points the other way) no single number stands for it.
 */
export const judgeGroups = (groups: ReadonlyArray<Group>, setting: StatisticsSetting): ReadonlyArray<GroupDisparity> => {
  const all = groups.map(sized)
  const judged = all.map((one) => (enough(one, setting) ? tested(one) : undefined))
  const family = judged.flatMap((one, index) => (one === undefined ? [] : [index]))
  const q = benjaminiHochberg(family.map((index) => judged[index]?.p ?? 1))
  const qOf = new Map(family.map((index, place) => [index, q[place] as number]))
  return all.map(({ base }, index): GroupDisparity => {
    const one = judged[index]
    if (one === undefined) {
      const rate = (base.favourable + base.restFavourable) / (base.cases + base.restCases)
      return { ...base, outcome: "notApplicable", reason: base.strata === 0 ? "no-common-strata" : "not-enough-data", ...neededFor(rate) }
    }
    const differs = (qOf.get(index) as number) <= setting.fdr
    const uneven = (one.homogeneityP ?? 1) < significant || one.paradox === true
    return { ...base, ...one, q: qOf.get(index) as number, tests: family.length, outcome: differs ? "fail" : "pass", reason: differs ? (uneven ? "differs-by-stratum" : "differs") : null }
  })
}
