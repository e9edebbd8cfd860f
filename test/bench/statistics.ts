/**
 * `node test/bench/statistics.ts [--rounds 2000]`: how often the tests of the four kinds of leads see something where
 * nothing differs (false positives), and where a difference is planted (power). Seeded, so that it repeats.
 */
import { parseArgs } from "node:util"
import { type ConcentrationCell, judgeConcentrations } from "../../src/controls/concentration.ts"
import { judgeGroups } from "../../src/controls/group-disparity.ts"
import { judgeBands } from "../../src/controls/limit-cluster.ts"
import { judgeUnits, type StatisticsSetting } from "../../src/controls/unit-deviation.ts"
import { casesPerGroup, mantelHaenszel, type Table, twoProportions } from "../../src/statistics/index.ts"
import { generator } from "../policy-controls/world.ts"

const { values } = parseArgs({ options: { rounds: { type: "string", default: "2000" } } })
const rounds = Number(values.rounds)
const setting: StatisticsSetting = { fdr: 0.05, minimumGroup: 30, minimumEvents: 5, material: 1.25 }
const random = generator(20261122)
const draw = (n: number, p: number): number => Array.from({ length: n }, () => Number(random() < p)).reduce((sum, one) => sum + one, 0)
const fails = (judged: ReadonlyArray<{ readonly outcome: string }>): boolean => judged.some(({ outcome }) => outcome === "fail")

const share = (name: string, seen: () => boolean): void => {
  let count = 0
  for (let round = 0; round < rounds; round++) if (seen()) count++
  process.stdout.write(`${name}: ${((100 * count) / rounds).toFixed(1)} %\n`)
}

const stratified = (difference: number) => () =>
  mantelHaenszel([0.3, 0.5, 0.7].map((rate): Table => [60, 90].map((n, side) => draw(n, side === 0 ? rate - difference : rate)).map((events, side) => [events, (side === 0 ? 60 : 90) - events]) as unknown as Table), 0).p < 0.05

const groups = (difference: number) => () => fails(judgeGroups(["a", "b"].map((value) => ({
  attribute: "segment", value, cells: [0.3, 0.5, 0.7].map((rate, stratum) => ({ stratum, cases: 80, favourable: draw(80, rate - difference), restCases: 160, restFavourable: draw(160, rate) }))
})), setting))

const units = (planted: number) => () => {
  const favourable = Array.from({ length: 15 }, (_, index) => draw(100, index === 0 ? planted : 0.3))
  const expected = favourable.reduce((sum, one) => sum + one, 0) / 15
  const judged = judgeUnits(favourable.map((count, index) => ({ unit: `u${index}`, cases: 100, favourable: count, expected })), setting)
  return planted === 0.3 ? fails(judged) : judged[0]?.outcome === "fail"
}

const bands = (below: number) => () => {
  const upper = draw(40, below)
  return fails(judgeBands([{ role: "agent", upper, lower: 40 - upper }], setting))
}

const pairs = (faithful: number) => () => {
  const met = Array.from({ length: 8 }, (_, decider) => Array.from({ length: 12 }, (__, index) => (decider === 0 && index < faithful ? 0 : Math.floor(random() * 4))))
  const cells: ReadonlyArray<ConcentrationCell> = met.flatMap((chosen, decider) => [0, 1, 2, 3].map((approver) => ({
    team: "t", actor: `a${decider}`, partner: `s${approver}`, together: chosen.filter((one) => one === approver).length, ofActor: 12, ofPartner: met.flat().filter((one) => one === approver).length, total: 96
  })))
  return fails(judgeConcentrations(cells, setting))
}

process.stdout.write("Nothing differs: share of rounds with p < 0.05 (first line) or with any lead (rest; the false discovery rate, since every lead is false)\n")
share("stratified test, three strata of 60 and 90", stratified(0))
share("groups, two of 240 against 480 in three strata", groups(0))
share("units, fifteen of 100 cases", units(0.3))
share("bands below a limit, 40 amounts", bands(0.5))
share("pairs, eight deciders and four approvers, twelve approvals each", pairs(0))
process.stdout.write("Planted: share of rounds in which it is seen\n")
const n = casesPerGroup(0.5, 0.4)
share(`two rates of 0.50 and 0.40 at the ${n} cases that should show it four times in five`, () => twoProportions({ events: draw(n, 0.5), total: n }, { events: draw(n, 0.4), total: n }).p < 0.05)
share("stratified test, 0.15 lower", stratified(0.15))
share("groups, 0.15 lower", groups(0.15))
share("a unit at 0.6 among fifteen at 0.3", units(0.6))
share("three of four amounts in the band below the limit", bands(0.75))
share("ten of a decider's twelve approvals by one approver", pairs(10))
