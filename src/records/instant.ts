/**
 * Times at the border: RFC 3339 with an offset, checked exactly and fast. The full `date-time`
 * check of common validators costs more than everything else that is validated.
 */

import { formatInstant, instantOf } from "../time/index.ts"

const digit = (text: string, at: number): number => {
  const code = text.charCodeAt(at) - 48
  return code >= 0 && code <= 9 ? code : Number.NaN
}
const two = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

/** Days of a month (1 to 12) in the Gregorian calendar, without making a date. */
export const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

const upperT = 84
const upperZ = 90
const lower = 32

/** Index after the seconds and their fraction, or -1 where the time of day is not one. */
const afterTimeOfDay = (text: string): number => {
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return -1
  if (!(two(text, 11) <= 23 && two(text, 14) <= 59 && two(text, 17) <= 60)) return -1
  if (text.charCodeAt(19) !== 46) return 19
  let at = 20
  while (digit(text, at) >= 0) at++
  return at === 20 ? -1 : at
}

const isOffset = (text: string, at: number): boolean => {
  const sign = text.charCodeAt(at)
  if ((sign & ~lower) === upperZ) return text.length === at + 1
  return (sign === 43 || sign === 45) && text.length === at + 6 && text.charCodeAt(at + 3) === 58
    && two(text, at + 1) <= 23 && two(text, at + 4) <= 59
}

/** Minutes east of UTC. */
const offsetOf = (text: string): number =>
  (text.charCodeAt(text.length - 1) & ~lower) === upperZ ? 0 : (two(text, text.length - 5) * 60 + two(text, text.length - 2)) * (text.at(-6) === "-" ? -1 : 1)

const isLeapSecond = (text: string): boolean => text.charCodeAt(17) === 54

/** Leap seconds are inserted in the last minute of a day in UTC and nowhere else. */
const endsDay = (text: string): boolean => (two(text, 11) * 60 + two(text, 14) - offsetOf(text) + 2880) % 1440 === 1439

/** The store holds the years 1 to 9999 in UTC; an offset or a leap second must not lead out of them. */
const staysInCalendar = (text: string, year: number): boolean => {
  if (year > 1 && year < 9999) return true
  const shift = offsetOf(text)
  const time = new Date(0)
  time.setUTCFullYear(year, two(text, 5) - 1, two(text, 8))
  time.setUTCHours(two(text, 11), two(text, 14) - shift, two(text, 17), 0)
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999
}

/**
 * Is it a time as RFC 3339 §5.6 writes it: an existing day, an offset, in UTC within the years 1 to
 * 9999? `t` and `z` may be in lower case, and a day in UTC may end with a leap second, as the RFC allows.
 */
export const isInstant = (text: string): boolean => {
  if (text.length < 20 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || (text.charCodeAt(10) & ~lower) !== upperT) return false
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return false
  const zone = afterTimeOfDay(text)
  return zone !== -1 && isOffset(text, zone) && (!isLeapSecond(text) || endsDay(text)) && staysInCalendar(text, year)
}

/** What is wrong with a text that is no instant; quotes nothing of it. */
export const instantFault = (text: string): string => {
  const shape = /^\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?<zone>.*))?$/s.exec(text)
  if (shape === null) return "is not a time as RFC 3339 writes it, for instance 2026-01-31T09:30:00Z"
  if (text.length === 10) return "is a day without a time; write for instance 2026-01-31T09:30:00Z"
  if (shape.groups?.["zone"] === "") return "has no offset from UTC; write for instance 2026-01-31T09:30:00Z or 2026-01-31T10:30:00+01:00"
  if (text.slice(17, 19) === "60") return "is no leap second, for only the last minute of a day in UTC can have one"
  return "names a day, a time or an offset that does not exist"
}

/** Is it written in a way that the store does not read: `t` or `z` in lower case, a leap second? */
export const isUnusualInstant = (text: string): boolean => text.charCodeAt(10) > 96 || text.charCodeAt(text.length - 1) > 96 || isLeapSecond(text)

/** Is it written with an offset from UTC that is not `Z`? */
export const hasOffset = (text: string): boolean => (text.charCodeAt(text.length - 1) & ~lower) !== upperZ

/** The instant as the store reads it: `T` and `Z` in upper case; a leap second is the start of the next day, as on clocks that know none. */
export const storedInstant = (text: string): string => isLeapSecond(text) ? formatInstant(instantOf(text)) : text.toUpperCase()
