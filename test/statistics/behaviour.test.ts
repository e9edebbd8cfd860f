import { describe, expect, it } from "vitest"
import {
  adverseImpactRatio, benjaminiHochberg, binomialTest, breslowDayTarone, casesPerGroup, commonOddsRatio, disagreementIndex, discordantPairs, fisherExact, funnel, hypergeometricUpper, mantelHaenszel, pearson, pooled, smallestExpected,
  type Table, twoProportions, wilson
} from "../../src/statistics/index.ts"

/** A seeded generator (mulberry32), so that every run draws the same. */
const generator = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const draw = (random: () => number, n: number, p: number): number => {
  let events = 0
  for (let trial = 0; trial < n; trial++) if (random() < p) events++
  return events
}

const row = (events: number, total: number): readonly [number, number] => [events, total - events]

describe("homogeneity of strata", () => {
  const berkeley: ReadonlyArray<Table> = [
    [[512, 313], [89, 19]], [[353, 207], [17, 8]], [[120, 205], [202, 391]], [[138, 279], [131, 244]], [[53, 138], [94, 299]], [[22, 351], [24, 317]]
  ]
  it("agrees with the definition solved independently by root finding", () => {
    const all = breslowDayTarone(berkeley)
    expect(all.statistic).toBeCloseTo(18.82550125205275, 6)
    expect(all.degrees).toBe(5)
    expect(all.p).toBeCloseTo(0.0020714013978812, 8)
    expect(breslowDayTarone(berkeley.slice(1)).statistic).toBeCloseTo(2.5582068441378, 6)
  })
  it("does not depend on the order of strata, nor on which group stands first", () => {
    const turned = berkeley.map(([first, second]): Table => [second, first]).reverse()
    expect(breslowDayTarone(turned).statistic).toBeCloseTo(breslowDayTarone(berkeley).statistic, 8)
    expect(mantelHaenszel(turned, 0).statistic).toBeCloseTo(mantelHaenszel(berkeley, 0).statistic, 10)
    expect(commonOddsRatio(turned).estimate).toBeCloseTo(1 / commonOddsRatio(berkeley).estimate, 10)
  })
})

describe("Simpson's paradox", () => {
  it("shows as a pooled effect that turns round in every stratum", () => {
    const tables: ReadonlyArray<Table> = [[[81, 6], [234, 36]], [[192, 71], [55, 25]]]
    const [[a, b], [c, d]] = pooled(tables)
    expect(a / (a + b)).toBeLessThan(c / (c + d))
    for (const [[w, x], [y, z]] of tables) expect(w / (w + x)).toBeGreaterThan(y / (y + z))
    expect(commonOddsRatio(tables).estimate).toBeGreaterThan(1)
  })
})

describe("tables without information", () => {
  it("give no difference and never NaN", () => {
    const nothing: ReadonlyArray<Table> = [[[0, 0], [3, 4]], [[5, 0], [6, 0]], [[0, 5], [0, 6]], [[1, 0], [0, 0]]]
    expect(mantelHaenszel(nothing, 0)).toEqual({ statistic: 0, degrees: 1, p: 1 })
    expect(mantelHaenszel([], 0).p).toBe(1)
    expect(breslowDayTarone(nothing).p).toBe(1)
    expect(breslowDayTarone([[[3, 4], [5, 6]]])).toEqual({ statistic: 0, degrees: 0, p: 1 })
    expect(pearson([[5, 0], [6, 0]], false).p).toBe(1)
    expect(fisherExact([[5, 0], [6, 0]]).twoSided).toBeCloseTo(1, 12)
    expect(twoProportions({ events: 5, total: 5 }, { events: 6, total: 6 })).toEqual({ z: 0, p: 1 })
    expect(binomialTest(0, 0, 0.5)).toEqual({ twoSided: 1, greater: 1 })
    expect(smallestExpected([[5, 5], [5, 5]])).toBe(5)
    expect(wilson({ events: 0, total: 0 }).upper).toBe(1)
    expect(adverseImpactRatio({ events: 0, total: 5 }, { events: 3, total: 5 })).toEqual({ estimate: 0, lower: 0, upper: Number.POSITIVE_INFINITY })
  })
  it("leave a funnel of equal units without dispersion", () => {
    const { phi, tau2, units } = funnel([{ events: 0, total: 10 }, { events: 0, total: 20 }])
    expect([phi, tau2]).toEqual([0, 0])
    expect(units.map((unit) => unit.p)).toEqual([1, 1])
  })
})

