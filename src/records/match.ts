/**
 * Does a line of JSON fit its kind's schema? Told from its bytes in one pass, without making a value of them. It knows
 * ordinary records only: what it does not know for certain (an escape, white space of another kind, a rare number, a fault) is
 * left to parsing and validation, which say what is wrong. What it takes they would take.
 */
import { daysInMonth } from "./instant.ts"
import type { RecordKind } from "./kinds.ts"
import { aliases, boolean, type ByteClasses, classes, type Field, instant, integer, keysMax, list, map, number, object, type Shape, shapes, text, word } from "./shape.ts"

const digitsMax = 15
const wholeDigitsMax = 12

let offset = false
let texts: Array<number> = []

const pastSpace = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (bytes[at] === 32 || bytes[at] === 9) at++
  return at
}

const begins = (bytes: Uint8Array, at: number, token: Uint8Array): boolean => {
  for (let place = 0; place < token.length; place++) if (bytes[at + place] !== token[place]) return false
  return true
}

/** Index after the closing quote, or -1. */
const pastText = (bytes: Uint8Array, from: number, end: number): number => {
  if (bytes[from] !== 34) return -1
  for (let at = from + 1; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 34) return at + 1
    if (byte === 92 || byte < 32) return -1
  }
  return -1
}

const two = (bytes: Uint8Array, at: number): number => {
  const tens = (bytes[at] ?? 0) - 48
  const ones = (bytes[at + 1] ?? 0) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}

/** Index after `Z` or the offset from UTC, or -1. */
const pastZone = (bytes: Uint8Array, at: number): number => {
  const sign = bytes[at]
  if (sign === 90) return at + 1
  if (sign !== 43 && sign !== 45 || bytes[at + 3] !== 58) return -1
  const hours = two(bytes, at + 1)
  const minutes = two(bytes, at + 4)
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return -1
  offset = true
  return at + 6
}

const isDay = (bytes: Uint8Array, at: number): boolean => {
  const year = two(bytes, at) * 100 + two(bytes, at + 2)
  const month = two(bytes, at + 5)
  const day = two(bytes, at + 8)
  // Leap seconds and the first and last year have rules of their own.
  return two(bytes, at) >= 0 && two(bytes, at + 2) >= 0 && year > 1 && year < 9999 && bytes[at + 4] === 45 && bytes[at + 7] === 45
    && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysInMonth(year, month))
}

const isTimeOfDay = (bytes: Uint8Array, at: number): boolean => {
  const hour = two(bytes, at)
  const minute = two(bytes, at + 3)
  const second = two(bytes, at + 6)
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && bytes[at + 2] === 58 && bytes[at + 5] === 58
}

