/** The oracle's third part: sessions, and what every access control says of an estate. */
import ipaddr from "ipaddr.js"
import type { Access, Estate } from "./estate.ts"
import { permission, verdictOf } from "./reasons.ts"
import { actorOf, holds, minutes, ms, outsidersOf, personsNamed, policy, rolesThen, staffNamed, targetOf, warrantsOf } from "./who.ts"

export type Row = { readonly unit: string; readonly outcome: string; readonly reason?: string | null }
type Judged = { readonly fail?: string | undefined; readonly doubt?: string | undefined; readonly not?: string | undefined }

const byTime = (a: Access, b: Access): number => ms(a.at) - ms(b.at) || (a.id < b.id ? -1 : 1)

/** Sessions, cut greedily from the first access on. */
export const sessionsOf = (estate: Estate): ReadonlyArray<ReadonlyArray<Access>> => {
  const groups = new Map<string, Array<Array<Access>>>()
  for (const access of estate.accesses.filter(({ outcome }) => outcome === "success").toSorted(byTime)) {
    const actor = actorOf(estate, access)
    const key = [actor.kind, actor.person, targetOf(estate, access).key, access.action].join("|")
    const sessions = groups.get(key) ?? []
    groups.set(key, sessions)
    const open = sessions.at(-1)
    if (open?.[0] !== undefined && ms(access.at) <= ms(open[0].at) + policy.session) open.push(access)
    else sessions.push([access])
  }
  return [...groups.values()].flat()
}

const numbered = ["", "anonymous", "unknown-actor", "unauthorised-monitoring", "grant-expired", "explanation-backdated", "unexplained"]

const numberedRows = (estate: Estate, number: number): ReadonlyArray<Row> =>
  sessionsOf(estate).filter((session) => session[0]?.action !== "list").map((session): Row => {
    const unit = session[0]?.id ?? ""
    const verdicts = session.map((access) => verdictOf(estate, access))
    const fires = Math.min(...verdicts.map((verdict) => verdict.fires ?? Infinity))
    const live = ["monitor", "whisper", "barge"].includes(session[0]?.action ?? "")
    if (fires === number) {
      const code = verdicts.find((verdict) => verdict.fires === fires)?.code
      return { unit, outcome: "fail", ...(code === undefined ? {} : { reason: code }) }
    }
    if (fires < Infinity) return { unit, outcome: "notApplicable", reason: `decided-by:access/${numbered[fires]}` }
    if (number === 3 && !live) return { unit, outcome: "notApplicable", reason: "not-monitoring" }
    const doubts = verdicts.filter((verdict) => verdict.doubt !== undefined)
    const from = Math.min(...doubts.map((verdict) => verdict.from ?? Infinity))
    return from <= number ? { unit, outcome: "unverifiable", reason: doubts.map((verdict) => verdict.doubt ?? "").sort()[0] ?? null } : { unit, outcome: "pass", reason: null }
  })

/** A session fails if any access in it fails; grades say which reason stands for it. */
const sessionRows = (estate: Estate, judge: (access: Access, first: Access) => Judged, grades: ReadonlyArray<string> = []): ReadonlyArray<Row> =>
  sessionsOf(estate).map((session): Row => {
    const first = session[0] as Access
    const judged = session.map((access) => judge(access, first))
    const pick = (codes: ReadonlyArray<string | undefined>): string | undefined => {
      const found = codes.filter((code) => code !== undefined).sort()
      return grades.find((grade) => found.includes(grade)) ?? found[0]
    }
    const fail = pick(judged.map((one) => one.fail))
    if (fail !== undefined) return { unit: first.id, outcome: "fail", reason: fail }
    const doubt = pick(judged.map((one) => one.doubt))
    if (doubt !== undefined) return { unit: first.id, outcome: "unverifiable", reason: doubt }
    const not = judged[0]?.not
    return not === undefined ? { unit: first.id, outcome: "pass", reason: null } : { unit: first.id, outcome: "notApplicable", reason: not }
  })

