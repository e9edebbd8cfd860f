/** Adjusted p-values in the order of the input; equal p-values share one adjusted value. */
type Adjusted = ReadonlyArray<number>

const ascending = (p: ReadonlyArray<number>): ReadonlyArray<number> => p.map((_, index) => index).sort((a, b) => (p[a] as number) - (p[b] as number) || a - b)

/** Smallest of the later ones, from the largest p-value down. */
const stepUp = (p: ReadonlyArray<number>, factor: (rank: number) => number): Adjusted => {
  const order = ascending(p)
  const adjusted = p.map(() => 1)
  let least = 1
  for (let rank = order.length; rank >= 1; rank--) {
    const index = order[rank - 1] as number
    least = Math.min(least, (p[index] as number) * factor(rank))
    adjusted[index] = least
  }
  return adjusted
}

/**
 * Benjamini-Hochberg adjusted p-values: min over j >= i of m p(j) / j. Rejecting those <= q keeps the expected
 * share of false leads at q. Source: Benjamini and Hochberg 1995.
 */
export const benjaminiHochberg = (p: ReadonlyArray<number>): Adjusted => stepUp(p, (rank) => p.length / rank)

/** Benjamini-Yekutieli: as Benjamini-Hochberg, times Σ 1/i, valid under any dependence. Source: Benjamini and Yekutieli 2001. */
export const benjaminiYekutieli = (p: ReadonlyArray<number>): Adjusted => {
  const harmonic = p.reduce((sum, _, index) => sum + 1 / (index + 1), 0)
  return stepUp(p, (rank) => (p.length * harmonic) / rank)
}

/** Holm's step-down adjusted p-values: max over j <= i of (m - j + 1) p(j), at most 1. Source: Holm 1979. */
export const holm = (p: ReadonlyArray<number>): Adjusted => {
  const adjusted = p.map(() => 1)
  let greatest = 0
  for (const [rank, index] of ascending(p).entries()) {
    greatest = Math.min(1, Math.max(greatest, (p.length - rank) * (p[index] as number)))
    adjusted[index] = greatest
  }
  return adjusted
}

/** Bonferroni: m p, at most 1. */
export const bonferroni = (p: ReadonlyArray<number>): Adjusted => p.map((value) => Math.min(1, value * p.length))
