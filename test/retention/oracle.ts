/** Retention by its definition, one recording at a time and without a database: slow, obvious, for comparison with the queries. */
import { addDuration, type Instant, instantOf, parseDuration } from "../../src/time/index.ts"

export type OracleRule = { readonly id: string; readonly media?: ReadonlyArray<string>; readonly purposes?: ReadonlyArray<string>; readonly queues?: ReadonlyArray<string>; readonly jurisdictions?: ReadonlyArray<string>; readonly anchor: "recordingStart" | "recordingEnd" | "contactStart" | "contactEnd"; readonly delete?: string; readonly keep?: string; readonly citation: string }
export type OracleContact = { readonly id: string; readonly startedAt: string; readonly endedAt?: string; readonly queue: string; readonly parties: ReadonlyArray<{ readonly id: string; readonly role: string; readonly jurisdiction?: string }> }
export type OracleRecording = { readonly id: string; readonly contactId: string; readonly medium: string; readonly startedAt: string; readonly endedAt?: string; readonly purposes?: ReadonlyArray<string>; readonly deleteBy?: string; readonly deletedAt?: string }
export type OracleHold = { readonly id: string; readonly from: string; readonly until?: string; readonly createdAt: string; readonly contactIds?: ReadonlyArray<string>; readonly recordingIds?: ReadonlyArray<string>; readonly subjects?: ReadonlyArray<string> }

type Answer = "yes" | "no" | "perhaps"

const placeAnswer = (rule: OracleRule, contact: OracleContact): Answer => {
  if (rule.jurisdictions === undefined) return "yes"
  let answer: Answer = "no"
  for (const party of contact.parties) {
    if (party.role !== "customer" && party.role !== "thirdParty") continue
    const place = party.jurisdiction
    if (place === undefined) answer = "perhaps"
    else if (rule.jurisdictions.some((one) => one === place || place.startsWith(`${one}-`))) return "yes"
    else if (rule.jurisdictions.some((one) => one.startsWith(`${place}-`))) answer = "perhaps"
  }
  return answer
}

const applies = (rule: OracleRule, recording: OracleRecording, contact: OracleContact): Answer => {
  if (rule.media !== undefined && !rule.media.includes(recording.medium)) return "no"
  if (rule.purposes !== undefined && !rule.purposes.some((purpose) => recording.purposes?.includes(purpose) === true)) return "no"
  if (rule.queues !== undefined && !rule.queues.includes(contact.queue)) return "no"
  return placeAnswer(rule, contact)
}

const plus = (time: Instant, text: string): Instant => {
  const duration = parseDuration(text)
  if (duration === undefined) throw new Error("a rule of the test has no duration")
  return addDuration(time, duration)
}

const anchorOf = (rule: OracleRule, recording: OracleRecording, contact: OracleContact): Instant | undefined => {
  const text = { recordingStart: recording.startedAt, recordingEnd: recording.endedAt ?? contact.endedAt, contactStart: contact.startedAt, contactEnd: contact.endedAt }[rule.anchor]
  return text === undefined ? undefined : instantOf(text)
}

const forever: Instant = 1n << 60n

/** Bounds of both terms: [certain, perhaps]. */
export const termsOf = (recording: OracleRecording, contact: OracleContact, rules: ReadonlyArray<OracleRule>) => {
  const keeps: Array<Instant> = []
  const perhapsKeeps: Array<Instant> = []
  const ceilings: Array<Instant> = recording.deleteBy === undefined ? [] : [instantOf(recording.deleteBy)]
  const perhapsCeilings = [...ceilings]
  for (const rule of rules) {
    const answer = applies(rule, recording, contact)
    if (answer === "no") continue
    const anchor = anchorOf(rule, recording, contact)
    const sure = answer === "yes" && anchor !== undefined
    if (rule.keep !== undefined) {
      if (sure) keeps.push(plus(anchor, rule.keep))
      perhapsKeeps.push(anchor === undefined ? forever : plus(anchor, rule.keep))
    }
    if (rule.delete !== undefined) {
      if (sure) ceilings.push(plus(anchor, rule.delete))
      perhapsCeilings.push(plus(anchor ?? instantOf(recording.startedAt), rule.delete))
    }
  }
  const most = (times: ReadonlyArray<Instant>) => times.reduce<Instant | undefined>((best, time) => (best === undefined || time > best ? time : best), undefined)
  const least = (times: ReadonlyArray<Instant>) => times.reduce<Instant | undefined>((best, time) => (best === undefined || time < best ? time : best), undefined)
  return { keep: most(keeps), perhapsKeep: most(perhapsKeeps), ceiling: least(ceilings), perhapsCeiling: least(perhapsCeilings) }
}

/** Does a hold cover the recording at a time, as made by then? */
const covers = (hold: OracleHold, recording: OracleRecording, contact: OracleContact, at: Instant): boolean => {
  if (instantOf(hold.createdAt) > at || instantOf(hold.from) > at || (hold.until !== undefined && instantOf(hold.until) <= at)) return false
  const customers = new Set(contact.parties.filter(({ role }) => role === "customer" || role === "thirdParty").map(({ id }) => id))
  const unscoped = hold.recordingIds === undefined && hold.contactIds === undefined && hold.subjects === undefined
  return unscoped || hold.recordingIds?.includes(recording.id) === true || hold.contactIds?.includes(contact.id) === true || hold.subjects?.some((subject) => customers.has(subject)) === true
}

/** Outcome of four controls for one recording. */
export const retentionOf = (recording: OracleRecording, contact: OracleContact, rules: ReadonlyArray<OracleRule>, holds: ReadonlyArray<OracleHold>, asOf: Instant): Readonly<Record<string, string>> => {
  const { keep, perhapsKeep, ceiling, perhapsCeiling } = termsOf(recording, contact, rules)
  const deletedAt = recording.deletedAt === undefined || instantOf(recording.deletedAt) > asOf ? undefined : instantOf(recording.deletedAt)
  const conflict = keep !== undefined && ceiling !== undefined && keep > ceiling
  const perhapsConflict = perhapsKeep !== undefined && perhapsCeiling !== undefined && perhapsKeep > perhapsCeiling
  const held = holds.some((hold) => covers(hold, recording, contact, asOf))
  const isPast = (time: Instant | undefined): boolean => time !== undefined && asOf > time
  const overdue = (): string => {
    if (conflict) return "notApplicable"
    if (deletedAt !== undefined) return "pass"
    if (isPast(ceiling)) return held ? "notApplicable" : perhapsConflict ? "unverifiable" : "fail"
    if (isPast(perhapsCeiling)) return held ? "notApplicable" : "unverifiable"
    return ceiling === undefined && perhapsCeiling === undefined ? "notApplicable" : "pass"
  }
  const early = (): string => {
    if (conflict || deletedAt === undefined) return "notApplicable"
    if (keep !== undefined && deletedAt < keep) return perhapsCeiling !== undefined && keep > perhapsCeiling ? "unverifiable" : "fail"
    if (perhapsKeep !== undefined && deletedAt < perhapsKeep) return "unverifiable"
    return keep === undefined ? "notApplicable" : "pass"
  }
  return {
    "retention/conflict": conflict ? "fail" : perhapsConflict ? "unverifiable" : keep === undefined || ceiling === undefined ? "notApplicable" : "pass",
    "retention/overdue": overdue(),
    "retention/deleted-early": early(),
    "retention/deleted-under-hold": deletedAt === undefined ? "notApplicable" : holds.some((hold) => covers(hold, recording, contact, deletedAt)) ? "fail" : "pass"
  }
}
