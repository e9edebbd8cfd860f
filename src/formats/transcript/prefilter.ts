/**
 * Which turns could hold anything of interest: one pass over the characters through an automaton of all words
 * looked for (Aho and Corasick, "Efficient string matching", CACM 18(6), 1975). It may say too much, since all
 * separators are one to it, never too little; the regular expressions then look at the turns that it names.
 */
import { apostrophes } from "./apostrophes.ts"

/** What is looked for; hints and age starts are patterns of letters, classes, `?` and `\b`. */
export type Watched = {
  readonly hints: ReadonlyArray<string>
  readonly ageStarts: ReadonlyArray<string>
  /** Whole words, or the ends of words where the language fuses numbers. */
  readonly numberWords: ReadonlyArray<string>
  readonly fused: boolean
}

/** What a turn may hold: hints of a topic, a sentence about an age, how many number words and digits. */
export type Marks = { readonly hint: boolean; readonly age: boolean; readonly numberWords: number; readonly digits: number }

const flag = { hint: 1, age: 2, numberWord: 4, digit: 8 } as const

/** Codes from here on are separators to every phrase file; the last known is the curly apostrophe. */
const codesKnown = 0x201a
const separator = 0
const otherWord = 1
const digit = 2

/** A word as the classes of its characters, one of several at each place. */
type Places = ReadonlyArray<ReadonlyArray<number>>

type Classes = { readonly of: Uint8Array; readonly count: number; readonly apostrophe: number }

const classesOf = (letters: ReadonlySet<string>): Classes => {
  const of = new Uint8Array(codesKnown)
  for (let code = 0; code < 128; code++) if (/\w/.test(String.fromCharCode(code))) of[code] = otherWord
  for (let code = 48; code < 58; code++) of[code] = digit
  const known = [...letters].filter((letter) => /[^\d\s.,-]/.test(letter)).sort()
  known.forEach((letter, index) => { of[letter.charCodeAt(0)] = index + digit + 1 })
  for (let code = 0; code < codesKnown; code++) {
    const lower = String.fromCharCode(code).toLowerCase()
    if (lower.length === 1 && lower.charCodeAt(0) < codesKnown) of[code] = of[lower.charCodeAt(0)] as number
  }
  for (const apostrophe of apostrophes) of[apostrophe.charCodeAt(0)] = of[39] as number
  return { of, count: known.length + digit + 1, apostrophe: of[39] as number }
}

/** Pieces of a pattern: a character or class, with what makes it optional, or a word's boundary. */
const piecePattern = /\\b|(?:\[[^\]]+\]|.)\??/gu

const lettersOf = (pattern: string): ReadonlyArray<string> => Array.from(pattern.replaceAll("\\b", "")).filter((letter) => !"[]?".includes(letter))

/** All ways to write a pattern, each as the classes at its places. */
const placesOf = (pattern: string, classes: Classes): ReadonlyArray<Places> => {
  let written: ReadonlyArray<Places> = [[]]
  for (const [piece] of pattern.matchAll(piecePattern)) {
    const place = piece === "\\b" ? [separator, classes.apostrophe] : [...new Set(lettersOf(piece).map((letter) => classes.of[letter.charCodeAt(0)] as number))]
    const longer = written.map((places) => [...places, place])
    written = piece.length > 1 && piece.endsWith("?") ? [...longer, ...written] : longer
  }
  return written
}

/** Every sequence of classes that the places allow. */
const sequences = (places: Places): ReadonlyArray<ReadonlyArray<number>> =>
  places.reduce<ReadonlyArray<ReadonlyArray<number>>>((all, place) => all.flatMap((before) => place.map((each) => [...before, each])), [[]])

type Trie = { readonly next: Array<Array<number>>; readonly flags: Array<number> }

const insert = (trie: Trie, sequence: ReadonlyArray<number>, bit: number): void => {
  let state = 0
  for (const each of sequence) {
    const row = trie.next[state] as Array<number>
    let to = row[each]
    if (to === undefined) {
      to = trie.next.push([]) - 1
      trie.flags.push(0)
      row[each] = to
    }
    state = to
  }
  trie.flags[state] = (trie.flags[state] ?? 0) | bit
}

/** The automaton's table: rows of states, entries premultiplied by the width; negative (~entry) where something was found. */
type Table = { readonly next: Int32Array; readonly flags: Uint8Array; readonly width: number }

/** Fills in where each state goes on a character that continues none of its words, breadth first. */
const tableOf = ({ next: rows, flags }: Trie, width: number): Table => {
  const next = new Int32Array(rows.length * width)
  const fallback = new Int32Array(rows.length)
  const order = [0]
  for (let index = 0; index < order.length; index++) {
    const state = order[index] as number
    for (let each = 0; each < width; each++) {
      const to = rows[state]?.[each]
      const fallen = state === 0 ? 0 : (next[(fallback[state] as number) * width + each] as number)
      next[state * width + each] = to ?? fallen
      if (to === undefined) continue
      fallback[to] = fallen
      flags[to] = (flags[to] ?? 0) | (flags[fallen] ?? 0)
      order.push(to)
    }
  }
  return { next: next.map((to) => (flags[to] === 0 ? to * width : ~(to * width))), flags: Uint8Array.from(flags), width }
}

/** Says of a turn, as it was written, what it may hold. */
export type Prefilter = (turn: string) => Marks

const nothing: Marks = { hint: false, age: false, numberWords: 0, digits: 0 }

/** Builds the automaton of a language; a few thousand states, built once. */
export const prefilterOf = (watched: Watched): Prefilter => {
  const all = [...watched.hints, ...watched.ageStarts, ...watched.numberWords]
  const classes = classesOf(new Set(["'", ...all.flatMap(lettersOf)]))
  const trie: Trie = { next: [[]], flags: [0] }
  const watch = (patterns: ReadonlyArray<string>, bit: number): void => {
    for (const pattern of patterns) for (const places of placesOf(pattern, classes)) for (const sequence of sequences(places)) insert(trie, sequence, bit)
  }
  watch(watched.hints, flag.hint)
  watch(watched.ageStarts, flag.age)
  watch(watched.numberWords.map((word) => `${watched.fused ? "" : "\\b"}${word}\\b`), flag.numberWord)
  insert(trie, [digit], flag.digit)
  insert(trie, [separator], 0)
  const { next, flags, width } = tableOf(trie, classes.count)
  const { of } = classes
  const first = Math.abs(next[separator] as number)
  return (turn) => {
    let at = first
    let found = 0
    let numberWords = 0
    let digits = 0
    for (let index = 0; index <= turn.length; index++) {
      const code = index < turn.length ? turn.charCodeAt(index) : 32
      at = next[at + (code < codesKnown ? (of[code] as number) : separator)] as number
      if (at >= 0) continue
      at = ~at
      const bits = flags[at / width] as number
      found |= bits
      if ((bits & flag.numberWord) !== 0) numberWords++
      if ((bits & flag.digit) !== 0) digits++
    }
    return found === 0 ? nothing : { hint: (found & flag.hint) !== 0, age: (found & flag.age) !== 0, numberWords, digits }
  }
}
