import { hmac } from "./digest.ts"

/** A pseudonym with what proves whom it means, without unmasking anybody else. */
export type OpenedPseudonym = {
  readonly pseudonym: string
  readonly subject: string
  /** The subject's own key, hex: HMAC-SHA-256(pseudonym key, subject). */
  readonly opening: string
}

/** Hexadecimal digits of a pseudonym: 80 bits, so that among ten million people two are alike once in ten billion runs. */
const digits = 20

/** The subject's own key k_s = HMAC-SHA-256(key, subject). */
export const subjectKey = (key: Uint8Array, subject: string): Buffer => hmac(key, subject)

/** The pseudonym H(k_s, subject): `p-` and the first 20 hexadecimal digits of HMAC-SHA-256(k_s, subject). */
export const pseudonymOf = (key: Uint8Array, subject: string): string => `p-${hmac(subjectKey(key, subject), subject).toString("hex").slice(0, digits)}`

/** The opening of one person's pseudonym, for one reader. */
export const openPseudonym = (key: Uint8Array, subject: string): OpenedPseudonym => ({
  pseudonym: pseudonymOf(key, subject),
  subject,
  opening: subjectKey(key, subject).toString("hex"),
})

/** True where the opening shows that the pseudonym means the subject. */
export const opensPseudonym = ({ pseudonym, subject, opening }: OpenedPseudonym): boolean => {
  const match = /^(?:[a-z]+-)?([0-9a-f]{20,64})$/.exec(pseudonym)
  if (match?.[1] === undefined || !/^[0-9a-f]{64}$/.test(opening)) return false
  return hmac(Buffer.from(opening, "hex"), subject).toString("hex").startsWith(match[1])
}