const ofStaff = (estate: Estate, judge: (access: Access, staff: string) => Judged) => (access: Access): Judged => {
  const actor = actorOf(estate, access)
  if (actor.kind === "ambiguous") return { doubt: "ambiguous-person" }
  return actor.staff === undefined ? { not: "not-staff" } : judge(access, actor.staff)
}

const chicago = new Intl.DateTimeFormat("en-US", { timeZone: "America/Chicago", weekday: "short", hour: "2-digit", hourCycle: "h23" })

const withinHours = (at: string): boolean => {
  const parts = Object.fromEntries(chicago.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return !["Sat", "Sun"].includes(parts["weekday"] ?? "") && Number(parts["hour"]) >= 7 && Number(parts["hour"]) < 20
}

const network = (access: Access): Judged => {
  if (access.ip === undefined) return { doubt: "no-address" }
  if (!ipaddr.isValid(access.ip)) return { doubt: "address-unreadable" }
  const address = ipaddr.process(access.ip)
  const inside = ["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32"].map((range) => ipaddr.parseCIDR(range)).some((range) => range[0].kind() === address.kind() && address.match(range))
  return inside ? {} : { fail: "outside-network" }
}

/** Requests of somebody who may be on the contact, with what speaks against saying so. */
const bars = (estate: Estate, access: Access, types: ReadonlyArray<string>, recordingPurposes: ReadonlyArray<string> | undefined) =>
  estate.requests.filter((request) => types.includes(request.type) && ["granted", "partly"].includes(request.outcome ?? "")).flatMap((request) => {
    const asked = personsNamed(estate, request.subject)
    const met = outsidersOf(estate, targetOf(estate, access).contact).filter(({ person }) => asked.includes(person))
    if (met.length === 0) return []
    const actor = actorOf(estate, access)
    const used = access.purpose !== undefined ? [access.purpose] : actor.kind === "service" ? ["analytics"] : recordingPurposes
    if (request.purposes !== undefined && used !== undefined && !used.some((purpose) => request.purposes?.includes(purpose))) return []
    const sure = asked.length === 1 && met.some((one) => one.sure)
    const doubt = !sure ? "ambiguous-person" : request.purposes !== undefined && !(used?.every((purpose) => request.purposes?.includes(purpose)) ?? false) ? "purpose-unknown" : undefined
    return [{ request, doubt }]
  })

const restricted = (estate: Estate) => (access: Access): Judged => {
  const target = targetOf(estate, access)
  const at = ms(access.at)
  if (target.problem === "target-disagrees") return { doubt: target.problem }
  const found = access.purpose === "legal" ? [] : bars(estate, access, ["restriction", "objection"], target.recording?.purposes)
    .filter(({ request }) => ms(request.receivedAt) <= at && (request.liftedAt === undefined || at < ms(request.liftedAt)))
  const sure = found.filter(({ doubt }) => doubt === undefined)
  if (sure.length > 0) return { fail: sure.some(({ request }) => request.type === "restriction") ? "restricted" : "objected" }
  if (found[0] !== undefined) return { doubt: found.map(({ doubt }) => doubt ?? "").sort()[0] }
  return target.problem === undefined ? target.contactId === undefined ? { not: "no-known-contact" } : {} : { doubt: target.problem }
}

const erased = (estate: Estate) => (access: Access): Judged => {
  const target = targetOf(estate, access)
  const at = ms(access.at)
  if (access.action === "delete") return { not: "deletion" }
  if (target.problem === "target-disagrees") return { doubt: target.problem }
  const touched = target.recording !== undefined ? [target.recording] : access.recordingId === undefined && access.uri === undefined ? estate.recordings.filter((one) => one.contactId === target.contactId) : []
  const judged = touched.map((recording): Judged => {
    const held = estate.holds.filter((hold) => holds(hold, at) && ms(hold.createdAt) <= at).flatMap((hold) => {
      if (hold.recordingIds?.includes(recording.id) === true || hold.contactIds?.includes(recording.contactId) === true) return [true]
      const asked = (hold.subjects ?? []).map((subject) => personsNamed(estate, subject))
      const met = outsidersOf(estate, target.contact).filter(({ person }) => asked.flat().includes(person))
      return met.map(({ sure }) => sure && asked.every((found) => found.length === 1))
    })
    if (recording.deletedAt !== undefined && at > ms(recording.deletedAt)) return { fail: "after-deletion" }
    const found = bars(estate, access, ["erasure"], recording.purposes).filter(({ request }) => request.completedAt !== undefined && at > ms(request.completedAt) && ms(recording.startedAt) < ms(request.receivedAt))
    const sure = found.some(({ doubt }) => doubt === undefined)
    if (sure && held.length === 0) return { fail: "after-erasure" }
    if (recording.deleteBy !== undefined && at > ms(recording.deleteBy) && held.length === 0) return { fail: "past-delete-by" }
    if (sure && !held.includes(true)) return { doubt: "ambiguous-person" }
    if (found.length > 0 && !sure && !held.includes(true)) return { doubt: found.map(({ doubt }) => doubt ?? "").sort()[0] }
    return recording.deleteBy !== undefined && at > ms(recording.deleteBy) && held.length > 0 && !held.includes(true) ? { doubt: "ambiguous-person" } : {}
  })
  const fail = ["after-deletion", "after-erasure", "past-delete-by"].find((code) => judged.some((one) => one.fail === code))
  if (fail !== undefined) return { fail }
  const doubt = judged.map((one) => one.doubt).filter((code) => code !== undefined).sort()[0] ?? target.problem
  return doubt === undefined ? target.contactId === undefined ? { not: "no-known-recording" } : {} : { doubt }
}

const ownRecord = (estate: Estate) => ofStaff(estate, (access, staff) => {
  const { problem, contact } = targetOf(estate, access)
  if (problem === "target-disagrees") return { doubt: problem }
  const subjects = (estate.staff.find(({ id }) => id === staff)?.subjectIds ?? []).map((subject) => personsNamed(estate, subject))
  const met = outsidersOf(estate, contact, ["customer"]).flatMap(({ person, sure }) => subjects.filter((found) => found.includes(person)).map((found) => sure && found.length === 1))
  const named = (contact?.parties ?? []).filter(({ role }) => role === "customer").map(({ id }) => staffNamed(estate, id, ms(contact?.startedAt ?? ""))).filter((found) => found.includes(staff)).map((found) => found.length === 1)
  if ([...met, ...named].includes(true)) return { fail: "own-record" }
  if (met.length + named.length > 0) return { doubt: "ambiguous-person" }
  return problem === undefined ? contact === undefined ? { not: "no-known-contact" } : {} : { doubt: problem }
})

/** Uses of warrants by successful accesses, in order of time. */
const usesOf = (estate: Estate, id: string) =>
  estate.accesses.filter(({ outcome }) => outcome === "success").toSorted(byTime).flatMap((access) => warrantsOf(estate, access).filter((warrant) => warrant.record.id === id && warrant.inForce).map((warrant) => ({ access, warrant })))

const selfAssigned = (estate: Estate): ReadonlyArray<Row> => estate.assignments.flatMap(({ id }): ReadonlyArray<Row> => {
  const uses = usesOf(estate, id)
  if (uses.length === 0) return []
  const weak = uses.map(({ warrant }) => warrant.weak).find((code) => code !== undefined)
  if (weak === "self" && uses.some(({ warrant }) => warrant.sureCover)) return [{ unit: id, outcome: "fail", reason: "self-assigned" }]
  if (weak === "nobody") return [{ unit: id, outcome: "unverifiable", reason: "no-assigner" }]
  return [weak === "self" || uses.some(({ warrant }) => !warrant.sureMaker) ? { unit: id, outcome: "unverifiable", reason: "ambiguous-person" } : { unit: id, outcome: "pass", reason: null }]
})

const breakGlass = (estate: Estate, asOf: number): ReadonlyArray<Row> => estate.grants.filter((grant) => grant.breakGlass === true).flatMap((grant): ReadonlyArray<Row> => {
  const uses = usesOf(estate, grant.id)
  const first = uses[0]
  if (first === undefined) return []
  const used = ms(first.access.at)
  const due = used + policy.review
  const reviewed = grant.reviewedAt === undefined ? undefined : ms(grant.reviewedAt)
  const reviewers = grant.reviewedBy === undefined || reviewed === undefined ? [] : staffNamed(estate, grant.reviewedBy, reviewed)
  const reviewer = reviewers.length === 1 ? reviewers[0] : grant.reviewedBy
  const holder = staffNamed(estate, grant.principal, ms(grant.createdAt))
  const own = reviewer !== undefined && (reviewer === (holder.length === 1 ? holder[0] : grant.principal) || uses.some(({ access }) => actorOf(estate, access).person === reviewer))
  const inTime = reviewed !== undefined && reviewed >= used && reviewed <= due
  const row = (outcome: string, reason: string | null): ReadonlyArray<Row> => [{ unit: grant.id, outcome, reason }]
  if (!uses.some(({ warrant }) => warrant.sureCover) || (inTime && reviewers.length > 1)) return row("unverifiable", "ambiguous-person")
  if (inTime && grant.reviewedBy === undefined) return row("unverifiable", "no-reviewer")
  if (inTime && !own) return row("pass", null)
  if (asOf <= due) return row("notApplicable", "not-due")
  if (reviewed !== undefined && reviewed >= used && own) return row("fail", "reviewed-by-user")
  return row("fail", reviewed !== undefined && reviewed > due ? "reviewed-late" : "not-reviewed")
})

const selfApproved = (estate: Estate): ReadonlyArray<Row> => estate.grants.map((grant): Row => {
  const at = ms(grant.createdAt)
  const unit = grant.id
  if (grant.approvedBy === undefined) return { unit, outcome: "unverifiable", reason: "no-approver" }
  const approvers = staffNamed(estate, grant.approvedBy, at)
  const toRole = grant.principal.startsWith("role:")
  const holders = toRole ? [] : staffNamed(estate, grant.principal, at)
  if (grant.approvedBy === grant.principal || (approvers.length === 1 && holders.length === 1 && approvers[0] === holders[0])) return { unit, outcome: "fail", reason: "approved-by-holder" }
  if (approvers.length > 1 || holders.length > 1) return { unit, outcome: "unverifiable", reason: "ambiguous-person" }
  if (toRole && approvers[0] === undefined) return { unit, outcome: "unverifiable", reason: "unknown-approver" }
  const roles = new Set(rolesThen(estate, approvers[0], at).map(({ role }) => `role:${role}`))
  return toRole && roles.size === 1 && roles.has(grant.principal) ? { unit, outcome: "fail", reason: "approved-by-role-only" } : { unit, outcome: "pass", reason: null }
})

/** Days on which a window of an hour that ends at an access holds more than `max`; a run of overlapping ones belongs to its last day. */
const burstRows = (estate: Estate, accesses: ReadonlyArray<Access>, max: number, counted: (window: ReadonlyArray<Access>) => number, code: string): ReadonlyArray<Row> => {
  const people = Map.groupBy(accesses.toSorted(byTime), (access) => actorOf(estate, access).person)
  return [...people].flatMap(([person, own]) => {
    const day = (access: Access): string => access.at.slice(0, 10)
    const ends = own.filter((end) => counted(own.filter((one) => ms(one.at) <= ms(end.at) && ms(one.at) >= ms(end.at) - minutes(60))) > max)
    const last = ends.filter((end, index) => { const next = ends[index + 1]; return next === undefined || ms(next.at) - minutes(60) > ms(end.at) })
    const kind = actorOf(estate, own[0] as Access).kind
    return [...new Set(own.map(day))].map((one): Row => {
      const burst = last.some((end) => day(end) === one)
      return { unit: `${person}|${one}`, ...(burst ? kind === "ambiguous" ? { outcome: "unverifiable", reason: "ambiguous-person" } : { outcome: "fail", reason: code } : { outcome: "pass", reason: null }) }
    })
  })
}

/** What every control of the family says of an estate, by name. Limits of bursts are the tests' own. */
export const oracle = (estate: Estate, asOf: number, limits: { readonly bulk: number; readonly denials: number }): ReadonlyMap<string, ReadonlyArray<Row>> => {
  const listed = (access: Access): boolean => warrantsOf(estate, access).some((warrant) => warrant.record.recordingIds !== undefined && warrant.inForce && warrant.made && warrant.weak === undefined && warrant.sureCover && warrant.sureMaker)
  const success = estate.accesses.filter(({ outcome }) => outcome === "success")
  const employed = ofStaff(estate, (access, staff) => {
    const record = estate.staff.find(({ id }) => id === staff)
    return record?.employedUntil !== undefined && ms(access.at) >= ms(record.employedUntil) ? { fail: "after-leaving" } : record !== undefined && ms(access.at) < ms(record.employedFrom) ? { fail: "before-joining" } : {}
  })
  const permitted = (access: Access): Judged => {
    const { kind } = actorOf(estate, access)
    if (kind === "anonymous" || kind === "unknown") return { not: "no-known-actor" }
    if (kind === "ambiguous") return { doubt: "ambiguous-person" }
    const found = permission(estate, access)
    const { problem } = targetOf(estate, access)
    if (found === true) return {}
    return kind !== "staff" ? { fail: "not-in-service-list" } : found !== undefined ? { doubt: found } : problem === undefined ? { fail: "not-permitted" } : { doubt: problem }
  }
  const hours = ofStaff(estate, (access, staff) => {
    const roles = rolesThen(estate, staff, ms(access.at)).filter(({ role }) => role !== "legal")
    return roles.length === 0 ? { not: "no-hours" } : withinHours(access.at) ? {} : { fail: "outside-hours" }
  })
  const trained = ofStaff(estate, (access, staff) => {
    if (rolesThen(estate, staff, ms(access.at)).every(({ role }) => role === "legal")) return { not: "no-rule" }
    const done = (estate.staff.find(({ id }) => id === staff)?.training ?? []).filter(({ course, completedAt }) => course === "privacy" && ms(completedAt) <= ms(access.at))
    return done.some(({ validUntil }) => validUntil === undefined || ms(access.at) < ms(validUntil)) ? {} : { fail: done.length === 0 ? "never-trained" : "training-lapsed" }
  })
  const bulk = success.filter((access) => ["play", "download", "export"].includes(access.action) && ["staff", "ambiguous"].includes(actorOf(estate, access).kind))
  const denied = estate.accesses.filter((access) => access.outcome === "denied" && ["staff", "ambiguous", "unknown"].includes(actorOf(estate, access).kind))
  return new Map([
    ...numbered.slice(1).map((name, index) => [name, numberedRows(estate, index + 1)] as const),
    ["by-departed-staff", sessionRows(estate, employed)], ["action-not-permitted", sessionRows(estate, permitted)], ["outside-hours", sessionRows(estate, hours)],
    ["outside-network", sessionRows(estate, network, ["address-unreadable"])], ["untrained", sessionRows(estate, trained, ["never-trained"])], ["own-record", sessionRows(estate, ownRecord(estate))],
    ["restricted", sessionRows(estate, restricted(estate), ["restricted"])], ["after-erasure", sessionRows(estate, erased(estate), ["after-deletion", "after-erasure", "past-delete-by"])],
    ["self-assigned", selfAssigned(estate)], ["break-glass-unreviewed", breakGlass(estate, asOf)], ["self-approved-grant", selfApproved(estate)],
    ["bulk", burstRows(estate, bulk, limits.bulk, (window) => new Set(window.filter((access) => !listed(access)).map((access) => targetOf(estate, access).key)).size, "bulk")],
    ["repeated-denials", burstRows(estate, denied, limits.denials, (window) => window.length, "repeated-denials")]
  ])
}
