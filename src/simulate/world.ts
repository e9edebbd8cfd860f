import type { CanonicalRecord, StaffRecord } from "../records/types.ts"
import type { Calendar } from "./calendar.ts"
import { iso, minute, second, shiftLength } from "./calendar.ts"
import { languageOf, siteFor, telephoneOf } from "./places.ts"
import type { Random } from "./random.ts"
import type { Member, Roster } from "./roster.ts"
import { staffRow } from "./roster.ts"
import { sourceOf } from "./sources.ts"
import type { SourceName } from "./sources.ts"

/** A line of labels.ndjson: a finding or lead that a correct audit makes. Fields that the finding lacks are absent. */
export type Label = {
  readonly control: string
  readonly contactId?: string
  readonly recordingId?: string
  readonly party?: string
  readonly staff?: string
}

/** A synthetic customer. */
export type Customer = {
  readonly subject: string
  readonly place: string
  readonly language: string
  readonly mail: string
  readonly telephone?: string
}

/** What writes lines. */
export type Output = {
  readonly record: (source: SourceName, line: string) => void
  readonly label: (label: Label) => void
}

/** The estate while it is made: its calendar, its people, its counters and where records go. */
export type World = {
  readonly calendar: Calendar
  readonly random: Random
  readonly roster: Roster
  /** Large enough that single unverifiable units stay under the policy's `maxUnverifiable`. */
  readonly large: boolean
  readonly contacts: () => number
  /** The next id with this prefix; ids say nothing about what is planted. */
  readonly id: (prefix: string) => string
  readonly write: (record: CanonicalRecord, source?: SourceName) => void
  /** Writes a line that is no further contact: a redelivery, an earlier version, a broken record. */
  readonly line: (source: SourceName, text: string) => void
  readonly label: (label: Label) => void
  /** A new customer of that place with its identity record. */
  readonly customer: (place: string) => Customer
  /** A member of the ordinary staff of a site; `seat` counts through teams, eight a team. */
  readonly agent: (site: string, seat?: number) => Member
  /** A member of staff of their own for a plant, outside the ordinary traffic. */
  readonly recruit: (role: string, reshape?: (row: StaffRecord) => StaffRecord, seat?: Partial<Member>) => Member
  /** A random working time on shift `shift` (counted from the estate's first; negative: from its last). */
  readonly at: (shift: number) => number
}

/** Makes the world; nothing is written before the first call. */
export const makeWorld = (calendar: Calendar, random: Random, roster: Roster, large: boolean, output: Output): World => {
  let contacts = 0
  let customers = 0
  let recruits = 0
  const counters = new Map<string, number>()
  const id = (prefix: string): string => {
    const next = (counters.get(prefix) ?? 0) + 1
    counters.set(prefix, next)
    return `${prefix}-${String(next).padStart(7, "0")}`
  }
  const write = (record: CanonicalRecord, source: SourceName = sourceOf(record)): void => {
    if (record.kind === "contact") contacts += 1
    output.record(source, JSON.stringify(record))
  }
  const customer = (place: string): Customer => {
    const subject = id("cust")
    const mail = `mailto:${subject}@mail.example`
    const telephone = telephoneOf(place, customers)
    customers += 1
    write({ kind: "identity", subject, aliases: telephone === undefined ? [mail] : [mail, telephone] })
    return { subject, place, language: languageOf(place), mail, ...(telephone === undefined ? {} : { telephone }) }
  }
  const agent = (site: string, seat?: number): Member => {
    const members = roster.agents.get(site) ?? []
    return seat === undefined ? random.pick(members) : random.pick(members.slice(seat, seat + 1))
  }
  const recruit = (role: string, reshape: (row: StaffRecord) => StaffRecord = (row) => row, seat: Partial<Member> = {}): Member => {
    recruits += 1
    const number = String(recruits).padStart(4, "0")
    const member: Member = { id: `${role}-x${number}`, login: `x${number}`, site: "austin", team: `desk-${number}`, ...seat }
    write(reshape(staffRow(calendar, member, role)))
    return member
  }
  const at = (shift: number): number => {
    const start = calendar.shifts.at(shift)
    if (start === undefined) throw new RangeError(`The estate has no shift ${shift}.`)
    return start + Math.floor(random.below(shiftLength - 90 * minute) / second) * second
  }
  return { calendar, random, roster, large, contacts: () => contacts, id, write, line: output.record, label: output.label, customer, agent, recruit, at }
}

/** RFC 3339 of milliseconds; re-exported because every plant needs it. */
export { iso, siteFor }
