import { pseudonymOf } from "../attest/index.ts"

/** Turns names of people into pseudonyms, or leaves them where the pipeline says `identities: clear`. */
export type Pseudonymiser = {
  /** The pseudonym of one person's name. */
  readonly person: (name: string) => string
  /** A text (an id, an object name) in which addresses of people are replaced by their pseudonyms. */
  readonly scrub: (text: string) => string
}

/** e-mail addresses, sip and tel names, numbers in E.164 form, also percent-encoded as object keys hold them. */
const addresses = /(?:mailto:|sips?:)?[A-Za-z0-9._%+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?:tel:)?(?:\+|%2B)[1-9]\d{6,14}(?!\d)/gi

/** What every address holds one of: looking for it first is ten times as fast, and hardly an id or object name has one. */
const addressSign = /[@%+]/

/** Leaves every name as it is. */
export const clearNames: Pseudonymiser = { person: (name) => name, scrub: (text) => text }

/** Pseudonyms that are remembered: making one again takes a microsecond, keeping millions takes memory. */
const rememberedMax = 100_000

/** Pseudonyms under a key; the same name always gets the same one. */
export const pseudonymous = (key: Uint8Array): Pseudonymiser => {
  const known = new Map<string, string>()
  const person = (name: string): string => {
    const before = known.get(name)
    if (before !== undefined) return before
    const pseudonym = pseudonymOf(key, name)
    if (known.size === rememberedMax) known.clear()
    known.set(name, pseudonym)
    return pseudonym
  }
  return { person, scrub: (text) => !addressSign.test(text) ? text : text.replace(addresses, (address) => person(address.replace("%40", "@").replace(/%2B/i, "+"))) }
}

/** Pseudonyms under a key, or clear names without one. */
export const namesUnder = (key: Uint8Array | undefined): Pseudonymiser => (key === undefined ? clearNames : pseudonymous(key))
