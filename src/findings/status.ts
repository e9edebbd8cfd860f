import { canonicalJson, sha256Hex } from "../attest/index.ts"
import type { Control } from "../controls/index.ts"
import type { Waiver } from "../pipeline/index.ts"
import { addDuration, formatInstant, instantOf, parseDuration, parseInstant } from "../time/index.ts"
import type { CanonicalFinding, Finding } from "./finding.ts"

/** What the run adds to a canonical finding. */
export type Standing = Pick<Finding, "status" | "newBecause" | "due" | "owner">

/** A review that closes a finding, approved by a second person: when (RFC 3339, UTC), and every name of both, none of whom it may concern. */
export type ClosingReview = { readonly finding: string; readonly at: string; readonly people: ReadonlyArray<string> }

/** What the last trusted full run said of a finding, or knew of it where it could not judge it again. */
export type Earlier = {
  readonly control: string
  readonly status: Finding["status"]
  readonly newBecause?: Finding["newBecause"]
  readonly evidence: string
  readonly due?: string
  readonly cause?: string
  /** The recording it is about, else the contact, as the report writes its id. */
  readonly subject?: string
  /** As-of of the first run that did not judge it again; absent where the last run did. */
  readonly since?: string
  /** Recordings that it needs as evidence, as the report writes their ids. */
  readonly recordings?: ReadonlyArray<string>
  /** Of one that was not judged again: it may still need its recordings, or all of its contact where it names none. */
  readonly preserves?: true
}

/** The last trusted full run. */
export type Baseline = {
  readonly asOf: string
  readonly findings: ReadonlyMap<string, Earlier>
  /** Findings of earlier runs that had come to pass. */
  readonly resolved: ReadonlySet<string>
  /** Digests of what it judged with. */
  readonly controls: Readonly<Record<string, string>>
  readonly policies: string
  readonly law: string
}

/** Digest of what a finding rests on: its reason and its evidence, not its wording. */
export const evidenceDigest = (finding: Pick<CanonicalFinding, "reason" | "evidence">): string =>
  sha256Hex(canonicalJson({ reason: finding.reason, evidence: finding.evidence.map(({ kind, id, sha256 }) => ({ kind, id, sha256 })) }))

/** What the standing of findings depends on. */
export type Standings = {
  readonly asOf: string
  readonly baseline: Baseline | undefined
  readonly waivers: ReadonlyArray<Waiver>
  readonly reviews: ReadonlyArray<ClosingReview>
  readonly owners: Readonly<Record<string, string>>
  readonly policies: string
  readonly law: string
}

/** How much of the caps of causes' waivers is taken in this run, and kept for what they covered in the last. */
type Caps = { readonly used: Map<Waiver, number>; readonly kept: Set<string>; readonly keptOf: Map<string, number> }

/** A finding that is new must not take the place, under a cap, of one that somebody looked at. What has a waiver of its own needs none. */
const capsOf = ({ baseline, waivers }: Standings): Caps => {
  const own = new Set(waivers.map(({ finding }) => finding))
  const kept = [...(baseline?.findings ?? [])].filter(([id, { status, cause }]) => status === "waived" && cause !== undefined && !own.has(id))
  const keptOf = new Map<string, number>()
  for (const [, { cause = "" }] of kept) keptOf.set(cause, (keptOf.get(cause) ?? 0) + 1)
  return { used: new Map(), kept: new Set(kept.map(([id]) => id)), keptOf }
}

const covers = (finding: CanonicalFinding, waiver: Waiver, { used, kept, keptOf }: Caps): boolean => {
  if (waiver.finding !== undefined) return waiver.finding === finding.id
  if (waiver.cause !== finding.cause) return false
  return waiver.max === undefined || (used.get(waiver) ?? 0) + (kept.has(finding.id) ? 0 : keptOf.get(finding.cause) ?? 0) < waiver.max
}

/** Why a waiver no longer holds; undefined: it does. One that states no digest is bound to the evidence that it was first seen with. */
const lapse = (waiver: Waiver, evidence: string, asOf: string, earlier: Earlier | undefined): "expired" | "evidenceChanged" | undefined => {
  if (instantOf(waiver.expires) <= instantOf(asOf)) return "expired"
  if (waiver.finding === undefined) return undefined
  if (waiver.evidence !== undefined) return waiver.evidence === evidence ? undefined : "evidenceChanged"
  if (earlier?.status === "waived") return earlier.evidence === evidence ? undefined : "evidenceChanged"
  return earlier?.status === "lapsed" && earlier.newBecause === "evidenceChanged" ? "evidenceChanged" : undefined
}

