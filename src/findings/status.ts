import { canonicalJson, sha256Hex } from "../attest/index.ts"
import type { Control } from "../controls/index.ts"
import type { Waiver } from "../pipeline/index.ts"
import { addDuration, formatInstant, parseDuration, parseInstant } from "../time/index.ts"
import type { CanonicalFinding, Finding } from "./finding.ts"

/** What the run adds to a canonical finding. */
export type Standing = Pick<Finding, "status" | "newBecause" | "due" | "owner">

/** A review that closes findings: by somebody else than the person concerned, approved by a second person. */
export type ClosingReview = { readonly finding: string; readonly by: string; readonly approvedBy: string }

/** What the last trusted full run said of a finding. */
export type Earlier = { readonly status: Finding["status"]; readonly evidence: string; readonly due?: string }

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

const covered = (finding: CanonicalFinding, waiver: Waiver, used: Map<Waiver, number>): boolean => {
  if (waiver.finding !== undefined) return waiver.finding === finding.id
  if (waiver.cause !== finding.cause) return false
  return waiver.max === undefined || (used.get(waiver) ?? 0) < waiver.max
}

const whyNew = (finding: CanonicalFinding, control: Control, { baseline, policies, law }: Standings): NonNullable<Finding["newBecause"]> => {
  if (baseline === undefined || (finding.at !== undefined && finding.at > baseline.asOf)) return "record"
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
  const used = new Map<Waiver, number>()
  const closing = new Map(settings.reviews.map((review) => [review.finding, review]))
  const stand = (finding: CanonicalFinding, control: Control): Standing => {
    const earlier = settings.baseline?.findings.get(finding.id)
    const due = dueOf(control, settings.asOf, earlier)
    const owner = settings.owners[control.family]
    const rest = { ...(due === undefined ? {} : { due }), ...(owner === undefined ? {} : { owner }) }
    const changed = earlier !== undefined && earlier.evidence !== evidenceDigest(finding)
    const review = closing.get(finding.id)
    const people = peopleOf(finding, control)
    if (review !== undefined && !people.has(review.by) && !people.has(review.approvedBy) && !(changed && isPast(earlier.status))) return { status: "closed", ...rest }
    const waiver = settings.waivers.find((one) => covered(finding, one, used))
    if (waiver !== undefined) {
      used.set(waiver, (used.get(waiver) ?? 0) + 1)
      if (waiver.expires <= settings.asOf) return { status: "lapsed", newBecause: "expired", ...rest }
      if (waiver.evidence !== undefined && waiver.evidence !== evidenceDigest(finding)) return { status: "lapsed", newBecause: "evidenceChanged", ...rest }
      return { status: "waived", ...rest }
    }
    if (earlier === undefined) {
      if (settings.baseline?.resolved.has(finding.id) === true) return { status: "reopened", newBecause: whyNew(finding, control, settings), ...rest }
      return { status: "new", newBecause: whyNew(finding, control, settings), ...rest }
    }
    if (isPast(earlier.status)) return { status: "reopened", newBecause: changed ? "evidenceChanged" : "expired", ...rest }
    return { status: "persisting", ...rest }
  }
  return { stand, used }
}
