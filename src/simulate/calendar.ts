import { formatInstant } from "../time/index.ts"

/** Milliseconds. */
export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

const days = new Map<number, string>()
const pairs = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"))

/** RFC 3339, UTC, whole seconds, of milliseconds since 1970. Dates are remembered: an estate has few days and many times. */
export const iso = (time: number): string => {
  const date = Math.floor(time / day)
  let prefix = days.get(date)
  if (prefix === undefined) {
    prefix = formatInstant(BigInt(date * day) * 1000n).slice(0, 11)
    if (days.size > 10_000) days.clear()
    days.set(date, prefix)
  }
  const seconds = Math.floor((time - date * day) / second)
  return `${prefix}${pairs[Math.floor(seconds / 3600)]}:${pairs[Math.floor(seconds / 60) % 60]}:${pairs[seconds % 60]}Z`
}

/**
 * The working days (Monday to Friday) of an estate. A shift begins at 13:30 UTC and lasts seven
 * hours: with accesses until 23:30 it lies inside 07:00 to 20:00 of Chicago, winter and summer.
 */
export type Calendar = {
  /** First instant of the estate. */
  readonly start: number
  /** The audit's as-of: nothing ordinary happens at or after it. */
  readonly asOf: number
  /** Starts of the shifts, in order. */
  readonly shifts: ReadonlyArray<number>
  /** Starts of those shifts that lie in the calendar quarter with most of them: statistics count by quarter. */
  readonly quarter: ReadonlyArray<number>
}

export const shiftLength = 7 * hour

/** The calendar of the `days` whole days before `asOf` (milliseconds). */
export const calendarOf = (asOf: number, length: number): Calendar => {
  const start = (Math.floor(asOf / day) - length) * day
  const shifts: Array<number> = []
  for (let date = start; date + day <= asOf; date += day) {
    const weekday = (Math.floor(date / day) + 4) % 7
    if (weekday !== 0 && weekday !== 6) shifts.push(date + 13.5 * hour)
  }
  const quarters = new Map<string, Array<number>>()
  for (const shift of shifts) {
    const date = iso(shift)
    const name = `${date.slice(0, 4)}-${Math.ceil(Number(date.slice(5, 7)) / 3)}`
    quarters.set(name, [...(quarters.get(name) ?? []), shift])
  }
  const quarter = [...quarters.values()].reduce<ReadonlyArray<number>>((longest, next) => (next.length > longest.length ? next : longest), [])
  return { start, asOf, shifts, quarter }
}
