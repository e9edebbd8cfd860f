/** A point in time: microseconds since 1970-01-01T00:00:00Z, the resolution of DuckDB's TIMESTAMP. */
export type Instant = bigint

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** Days of a month (1 to 12) in the Gregorian calendar. */
export const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/**
 * Reads an RFC 3339 time with an offset. A leap second (:60) becomes the next minute's start,
 * digits beyond the microsecond are cut off. Anything else, a time without offset too, is undefined.
 */
export const parseInstant = (text: string): Instant | undefined => {
  const match = rfc3339.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month) || hour > 23 || minute > 59 || second > 60) return undefined
  const offsetHours = Number(match[9] ?? 0)
  const offsetMinutes = Number(match[10] ?? 0)
  if (offsetHours > 23 || offsetMinutes > 59) return undefined
  const offset = (match[8] === "-" ? -1 : 1) * (offsetHours * 60 + offsetMinutes)
  const utc = new Date(0)
  utc.setUTCFullYear(year, month - 1, day)
  utc.setUTCHours(hour, minute - offset, second, 0)
  return BigInt(utc.getTime()) * 1000n + BigInt((match[7] ?? "").padEnd(6, "0").slice(0, 6))
}

/** RFC 3339 in UTC with `Z`; the fraction appears only where there is one. */
export const formatInstant = (instant: Instant): string => {
  const micros = ((instant % 1_000_000n) + 1_000_000n) % 1_000_000n
  const whole = new Date(Number((instant - micros) / 1000n)).toISOString().slice(0, 19)
  return micros === 0n ? `${whole}Z` : `${whole}.${String(micros).padStart(6, "0").replace(/0+$/, "")}Z`
}

/** The instant of text that a schema has already checked; @throws RangeError when nobody did. */
export const instantOf = (text: string): Instant => {
  const instant = parseInstant(text)
  if (instant === undefined) throw new RangeError("not an RFC 3339 time with an offset")
  return instant
}

/** The instant of an optional end that a schema has checked; null: open. */
export const untilOf = (text: string | null | undefined): Instant | null =>
  text === undefined || text === null ? null : instantOf(text)
