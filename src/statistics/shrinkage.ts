import { betaLower } from "./distributions.ts"
import type { Count } from "./proportions.ts"

/** A beta prior of the units' rates; `rho` is the intraclass correlation behind it. */
export type BetaPrior = { readonly rho: number; readonly alpha: number; readonly beta: number; readonly mean: number }

/**
 * Beta prior from the ANOVA estimate of the intraclass correlation: rho = (MSB - MSW)/(MSB + (n0 - 1) MSW),
 * n0 = (N - Σn²/N)/(k - 1), alpha + beta = 1/rho - 1. Source: Donner 1986; Fleiss 2003, ch. 15.
 * Undefined where units differ no more than by chance (rho <= 0), fewer than two units or no events or none missing.
 */
export const betaPrior = (counts: ReadonlyArray<Count>): BetaPrior | undefined => {
  const k = counts.length
  const total = counts.reduce((sum, count) => sum + count.total, 0)
  const mean = counts.reduce((sum, count) => sum + count.events, 0) / total
  if (k < 2 || total <= k || !(mean > 0 && mean < 1)) return undefined
  const between = counts.reduce((sum, { events, total: n }) => sum + n * (events / n - mean) ** 2, 0) / (k - 1)
  const within = counts.reduce((sum, { events, total: n }) => sum + events * (1 - events / n), 0) / (total - k)
  const size = (total - counts.reduce((sum, count) => sum + count.total ** 2, 0) / total) / (k - 1)
  const rho = (between - within) / (between + (size - 1) * within)
  if (!(rho > 0 && rho < 1)) return undefined
  const strength = 1 / rho - 1
  return { rho, alpha: mean * strength, beta: (1 - mean) * strength, mean }
}

/** Empirical Bayes estimate of a unit's rate: (events + alpha) / (cases + alpha + beta). */
export const shrunkRate = ({ events, total }: Count, prior: BetaPrior): number => (events + prior.alpha) / (total + prior.alpha + prior.beta)

/** Posterior probability that a unit's rate lies above a threshold (a material margin, not merely the mean). */
export const probabilityAbove = ({ events, total }: Count, prior: BetaPrior, threshold: number): number =>
  1 - betaLower(events + prior.alpha, total - events + prior.beta, threshold)

/**
 * Factor by which k averages of n trials each shrink towards their mean: 1 - (k - 3) s²/S,
 * s² = m(1 - m)/n, S = Σ (y - m)². Source: Efron and Morris 1977.
 */
export const jamesSteinFactor = (averages: ReadonlyArray<number>, trials: number): { readonly mean: number; readonly variance: number; readonly factor: number } => {
  const mean = averages.reduce((sum, value) => sum + value, 0) / averages.length
  const variance = (mean * (1 - mean)) / trials
  const spread = averages.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, variance, factor: 1 - ((averages.length - 3) * variance) / spread }
}