describe("the hypergeometric tail", () => {
  const choose = (n: number, k: number): number => Array.from({ length: k }, (_, index) => (n - index) / (index + 1)).reduce((product, factor) => product * factor, 1)
  it("agrees with the sum of its definition", () => {
    // Three hearts or more among five cards of a pack of 52.
    const hearts = [3, 4, 5].reduce((sum, x) => sum + choose(13, x) * choose(39, 5 - x), 0) / choose(52, 5)
    expect(hypergeometricUpper(3, 5, 13, 52)).toBeCloseTo(hearts, 12)
    expect(hypergeometricUpper(3, 5, 13, 52)).toBeCloseTo(0.0927671068, 9)
    // The lady tasting tea.
    expect(hypergeometricUpper(4, 4, 4, 8)).toBeCloseTo(1 / 70, 12)
    expect(hypergeometricUpper(6, 6, 6, 12)).toBeCloseTo(1 / 924, 12)
  })
  it("is one where nothing less could have happened", () => {
    expect(hypergeometricUpper(0, 5, 13, 52)).toBeCloseTo(1, 12)
    expect(hypergeometricUpper(6, 6, 12, 12)).toBeCloseTo(1, 12)
  })
})

describe("disagreement", () => {
  it("is the chance that two cases came out differently", () => {
    expect(disagreementIndex([4])).toBe(0)
    expect(disagreementIndex([])).toBe(0)
    expect(disagreementIndex([5, 5])).toBeCloseTo(0.5, 12)
    expect(discordantPairs([2, 3])).toBe(6)
    expect(discordantPairs([2, 3, 1])).toBe(11)
  })
})

describe("false positives where nothing differs", () => {
  it("stay at five per cent for the stratified test", () => {
    const random = generator(20261122)
    const trials = 4000
    let significant = 0
    for (let trial = 0; trial < trials; trial++) {
      const tables = [0.2, 0.5, 0.7].map((rate): Table => [row(draw(random, 60, rate), 60), row(draw(random, 90, rate), 90)])
      if (mantelHaenszel(tables, 0).p < 0.05) significant++
    }
    expect(significant / trials).toBeGreaterThan(0.04)
    expect(significant / trials).toBeLessThan(0.06)
  })
  it("stay at q for leads over many funnel units", () => {
    const random = generator(7)
    const periods = 400
    let flagged = 0
    for (let period = 0; period < periods; period++) {
      const { units } = funnel(Array.from({ length: 20 }, () => ({ events: draw(random, 80, 0.3), total: 80 })))
      if (benjaminiHochberg(units.map((unit) => unit.p)).some((q) => q <= 0.05)) flagged++
    }
    // Where nothing differs every lead is false, so the share of periods with one is the false discovery rate.
    expect(flagged / periods).toBeLessThan(0.075)
  })
})

describe("planted differences", () => {
  it("are seen four times in five at the sample size that says so", () => {
    const random = generator(3)
    const n = casesPerGroup(0.5, 0.4)
    const trials = 1500
    let seen = 0
    for (let trial = 0; trial < trials; trial++) if (twoProportions({ events: draw(random, n, 0.5), total: n }, { events: draw(random, n, 0.4), total: n }).p < 0.05) seen++
    expect(seen / trials).toBeGreaterThan(0.76)
    expect(seen / trials).toBeLessThan(0.84)
  })
  it("are seen in a unit that stands far out", () => {
    const random = generator(11)
    const counts = Array.from({ length: 19 }, () => ({ events: draw(random, 200, 0.3), total: 200 }))
    const { units } = funnel([...counts, { events: 120, total: 200 }])
    const q = benjaminiHochberg(units.map((unit) => unit.p))
    expect(q.map((value) => value <= 0.05).lastIndexOf(true)).toBe(19)
    expect(q.filter((value) => value <= 0.05)).toHaveLength(1)
  })
})
