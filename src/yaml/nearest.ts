/** Edits (insert, delete, replace, swap of neighbours) that turn one word into another; optimal string alignment. */
export const editDistance = (a: string, b: string): number => {
  let beforeLast: Array<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}

/** The known word that was most likely meant, or undefined when none is close; upper and lower case count as equal. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of known) {
    // A length difference alone already exceeds the limit: hostile long keys cost nothing.
    if (Math.abs(candidate.length - word.length) > limit) continue
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** "did you mean X?", or the known words when none is close. */
export const suggestion = (word: string, known: ReadonlyArray<string>): string => {
  const close = nearest(word, known)
  if (close !== undefined) return `did you mean ${JSON.stringify(close)}?`
  if (known.length === 0) return "nothing is allowed there"
  return `known here: ${known.slice(0, 24).join(", ")}${known.length > 24 ? ", ..." : ""}`
}
