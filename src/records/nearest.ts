/** Edits (insert, delete, replace, swap of neighbours) between two words, upper and lower case being equal. */
export const editDistance = (left: string, right: string): number => {
  const a = left.toLowerCase()
  const b = right.toLowerCase()
  let before: Array<number> = []
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1)
      row.push(least)
    }
    before = above
    above = row
  }
  return above[b.length] ?? 0
}

const comparedCharactersMax = 64

/** The known word nearest to `word` (the first of equals), or undefined where nothing is known. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  const compared = word.slice(0, comparedCharactersMax)
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const distance = editDistance(compared, candidate)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}
