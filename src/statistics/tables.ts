import { chiSquaredUpper, logChoose } from "./distributions.ts"

/** A two-by-two table: rows are groups, columns outcomes; [[a, b], [c, d]]. */
export type Table = readonly [readonly [number, number], readonly [number, number]]

/** A test statistic with its p-value. */
export type Test = { readonly statistic: number; readonly degrees: number; readonly p: number }

/** Where a row or column is empty, nothing can differ. */
const nothing: Test = { statistic: 0, degrees: 1, p: 1 }

/**
 * Pearson's chi-squared of a two-by-two table: n (|ad - bc| - c)² / product of the margins,
 * c = 0, or n/2 with Yates' correction (never more than |ad - bc|). An empty margin gives 0 and p = 1.
 */
export const pearson = ([[a, b], [c, d]]: Table, yates: boolean): Test => {
  const n = a + b + c + d
  const margins = (a + b) * (c + d) * (a + c) * (b + d)
  if (margins === 0) return nothing
  const cross = Math.abs(a * d - b * c)
  const corrected = Math.max(0, cross - (yates ? n / 2 : 0))
  const statistic = (n * corrected * corrected) / margins
  return { statistic, degrees: 1, p: chiSquaredUpper(statistic, 1) }
}

/** ad / bc; NaN where undefined. */
export const oddsRatio = ([[a, b], [c, d]]: Table): number => (a * d) / (b * c)

/** Smallest count that chance alone expects in a cell; below 5 Fisher's test is the one to use. */
export const smallestExpected = ([[a, b], [c, d]]: Table): number => {
  const n = a + b + c + d
  return Math.min(...[a + b, c + d].flatMap((row) => [a + c, b + d].map((column) => (row * column) / n)))
}

/** Probabilities of the first cell given the margins, in order from its least value. */
const hypergeometric = ([[a, b], [c, d]]: Table): { readonly low: number; readonly probabilities: ReadonlyArray<number> } => {
  const low = Math.max(0, a - d)
  const high = Math.min(a + b, a + c)
  const all = logChoose(a + b + c + d, a + c)
  const probabilities = Array.from({ length: high - low + 1 }, (_, index) => Math.exp(logChoose(a + b, low + index) + logChoose(c + d, a + c - low - index) - all))
  return { low, probabilities }
}

const sumOf = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

/**
 * Fisher's exact test. twoSided = sum of the probabilities of all tables with the same margins that are
 * no likelier than the observed one (relative tolerance 1e-7, as R's fisher.test); greater and less: one tail.
 */
export const fisherExact = (table: Table): { readonly twoSided: number; readonly greater: number; readonly less: number } => {
  const { low, probabilities } = hypergeometric(table)
  const index = table[0][0] - low
  const limit = (probabilities[index] ?? 0) * (1 + 1e-7)
  return {
    twoSided: Math.min(1, sumOf(probabilities.filter((p) => p <= limit))),
    greater: Math.min(1, sumOf(probabilities.slice(index))),
    less: Math.min(1, sumOf(probabilities.slice(0, index + 1)))
  }
}

/**
 * P(X >= k) where n of N are drawn without replacement and K of the N are marked:
 * Σ_{x >= k} C(K, x) C(N - K, n - x) / C(N, n), one tail of Fisher's exact test.
 */
export const hypergeometricUpper = (k: number, n: number, marked: number, total: number): number =>
  fisherExact([[k, n - k], [marked - k, total - n - marked + k]]).greater

/** Mean of the first cell given the margins, if the odds ratio is exp(log). */
const tiltedMean = (low: number, probabilities: ReadonlyArray<number>, log: number): number => {
  const weights = probabilities.map((p, index) => Math.log(p) + log * (low + index))
  const top = Math.max(...weights)
  const scaled = weights.map((weight) => Math.exp(weight - top))
  return sumOf(scaled.map((weight, index) => weight * (low + index))) / sumOf(scaled)
}

/**
 * Conditional maximum likelihood estimate of the odds ratio (what R's fisher.test reports): the ratio at
 * which the mean of the noncentral hypergeometric distribution is the observed first cell.
 */
export const conditionalOddsRatio = (table: Table): number => {
  const { low, probabilities } = hypergeometric(table)
  const observed = table[0][0]
  if (probabilities.length === 1) return Number.NaN
  if (observed === low) return 0
  if (observed === low + probabilities.length - 1) return Number.POSITIVE_INFINITY
  let lower = -50
  let upper = 50
  for (let step = 0; step < 200; step++) {
    const middle = (lower + upper) / 2
    if (tiltedMean(low, probabilities, middle) < observed) lower = middle
    else upper = middle
  }
  return Math.exp((lower + upper) / 2)
}

/** McNemar's test of paired decisions that changed one way (b) or the other (c): exact binomial, and chi-squared with correction. */
export const mcnemar = (b: number, c: number): { readonly exact: number; readonly corrected: Test } => {
  const n = b + c
  const tail = sumOf(Array.from({ length: Math.min(b, c) + 1 }, (_, k) => Math.exp(logChoose(n, k) - n * Math.LN2)))
  const statistic = n === 0 ? 0 : Math.max(0, Math.abs(b - c) - 1) ** 2 / n
  return { exact: Math.min(1, 2 * tail), corrected: { statistic, degrees: 1, p: chiSquaredUpper(statistic, 1) } }
}
