import waiversSchema from "../../schemas/waivers.schema.json" with { type: "json" }
import { loadYaml, refuse } from "../yaml/index.ts"
import type { Problem } from "../yaml/index.ts"

/** Somebody answers for a finding or a cause until a time, approved by a second person. */
export type Waiver = {
  readonly finding?: string
  readonly cause?: string
  readonly owner: string
  readonly reason: string
  /** RFC 3339; from then on the findings count again. */
  readonly expires: string
  readonly approvedBy: string
  /** Digest of the evidence that was waived, hex; other evidence lapses the waiver. */
  readonly evidence?: string
  /** For a cause: more findings than this are not covered. */
  readonly max?: number
}

/** The waivers of a file and the SHA-256 of its bytes, hex. */
export type Waivers = { readonly waivers: ReadonlyArray<Waiver>; readonly sha256: string }

const mistakeOf = (waiver: Waiver, all: ReadonlyArray<Waiver>): readonly [key: string, sentence: string] | undefined => {
  if ((waiver.finding === undefined) === (waiver.cause === undefined)) return ["", "a waiver needs either finding or cause"]
  if (waiver.approvedBy === waiver.owner) return ["approvedBy", "the owner cannot approve their own waiver; name a second person"]
  if (waiver.finding !== undefined && waiver.max !== undefined) return ["max", "max belongs to a waiver of a cause; take it out"]
  if (waiver.cause !== undefined && waiver.evidence !== undefined) return ["evidence", "evidence belongs to a waiver of a finding; take it out"]
  const twin = all.find((other) => other.finding === waiver.finding && other.cause === waiver.cause)
  return twin === waiver ? undefined : [waiver.finding === undefined ? "cause" : "finding", "there is already a waiver for this; keep one"]
}

/**
 * Reads a file of waivers.
 * @throws ConfigurationError with every problem found, each with its place.
 */
export const loadWaivers = (file: string): Waivers => {
  const located = loadYaml<{ readonly waivers: ReadonlyArray<Waiver> }>(file, waiversSchema)
  const { waivers } = located.value
  refuse(waivers.flatMap((waiver, index): ReadonlyArray<Problem> => {
    const mistake = mistakeOf(waiver, waivers)
    if (mistake === undefined) return []
    const [key, sentence] = mistake
    return [located.problemAt(key === "" ? ["waivers", index] : ["waivers", index, key], sentence)]
  }))
  return { waivers, sha256: located.sha256 }
}
