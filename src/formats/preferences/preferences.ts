/** Exports of a consent platform: preference history and privacy requests. */
import type { Format } from "../format.ts"

/** The consent platform adapter. */
export const consentPreferences: Format = {
  name: "consent-preferences",
  version: 1,
  detects: ({ text }) => /^\s*[{[]/.test(text) && (/"request_timestamp"\s*:/.test(text) && /"preference"\s*:\s*"(opt_in|opt_out|acknowledge|tcf)"/.test(text) || /"policy"\s*:/.test(text) && /"action_type"\s*:/.test(text) && /"identity"\s*:/.test(text)),
  read: async function* (input) {
    const { readPreferences } = await import("./read.ts")
    yield* readPreferences(input)
  }
}
