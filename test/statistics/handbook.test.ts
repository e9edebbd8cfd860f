import { describe, expect, it } from "vitest"
import {
  adverseImpactRatio, benjaminiHochberg, benjaminiYekutieli, betaPrior, binomialTest, bonferroni, casesPerGroup, cohenKappa, commonOddsRatio, conditionalOddsRatio, fisherExact, funnel, funnelLimits,
  holm, homogeneity, jamesSteinFactor, mantelHaenszel, mcnemar, newcombe, oddsRatio, pearson, poissonLimits, pooled, probabilityAbove, proportionLimits, quantile, ratioFunnel, replayFitness, shrunkRate,
  type Table, twoProportions, wilson, woolf, zeroDefectSample
} from "../../src/statistics/index.ts"

/** The handbook prints so many decimals; the value must round to them. */
const prints = (actual: number, printed: number, decimals: number): void => expect(Math.abs(actual - printed)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-12)
/** A p-value, to a relative 1e-4 or to what is printed. */
const near = (actual: number, printed: number, relative = 1e-4): void => expect(Math.abs(actual / printed - 1)).toBeLessThan(relative)

const berkeley: ReadonlyArray<Table> = [
  [[512, 313], [89, 19]], [[353, 207], [17, 8]], [[120, 205], [202, 391]], [[138, 279], [131, 244]], [[53, 138], [94, 299]], [[22, 351], [24, 317]]
]
const rabbits: ReadonlyArray<Table> = [[[0, 6], [0, 5]], [[3, 3], [0, 6]], [[6, 0], [2, 4]], [[5, 1], [6, 0]], [[2, 0], [5, 0]]]
const events = [12, 30, 9, 55, 20, 7, 41, 16, 25, 80]
const totals = [100, 150, 120, 210, 160, 140, 180, 150, 130, 260]
const units = events.map((count, index) => ({ events: count, total: totals[index] as number }))

describe("paired decisions and agreement", () => {
  it("tests fifteen against five", () => {
    const { exact, corrected } = mcnemar(15, 5)
    prints(exact, 0.041389, 6)
    prints(corrected.statistic, 4.05, 6)
    prints(corrected.p, 0.044171, 6)
    prints(binomialTest(15, 20, 0.5).twoSided, 0.0414, 4)
  })
  it("gives Cohen's kappa", () => {
    const { observed, expected, kappa } = cohenKappa([[20, 5], [10, 15]])
    prints(observed, 0.7, 9)
    prints(expected, 0.5, 9)
    prints(kappa, 0.4, 9)
  })
  it("gives the fitness of token replay", () => {
    prints(replayFitness({ produced: 14, consumed: 14, missing: 1, remaining: 1 }), 0.928571, 6)
    prints(replayFitness({ produced: 38, consumed: 38, missing: 6, remaining: 6 }), 0.842105, 6)
  })
})

describe("adverse-impact ratio", () => {
  it("goes with Fisher's test and z", () => {
    prints(adverseImpactRatio({ events: 12, total: 40 }, { events: 48, total: 80 }).estimate, 0.5, 9)
    prints(fisherExact([[48, 32], [12, 28]]).twoSided, 0.003409, 6)
    prints(twoProportions({ events: 48, total: 80 }, { events: 12, total: 40 }).z, 3.0984, 4)
    prints(adverseImpactRatio({ events: 4, total: 10 }, { events: 6, total: 10 }).estimate, 0.667, 3)
    prints(fisherExact([[6, 4], [4, 6]]).twoSided, 0.656, 3)
    near(fisherExact([[60, 40], [40, 60]]).twoSided, 0.00706, 1e-3)
    near(fisherExact([[600, 400], [400, 600]]).twoSided, 4.3e-19, 2e-2)
  })
})

