import { benjaminiHochberg, betaPrior, type BetaPrior, deviationFunnel, funnelLimits, probabilityAbove, shrunkRate } from "../statistics/index.ts"

/** Settings of the policy's `statistics` part. */
export type StatisticsSetting = {
  readonly fdr: number
  /** Cases that a unit or group needs. */
  readonly minimumGroup: number
  /** Events that a unit or group needs, observed or expected. */
  readonly minimumEvents: number
  /** Ratio from which a deviation matters. */
  readonly material: number
}

/** A staff member, team or site within a period: its cases, favourable outcomes, and those expected of its case mix. */
export type UnitCount = { readonly unit: string; readonly cases: number; readonly favourable: number; readonly expected: number }

/** What became of a unit; the numbers are absent where there was too little to say. */
export type UnitDeviation = UnitCount & {
  readonly outcome: "pass" | "fail" | "notApplicable"
  readonly reason: string | null
  /** Observed over expected. */
  readonly ratio?: number
  readonly z?: number
  readonly adjustedZ?: number
  readonly p?: number
  /** Benjamini-Hochberg, over the units tested in this family. */
  readonly q?: number
  readonly tests?: number
  readonly phi?: number
  readonly tau2?: number
  /** Empirical Bayes rate of case-mix adjusted outcomes, and the probability that it lies beyond the material margin. */
  readonly shrunkRate?: number
  readonly probabilityMaterial?: number
}

const enough = ({ cases, favourable, expected }: UnitCount, setting: StatisticsSetting): boolean =>
  cases >= setting.minimumGroup && Math.max(favourable, expected) >= setting.minimumEvents

const shrunk = (unit: UnitCount, ratio: number, target: number, prior: BetaPrior | undefined, material: number): Pick<UnitDeviation, "shrunkRate" | "probabilityMaterial"> => {
  if (prior === undefined) return {}
  const count = { events: Math.min(unit.cases, unit.cases * target * ratio), total: unit.cases }
  const above = ratio >= 1
  const probability = probabilityAbove(count, prior, Math.min(1, above ? target * material : target / material))
  return { shrunkRate: shrunkRate(count, prior), probabilityMaterial: above ? probability : 1 - probability }
}

/**
 * Judges the units of one family (policy, period, kind of unit): a unit stands out if it lies beyond the funnel
 * after overdispersion, its q-value is at most `fdr`, and observed over expected is material either way.
 * Units below the minimum sizes, or without a peer, are not judged.
 */
export const judgeUnits = (units: ReadonlyArray<UnitCount>, setting: StatisticsSetting): ReadonlyArray<UnitDeviation> => {
  const tested = units.filter((unit) => enough(unit, setting))
  if (tested.length < 2) return units.map((unit) => ({ ...unit, outcome: "notApplicable", reason: enough(unit, setting) ? "no-peers" : "not-enough-data" }))
  const counts = tested.map(({ cases, favourable, expected }) => ({ events: favourable, total: cases, expected }))
  const { phi, tau2, units: points } = deviationFunnel(counts)
  const q = benjaminiHochberg(points.map((point) => point.p))
  const cases = tested.reduce((sum, unit) => sum + unit.cases, 0)
  const target = tested.reduce((sum, unit) => sum + unit.favourable, 0) / cases
  const adjusted = tested.map((unit) => ({ events: Math.min(unit.cases, unit.expected > 0 ? (unit.cases * target * unit.favourable) / unit.expected : 0), total: unit.cases }))
  const prior = betaPrior(adjusted)
  const judged = new Map(tested.map((unit, index) => {
    const point = points[index] as (typeof points)[number]
    const ratio = unit.expected > 0 ? unit.favourable / unit.expected : 1
    const material = ratio >= setting.material || ratio <= 1 / setting.material
    const outside = Math.abs(point.adjustedZ) > funnelLimits.warning && (q[index] as number) <= setting.fdr && material
    const outcome = outside ? "fail" : "pass"
    return [unit.unit, {
      ...unit, outcome, reason: outside ? (ratio > 1 ? "more-favourable" : "less-favourable") : null, ratio, z: point.z, adjustedZ: point.adjustedZ, p: point.p, q: q[index] as number,
      tests: tested.length, phi, tau2, ...shrunk(unit, ratio, target, prior, setting.material)
    } satisfies UnitDeviation] as const
  }))
  return units.map((unit) => judged.get(unit.unit) ?? { ...unit, outcome: "notApplicable", reason: "not-enough-data" })
}
