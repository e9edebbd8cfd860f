/**
 * Finds in a transcript what consent is judged by: who was told, who agreed, who objected, which
 * card data was spoken. Text goes in; only signals come out, never a word or a digit.
 *
 * Most turns hold nothing of interest, so one pass over the characters says which may, and only those
 * are looked at closely.
 */
import { answersIn } from "./answers.ts"
import { withPlainApostrophes } from "./apostrophes.ts"
import { datesMakeMinor, saysMinorAge } from "./birth.ts"
import { cardPlaces, type SpokenNumbers } from "./card.ts"
import { numbersOf } from "./numbers.ts"
import { type Language, languageNamed, phraseLanguages } from "./phrases.ts"
import type { Marks } from "./prefilter.ts"
import { says, type Sentence, sentencesOf } from "./sentences.ts"

/** What was heard. */
export type SignalType =
  | "recording-notice"
  | "spoken-yes"
  | "objection"
  | "bot-disclosure"
  | "card-number"
  | "security-code"
  | "minor-age"

/** One thing heard: where, by whom; never what was said. */
export type Signal = {
  /** Who spoke, as the transcript names the speaker. */
  readonly partyId: string
  /** Start of the (first) turn. */
  readonly at: string
  /** End of the (last) turn; absent where the transcript has none. */
  readonly until?: string
  readonly type: SignalType
  /** Index of the (first) turn, from 0. */
  readonly turn: number
}

/** One turn as the transcript record has it. */
export type ScannedTurn = { readonly partyId: string; readonly at: string; readonly until?: string | undefined; readonly text: string }

/** What is scanned: a transcript record, or anything with its language and turns. */
export type Scannable = { readonly language?: string | undefined; readonly turns: ReadonlyArray<ScannedTurn> }

/** Turns after a question about a security code or a birthday in which the answer is looked for. */
const answerTurnsMax = 3
/** Turns around a run of digits in which its other pieces are looked for. */
const digitTurnsAround = 4

const emptyScan = { signals: [], languages: [] } as const

/** The phrase files for a transcript: its own language's, or all where it does not say. */
const languagesOf = (language: string | undefined): ReadonlyArray<Language> => {
  const primary = language?.toLowerCase().split(/[-_]/)[0]
  const names = primary === undefined || primary === "" || primary === "und" || primary === "mul" ? phraseLanguages : [primary]
  return names.flatMap((name) => languageNamed(name) ?? [])
}

/** The turns of a transcript as one language sees them: what each may hold, and its text in lower case with plain apostrophes, made when asked for. */
type Turns = { readonly count: number; readonly marks: ReadonlyArray<Marks>; readonly text: (turn: number) => string }

const turnsOf = (turns: ReadonlyArray<ScannedTurn>, language: Language): Turns => {
  const lower: Array<string | undefined> = []
  return {
    count: turns.length,
    marks: turns.map((turn) => language.prefilter(turn.text)),
    text: (turn) => (lower[turn] ??= withPlainApostrophes((turns[turn]?.text ?? "").toLowerCase()))
  }
}

/** Indices of the turns that may hold what is meant, ascending. */
const turnsWith = (turns: Turns, may: (marks: Marks) => boolean): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let turn = 0; turn < turns.count; turn++) if (may(turns.marks[turn] as Marks)) found.push(turn)
  return found
}

type Found = { readonly type: SignalType; readonly turn: number; readonly to?: number }

const phrasesIn = (sentences: ReadonlyArray<Sentence>, language: Language, turn: number): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  if (sentences.some((sentence) => says(sentence, language.notice))) found.push({ type: "recording-notice", turn })
  if (sentences.some((sentence) => says(sentence, language.objection))) found.push({ type: "objection", turn })
  else if (sentences.some((sentence) => !sentence.question && says(sentence, language.saysYes))) found.push({ type: "spoken-yes", turn })
  if (sentences.some((sentence) => !sentence.question && says(sentence, language.bot))) found.push({ type: "bot-disclosure", turn })
  return found
}

/** Three written digits in a row, in any language. */
const writtenDigits = /[0-9][ .,-]?[0-9][ .,-]?[0-9]/
/** The fewest digits of a card number. */
const cardDigitsMin = 13