describe("Fisher's exact test", () => {
  it("knows the lady's tea", () => {
    prints(fisherExact([[3, 1], [1, 3]]).twoSided, 0.485714, 6)
    prints(fisherExact([[3, 1], [1, 3]]).greater, 0.242857, 6)
    prints(fisherExact([[4, 0], [0, 4]]).greater, 0.0142857, 7)
    prints(oddsRatio([[3, 1], [1, 3]]), 9, 9)
    // R prints 6.408309, to the tolerance of its root finder; the root itself (scipy too) is 6.408320.
    prints(conditionalOddsRatio([[3, 1], [1, 3]]), 6.40832, 6)
    expect(conditionalOddsRatio([[4, 0], [0, 4]])).toBe(Number.POSITIVE_INFINITY)
    expect(conditionalOddsRatio([[0, 4], [4, 0]])).toBe(0)
  })
})

describe("Berkeley's admissions", () => {
  it("pool to a difference that is none", () => {
    const table = pooled(berkeley)
    expect(table).toEqual([[1198, 1493], [557, 1278]])
    prints(pearson(table, false).statistic, 92.2053, 4)
    near(pearson(table, false).p, 7.81e-22, 2e-3)
    prints(pearson(table, true).statistic, 91.6096, 4)
    near(pearson(table, true).p, 1.06e-21, 5e-3)
    prints(oddsRatio(table), 1.84108, 5)
    prints(adverseImpactRatio({ events: 557, total: 1835 }, { events: 1198, total: 2691 }).estimate, 0.68183, 5)
  })
  it("differ by department", () => {
    const printed = [[0.349212, 1.32785, 17.248, 3.28e-5], [0.802501, 1.07875, 0.25372, 0.61447], [1.13306, 0.92257, 0.75354, 0.38536], [0.921284, 1.05559, 0.29798, 0.58515], [1.221631, 0.86197, 1.00107, 0.31705], [0.827873, 1.19328, 0.38409, 0.53542]] as const
    for (const [index, [odds, ratio, statistic, p]] of printed.entries()) {
      const table = berkeley[index] as Table
      const [[a, b], [c, d]] = table
      prints(oddsRatio(table), odds, 6)
      prints(adverseImpactRatio({ events: c, total: c + d }, { events: a, total: a + b }).estimate, ratio, 5)
      prints(pearson(table, false).statistic, statistic, 4)
      near(pearson(table, false).p, p, 2e-3)
    }
  })
  it("stratify to nothing", () => {
    prints(mantelHaenszel(berkeley, 0.5).statistic, 1.426946, 6)
    prints(mantelHaenszel(berkeley, 0.5).p, 0.232263, 6)
    prints(mantelHaenszel(berkeley, 0).statistic, 1.524607, 6)
    prints(mantelHaenszel(berkeley, 0).p, 0.216924, 6)
    const ratio = commonOddsRatio(berkeley)
    prints(ratio.estimate, 0.904697, 6)
    prints(ratio.lower, 0.771907, 6)
    prints(ratio.upper, 1.06033, 6)
    const rest = berkeley.slice(1)
    prints(mantelHaenszel(rest, 0).statistic, 0.124984, 6)
    prints(mantelHaenszel(rest, 0).p, 0.723691, 6)
    const without = commonOddsRatio(rest)
    prints(without.estimate, 1.03103, 6)
    prints(without.lower, 0.870129, 6)
    prints(without.upper, 1.221685, 6)
  })
  it("are not homogeneous", () => {
    prints(woolf(berkeley, 0).statistic, 17.9017, 4)
    expect(woolf(berkeley, 0).degrees).toBe(5)
    prints(woolf(berkeley, 0).p, 0.003072, 6)
    prints(woolf(berkeley, 0.5).statistic, 17.6441, 4)
    prints(woolf(berkeley, 0.5).p, 0.003427, 6)
  })
  it("leave out strata that say nothing: rabbits", () => {
    prints(mantelHaenszel(rabbits, 0.5).statistic, 3.928571, 6)
    prints(mantelHaenszel(rabbits, 0.5).p, 0.047472, 6)
  })
})

