/** Numbers in a turn, written or spoken, as runs of digits. Digits stay inside this room. */
import type { NumberWords } from "./phrases.ts"

/** Digits that follow each other with no other word between. */
export type Segment = {
  /** The pieces as said: "4111", or "4" "1" "1" "1". */
  readonly groups: ReadonlyArray<string>
  readonly digits: string
  /** Words that are no numbers since the segment before (or since the turn began). */
  readonly wordsBefore: number
  /** A price, a time or a date stands between this segment and the one before. */
  readonly barrierBefore: boolean
  /** Characters of the turn before and after the segment. */
  readonly start: number
  readonly end: number
}

/** All number segments of one lower-case turn. */
export type TurnNumbers = {
  readonly segments: ReadonlyArray<Segment>
  /** Words after the last segment. */
  readonly wordsAfter: number
  readonly barrierAfter: boolean
}

type Token = { readonly text: string; readonly start: number; readonly end: number }

const tokenPattern = /[+$€£#]?\d+(?:[.,:/-]\d+)*%?|[a-zà-öø-ÿß']+/g

/** Value of a fused word such as "einundvierzig", "zweitausendzwölf" or "hundertdrei". */
const fusedValue = (word: string, numbers: NumberWords): number | undefined => {
  const known = Object.hasOwn(numbers.values, word) ? numbers.values[word] : undefined
  if (known !== undefined || numbers.fusedAnd === "") return known
  for (const [names, factor] of [[numbers.thousand, 1000], [numbers.hundred, 100]] as const) {
    for (const name of names) {
      const at = word.indexOf(name)
      if (at < 0) continue
      const left = at === 0 ? 1 : fusedValue(word.slice(0, at), numbers)
      const rest = word.slice(at + name.length)
      const right = rest === "" ? 0 : fusedValue(rest.startsWith(numbers.fusedAnd) ? rest.slice(numbers.fusedAnd.length) : rest, numbers)
      return left === undefined || right === undefined || left >= 1000 ? undefined : left * factor + right
    }
  }
  const at = word.indexOf(numbers.fusedAnd)
  if (at <= 0) return undefined
  const unit = numbers.values[word.slice(0, at)]
  const tens = numbers.values[word.slice(at + numbers.fusedAnd.length)]
  return unit !== undefined && tens !== undefined && unit < 10 && tens >= 20 && tens % 10 === 0 ? tens + unit : undefined
}

const isTens = (value: number): boolean => value >= 20 && value < 100 && value % 10 === 0

/** A number below a hundred at token `at`: its value and how many tokens it takes. */
const belowHundred = (tokens: ReadonlyArray<string>, at: number, numbers: NumberWords): readonly [number, number] | undefined => {
  const first = fusedValue(tokens[at] ?? "", numbers)
  if (first === undefined) return undefined
  if (!isTens(first)) return [first, 1]
  const joined = numbers.tensAnd.includes(tokens[at + 1] ?? "") ? 1 : 0
  if (numbers.tensAnd.length > 0 && joined === 0) return [first, 1]
  const unit = fusedValue(tokens[at + 1 + joined] ?? "", numbers)
  return unit !== undefined && unit > 0 && unit < 10 && numbers.fusedAnd === "" ? [first + unit, 2 + joined] : [first, 1]
}

/**
 * The number that the words from `at` on say: its value and how many words it takes. "forty one" is
 * 41, "one hundred twenty three" 123, "two thousand and twelve" 2012, "mil novecientos" 1900.
 */
export const spokenNumber = (tokens: ReadonlyArray<string>, at: number, numbers: NumberWords): readonly [value: number, words: number] | undefined => {
  const rest = (from: number, below: number): readonly [number, number] => {
    const joined = numbers.and.includes(tokens[from] ?? "") ? 1 : 0
    const part = below > 100 ? hundreds(from + joined) : belowHundred(tokens, from + joined, numbers)
    return part === undefined || part[0] === 0 || part[0] >= below ? [0, 0] : [part[0], part[1] + joined]
  }
  const hundreds = (from: number): readonly [number, number] | undefined => {
    const first = belowHundred(tokens, from, numbers)
    if (first === undefined) return undefined
    let [value, used] = first
    if (value > 0 && value < 100 && numbers.hundred.includes(tokens[from + used] ?? "")) {
      value *= 100
      used += 1
    } else if (value < 100 || value % 100 !== 0 || value >= 1000) return first
    const [more, words] = rest(from + used, 100)
    return [value + more, used + words]
  }
  const leading = numbers.thousand.includes(tokens[at] ?? "") && numbers.fusedAnd === "" && Object.hasOwn(numbers.values, tokens[at] ?? "")
  const first = leading ? ([1, 0] as const) : hundreds(at)
  if (first === undefined) return undefined
  let [value, used] = first
  if (value > 0 && value < 1000 && numbers.thousand.includes(tokens[at + used] ?? "")) {
    value *= 1000
    used += 1
    const [more, words] = rest(at + used, 1000)
    return [value + more, used + words]
  }
  return [value, used]
}

/** Written digits as groups; undefined for a price, a percentage, a time, a date or a decimal. */
const writtenGroups = (token: string): ReadonlyArray<string> | undefined => {
  if (/^[+$€£#]|%$|[:/]/.test(token)) return undefined
  const groups = token.split(/[.,-]/)
  if (groups.length === 1 || !/[.,]/.test(token)) return groups
  return groups.every((group) => group.length === 1 || group.length >= 4) ? groups : undefined
}

type Builder = { segments: Array<Segment>; groups: Array<string>; start: number; end: number; words: number; barrier: boolean }

const close = (builder: Builder): void => {
  if (builder.groups.length === 0) return
  builder.segments.push({
    groups: builder.groups,
    digits: builder.groups.join(""),
    wordsBefore: builder.words,
    barrierBefore: builder.barrier,
    start: builder.start,
    end: builder.end
  })
  builder.groups = []
  builder.words = 0
  builder.barrier = false
}

const append = (builder: Builder, groups: ReadonlyArray<string>, first: Token, last: Token): void => {
  if (builder.groups.length === 0) builder.start = first.start
  builder.groups.push(...groups)
  builder.end = last.end
}

/** Is a weak number word ("oh") beside a digit, with at most other weak words between? */
const besideDigit = (words: ReadonlyArray<string>, at: number, numbers: NumberWords): boolean =>
  [-1, 1].some((step) => {
    let index = at + step
    while (numbers.weak.includes(words[index] ?? "")) index += step
    const word = words[index] ?? ""
    return /^\d/.test(word) || fusedValue(word, numbers) !== undefined
  })


const numeric = (token: string): boolean => {
  const code = token.charCodeAt(0)
  return (code >= 48 && code <= 57) || code === 43 || code === 36 || code === 35 || code === 8364 || code === 163
}

const writtenPattern = /[+$€£#]?\d+(?:[.,:/-]\d+)*%?/g

/** Words in a stretch without numbers, by their blanks. */
const wordsIn = (text: string): number => {
  let words = 0
  let inside = false
  for (let index = 0; index < text.length; index++) {
    const blank = text.charCodeAt(index) <= 47
    if (!blank && !inside) words++
    inside = !blank
  }
  return words
}

/** The number segments of a turn that holds written numbers only. */
const writtenNumbers = (turn: string): TurnNumbers => {
  const builder: Builder = { segments: [], groups: [], start: 0, end: 0, words: 0, barrier: false }
  let at = 0
  for (const match of turn.matchAll(writtenPattern)) {
    const token: Token = { text: match[0], start: match.index, end: match.index + match[0].length }
    const words = wordsIn(turn.slice(at, token.start))
    const groups = writtenGroups(token.text)
    if (words > 0 || groups === undefined) close(builder)
    builder.words += words + (groups === undefined ? 1 : 0)
    if (groups === undefined) builder.barrier = true
    else append(builder, groups, token, token)
    at = token.end
  }
  close(builder)
  return { segments: builder.segments, wordsAfter: builder.words + wordsIn(turn.slice(at)), barrierAfter: builder.barrier }
}

/** The number segments of a lower-case turn; `spoken`: there are number words in it. */
export const numbersOf = (turn: string, numbers: NumberWords, spoken = true): TurnNumbers => {
  if (!spoken) return writtenNumbers(turn)
  const tokens: Array<Token> = Array.from(turn.matchAll(tokenPattern), (match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }))
  const words = tokens.map((token) => token.text)
  const builder: Builder = { segments: [], groups: [], start: 0, end: 0, words: 0, barrier: false }
  let repeat = 1
  for (let index = 0; index < tokens.length; ) {
    const token = tokens[index]
    if (token === undefined) break
    if (!numeric(token.text) && !Object.hasOwn(numbers.values, token.text) && !Object.hasOwn(numbers.repeat, token.text) && numbers.fusedAnd === "") {
      // Most words: no number at all.
      if (builder.groups.length > 0) close(builder)
      builder.words += 1
      repeat = 1
      index += 1
      continue
    }
    const written = /\d/.test(token.text) ? writtenGroups(token.text) : undefined
    const spoken = written === undefined && (!numbers.weak.includes(token.text) || besideDigit(words, index, numbers)) ? spokenNumber(words, index, numbers) : undefined
    if (written !== undefined) append(builder, repeat === 1 ? written : [written.join("").repeat(repeat)], token, token)
    else if (spoken !== undefined) append(builder, repeat === 1 ? [String(spoken[0])] : Array.from({ length: repeat }, () => String(spoken[0])), token, tokens[index + spoken[1] - 1] ?? token)
    else if (Object.hasOwn(numbers.repeat, token.text)) {
      repeat = numbers.repeat[token.text] ?? 1
      index += 1
      continue
    } else {
      close(builder)
      builder.words += 1
      if (/\d/.test(token.text)) builder.barrier = true
    }
    repeat = 1
    index += spoken?.[1] ?? 1
  }
  close(builder)
  return { segments: builder.segments, wordsAfter: builder.words, barrierAfter: builder.barrier }
}
