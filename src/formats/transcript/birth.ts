/** Ages and dates of birth that make the speaker a minor at the time of the turn. */
import { numbersOf, spokenNumber } from "./numbers.ts"
import type { Language } from "./phrases.ts"
import type { Sentence } from "./sentences.ts"

/** Who is younger is a minor (UN Convention on the Rights of the Child, art. 1). */
const majority = 18
/** Below this an "I'm 3" speaks of something else. */
const speakingAgeMin = 5

/** Does the sentence give an age of the speaker below majority? */
export const saysMinorAge = (sentence: Sentence, language: Language): boolean => {
  const match = language.age.exec(sentence.text)
  if (match === null) return false
  const after = sentence.text.slice(match.index, match.index + match[0].length + 12)
  const before = sentence.text.slice(Math.max(0, match.index - 24), match.index + match[0].length)
  if (language.ageUnless.test(` ${after} `) || language.ageUnless.test(` ${before}`)) return false
  const said = match.slice(1).find((group) => group !== undefined)
  // No number: "I'm under 18", "I'm a minor".
  if (said === undefined) return true
  const age = /^\d/.test(said) ? Number(said) : spokenNumber([said.trim()], 0, language.numbers)?.[0]
  return age !== undefined && age >= speakingAgeMin && age < majority
}

type Day = { readonly year: number; readonly month: number; readonly day: number }

const real = ({ year, month, day }: Day): boolean => year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31

/** Years written with two digits: the latest that is not after the turn. */
const century = (year: number, now: number): number => (year >= 100 ? year : 2000 + year <= now ? 2000 + year : 1900 + year)

/** All ways to read three numbers as a date. */
const readings = (first: number, second: number, third: number, firstDigits: number, now: number): ReadonlyArray<Day> =>
  (firstDigits === 4
    ? [{ year: first, month: second, day: third }]
    : [{ year: century(third, now), month: first, day: second }, { year: century(third, now), month: second, day: first }]
  ).filter(real)

const writtenDates = (text: string, now: number): ReadonlyArray<ReadonlyArray<Day>> =>
  Array.from(text.matchAll(/(?<!\d)(\d{1,4})[ ]?[/.-][ ]?(\d{1,2})[ ]?[/.-][ ]?(\d{2,4})(?!\d)/g), (match) =>
    readings(Number(match[1]), Number(match[2]), Number(match[3]), match[1]?.length ?? 0, now)
  )

/** Number that a word, or the words from `at` on, say: cardinal, ordinal, or written with or without "th". */
const dayOrYear = (words: ReadonlyArray<string>, at: number, language: Language): readonly [value: number, words: number] | undefined => {
  const word = words[at] ?? ""
  const written = /^(\d{1,4})(?:st|nd|rd|th|º|ª)?$/.exec(word)
  if (written !== null) return [Number(written[1]), 1]
  const { ordinals } = language.numbers
  if (Object.hasOwn(ordinals, word)) return [ordinals[word] ?? 0, 1]
  const spoken = spokenNumber(words, at, language.numbers)
  const tens = spoken?.[0] ?? 0
  const unit = words[at + 1] ?? ""
  if ((tens === 20 || tens === 30) && spoken?.[1] === 1 && Object.hasOwn(ordinals, unit) && (ordinals[unit] ?? 10) < 10) return [tens + (ordinals[unit] ?? 0), 2]
  return spoken
}

/** A year from `at` on: 2012, two thousand twelve, twenty twelve, nineteen ninety. */
const yearAt = (words: ReadonlyArray<string>, at: number, language: Language, now: number): number | undefined => {
  const first = dayOrYear(words, at, language)
  if (first === undefined) return undefined
  if (first[0] >= 100) return first[0]
  // Digit by digit: one nine eight zero.
  const four = words.slice(at, at + 4).map((word) => (Object.hasOwn(language.numbers.values, word) ? language.numbers.values[word] ?? 10 : 10))
  if (four.length === 4 && four.every((digit) => digit < 10) && (four[0] === 1 || four[0] === 2)) return Number(four.join(""))
  const second = first[0] === 19 || first[0] === 20 ? dayOrYear(words, at + first[1], language) : undefined
  if (second !== undefined && second[0] < 100) {
    const oh = second[0] === 0 ? dayOrYear(words, at + first[1] + second[1], language) : undefined
    return first[0] * 100 + (oh !== undefined && oh[0] < 10 ? oh[0] : second[0])
  }
  return century(first[0], now)
}

