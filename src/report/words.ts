/** How numbers, times and codes are written in reports. English; independent of the machine's locale. */

/** 14358 as `14,358`. */
export const number = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+(?!\d))/g, ",")

const irregular: Readonly<Record<string, string>> = { breach: "breaches", person: "people" }

/** `1 finding`, `58 findings`; the plural adds an s, or ies for a y after a consonant. */
export const count = (value: number, noun: string): string => `${number(value)} ${value === 1 ? noun : plural(noun)}`

/** Plural of the nouns that reports use. */
export const plural = (noun: string): string => irregular[noun] ?? (/[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`)

/** `a`, `a and b`, `a, b and c`. */
export const list = (items: ReadonlyArray<string>): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`

/** A share in per cent: two significant places below one per cent, and never `100 %` or `0 %` for what is not quite so. */
export const percent = (part: number, whole: number): string => {
  if (whole === 0) return "none"
  const share = (part / whole) * 100
  if (part === 0 || part === whole) return `${share} %`
  if (share < 0.01) return "under 0.01 %"
  if (share > 99.99) return "over 99.99 %"
  return `${share < 1 || share > 99 ? share.toFixed(2) : share.toFixed(1)} %`
}

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]

/** `5 June 2026` of an RFC 3339 time in UTC. */
export const day = (instant: string): string => `${Number(instant.slice(8, 10))} ${months[Number(instant.slice(5, 7)) - 1] ?? "?"} ${instant.slice(0, 4)}`

/** `5 June 2026, 18:47 UTC`. */
export const minute = (instant: string): string => `${day(instant)}, ${instant.slice(11, 16)} UTC`

/** `2026-06-05 18:47:53 UTC`, for tables. */
export const second = (instant: string): string => `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`

/** 4399563 as `4.4 MB` (decimal). */
export const bytes = (value: number): string => {
  if (value < 1000) return count(value, "byte")
  const units = ["kB", "MB", "GB", "TB"]
  const step = Math.min(units.length, Math.floor(Math.log10(value) / 3))
  return `${(value / 1000 ** step).toFixed(1)} ${units[step - 1] ?? ""}`
}

/** `no-known-actor` as `no known actor`; `decided-by:x/y` as `decided by x/y`. */
export const spoken = (code: string): string => {
  const [head = "", ...rest] = code.split(":")
  return [head.replaceAll("-", " "), ...rest].join(" ")
}

/** First letter as a capital. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const dayMilliseconds = 86_400_000

/** Whole days from one RFC 3339 time to another; negative where it is past. */
export const daysUntil = (from: string, to: string): number => Math.floor((Date.parse(to) - Date.parse(from)) / dayMilliseconds)