const pastInstant = (bytes: Uint8Array, from: number): number => {
  if (bytes[from] !== 34 || bytes[from + 11] !== 84 || !isDay(bytes, from + 1) || !isTimeOfDay(bytes, from + 12)) return -1
  let at = from + 20
  if (bytes[at] === 46) {
    const first = ++at
    while ((bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) at++
    if (at === first) return -1
  }
  at = pastZone(bytes, at)
  return at !== -1 && bytes[at] === 34 ? at + 1 : -1
}

const pastWord = (bytes: Uint8Array, at: number, words: ReadonlyArray<Uint8Array>): number => {
  for (const each of words) if (begins(bytes, at, each)) return at + each.length
  return -1
}

const pastClasses = (bytes: Uint8Array, from: number, pattern: ByteClasses): number => {
  if (bytes[from] !== 34) return -1
  let at = from + 1
  for (const allowed of pattern.allowed) {
    if (allowed[bytes[at] ?? 0] !== 1) break
    at++
  }
  return bytes[at] === 34 && pattern.lengths.has(at - from - 1) ? at + 1 : -1
}

const pastDigits = (bytes: Uint8Array, from: number): number => {
  let at = from
  while ((bytes[at] ?? 0) >= 48 && (bytes[at] ?? 0) <= 57) at++
  return at
}

/** A number without exponent; `whole` without a fraction too. */
const pastNumber = (bytes: Uint8Array, from: number, negative: boolean, whole: boolean): number => {
  const first = negative && bytes[from] === 45 ? from + 1 : from
  let at = pastDigits(bytes, first)
  const digits = at - first
  if (digits === 0 || digits > (whole ? digitsMax : wholeDigitsMax) || digits > 1 && bytes[first] === 48) return -1
  if (!whole && bytes[at] === 46) {
    const point = at
    at = pastDigits(bytes, point + 1)
    if (at === point + 1 || at - point > digitsMax) return -1
  }
  const next = bytes[at]
  return next === 46 || next === 101 || next === 69 ? -1 : at
}

const trueWord = Buffer.from("true")
const falseWord = Buffer.from("false")
const nullWord = Buffer.from("null")

const pastBoolean = (bytes: Uint8Array, at: number): number => begins(bytes, at, trueWord) ? at + 4 : begins(bytes, at, falseWord) ? at + 5 : -1

const pastScalar = (bytes: Uint8Array, at: number, end: number, orNull: boolean): number => {
  const byte = bytes[at]
  if (byte === 34) return pastText(bytes, at, end)
  if (byte === 116 || byte === 102) return pastBoolean(bytes, at)
  if (byte === 110) return orNull && begins(bytes, at, nullWord) ? at + 4 : -1
  return pastNumber(bytes, at, true, false)
}

/** An alias that is an object, or a text, whose place is kept. */
const pastAlias = (bytes: Uint8Array, at: number, end: number, shape: Shape): number => {
  if (bytes[at] !== 34) return past(bytes, at, end, shape)
  const next = bytes[at + 1] === 34 ? -1 : pastText(bytes, at, end)
  if (next !== -1) texts.push(at, next)
  return next
}

const pastList = (bytes: Uint8Array, from: number, end: number, shape: Shape): number => {
  if (bytes[from] !== 91 || shape.item === undefined) return -1
  let at = pastSpace(bytes, from + 1)
  if (bytes[at] === 93) return shape.lenient ? at + 1 : -1
  for (;;) {
    at = shape.type === aliases ? pastAlias(bytes, at, end, shape.item) : past(bytes, at, end, shape.item)
    if (at === -1) return -1
    at = pastSpace(bytes, at)
    const byte = bytes[at]
    if (byte === 93) return at + 1
    if (byte !== 44) return -1
    at = pastSpace(bytes, at + 1)
  }
}

/** Index of a member's value, after its colon; -1 where there is none. */
const valueAfter = (bytes: Uint8Array, from: number): number => {
  const at = pastSpace(bytes, from)
  return bytes[at] === 58 ? pastSpace(bytes, at + 1) : -1
}

/** Free keys with scalars; no key twice. */
const pastMap = (bytes: Uint8Array, from: number, end: number, orNull: boolean): number => {
  if (bytes[from] !== 123) return -1
  let at = pastSpace(bytes, from + 1)
  if (bytes[at] === 125) return at + 1
  const keys: Array<Uint8Array> = []
  for (;;) {
    const key = pastText(bytes, at, end)
    if (key === -1 || keys.length === keysMax) return -1
    for (const other of keys) if (begins(bytes, at, other)) return -1
    keys.push(bytes.subarray(at, key))
    at = valueAfter(bytes, key)
    if (at === -1) return -1
    at = pastScalar(bytes, at, end, orNull)
    if (at === -1) return -1
    at = pastSpace(bytes, at)
    const byte = bytes[at]
    if (byte === 125) return at + 1
    if (byte !== 44) return -1
    at = pastSpace(bytes, at + 1)
  }
}

const fieldAt = (bytes: Uint8Array, at: number, likely: Field | undefined, fields: ReadonlyArray<Field>): Field | undefined => {
  if (likely !== undefined && begins(bytes, at, likely.key)) return likely
  for (const field of fields) if (begins(bytes, at, field.key)) return field
  return undefined
}

const isComplete = (seen: number, { required, any, one }: Shape): boolean => {
  const chosen = seen & one
  return (seen & required) === required && (any === 0 || (seen & any) !== 0) && (one === 0 || chosen !== 0 && (chosen & (chosen - 1)) === 0)
}

const pastObject = (bytes: Uint8Array, from: number, end: number, shape: Shape): number => {
  if (bytes[from] !== 123) return -1
  let at = pastSpace(bytes, from + 1)
  if (bytes[at] === 125) return isComplete(0, shape) ? at + 1 : -1
  let seen = 0
  let before: Field | undefined
  for (;;) {
    const likely = before === undefined ? shape.first : before.next
    const field = fieldAt(bytes, at, likely, shape.fields)
    if (field === undefined || (seen & field.bit) !== 0) return -1
    if (field !== likely) {
      if (before === undefined) shape.first = field
      else before.next = field
    }
    before = field
    seen |= field.bit
    at = valueAfter(bytes, at + field.key.length)
    if (at === -1) return -1
    at = past(bytes, at, end, field.shape)
    if (at === -1) return -1
    at = pastSpace(bytes, at)
    const byte = bytes[at]
    if (byte === 125) return isComplete(seen, shape) ? at + 1 : -1
    if (byte !== 44) return -1
    at = pastSpace(bytes, at + 1)
  }
}

/** Index after the value that begins at `at` and has the shape, or -1. */
const past = (bytes: Uint8Array, at: number, end: number, shape: Shape): number => {
  switch (shape.type) {
    case text: return !shape.lenient && bytes[at + 1] === 34 ? -1 : pastText(bytes, at, end)
    case instant: return pastInstant(bytes, at)
    case word: return pastWord(bytes, at, shape.words)
    case classes: return shape.pattern === undefined ? -1 : pastClasses(bytes, at, shape.pattern)
    case number: return pastNumber(bytes, at, shape.lenient, false)
    case integer: return pastNumber(bytes, at, shape.lenient, true)
    case boolean: return pastBoolean(bytes, at)
    case list: case aliases: return pastList(bytes, at, end, shape)
    case object: return pastObject(bytes, at, end, shape)
    case map: return pastMap(bytes, at, end, shape.lenient)
    default: return -1
  }
}

type Known = { readonly kind: RecordKind; readonly tag: Buffer; readonly shape: Shape }

let known: ReadonlyArray<Known> | undefined

const kindMark = Buffer.from(`"kind"`)

/** The kind that stands after the first `"kind"`; matching proves that it is the record's own. */
const kindIn = (bytes: Buffer, start: number, end: number): Known | undefined => {
  let at = start + 1
  if (!begins(bytes, at, kindMark)) {
    // Searched in the line alone: a chunk of lines without any would be searched again for each.
    const found = bytes.subarray(start, end).indexOf(kindMark)
    if (found === -1) return undefined
    at = start + found
  }
  const value = valueAfter(bytes, at + kindMark.length)
  known ??= Object.entries(shapes()).map(([kind, shape]) => ({ kind: kind as RecordKind, tag: Buffer.from(`"${kind}"`), shape }))
  return value === -1 ? undefined : known.find(({ tag }) => begins(bytes, value, tag))
}

/**
 * The kind of the record that stands in `bytes` from `start` to `end` (valid UTF-8), where it certainly fits, can be kept as it
 * came (but for `matchedAliases`) and has no key twice; undefined where that takes a closer look.
 */
export const matchRecord = (bytes: Buffer, start: number, end: number): RecordKind | undefined => {
  const found = kindIn(bytes, start, end)
  if (found === undefined) return undefined
  offset = false
  if (texts.length > 0) texts = []
  return pastObject(bytes, start, end, found.shape) === end ? found.kind : undefined
}

/** Had the record last matched a time with an offset from UTC that is not `Z`? */
export const matchedOffset = (): boolean => offset

/** Where the aliases that are texts begin and end in the record last matched; they are kept as objects. */
export const matchedAliases = (): ReadonlyArray<number> => texts
