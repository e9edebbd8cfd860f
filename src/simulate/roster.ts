import type { StaffRecord } from "../records/types.ts"
import { day, iso } from "./calendar.ts"
import type { Calendar } from "./calendar.ts"
import { sites } from "./places.ts"

/** A member of staff as the estate's records name them. */
export type Member = {
  readonly id: string
  readonly login: string
  readonly site: string
  readonly team: string
  /** Staff id of the supervisor; absent for those who have none. */
  readonly supervisor?: string
}

/** The people who do the ordinary work. */
export type Roster = {
  readonly agents: ReadonlyMap<string, ReadonlyArray<Member>>
  readonly supervisors: ReadonlyMap<string, Member>
  readonly quality: ReadonlyArray<Member>
  readonly legal: ReadonlyArray<Member>
  readonly manager: Member
  readonly records: ReadonlyArray<StaffRecord>
}

const teamSize = 8
/** Ordinary contacts that one agent handles in the estate. */
const contactsPerAgent = 200

/** A complete staff row: employed, trained and informed long before the estate begins. `change` adds or overrides. */
export const staffRow = (calendar: Calendar, member: Member, role: string, change: Partial<StaffRecord> = {}): StaffRecord => {
  const from = iso(calendar.start - 400 * day)
  return {
    kind: "staff",
    id: member.id,
    aliases: [`login:${member.login}`, { alias: `ext:${member.login}`, from }],
    employedFrom: from,
    roles: [{ role, from, team: member.team, site: member.site, ...(member.supervisor === undefined ? {} : { supervisor: member.supervisor }) }],
    training: [{ course: "privacy", completedAt: iso(calendar.start - 100 * day), validUntil: iso(calendar.start + 2000 * day) }],
    monitoringAcknowledgedAt: iso(calendar.start - 399 * day),
    ...change
  }
}

/** Staff for `contacts` ordinary contacts: teams of eight with a supervisor at each site, quality, legal, a manager, and leavers. */
export const rosterFor = (calendar: Calendar, contacts: number): Roster => {
  const agents = new Map<string, Array<Member>>()
  const supervisors = new Map<string, Member>()
  const records: Array<StaffRecord> = []
  let number = 0
  const enlist = (role: string, site: string, team: string, supervisor?: string): Member => {
    number += 1
    const member: Member = { id: `${role}-${String(number).padStart(5, "0")}`, login: `${role[0] ?? "x"}${number}`, site, team, ...(supervisor === undefined ? {} : { supervisor }) }
    records.push(staffRow(calendar, member, role))
    return member
  }
  for (const { site, weight } of sites) {
    const teams = Math.max(site === "austin" ? 2 : 1, Math.round((contacts * weight) / 100 / contactsPerAgent / teamSize))
    const members: Array<Member> = []
    for (let team = 1; team <= teams; team++) {
      const name = `${site}-${team}`
      const supervisor = enlist("supervisor", site, name)
      supervisors.set(name, supervisor)
      for (let seat = 0; seat < teamSize; seat++) members.push(enlist("agent", site, name, supervisor.id))
    }
    agents.set(site, members)
    const leaver: Member = { id: `agent-${site}-leaver`, login: `l-${site}`, site, team: `${site}-1` }
    records.push(staffRow(calendar, leaver, "agent", { employedUntil: iso(calendar.start + 5 * day) }))
  }
  const quality = Array.from({ length: Math.max(2, Math.round(contacts / 5000)) }, () => enlist("quality", "austin", "quality-desk"))
  const legal = Array.from({ length: Math.max(2, Math.round(contacts / 20_000)) }, () => enlist("legal", "austin", "legal-desk"))
  const manager = enlist("manager", "austin", "management")
  records.push(promoted(calendar))
  return { agents, supervisors, quality, legal, manager, records }
}

/** Somebody whose role changed: agent first, supervisor of a team of her own since; not part of the ordinary traffic. */
const promoted = (calendar: Calendar): StaffRecord => {
  const then = iso(calendar.start - 50 * day)
  const row = staffRow(calendar, { id: "agent-promoted", login: "p1", site: "austin", team: "austin-9" }, "agent")
  const [first] = row.roles
  return { ...row, roles: [{ role: "agent", from: row.employedFrom, ...first, until: then }, { role: "supervisor", from: then, team: "austin-9", site: "austin" }] }
}
