/** SIPREC recording metadata (RFC 7865). */
import type { Format } from "../format.ts"

/** The SIPREC adapter. */
export const siprec: Format = {
  name: "siprec",
  version: 1,
  detects: ({ text }) => /^\s*</.test(text) && /urn:ietf:params:xml:ns:recording/.test(text),
  read: async function* (input) {
    const { readSiprec } = await import("./read.ts")
    yield* readSiprec(input)
  }
}
