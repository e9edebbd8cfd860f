import { chiSquaredUpper, normalQuantile } from "./distributions.ts"
import type { Interval } from "./proportions.ts"
import type { Table, Test } from "./tables.ts"

const z95 = normalQuantile(0.975)

const sums = (tables: ReadonlyArray<Table>, of: (a: number, b: number, c: number, d: number, n: number) => number): number =>
  tables.reduce((total, [[a, b], [c, d]]) => total + of(a, b, c, d, a + b + c + d), 0)

/** Strata that can say something: two cases at least and no empty margin. */
export const informative = (tables: ReadonlyArray<Table>): ReadonlyArray<Table> =>
  tables.filter(([[a, b], [c, d]]) => a + b + c + d >= 2 && a + b > 0 && c + d > 0 && a + c > 0 && b + d > 0)

/**
 * Cochran-Mantel-Haenszel test of association over strata:
 * (|Σ(a - (a+b)(a+c)/n)| - correction)² / Σ((a+b)(c+d)(a+c)(b+d)/(n²(n-1))), one degree of freedom.
 * Strata of fewer than two cases or with an empty margin contribute nothing. Source: Mantel and Haenszel 1959;
 * correction 0.5 is R's mantelhaen.test default, 0 is what this product uses.
 */
export const mantelHaenszel = (tables: ReadonlyArray<Table>, correction: 0 | 0.5): Test => {
  const used = informative(tables)
  const difference = sums(used, (a, b, c, _d, n) => a - ((a + b) * (a + c)) / n)
  const variance = sums(used, (a, b, c, d, n) => ((a + b) * (c + d) * (a + c) * (b + d)) / (n * n * (n - 1)))
  if (variance === 0) return { statistic: 0, degrees: 1, p: 1 }
  const statistic = Math.max(0, Math.abs(difference) - correction) ** 2 / variance
  return { statistic, degrees: 1, p: chiSquaredUpper(statistic, 1) }
}

/**
 * Common odds ratio of Mantel and Haenszel, Σ(ad/n) / Σ(bc/n), with the interval of Robins, Breslow and
 * Greenland 1986: variance of its log = Σ PR/2(ΣR)² + Σ(PS+QR)/2ΣRΣS + Σ QS/2(ΣS)²,
 * P = (a+d)/n, Q = (b+c)/n, R = ad/n, S = bc/n.
 */
export const commonOddsRatio = (tables: ReadonlyArray<Table>, z: number = z95): Interval => {
  const used = informative(tables)
  const r = sums(used, (a, _b, _c, d, n) => (a * d) / n)
  const s = sums(used, (_a, b, c, _d, n) => (b * c) / n)
  const estimate = r / s
  if (r === 0 || s === 0) return { estimate, lower: 0, upper: Number.POSITIVE_INFINITY }
  const pr = sums(used, (a, _b, _c, d, n) => (((a + d) / n) * a * d) / n)
  const mixed = sums(used, (a, b, c, d, n) => ((a + d) / n) * ((b * c) / n) + ((b + c) / n) * ((a * d) / n))
  const qs = sums(used, (_a, b, c, _d, n) => (((b + c) / n) * b * c) / n)
  const error = Math.sqrt(pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s))
  return { estimate, lower: estimate * Math.exp(-z * error), upper: estimate * Math.exp(z * error) }
}

/** Expected first cell of a table with these margins if its odds ratio is the common one: a root of a quadratic. */
const expectedCell = ([[a, b], [c, d]]: Table, ratio: number): number => {
  const row = a + b
  const column = a + c
  const rest = c + d - column
  if (Math.abs(ratio - 1) < 1e-12) return (row * column) / (row + c + d)
  const q = 1 - ratio
  const linear = rest + ratio * (row + column)
  return (-linear + Math.sqrt(linear * linear + 4 * q * ratio * row * column)) / (2 * q)
}

/**
 * Breslow-Day test that the odds ratio is the same in all strata, with Tarone's correction:
 * Σ (a - e)²/v - (Σ(a - e))²/Σv, e the expected first cell under the common odds ratio and
 * 1/v = 1/e + 1/(row-e) + 1/(column-e) + 1/(n-row-column+e); degrees = strata - 1.
 * Sources: Breslow and Day 1980, (4.32); Tarone 1985. Without a common odds ratio: 0 and p = 1.
 */
export const breslowDayTarone = (tables: ReadonlyArray<Table>): Test => {
  const used = informative(tables)
  const ratio = commonOddsRatio(used).estimate
  const degrees = used.length - 1
  if (degrees < 1 || !(ratio > 0) || !Number.isFinite(ratio)) return { statistic: 0, degrees: Math.max(0, degrees), p: 1 }
  const parts = used.map((table) => {
    const [[a, b], [c, d]] = table
    const e = expectedCell(table, ratio)
    const variance = 1 / (1 / e + 1 / (a + b - e) + 1 / (a + c - e) + 1 / (d - a + e))
    return { difference: a - e, variance }
  })
  const total = parts.reduce((sum, part) => sum + part.variance, 0)
  const plain = parts.reduce((sum, part) => sum + (part.difference * part.difference) / part.variance, 0)
  const drift = parts.reduce((sum, part) => sum + part.difference, 0)
  const statistic = Math.max(0, plain - (drift * drift) / total)
  return { statistic, degrees, p: chiSquaredUpper(statistic, degrees) }
}

/**
 * Woolf's test that the odds ratio is the same in all strata: Σ w (y - ȳ)², y = ln(ad/bc),
 * w = 1/(1/a + 1/b + 1/c + 1/d), each cell plus `added` (0, or 0.5 as in R's example of mantelhaen.test).
 */
export const woolf = (tables: ReadonlyArray<Table>, added: 0 | 0.5): Test => {
  const parts = tables.map(([[a, b], [c, d]]) => {
    const [w, x, y, z] = [a + added, b + added, c + added, d + added]
    return { log: Math.log((w * z) / (x * y)), weight: 1 / (1 / w + 1 / x + 1 / y + 1 / z) }
  })
  const total = parts.reduce((sum, part) => sum + part.weight, 0)
  const mean = parts.reduce((sum, part) => sum + part.weight * part.log, 0) / total
  const statistic = parts.reduce((sum, part) => sum + part.weight * (part.log - mean) ** 2, 0)
  return { statistic, degrees: tables.length - 1, p: chiSquaredUpper(statistic, tables.length - 1) }
}

/** The pooled table: strata thrown together, to be shown beside them and never instead of them. */
export const pooled = (tables: ReadonlyArray<Table>): Table =>
  tables.reduce<Table>(([[a, b], [c, d]], [[e, f], [g, h]]) => [[a + e, b + f], [c + g, d + h]], [[0, 0], [0, 0]])