describe("intervals", () => {
  it("are Wilson's", () => {
    for (const [count, total, lower, upper] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611], [1, 29, 0.0061, 0.1718]] as const) {
      const interval = wilson({ events: count, total })
      prints(interval.lower, lower, 4)
      prints(interval.upper, upper, 4)
    }
  })
  it("are Newcombe's", () => {
    for (const [a, m, b, n, estimate, lower, upper] of [[56, 70, 48, 80, 0.2, 0.0524, 0.3339], [9, 10, 3, 10, 0.6, 0.1705, 0.809], [10, 10, 0, 20, 1, 0.6791, 1]] as const) {
      const interval = newcombe({ events: a, total: m }, { events: b, total: n })
      prints(interval.estimate, estimate, 4)
      prints(interval.lower, lower, 4)
      prints(interval.upper, upper, 4)
    }
  })
})

describe("many tests at once", () => {
  const p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
  const rejected = (adjusted: ReadonlyArray<number>, q: number): number => adjusted.filter((value) => value <= q).length
  it("are adjusted as in 1995", () => {
    const printed = [0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857, 0.063857, 0.0645, 0.0765, 0.486, 0.581182, 0.714875, 0.753231, 0.813214, 1]
    for (const [index, value] of benjaminiHochberg(p).entries()) prints(value, printed[index] as number, 6)
    expect([rejected(benjaminiHochberg(p), 0.05), rejected(bonferroni(p), 0.05), rejected(holm(p), 0.05), rejected(benjaminiYekutieli(p), 0.05), rejected(benjaminiHochberg(p), 0.1)]).toEqual([4, 3, 3, 3, 9])
  })
  it("keep the order of the input and share values on ties", () => {
    expect(benjaminiHochberg([0.04, 0.015625, 0.04, 0.5]).map((value) => value.toFixed(6))).toEqual(["0.053333", "0.053333", "0.053333", "0.500000"])
    expect(benjaminiHochberg([])).toEqual([])
    expect(holm([0.02, 0.01])).toEqual([0.02, 0.02])
  })
})

describe("funnel", () => {
  const shown = funnel(units)
  it("has the target, z and dispersion of the handbook", () => {
    prints(shown.target, 0.184375, 6)
    prints(Math.asin(Math.sqrt(shown.target)), 0.443816236, 9)
    const z = [-1.8015, 0.4858, -3.6459, 2.7077, -2.0858, -5.166, 1.4414, -2.7217, 0.2313, 4.6499]
    for (const [index, unit] of shown.units.entries()) prints(unit.z, z[index] as number, 4)
    prints(quantile(shown.units.map((unit) => unit.z), 0.1), -3.797887, 6)
    prints(quantile(shown.units.map((unit) => unit.z), 0.9), 2.901884, 6)
    prints(shown.phi, 6.083966, 6)
    prints(shown.tau2, 0.0090771597, 10)
  })
  it("flags four units before overdispersion and none after", () => {
    const adjusted = [-0.8371, 0.1913, -1.5752, 0.922, -0.7993, -2.0945, 0.5251, -1.072, 0.0967, 1.4391]
    for (const [index, unit] of shown.units.entries()) prints(unit.adjustedZ, adjusted[index] as number, 4)
    // The handbook speaks of four; of its own ten z values three lie beyond 3.09.
    expect(shown.units.filter((unit) => Math.abs(unit.z) > funnelLimits.alarm)).toHaveLength(3)
    expect(shown.units.filter((unit) => Math.abs(unit.adjustedZ) > funnelLimits.alarm)).toHaveLength(0)
  })
  it("tests homogeneity", () => {
    prints(homogeneity(units).statistic, 76.125, 3)
    expect(homogeneity(units).degrees).toBe(9)
    near(homogeneity(units).p, 9.5e-13, 1e-2)
  })
  it("has limits that contain a unit exactly when its adjusted z is within k", () => {
    for (const k of [funnelLimits.warning, funnelLimits.alarm]) {
      for (const unit of shown.units) {
        const { lower, upper } = proportionLimits(shown.target, unit.total, shown.tau2, k)
        expect(unit.rate >= lower && unit.rate <= upper).toBe(Math.abs(unit.adjustedZ) <= k)
      }
    }
    expect(proportionLimits(0.01, 4, 0, 3).lower).toBe(0)
    expect(proportionLimits(0.99, 4, 0, 3).upper).toBe(1)
  })
  it("has standardised ratios and exact Poisson limits", () => {
    const observed = [15, 40, 72, 28, 50, 66, 75]
    const expected = [13, 32, 75, 33, 54, 60, 72]
    const ratios = ratioFunnel(observed.map((count, index) => ({ observed: count, expected: expected[index] as number })))
    for (const [index, z] of [0.516, 1.2623, -0.3535, -0.9438, -0.5655, 0.7383, 0.3464].entries()) prints(ratios.z[index] as number, z, 4)
    prints(ratios.phi, 0.398348, 6)
    expect(ratios.tau2).toBe(0)
    prints(poissonLimits(75, 0.95).lower, 0.786563, 6)
    prints(poissonLimits(75, 0.95).upper, 1.253509, 6)
    prints(poissonLimits(75, 0.998).lower, 0.680756, 6)
    prints(poissonLimits(75, 0.998).upper, 1.4108, 6)
  })
})

