import { betaLower, logChoose } from "./distributions.ts"

/** P(X <= k) of n trials with probability p. */
export const binomialLower = (k: number, n: number, p: number): number => (k < 0 ? 0 : k >= n ? 1 : 1 - betaLower(k + 1, n - k, p))

/** P(X >= k) of n trials with probability p. */
export const binomialUpper = (k: number, n: number, p: number): number => (k <= 0 ? 1 : k > n ? 0 : betaLower(k, n - k + 1, p))

/**
 * Exact binomial test. twoSided = sum of the probabilities of all outcomes no likelier than the observed one
 * (relative tolerance 1e-7, as R's binom.test); greater: P(X >= k). Without trials both are 1.
 */
export const binomialTest = (k: number, n: number, p: number): { readonly twoSided: number; readonly greater: number } => {
  if (n === 0) return { twoSided: 1, greater: 1 }
  const log = (x: number): number => logChoose(n, x) + (x === 0 ? 0 : x * Math.log(p)) + (x === n ? 0 : (n - x) * Math.log1p(-p))
  const limit = log(k) + 1e-7
  let twoSided = 0
  for (let x = 0; x <= n; x++) {
    const value = log(x)
    if (value <= limit) twoSided += Math.exp(value)
  }
  return { twoSided: Math.min(1, twoSided), greater: binomialUpper(k, n, p) }
}
