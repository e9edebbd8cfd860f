/** The oracle's first part: who is who, what was opened, and which grants and assignments cover it. Slow and literal on purpose. */
import type { Access, Assignment, Contact, Estate, Grant, Recording, Staff } from "./estate.ts"

export const ms = (time: string): number => Date.parse(time)
export const minutes = (n: number): number => n * 60_000
const days = (n: number): number => n * 86_400_000
/** The baseline policy's numbers. */
export const policy = { session: minutes(30), tolerance: minutes(5), handled: days(30), recent: days(3), near: days(30), review: days(3) }

export const holds = (span: { readonly from?: string; readonly until?: string }, at: number): boolean =>
  (span.from === undefined || ms(span.from) <= at) && (span.until === undefined || at < ms(span.until))

const unique = (values: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(values)].sort()

/** Staff who have a name at a time. */
export const staffNamed = (estate: Estate, name: string, at: number): ReadonlyArray<string> =>
  unique(estate.staff.filter((one) => one.id === name || one.aliases.some((alias) => alias.alias === name && holds(alias, at))).map((one) => one.id))

/** Persons (least subject of those who share an alias that is no number) who have a name; a name nobody has is its own person. */
export const personsNamed = (estate: Estate, name: string): ReadonlyArray<string> => {
  const found = estate.identities.filter((one) => one.subject === name || one.aliases.includes(name)).map((one) => one.subject)
  return found.length === 0 ? [name] : unique(found)
}

export type Actor = { readonly kind: "anonymous" | "staff" | "service" | "audit" | "ambiguous" | "unknown"; readonly person: string; readonly staff: string | undefined }

export const actorOf = (estate: Estate, access: Access): Actor => {
  const { id, type, onBehalfOf } = access.actor
  const named = (name: string): Actor | undefined => {
    const found = staffNamed(estate, name, ms(access.at))
    if (found.length > 1) return { kind: "ambiguous", person: name, staff: undefined }
    return found[0] === undefined ? undefined : { kind: "staff", person: found[0], staff: found[0] }
  }
  if (type === "anonymous") return { kind: "anonymous", person: id, staff: undefined }
  if (type === "user") return named(id) ?? { kind: "unknown", person: id, staff: undefined }
  const declared = id === "svc:transcriber" ? "service" : id === "svc:earshot" ? "audit" : undefined
  if (declared === undefined) return { kind: "unknown", person: id, staff: undefined }
  return (onBehalfOf === undefined ? undefined : named(onBehalfOf)) ?? { kind: declared, person: id, staff: undefined }
}

export type Target = { readonly key: string; readonly recording: Recording | undefined; readonly contact: Contact | undefined; readonly contactId: string | undefined; readonly problem: string | undefined }

export const targetOf = (estate: Estate, access: Access): Target => {
  const stated = estate.recordings.find((one) => one.id === access.recordingId)
  const placed = estate.recordings.find((one) => one.uri === access.uri)
  const ofContact = estate.recordings.filter((one) => one.contactId === access.contactId)
  const sole = access.recordingId === undefined && access.uri === undefined && ofContact.length === 1 ? ofContact[0] : undefined
  const recording = stated ?? placed ?? sole
  const contactId = recording?.contactId ?? access.contactId
  const contact = estate.contacts.find((one) => one.id === contactId)
  const disagrees = access.contactId !== undefined && recording !== undefined && access.contactId !== recording.contactId
  return {
    key: access.recordingId ?? recording?.id ?? contactId ?? access.uri ?? "", recording, contact, contactId,
    problem: disagrees ? "target-disagrees" : recording !== undefined && contact === undefined ? "contact-unknown" : undefined
  }
}

/** Staff who may be the handlers of a contact; sure where the name was theirs alone. */
export const handlersOf = (estate: Estate, contact: Contact, roles: ReadonlyArray<string> = ["agent", "supervisor", "expert"]): ReadonlyArray<{ readonly staff: string; readonly sure: boolean }> =>
  contact.parties.filter((party) => roles.includes(party.role)).flatMap((party) => {
    const found = staffNamed(estate, party.id, ms(contact.startedAt))
    return found.map((staff) => ({ staff, sure: found.length === 1 }))
  })

