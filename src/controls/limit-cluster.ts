import { benjaminiHochberg, binomialTest } from "../statistics/index.ts"
import type { StatisticsSetting } from "./unit-deviation.ts"

/** Amounts granted under a role's limit L: in (L - d, L] and in (L - 2d, L - d]. */
export type LimitBand = { readonly role: string; readonly upper: number; readonly lower: number }

/** What became of a role's amounts. */
export type LimitCluster = LimitBand & {
  readonly outcome: "pass" | "fail" | "notApplicable"
  readonly reason: string | null
  /** Two-sided, of a fair coin between the two bands. */
  readonly p?: number
  readonly q?: number
  readonly tests?: number
}

/**
 * Judges the roles of one family (policy, period): more amounts just below the limit than in the band before it
 * than a fair coin would give, at a false discovery rate of `fdr`.
 */
export const judgeBands = (bands: ReadonlyArray<LimitBand>, setting: StatisticsSetting): ReadonlyArray<LimitCluster> => {
  const enough = (band: LimitBand): boolean => band.upper + band.lower >= setting.minimumEvents
  const tested = bands.filter(enough)
  const p = tested.map(({ upper, lower }) => binomialTest(upper, upper + lower, 0.5).twoSided)
  const q = benjaminiHochberg(p)
  return bands.map((band): LimitCluster => {
    const place = tested.indexOf(band)
    if (place < 0) return { ...band, outcome: "notApplicable", reason: "not-enough-data" }
    const clusters = band.upper > band.lower && (q[place] as number) <= setting.fdr
    return { ...band, p: p[place] as number, q: q[place] as number, tests: tested.length, outcome: clusters ? "fail" : "pass", reason: clusters ? "clustered" : null }
  })
}
