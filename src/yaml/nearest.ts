import { editDistance } from "../records/index.ts"

/** The known word that was most likely meant, or undefined when none is close; upper and lower case count as equal. */
export const nearest = (word: string, known: ReadonlyArray<string>): string | undefined => {
  const limit = Math.max(1, Math.floor(word.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of known) {
    // A length difference alone already exceeds the limit: hostile long keys cost nothing.
    if (Math.abs(candidate.length - word.length) > limit) continue
    const distance = editDistance(word, candidate)
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
