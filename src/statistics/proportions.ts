import { normalQuantile, normalTwoSided } from "./distributions.ts"

/** An estimate with its two-sided confidence interval. */
export type Interval = { readonly estimate: number; readonly lower: number; readonly upper: number }

/** Events of trials. */
export type Count = { readonly events: number; readonly total: number }

const z95 = normalQuantile(0.975)

/**
 * Wilson's score interval of a proportion, without continuity correction:
 * (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Without trials: 0 to 1.
 * Source: Wilson 1927; the form of Newcombe 1998, method 3.
 */
export const wilson = ({ events, total }: Count, z: number = z95): Interval => {
  if (total === 0) return { estimate: Number.NaN, lower: 0, upper: 1 }
  const p = events / total
  const spread = z * Math.sqrt((p * (1 - p)) / total + (z * z) / (4 * total * total))
  const centre = p + (z * z) / (2 * total)
  const scale = 1 + (z * z) / total
  return { estimate: p, lower: events === 0 ? 0 : Math.max(0, (centre - spread) / scale), upper: events === total ? 1 : Math.min(1, (centre + spread) / scale) }
}

/**
 * Newcombe's interval of a difference p1 - p2, from the Wilson limits l and u of each:
 * d - √((p1-l1)² + (u2-p2)²) to d + √((u1-p1)² + (p2-l2)²). Source: Newcombe 1998, method 10.
 */
export const newcombe = (first: Count, second: Count, z: number = z95): Interval => {
  const a = wilson(first, z)
  const b = wilson(second, z)
  const estimate = a.estimate - b.estimate
  return {
    estimate,
    lower: estimate - Math.hypot(a.estimate - a.lower, b.upper - b.estimate),
    upper: estimate + Math.hypot(a.upper - a.estimate, b.estimate - b.lower)
  }
}

/**
 * Adverse-impact ratio: the group's rate over the reference's, with the interval of the log ratio
 * (standard error √(1/a - 1/n1 + 1/c - 1/n2), Katz and others 1978). Below 0.8 is the four-fifths
 * heuristic of 29 CFR 1607.4(D), a screening rule of employment law and nothing more. Without
 * events on either side the interval is 0 to infinity.
 */
export const adverseImpactRatio = (group: Count, reference: Count, z: number = z95): Interval => {
  const estimate = group.events / group.total / (reference.events / reference.total)
  if (group.events === 0 || reference.events === 0) return { estimate, lower: 0, upper: Number.POSITIVE_INFINITY }
  const error = Math.sqrt(1 / group.events - 1 / group.total + 1 / reference.events - 1 / reference.total)
  return { estimate, lower: estimate * Math.exp(-z * error), upper: estimate * Math.exp(z * error) }
}

/** z of two proportions with the pooled variance, and its two-sided p; 0 and 1 where the pooled rate is 0 or 1. */
export const twoProportions = (first: Count, second: Count): { readonly z: number; readonly p: number } => {
  const pooled = (first.events + second.events) / (first.total + second.total)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / first.total + 1 / second.total))
  const z = error > 0 ? (first.events / first.total - second.events / second.total) / error : 0
  return { z, p: normalTwoSided(z) }
}
