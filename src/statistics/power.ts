import { normalQuantile } from "./distributions.ts"

/**
 * Cases needed in each of two groups to see rates p1 and p2 differ, two-sided at alpha:
 * (z(1-α/2) √(2 p̄ q̄) + z(power) √(p1 q1 + p2 q2))² / (p1 - p2)², rounded up. Source: Fleiss 2003, (4.14).
 */
export const casesPerGroup = (p1: number, p2: number, power = 0.8, alpha = 0.05): number => {
  const mean = (p1 + p2) / 2
  const chance = normalQuantile(1 - alpha / 2) * Math.sqrt(2 * mean * (1 - mean))
  const planted = normalQuantile(power) * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
  return Math.ceil((chance + planted) ** 2 / (p1 - p2) ** 2)
}

/** Cases to look at, finding none wrong, to be that confident that fewer than `rate` are: ln(1 - confidence)/ln(1 - rate), rounded up. */
export const zeroDefectSample = (confidence: number, rate: number): number => Math.ceil(Math.log(1 - confidence) / Math.log(1 - rate))
