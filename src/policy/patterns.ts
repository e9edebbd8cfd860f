/** Which patterns `matches` may use: those whose time is bounded by the text, whatever it holds. */

/** Longest pattern, in characters. */
const patternLengthMax = 200
/** Repetitions without a small bound that one pattern may hold; the time grows with the text to this power. */
const repetitionsMax = 2
/** A bound up to which a repetition counts as written out. */
const smallBound = 20

type Level = { repeats: boolean; chooses: boolean }

/** `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}` at a place; undefined where there is none. */
const repetitionAt = (pattern: string, at: number): { readonly length: number; readonly endless: boolean } | undefined => {
  const [text, least, comma, most] = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(pattern.slice(at)) ?? []
  if (text === undefined) return undefined
  const bound = comma === "" ? Number(least) : most === "" ? Number.POSITIVE_INFINITY : Number(most)
  return { length: text.length, endless: text === "*" || text === "+" || (text.startsWith("{") && bound > smallBound) }
}

/** Where a character class that opens at a place has ended. */
const classEnd = (pattern: string, at: number): number => {
  let end = at + 1
  while (end < pattern.length && pattern[end] !== "]") end += pattern[end] === "\\" ? 2 : 1
  return end + 1
}

/**
 * Why a pattern may not be used, as part of a sentence; undefined where it may. Refused are: what CEL's own syntax (RE2) does
 * not have, a repeated group that itself repeats or chooses, and more repetitions than {@link repetitionsMax}.
 */
export const patternProblem = (pattern: string): string | undefined => {
  if (pattern.length > patternLengthMax) return `its pattern is longer than ${patternLengthMax} characters`
  if (/\(\?[=!<]|\\[1-9k]/.test(pattern)) return "its pattern looks ahead, behind or back, which CEL does not have"
  const open: Array<Level> = [{ repeats: false, chooses: false }]
  let repetitions = 0
  for (let at = 0; at < pattern.length;) {
    const level = open.at(-1) ?? { repeats: false, chooses: false }
    const character = pattern[at]
    if (character === "(") open.push({ repeats: false, chooses: false })
    if (character === "|") level.chooses = true
    const group = character === ")" && open.length > 1 ? open.pop() : undefined
    at = character === "[" ? classEnd(pattern, at) : at + (character === "\\" ? 2 : 1)
    if (character === "(" || character === "|") continue
    const repetition = repetitionAt(pattern, at)
    const outer = open.at(-1)
    if (group !== undefined && outer !== undefined) {
      if (repetition?.endless === true && (group.repeats || group.chooses)) return "its pattern repeats a group that repeats or chooses, which can take for ever; write it without the outer repetition"
      outer.repeats ||= group.repeats
      outer.chooses ||= group.chooses
    }
    if (repetition === undefined) continue
    at += repetition.length
    if (outer !== undefined) outer.repeats ||= repetition.endless || group?.repeats === true || repetition.length === 1
    if (repetition.endless) repetitions += 1
  }
  return repetitions > repetitionsMax ? `its pattern repeats without a bound more than ${repetitionsMax} times; bound the repetitions, like {0,${smallBound}}` : undefined
}