describe("empirical Bayes", () => {
  it("has the prior and the shrunk rates of the handbook", () => {
    const prior = betaPrior(units)
    expect(prior).toBeDefined()
    if (prior === undefined) return
    prints(prior.rho, 0.047009, 6)
    prints(prior.alpha, 3.737714, 6)
    prints(prior.beta, 16.534631, 6)
    const shrunk = [0.1309, 0.1981, 0.0908, 0.2551, 0.1317, 0.067, 0.2234, 0.1159, 0.1912, 0.2988]
    for (const [index, unit] of units.entries()) prints(shrunkRate(unit, prior), shrunk[index] as number, 4)
    const threshold = 1.25 * prior.mean
    prints(probabilityAbove(units[9] as { events: number; total: number }, prior, threshold), 0.9955, 4)
    prints(probabilityAbove(units[3] as { events: number; total: number }, prior, threshold), 0.8025, 4)
  })
  it("has none where units differ no more than by chance", () => {
    expect(betaPrior([{ events: 5, total: 10 }, { events: 5, total: 10 }])).toBeUndefined()
    expect(betaPrior([{ events: 0, total: 10 }, { events: 0, total: 12 }])).toBeUndefined()
    expect(betaPrior([{ events: 3, total: 10 }])).toBeUndefined()
  })
  it("shrinks eighteen batting averages as Efron and Morris did", () => {
    const averages = [0.4, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244, 0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.2, 0.178, 0.156]
    const { mean, variance, factor } = jamesSteinFactor(averages, 45)
    prints(mean, 0.265389, 6)
    prints(variance, 0.004332, 6)
    prints(factor, 0.21239, 5)
    prints(mean + factor * (0.4 - mean), 0.294, 3)
    prints(mean + factor * (0.156 - mean), 0.242, 3)
  })
})

describe("sample sizes", () => {
  it("see a ratio of 0.8", () => {
    expect([[0.8, 0.64], [0.5, 0.4], [0.3, 0.24], [0.1, 0.08], [0.05, 0.04]].map(([p1, p2]) => casesPerGroup(p1 as number, p2 as number))).toEqual([123, 388, 859, 3213, 6745])
  })
  it("find no defect", () => {
    expect([0.05, 0.02, 0.01, 0.005].map((rate) => zeroDefectSample(0.95, rate))).toEqual([59, 149, 299, 598])
    expect([0.05, 0.02, 0.01, 0.005].map((rate) => zeroDefectSample(0.99, rate))).toEqual([90, 228, 459, 919])
  })
})