/** Persons who may be on a contact as outsiders. */
export const outsidersOf = (estate: Estate, contact: Contact | undefined, roles: ReadonlyArray<string> = ["customer", "thirdParty"]): ReadonlyArray<{ readonly person: string; readonly sure: boolean }> =>
  (contact?.parties ?? []).filter((party) => roles.includes(party.role)).flatMap((party) => {
    const found = personsNamed(estate, party.id)
    return found.map((person) => ({ person, sure: found.length === 1 }))
  })

export const chainOf = (estate: Estate, contact: Contact): ReadonlyArray<Contact> => {
  const chain = new Set([contact])
  for (let grown = true; grown;) {
    const before = chain.size
    for (const other of estate.contacts) {
      if ([...chain].some((one) => one.previousContactId === other.id || other.previousContactId === one.id)) chain.add(other)
      const shared = [...chain].some((one) => one.previousContactId !== undefined && one.previousContactId === other.previousContactId)
      if (shared) chain.add(other)
    }
    grown = chain.size > before
  }
  return [...chain]
}

export const rolesThen = (estate: Estate, staff: string | undefined, at: number): ReadonlyArray<Staff["roles"][number]> =>
  estate.staff.find((one) => one.id === staff)?.roles.filter((role) => holds(role, at)) ?? []

export type Warrant = { readonly record: Grant | Assignment; readonly inForce: boolean; readonly made: boolean; readonly near: boolean; readonly weak: "self" | "nobody" | undefined; readonly sureCover: boolean; readonly sureMaker: boolean }

/** Grants and assignments whose holder, action, purposes and scope fit an access, in force or not. */
export const warrantsOf = (estate: Estate, access: Access): ReadonlyArray<Warrant> => {
  const actor = actorOf(estate, access)
  if (!["staff", "service", "audit"].includes(actor.kind)) return []
  const at = ms(access.at)
  const { contact, contactId, recording } = targetOf(estate, access)
  const recordingId = access.recordingId ?? recording?.id
  return [...estate.grants, ...estate.assignments].flatMap((record): ReadonlyArray<Warrant> => {
    const isGrant = record.kind === "grant"
    const holder = isGrant ? record.principal : record.staff
    const holders = holder.startsWith("role:") ? [] : staffNamed(estate, holder, ms(record.createdAt))
    const candidates = holders.length === 0 ? [holder] : holders
    const byRole = isGrant && rolesThen(estate, actor.staff, at).some((role) => record.principal === `role:${role.role}`)
    if (!byRole && !candidates.includes(actor.person)) return []
    if (isGrant && !record.actions.includes(access.action)) return []
    if (record.purposes !== undefined && access.purpose !== undefined && !record.purposes.includes(access.purpose)) return []
    if (record.recordingIds !== undefined && (recordingId === undefined || !record.recordingIds.includes(recordingId))) return []
    if (record.contactIds !== undefined && (contactId === undefined || !record.contactIds.includes(contactId))) return []
    if (record.queues !== undefined && (contact === undefined || !record.queues.includes(contact.queue))) return []
    const asked = record.subjects?.map((subject) => personsNamed(estate, subject))
    const outsiders = outsidersOf(estate, contact)
    if (asked !== undefined && !outsiders.some(({ person }) => asked.flat().includes(person))) return []
    const sureSubject = asked === undefined || (asked.every((found) => found.length === 1) && outsiders.some(({ person, sure }) => sure && asked.flat().includes(person)))
    const assigners = !isGrant && record.assignedBy !== undefined ? staffNamed(estate, record.assignedBy, ms(record.createdAt)) : []
    const weak = isGrant ? undefined : record.assignedBy === undefined ? "nobody" : record.assignedBy === actor.person || (assigners.length === 1 && assigners[0] === actor.person) ? "self" : undefined
    const from = ms(record.from)
    const until = record.until === undefined ? Infinity : ms(record.until)
    return [{
      record, weak, inForce: from <= at && at < until, made: ms(record.createdAt) <= at + policy.tolerance,
      near: (until <= at && until >= at - policy.near) || (from > at && from <= at + policy.near),
      sureCover: (byRole || candidates.length === 1) && sureSubject, sureMaker: !(assigners.length > 1 && assigners.includes(actor.person))
    }]
  })
}
