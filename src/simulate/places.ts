/** A site of the synthetic company: where its staff sit and its recorders stand, and which customers it serves. */
export type Site = { readonly site: string; readonly place: string; readonly weight: number; readonly customers: ReadonlyArray<string> }

/** The sites; `weight` is the share of the traffic in hundredths. */
export const sites: ReadonlyArray<Site> = [
  { site: "austin", place: "US-TX", weight: 40, customers: ["US-CA", "US-TX", "US-WA", "US-NY", "US-CT", "US-FL"] },
  { site: "cork", place: "IE", weight: 15, customers: ["IE", "GB"] },
  { site: "london", place: "GB", weight: 10, customers: ["GB", "IE"] },
  { site: "munich", place: "DE", weight: 15, customers: ["DE"] },
  { site: "paris", place: "FR", weight: 8, customers: ["FR"] },
  { site: "toronto", place: "CA-ON", weight: 7, customers: ["CA-ON"] },
  { site: "sydney", place: "AU-NSW", weight: 5, customers: ["AU-NSW"] }
]

/** The site that serves customers of this place in the synthetic company. */
export const siteFor = (place: string): string => sites.find((site) => site.customers.includes(place))?.site ?? "austin"

/** Places under a data-protection regime that asks for a documented basis. */
export const dataProtection: ReadonlySet<string> = new Set(["DE", "FR", "IE", "GB"])

/** Places where only the customer's own consent, given before the recording, suffices. */
export const expressOnly: ReadonlySet<string> = new Set(["DE"])

/** The usual language of the customers of a place; some Californians speak Spanish, which the caller decides. */
export const languageOf = (place: string): string => (place === "DE" ? "de" : place === "FR" ? "fr" : "en")

/** The recording notice in a language, as the policy lists it. */
export const noticeIn = (language: string): string => `rec-${language}`

/** Area codes of the fictitious numbers +1 area 555-01xx. */
const areas = ["206", "212", "213", "214", "312", "404", "415", "503", "512", "602", "617", "646", "713", "718", "786", "818", "832", "860", "904", "949"]

/** Telephone of customer number n: fictitious ranges only, each number once, undefined when the range is used up. */
export const telephoneOf = (place: string, n: number): string | undefined => {
  if (place === "GB") return n < 1000 ? `tel:+442079460${String(n).padStart(3, "0")}` : undefined
  if (!place.startsWith("US")) return undefined
  const area = areas[Math.floor(n / 100)]
  return area === undefined ? undefined : `tel:+1${area}55501${String(n % 100).padStart(2, "0")}`
}
