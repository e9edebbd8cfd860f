import { daysInMonth } from "./instant.ts"
import type { Instant } from "./instant.ts"

/** An ISO 8601 duration in the parts that DuckDB's INTERVAL keeps apart, because months and days have no fixed length. */
export type Duration = { readonly months: number; readonly days: number; readonly micros: bigint }

const iso8601 = /^P(?=\d|T\d)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:[.,](\d{1,6}))?S)?)?$/

/** Reads `P1Y2M3W4DT5H6M7.5S`; only seconds may have a fraction, nothing may be negative. Anything else is undefined. */
export const parseDuration = (text: string): Duration | undefined => {
  const match = iso8601.exec(text)
  if (match === null) return undefined
  const part = (index: number): number => Number(match[index] ?? 0)
  const seconds = BigInt(part(5)) * 3600n + BigInt(part(6)) * 60n + BigInt(part(7))
  return {
    months: part(1) * 12 + part(2),
    days: part(3) * 7 + part(4),
    micros: seconds * 1_000_000n + BigInt((match[8] ?? "").padEnd(6, "0"))
  }
}

const dayMicros = 86_400_000_000n

/** Adds calendar months in UTC: a day that the month does not have becomes its last (29 February + 12 = 28 February). */
const addMonths = (instant: Instant, months: number): Instant => {
  if (months === 0) return instant
  const inDay = ((instant % dayMicros) + dayMicros) % dayMicros
  const date = new Date(Number((instant - inDay) / 1000n))
  const count = date.getUTCFullYear() * 12 + date.getUTCMonth() + months
  const year = Math.floor(count / 12)
  const month = count - year * 12
  const target = new Date(0)
  target.setUTCFullYear(year, month, Math.min(date.getUTCDate(), daysInMonth(year, month + 1)))
  return BigInt(target.getTime()) * 1000n + inDay
}

/** `instant + duration` as DuckDB computes TIMESTAMP + INTERVAL: months, then days, then the rest, all in UTC. */
export const addDuration = (instant: Instant, duration: Duration): Instant =>
  addMonths(instant, duration.months) + BigInt(duration.days) * dayMicros + duration.micros

/** `instant - duration`, in the same order of parts. */
export const subtractDuration = (instant: Instant, duration: Duration): Instant =>
  addMonths(instant, -duration.months) - BigInt(duration.days) * dayMicros - duration.micros

/** The text that DuckDB casts to this INTERVAL. */
export const intervalText = (duration: Duration): string =>
  `${duration.months} months ${duration.days} days ${duration.micros} microseconds`