/** Turns with a digit near those with a run of digits; `card`: there may be a card number among them. */
type DigitTurns = { readonly turns: ReadonlyArray<number>; readonly spoken: ReadonlySet<number>; readonly card: boolean }

const digitTurnsOf = (turns: Turns, language: Language): DigitTurns => {
  const spoken = new Set(turnsWith(turns, (marks) => marks.numberWords >= 2).filter((turn) => language.spokenDigits.test(turns.text(turn))))
  const written = turnsWith(turns, (marks) => marks.digits >= 3).filter((turn) => writtenDigits.test(turns.text(turn)))
  if (spoken.size + written.length === 0) return { turns: [], spoken, card: false }
  const near = new Set<number>()
  for (const hits of [written, spoken])
    for (const hit of hits)
      for (let turn = Math.max(0, hit - digitTurnsAround); turn <= hit + digitTurnsAround && turn < turns.count; turn++) near.add(turn)
  let sum = 0
  let last = -1
  let card = false
  const withDigits = [...near].sort((a, b) => a - b).filter((turn) => {
    // As many as a card number has where number words are.
    const digits = (turns.marks[turn]?.digits ?? 0) + (spoken.has(turn) ? cardDigitsMin : 0)
    if (digits === 0) return false
    sum = turn - last > digitTurnsAround ? digits : sum + digits
    last = turn
    card ||= sum >= cardDigitsMin
    return true
  })
  return { turns: withDigits, spoken, card }
}

/** Sentences of a turn; each turn is parted once. */
type Sentences = (turn: number) => ReadonlyArray<Sentence>

const sentencesIn = (turns: Turns): Sentences => {
  const known = new Map<number, ReadonlyArray<Sentence>>()
  return (turn) => {
    const sentences = known.get(turn) ?? sentencesOf(turns.text(turn))
    known.set(turn, sentences)
    return sentences
  }
}

/** The turn, at most `answerTurnsMax` before, that asks what this turn answers; undefined if none, or if it asks for something else. */
const askedBefore = (sentences: Sentences, turn: number, cues: ReadonlySet<number>, cue: RegExp, unless: RegExp, other: (turn: number) => boolean): number | undefined => {
  for (let from = turn; from >= Math.max(0, turn - answerTurnsMax); from--) {
    const cued = cues.has(from) ? sentences(from).filter((sentence) => cue.test(sentence.text)) : []
    if (cued.length > 0) return cued.every((sentence) => unless.test(sentence.text)) ? undefined : from
    if (from < turn && other(from)) return undefined
  }
  return undefined
}

const threeOrFourDigits = /^\d{3,4}$/

/** A security code is three or four digits by themselves, beside the cue in its turn or in an answer to it. */
const securityCodes = (turns: Turns, sentences: Sentences, cues: ReadonlySet<number>, spoken: ReadonlyArray<SpokenNumbers>, language: Language): ReadonlyArray<Found> =>
  spoken.flatMap((each): ReadonlyArray<Found> => {
    const segments = each.numbers.segments.filter((segment) => threeOrFourDigits.test(segment.digits))
    if (segments.length === 0) return []
    const otherDigits = (turn: number): boolean => sentences(turn).some((sentence) => language.birthCue.test(sentence.text) || language.codeDigitsUnless.test(sentence.text))
    const asked = askedBefore(sentences, each.turn, cues, language.codeCue, language.codeUnless, otherDigits)
    if (asked === undefined) return []
    const text = turns.text(each.turn)
    const cued = (part: Sentence | undefined): boolean => part !== undefined && language.codeCue.test(part.text)
    const said = segments.some((segment) => {
      const before = sentencesOf(text.slice(0, segment.start))
      const words = (before.at(-1)?.text ?? "").trim().split(" ").slice(-3).join(" ")
      if (language.codeDigitsUnless.test(` ${words} `)) return false
      // In the cue's own turn the digits follow the cue, or the cue follows them at once ("123 is the CVV").
      return asked !== each.turn || cued(before.at(-1)) || cued(before.at(-2)) || cued(sentencesOf(text.slice(segment.end, segment.end + 40))[0])
    })
    return said ? [{ type: "security-code", turn: each.turn }] : []
  })

