import { describe, expect, it } from "vitest"
import { type ConcentrationCell, judgeConcentrations } from "../../src/controls/concentration.ts"
import { type Group, type GroupCell, judgeGroups } from "../../src/controls/group-disparity.ts"
import { judgeBands } from "../../src/controls/limit-cluster.ts"
import { judgeUnits, type StatisticsSetting, type UnitCount } from "../../src/controls/unit-deviation.ts"
import { generator } from "./world.ts"

const setting: StatisticsSetting = { fdr: 0.05, minimumGroup: 30, minimumEvents: 5, material: 1.25 }

const draw = (random: () => number, n: number, p: number): number => {
  let events = 0
  for (let trial = 0; trial < n; trial++) if (random() < p) events++
  return events
}

const unitsOf = (random: () => number, rates: ReadonlyArray<number>, cases: number): ReadonlyArray<UnitCount> => {
  const favourable = rates.map((rate) => draw(random, cases, rate))
  const rate = favourable.reduce((sum, count) => sum + count, 0) / (cases * rates.length)
  return favourable.map((count, index) => ({ unit: `team-${index}`, cases, favourable: count, expected: rate * cases }))
}

describe("units", () => {
  it("do not depend on their order", () => {
    const units = unitsOf(generator(5), [0.3, 0.3, 0.3, 0.35, 0.25, 0.3, 0.8], 90)
    const judged = new Map(judgeUnits(units, setting).map((one) => [one.unit, one]))
    for (const one of judgeUnits([...units].reverse(), setting)) {
      const other = judged.get(one.unit)
      expect(one.outcome).toBe(other?.outcome)
      expect(one.q).toBeCloseTo(other?.q ?? Number.NaN, 10)
    }
  })
  it("raise a lead in few families where nothing differs, and nearly always for one planted far out", () => {
    const random = generator(17)
    let falseLeads = 0
    let seen = 0
    const families = 200
    for (let family = 0; family < families; family++) {
      if (judgeUnits(unitsOf(random, Array.from({ length: 15 }, () => 0.3), 100), setting).some((one) => one.outcome === "fail")) falseLeads++
      const planted = judgeUnits(unitsOf(random, [...Array.from({ length: 14 }, () => 0.3), 0.6], 100), setting)
      if (planted.at(-1)?.outcome === "fail") seen++
    }
    expect(falseLeads / families).toBeLessThan(0.08)
    expect(seen / families).toBeGreaterThan(0.95)
  })
  it("that differ significantly but by little are no lead", () => {
    const units = [...Array.from({ length: 10 }, (_, index) => ({ unit: `t${index}`, cases: 20_000, favourable: 10_000, expected: 10_100 })), { unit: "t10", cases: 20_000, favourable: 11_100, expected: 10_100 }]
    const last = judgeUnits(units, setting).at(-1)
    expect(last?.q).toBeLessThan(0.05)
    expect(last?.outcome).toBe("pass")
  })
  it("too small to say anything are said to be so", () => {
    expect(judgeUnits([{ unit: "a", cases: 29, favourable: 20, expected: 10 }, { unit: "b", cases: 40, favourable: 4, expected: 4 }, { unit: "c", cases: 40, favourable: 20, expected: 20 }], setting)
      .map((one) => [one.outcome, one.reason])).toEqual([["notApplicable", "not-enough-data"], ["notApplicable", "not-enough-data"], ["notApplicable", "no-peers"]])
    expect(judgeUnits([], setting)).toEqual([])
  })
})

/** Approvals of one team, each by an approver drawn at random, but for `faithful` of the first decider's, which go to the first approver. */
const approvals = (random: () => number, deciders: number, approvers: number, each: number, faithful: number): ReadonlyArray<ConcentrationCell> => {
  const met = Array.from({ length: deciders }, (_, decider) => Array.from({ length: each }, (__, index) => (decider === 0 && index < faithful ? 0 : Math.floor(random() * approvers))))
  return met.flatMap((chosen, decider) => Array.from({ length: approvers }, (_, approver) => ({
    team: "blue", actor: `a${decider}`, partner: `s${approver}`, together: chosen.filter((one) => one === approver).length, ofActor: each, ofPartner: met.flat().filter((one) => one === approver).length, total: deciders * each
  }))).filter((one) => one.together > 0)
}