/** Dates with the month's name: "may third twenty twelve", "3. mai 2012", "el tres de mayo de dos mil doce". */
const namedDates = (text: string, language: Language, now: number): ReadonlyArray<ReadonlyArray<Day>> => {
  const words = text.replace(/[^a-zà-öø-ÿß0-9ºª' ]/g, " ").split(/\s+/).filter((word) => word !== "" && !["of", "the", "de", "del", "el", "der", "den", "am", "im"].includes(word))
  const dates: Array<ReadonlyArray<Day>> = []
  words.forEach((word, index) => {
    const month = Object.hasOwn(language.months, word) ? language.months[word] : undefined
    if (month === undefined) return
    const following = dayOrYear(words, index + 1, language)
    const dayAfter = following !== undefined && following[0] <= 31 ? following : undefined
    const options: Array<Day> = []
    const year = yearAt(words, index + 1, language, now)
    const later = dayAfter === undefined ? undefined : yearAt(words, index + 1 + dayAfter[1], language, now)
    // The day stands before the month, one or two words long.
    const before = [2, 1].map((back) => dayOrYear(words, index - back, language)?.[1] === back ? dayOrYear(words, index - back, language)?.[0] : undefined).find((day) => day !== undefined && day >= 1 && day <= 31)
    if (before !== undefined && year !== undefined && year >= 1900) options.push({ year, month, day: before })
    else if (later !== undefined && dayAfter !== undefined) options.push({ year: later, month, day: dayAfter[0] })
    else if (year !== undefined) options.push({ year, month, day: before ?? 1 })
    dates.push(options.filter(real))
  })
  return dates
}

/** Ways to read digits said one after the other as month, day and year. */
const digitReadings = (digits: string, now: number): ReadonlyArray<Day> => {
  const days: Array<Day> = []
  const yearFirst = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(digits)
  if (yearFirst !== null) days.push(...readings(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3]), 4, now))
  for (const split of [/^(\d)(\d)((?:19|20)\d\d)$/, /^(\d)(\d\d)((?:19|20)\d\d)$/, /^(\d\d)(\d)((?:19|20)\d\d)$/, /^(\d\d)(\d\d)((?:19|20)\d\d)$/, /^(\d\d)(\d\d)(\d\d)$/]) {
    const match = split.exec(digits)
    if (match !== null) days.push(...readings(Number(match[1]), Number(match[2]), Number(match[3]), 1, now))
  }
  return days
}

/** Dates said as numbers: "five three twenty twelve", "zero six dash one seven dash one nine eight zero". */
const spokenDates = (text: string, language: Language, now: number): ReadonlyArray<ReadonlyArray<Day>> => {
  const runs: Array<string> = []
  for (const segment of numbersOf(text, language.numbers).segments) {
    // "dash" or "and" may stand between.
    if (runs.length === 0 || segment.wordsBefore > 1) runs.push(segment.digits)
    else runs.push((runs.pop() ?? "") + segment.digits)
  }
  return runs.map((digits) => digitReadings(digits, now))
}

const ageOn = (born: Day, at: Day): number => at.year - born.year - (at.month < born.month || (at.month === born.month && at.day < born.day) ? 1 : 0)

/**
 * Does the lower-case text give a date that, as a date of birth, makes a minor at `at` (RFC 3339)
 * however it is read? With `afterCue` only what stands after the first word about birth counts.
 */
export const datesMakeMinor = (text: string, afterCue: boolean, at: string, language: Language): boolean => {
  const now: Day = { year: Number(at.slice(0, 4)), month: Number(at.slice(5, 7)), day: Number(at.slice(8, 10)) }
  const said = afterCue ? text.slice(language.birthHint.exec(text)?.index ?? 0) : text
  const written = [...(/\d ?[/.-] ?\d/.test(said) ? writtenDates(said, now.year) : []), ...(language.monthName.test(said) ? namedDates(said, language, now.year) : [])]
  const dates = written.some((days) => days.length > 0) ? written : spokenDates(said, language, now.year)
  return dates.some((days) => days.length > 0 && days.every((day) => {
    const age = ageOn(day, now)
    return age >= 0 && age < majority
  }))
}
