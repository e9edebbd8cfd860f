import type { Waiver } from "../pipeline/index.ts"
import { addDuration, instantOf, parseDuration } from "../time/index.ts"

/** How a waiver stands at a time: before its end, near it, or past it. */
export type WaiverState = "in force" | "ends within 14 days" | "expired"

/** So long before its end somebody is told, to renew the waiver or to put right what it covers. */
const warnedBefore = "P14D"

/** How a waiver stands as of a time (RFC 3339). */
export const waiverState = ({ expires }: Pick<Waiver, "expires">, asOf: string): WaiverState => {
  const [now, end, notice] = [instantOf(asOf), instantOf(expires), parseDuration(warnedBefore)]
  if (end <= now) return "expired"
  return notice !== undefined && end <= addDuration(now, notice) ? "ends within 14 days" : "in force"
}

/** Sentences for whoever reads the end of a run: which waivers end soon, and whose they are. */
export const waiverNotes = (waivers: ReadonlyArray<{ readonly finding?: string; readonly cause?: string; readonly owner: string; readonly expires: string; readonly state: string; readonly covers: number }>): ReadonlyArray<string> =>
  waivers.filter(({ state }) => state === "ends within 14 days")
    .map(({ finding, cause, owner, expires, covers }) => `The waiver of ${finding ?? cause} (owner ${owner}, covers ${covers}) ends at ${expires}: renew it or put right what it covers.`)