describe("pairs", () => {
  it("stay at the false discovery rate where approvers are drawn at random, and show a planted pair", () => {
    const random = generator(31)
    const rounds = 300
    let falseLeads = 0
    let seen = 0
    for (let round = 0; round < rounds; round++) {
      if (judgeConcentrations(approvals(random, 8, 4, 12, 0), setting).some((one) => one.outcome === "fail")) falseLeads++
      if (judgeConcentrations(approvals(random, 8, 4, 12, 11), setting).some((one) => one.actor === "a0" && one.partner === "s0" && one.outcome === "fail")) seen++
    }
    expect(falseLeads / rounds).toBeLessThan(0.08)
    expect(seen / rounds).toBeGreaterThan(0.8)
  })
  it("that never met belong to the family too, and order does not matter", () => {
    const cells = approvals(generator(2), 6, 4, 10, 10)
    const judged = judgeConcentrations(cells, setting)
    expect(cells.length).toBeLessThan(24)
    expect(new Set(judged.map((one) => one.tests))).toEqual(new Set([24]))
    const turned = new Map(judgeConcentrations([...cells].reverse(), setting).map((one) => [`${one.actor} ${one.partner}`, one.q]))
    for (const one of judged) expect(turned.get(`${one.actor} ${one.partner}`)).toBeCloseTo(one.q ?? Number.NaN, 12)
  })
})

const cell = (stratum: number, favourable: number, cases: number, restFavourable: number, restCases: number): GroupCell => ({ stratum, cases, favourable, restCases, restFavourable })
const group = (value: string, cells: ReadonlyArray<GroupCell>): Group => ({ attribute: "segment", value, cells })

describe("groups", () => {
  it("of Berkeley's admissions are a paradox and no lead", () => {
    const cells = [[512, 825, 89, 108], [353, 560, 17, 25], [120, 325, 202, 593], [138, 417, 131, 375], [53, 191, 94, 393], [22, 373, 24, 341]]
      .map(([a, n, c, m], index) => cell(index, a as number, n as number, c as number, m as number))
    const [one] = judgeGroups([group("men", cells)], setting)
    expect(one).toMatchObject({ outcome: "pass", tests: 1, paradox: true, strata: 6 })
    expect(one?.p).toBeCloseTo(0.216924, 6)
    expect(one?.pooledP).toBeLessThan(1e-20)
    expect(one?.homogeneityP).toBeLessThan(0.05)
  })
  it("stay at the false discovery rate where nothing differs, and show a planted difference at the size that sees it", () => {
    const random = generator(23)
    const families = 300
    let falseLeads = 0
    let seen = 0
    const cellsOf = (rates: ReadonlyArray<number>, difference: number): ReadonlyArray<GroupCell> =>
      rates.map((rate, index) => cell(index, draw(random, 80, rate - difference), 80, draw(random, 160, rate), 160))
    for (let family = 0; family < families; family++) {
      if (judgeGroups([group("a", cellsOf([0.3, 0.5, 0.7], 0)), group("b", cellsOf([0.3, 0.5, 0.7], 0))], setting).some((one) => one.outcome === "fail")) falseLeads++
      if (judgeGroups([group("a", cellsOf([0.4, 0.5, 0.7], 0.15))], setting)[0]?.outcome === "fail") seen++
    }
    expect(falseLeads / families).toBeLessThan(0.085)
    expect(seen / families).toBeGreaterThan(0.85)
  })
  it("of one small table are judged by Fisher's test", () => {
    const [one] = judgeGroups([group("a", [cell(1, 40, 40, 31, 40)])], { ...setting, minimumEvents: 4 })
    expect(one).toMatchObject({ method: "fisher", outcome: "fail" })
  })
  it("with nobody favoured or nobody refused are not enough data and never NaN", () => {
    const judged = judgeGroups([group("a", [cell(1, 0, 50, 0, 50)]), group("b", [cell(1, 50, 50, 50, 50)]), group("c", [])], setting)
    expect(judged.map((one) => one.reason)).toEqual(["not-enough-data", "not-enough-data", "no-common-strata"])
  })
})

describe("limits", () => {
  it("are judged with a fair coin, fifteen against five as the handbook has it", () => {
    const [one] = judgeBands([{ role: "agent", upper: 15, lower: 5 }], setting)
    expect(one?.p).toBeCloseTo(0.041389, 6)
    expect(one).toMatchObject({ outcome: "fail", reason: "clustered", tests: 1 })
  })
  it("share one family, so that three roles ask for more", () => {
    const bands = ["agent", "supervisor", "manager"].map((role, index) => ({ role, upper: index === 0 ? 15 : 8, lower: index === 0 ? 5 : 8 }))
    expect(judgeBands(bands, setting).map((one) => one.outcome)).toEqual(["pass", "pass", "pass"])
  })
})