/** A date of birth in the cue's turn, or in an answer to it. */
const minorDates = (turns: Turns, sentences: Sentences, cues: ReadonlySet<number>, scanned: Scannable, language: Language): ReadonlyArray<Found> => {
  const answers = new Set([...cues].flatMap((cue) => Array.from({ length: answerTurnsMax + 1 }, (_, after) => cue + after)).filter((turn) => turn < turns.count && language.anyNumber.test(turns.text(turn))))
  return [...answers].flatMap((turn): ReadonlyArray<Found> => {
    const asked = askedBefore(sentences, turn, cues, language.birthCue, language.birthUnless, () => false)
    if (asked === undefined) return []
    return datesMakeMinor(turns.text(turn), asked === turn, scanned.turns[turn]?.at ?? "", language) ? [{ type: "minor-age", turn }] : []
  })
}

const scanLanguage = (scanned: Scannable, language: Language): ReadonlyArray<Found> => {
  const found: Array<Found> = []
  const turns = turnsOf(scanned.turns, language)
  const sentences = sentencesIn(turns)
  const hinted = turnsWith(turns, (marks) => marks.hint)
  const hintedAt = (hint: RegExp): ReadonlyArray<number> => hinted.filter((turn) => hint.test(` ${turns.text(turn)} `))
  const topical = hintedAt(language.topic)
  for (const turn of topical) found.push(...phrasesIn(sentences(turn), language, turn))
  for (const answer of answersIn(topical, sentences, scanned.turns, language))
    if (!found.some((each) => each.turn === answer.turn && each.type === "objection")) found.push(answer)
  for (const turn of turnsWith(turns, (marks) => marks.age))
    if (language.ownAge.test(` ${turns.text(turn)} `) && sentences(turn).some((sentence) => saysMinorAge(sentence, language))) found.push({ type: "minor-age", turn })
  const birthCues = new Set(hintedAt(language.birthHint))
  if (birthCues.size > 0) found.push(...minorDates(turns, sentences, birthCues, scanned, language))
  const digits = digitTurnsOf(turns, language)
  if (digits.turns.length === 0) return found
  const codeCues = new Set(hintedAt(language.codeHint).filter((turn) => sentences(turn).some((sentence) => language.codeCue.test(sentence.text))))
  if (digits.card || codeCues.size > 0) {
    const spoken = digits.turns.map((turn): SpokenNumbers => ({ partyId: scanned.turns[turn]?.partyId ?? "", turn, numbers: numbersOf(turns.text(turn), language.numbers, digits.spoken.has(turn)) }))
    for (const partyId of new Set(spoken.map((each) => each.partyId)))
      for (const place of cardPlaces(spoken.filter((each) => each.partyId === partyId))) found.push({ type: "card-number", turn: place.from, to: place.to })
    if (codeCues.size > 0) found.push(...securityCodes(turns, sentences, codeCues, spoken, language))
  }
  return found
}

/**
 * Signals of a transcript, in order of turn and type, each at most once a turn, and the languages
 * whose phrases were looked for: none where no phrase file knows the transcript's language (card
 * numbers in digits are found all the same).
 */
export const scanTranscript = (transcript: Scannable): { readonly signals: ReadonlyArray<Signal>; readonly languages: ReadonlyArray<string> } => {
  if (transcript.turns.length === 0) return emptyScan
  const languages = languagesOf(transcript.language)
  const found = new Map<string, Found>()
  const english = languageNamed("en")
  const lookedFor = languages.length > 0 ? languages.flatMap((language) => scanLanguage(transcript, language)) : english === undefined ? [] : scanLanguage(transcript, english).filter((each) => each.type === "card-number")
  for (const each of lookedFor) found.set(`${String(each.turn).padStart(9, "0")} ${each.type}`, each)
  const signals = [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, each]): ReadonlyArray<Signal> => {
    const first = transcript.turns[each.turn]
    if (first === undefined) return []
    const until = transcript.turns[each.to ?? each.turn]?.until
    return [{ partyId: first.partyId, at: first.at, ...(until === undefined ? {} : { until }), type: each.type, turn: each.turn }]
  })
  return { signals, languages: languages.map((language) => language.name) }
}
