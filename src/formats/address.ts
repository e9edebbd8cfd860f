/** Addresses of people in one spelling: `tel:` in E.164, `mailto:`, `sip:`. */
import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/min"

/** No address is longer; patterns would take their time over what is. */
const charactersMax = 1000

/** Telephone number as `tel:+14155550100`; without a country code as `tel:` and its digits; undefined if it has no digits. */
export const telephone = (number: string, country?: CountryCode): string | undefined => {
  if (number.length > charactersMax) return undefined
  const plain = number.trim().replace(/^tel:/i, "").replace(/;.*$/, "")
  const parsed = parsePhoneNumberFromString(plain, country)
  if (parsed !== undefined) return `tel:${parsed.number}`
  const digits = plain.replace(/[^0-9]/g, "")
  if (digits === "") return undefined
  return plain.startsWith("+") ? `tel:+${digits}` : `tel:${digits}`
}

/** Mail address as `mailto:x@y`, in lower case as mail systems compare it. */
export const mail = (address: string): string | undefined => {
  if (address.length > charactersMax) return undefined
  const plain = address.trim().replace(/^mailto:/i, "").replace(/\?.*$/, "")
  return /^[^\s@]+@[^\s@]+$/.test(plain) ? `mailto:${plain.toLowerCase()}` : undefined
}

/** SIP address as `sip:user@host`, without display name, port and parameters; the host in lower case. A number in a `tel:` or `user=phone` address is a telephone number. */
export const sip = (address: string): string | undefined => {
  if (address.length > charactersMax) return undefined
  const inner = /<([^>]+)>/.exec(address)?.[1] ?? address.trim()
  if (/^tel:/i.test(inner)) return telephone(inner)
  const match = /^(?:sips?:)?([^@;:\s]+)(?::[^@]*)?@(\[[^\]]+\]|[^;:?\s]+)/i.exec(inner)
  if (match === null) return undefined
  const [, user = "", host = ""] = match
  if (/^\+[0-9]{7,15}$/.test(user)) return telephone(user)
  return `sip:${user}@${host.toLowerCase()}`
}

/** Any of the three, by its looks. */
export const address = (text: string): string | undefined => {
  if (text.length > charactersMax) return undefined
  if (/^(sips?|tel):/i.test(text)) return sip(text)
  if (/^mailto:/i.test(text) || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim())) return mail(text)
  return /^[+(]?[0-9][0-9 ()./-]{5,}$/.test(text.trim()) ? telephone(text) : undefined
}