/** The waiver that counts for a finding: one that holds before one that has lapsed, the finding's own before its cause's. */
const waiverOf = (finding: CanonicalFinding, earlier: Earlier | undefined, { waivers, asOf }: Standings, caps: Caps) => {
  const evidence = evidenceDigest(finding)
  const found = waivers.filter((one) => covers(finding, one, caps)).map((waiver) => ({ waiver, lapsed: lapse(waiver, evidence, asOf, earlier) }))
    .sort((a, b) => Number(a.waiver.finding === undefined) - Number(b.waiver.finding === undefined))
  return found.find(({ lapsed }) => lapsed === undefined) ?? found[0]
}

/** Does a review speak of the evidence as it is? What had changed once, or had come to pass since, stays open until somebody looks again. */
const reviewHolds = (review: ClosingReview, earlier: Earlier | undefined, changed: boolean, baseline: Baseline | undefined): boolean => {
  if (baseline === undefined || instantOf(review.at) > instantOf(baseline.asOf)) return true
  if (earlier === undefined) return !baseline.resolved.has(review.finding)
  return earlier.newBecause !== "evidenceChanged" && !(changed && isPast(earlier.status))
}

const whyNew = (finding: CanonicalFinding, control: Control, { baseline, policies, law }: Standings): NonNullable<Finding["newBecause"]> => {
  if (baseline === undefined || (finding.at !== undefined && instantOf(finding.at) > instantOf(baseline.asOf))) return "record"
  if (baseline.controls[control.id] !== control.sha256) return "program"
  if (baseline.policies !== policies) return "policy"
  return baseline.law === law ? "lateRecord" : "law"
}

const dueOf = (control: Control, asOf: string, earlier: Earlier | undefined): string | undefined => {
  if (earlier?.due !== undefined) return earlier.due
  const duration = control.due === undefined ? undefined : parseDuration(control.due)
  const from = parseInstant(asOf)
  return duration === undefined || from === undefined ? undefined : formatInstant(addDuration(from, duration))
}

/** Everybody the finding is about: the party, the staff member, and the people its details name. */
const peopleOf = (finding: CanonicalFinding, control: Control): ReadonlySet<unknown> =>
  new Set([finding.party, finding.staff, ...(control.persons ?? []).flatMap((key) => [finding.details[key]].flat())])

const isPast = (status: Finding["status"]): boolean => status === "closed" || status === "waived"

/** Gives each finding its status against the last trusted full run, waivers and reviews. Waivers count what they cover. */
export const standing = (settings: Standings): { readonly stand: (finding: CanonicalFinding, control: Control) => Standing; readonly used: ReadonlyMap<Waiver, number> } => {
  const caps = capsOf(settings)
  const { used, kept, keptOf } = caps
  const closing = new Map(settings.reviews.map((review) => [review.finding, review]))
  const stand = (finding: CanonicalFinding, control: Control): Standing => {
    const earlier = settings.baseline?.findings.get(finding.id)
    const due = dueOf(control, settings.asOf, earlier)
    if (earlier?.cause !== undefined && kept.has(finding.id)) keptOf.set(earlier.cause, (keptOf.get(earlier.cause) ?? 1) - 1)
    const owner = settings.owners[control.family]
    const rest = { ...(due === undefined ? {} : { due }), ...(owner === undefined ? {} : { owner }) }
    const changed = earlier !== undefined && earlier.evidence !== evidenceDigest(finding)
    const review = closing.get(finding.id)
    const people = peopleOf(finding, control)
    const held = review === undefined || reviewHolds(review, earlier, changed, settings.baseline)
    if (review !== undefined && held && !review.people.some((name) => people.has(name))) return { status: "closed", ...rest }
    const waived = waiverOf(finding, earlier, settings, caps)
    if (waived !== undefined) {
      used.set(waived.waiver, (used.get(waived.waiver) ?? 0) + 1)
      return waived.lapsed === undefined ? { status: "waived", ...rest } : { status: "lapsed", newBecause: waived.lapsed, ...rest }
    }
    if (earlier === undefined) {
      if (settings.baseline?.resolved.has(finding.id) === true) return { status: "reopened", newBecause: held ? whyNew(finding, control, settings) : "evidenceChanged", ...rest }
      return { status: "new", newBecause: whyNew(finding, control, settings), ...rest }
    }
    if (isPast(earlier.status)) return { status: "reopened", newBecause: changed ? "evidenceChanged" : "expired", ...rest }
    // A later run must still know that the review at hand speaks of other evidence.
    return { status: "persisting", ...(held ? {} : { newBecause: "evidenceChanged" as const }), ...rest }
  }
  return { stand, used }
}
