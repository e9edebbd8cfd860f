import { chiSquaredQuantile, chiSquaredUpper, normalTwoSided } from "./distributions.ts"
import type { Count } from "./proportions.ts"
import type { Test } from "./tables.ts"

/** R's quantile of type 7: linear between order statistics at (n - 1) p. */
export const quantile = (values: ReadonlyArray<number>, p: number): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * p
  const below = Math.floor(place)
  const low = sorted[below] as number
  return low + (place - below) * ((sorted[below + 1] ?? low) - low)
}

/** One unit of a funnel plot. */
export type FunnelUnit = Count & {
  readonly rate: number
  /** Unadjusted and adjusted for overdispersion; standard deviations from the target. */
  readonly z: number
  readonly adjustedZ: number
  /** Two-sided, of the adjusted z. */
  readonly p: number
}

/** A funnel of proportions. */
export type Funnel = {
  /** Total events over total cases. */
  readonly target: number
  /** Dispersion of the winsorised z, 1 where units differ by chance only. */
  readonly phi: number
  /** Variance between units on the arcsine scale, beyond chance. */
  readonly tau2: number
  readonly units: ReadonlyArray<FunnelUnit>
}

const totals = (counts: ReadonlyArray<Count>): Count =>
  counts.reduce((sum, count) => ({ events: sum.events + count.events, total: sum.total + count.total }), { events: 0, total: 0 })

/**
 * Variance between units beyond chance by the method of moments on winsorised z:
 * phi = Σ z²/N; 0 if N phi < N - 1, else (N phi - (N-1)) / (Σw - Σw²/Σw), w = 1/s².
 * Sources: Spiegelhalter 2005a, 2012 (additive random effects); DerSimonian and Laird 1986.
 */
const overdispersion = (z: ReadonlyArray<number>, errors: ReadonlyArray<number>): { readonly phi: number; readonly tau2: number } => {
  const low = quantile(z, 0.1)
  const high = quantile(z, 0.9)
  const winsorised = z.map((value) => Math.min(high, Math.max(low, value)))
  const n = z.length
  const phi = winsorised.reduce((sum, value) => sum + value * value, 0) / n
  const weights = errors.map((error) => 1 / (error * error))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0)
  const scale = total - squares / total
  return { phi, tau2: n * phi < n - 1 || scale <= 0 ? 0 : Math.max(0, (n * phi - (n - 1)) / scale) }
}

/** Adjusts distances from the target for what units differ beyond chance. */
const spread = (counts: ReadonlyArray<Count>, distances: ReadonlyArray<number>, errors: ReadonlyArray<number>): Omit<Funnel, "target"> => {
  const z = distances.map((distance, index) => distance / (errors[index] as number))
  const { phi, tau2 } = overdispersion(z, errors)
  const units = counts.map(({ events, total }, index) => {
    const adjustedZ = (distances[index] as number) / Math.sqrt((errors[index] as number) ** 2 + tau2)
    return { events, total, rate: events / total, z: z[index] as number, adjustedZ, p: normalTwoSided(adjustedZ) }
  })
  return { phi, tau2, units }
}

/**
 * Funnel plot of proportions on the arcsine scale: Y = asin √p, s = 1/(2√n), z = (Y - asin √target)/s,
 * adjusted z = (Y - asin √target)/√(s² + tau²). Every unit needs a case. Sources: Spiegelhalter 2005a, b.
 */
export const funnel = (counts: ReadonlyArray<Count>): Funnel => {
  const all = totals(counts)
  const target = all.events / all.total
  const centre = Math.asin(Math.sqrt(target))
  const errors = counts.map(({ total }) => 1 / (2 * Math.sqrt(total)))
  const distances = counts.map(({ events, total }) => Math.asin(Math.sqrt(events / total)) - centre)
  return { target, ...spread(counts, distances, errors) }
}

/**
 * Funnel of proportions in which each unit has a target of its own, the rate that its case mix lets expect:
 * Y = asin √(O/n) - asin √(E/n), else as `funnel`, to which it reduces when all expect the same rate.
 */
export const deviationFunnel = (counts: ReadonlyArray<Count & { readonly expected: number }>): Omit<Funnel, "target"> => {
  const errors = counts.map(({ total }) => 1 / (2 * Math.sqrt(total)))
  const distances = counts.map(({ events, total, expected }) => Math.asin(Math.sqrt(events / total)) - Math.asin(Math.sqrt(Math.min(1, expected / total))))
  return spread(counts, distances, errors)
}

/** k of the usual limits: 95 % and 99.8 %. */
export const funnelLimits = { warning: 1.959963984540054, alarm: 3.090232306167813 } as const

/** Limits of a unit with n cases: sin²(asin √target ± k √(1/4n + tau²)), within 0 and 1. */
export const proportionLimits = (target: number, n: number, tau2: number, k: number): { readonly lower: number; readonly upper: number } => {
  const centre = Math.asin(Math.sqrt(target))
  const spread = k * Math.sqrt(1 / (4 * n) + tau2)
  return { lower: Math.sin(Math.max(0, centre - spread)) ** 2, upper: Math.sin(Math.min(Math.PI / 2, centre + spread)) ** 2 }
}

/** Chi-squared test that all units share one rate: Σ (O - E)²/(E (1 - target)). */
export const homogeneity = (counts: ReadonlyArray<Count>): Test => {
  const all = totals(counts)
  const target = all.events / all.total
  const variance = target * (1 - target)
  const statistic = variance === 0 ? 0 : counts.reduce((sum, { events, total }) => sum + (events - total * target) ** 2 / (total * variance), 0)
  return { statistic, degrees: counts.length - 1, p: chiSquaredUpper(statistic, counts.length - 1) }
}

/** Observed against expected events of a unit. */
export type Ratio = { readonly observed: number; readonly expected: number }

/** Funnel of standardised ratios in log form (SHMI): Y = ln(O/E), s = 1/√E; every O and E above 0. */
export const ratioFunnel = (ratios: ReadonlyArray<Ratio>): { readonly z: ReadonlyArray<number>; readonly adjustedZ: ReadonlyArray<number>; readonly phi: number; readonly tau2: number } => {
  const errors = ratios.map(({ expected }) => 1 / Math.sqrt(expected))
  const logs = ratios.map(({ observed, expected }) => Math.log(observed / expected))
  const z = logs.map((log, index) => log / (errors[index] as number))
  const { phi, tau2 } = overdispersion(z, errors)
  return { z, adjustedZ: logs.map((log, index) => log / Math.sqrt((errors[index] as number) ** 2 + tau2)), phi, tau2 }
}

/** Exact Poisson limits of O/E at E expected events: chi²(α/2, 2E)/2E and chi²(1-α/2, 2E+2)/2E. */
export const poissonLimits = (expected: number, confidence: number): { readonly lower: number; readonly upper: number } => {
  const tail = (1 - confidence) / 2
  return { lower: chiSquaredQuantile(tail, 2 * expected) / 2 / expected, upper: chiSquaredQuantile(1 - tail, 2 * (expected + 1)) / 2 / expected }
}
