import { countryOf } from "./law.ts"

/** A country code that ISO 3166 knows; an alias of another (UK for GB) is none. */
export const isCountry = (code: string): boolean => {
  const name = new Intl.DisplayNames("en", { type: "region", fallback: "none" }).of(code)
  return name !== undefined && code !== "ZZ" && Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`
}

/** Why text of the right shape is no place, or undefined. */
export const placeMistake = (place: string): string | undefined => {
  const country = countryOf(place)
  if (isCountry(country)) return undefined
  const alias = /^und-([A-Z]{2})$/.exec(Intl.getCanonicalLocales(`und-${country}`)[0] ?? "")?.[1]
  const meant = alias === undefined || alias === country || !isCountry(alias) ? "use an ISO 3166 code, such as DE or US-CA" : `did you mean ${JSON.stringify(alias + place.slice(2))}?`
  return `${JSON.stringify(place)} is in no country that ISO 3166 knows; ${meant}`
}
