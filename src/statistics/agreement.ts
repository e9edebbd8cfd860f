/** Disagreement within a stratum: 1 - Σ p², the chance that two of its cases came out differently (Gini 1912); 0 for none or one. */
export const disagreementIndex = (counts: ReadonlyArray<number>): number => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return total === 0 ? 0 : 1 - counts.reduce((sum, count) => sum + (count / total) ** 2, 0)
}

/** Number of pairs of cases in a stratum with different outcomes. */
export const discordantPairs = (counts: ReadonlyArray<number>): number => {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return (total * total - counts.reduce((sum, count) => sum + count * count, 0)) / 2
}

/** Cohen's kappa of a square table of two reviewers' verdicts: (po - pe)/(1 - pe). Source: Cohen 1960. */
export const cohenKappa = (table: ReadonlyArray<ReadonlyArray<number>>): { readonly observed: number; readonly expected: number; readonly kappa: number } => {
  const total = table.flat().reduce((sum, count) => sum + count, 0)
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0))
  const columns = table.map((_, column) => table.reduce((sum, row) => sum + (row[column] ?? 0), 0))
  const observed = table.reduce((sum, row, index) => sum + (row[index] ?? 0), 0) / total
  const expected = rows.reduce((sum, row, index) => sum + row * (columns[index] ?? 0), 0) / (total * total)
  return { observed, expected, kappa: (observed - expected) / (1 - expected) }
}

/** Token replay fitness of a process: ½(1 - missing/consumed) + ½(1 - remaining/produced). Source: Rozinat and van der Aalst 2008. */
export const replayFitness = (tokens: { readonly produced: number; readonly consumed: number; readonly missing: number; readonly remaining: number }): number =>
  (1 - tokens.missing / tokens.consumed) / 2 + (1 - tokens.remaining / tokens.produced) / 2
