/** The oracle's second part: explanations and the numbered controls. */
import type { Access, Estate } from "./estate.ts"
import { actorOf, chainOf, handlersOf, ms, outsidersOf, policy, rolesThen, targetOf, type Warrant, warrantsOf } from "./who.ts"

/** Whether a boss supervised somebody at some moment from..to. */
const supervised = (estate: Estate, boss: string, staff: string, from: number, to: number): boolean => {
  if (boss === staff) return false
  const meets = (...spans: ReadonlyArray<{ readonly from: string; readonly until?: string }>): boolean => {
    const begins = Math.max(...spans.map((span) => ms(span.from)))
    const ends = Math.min(...spans.map((span) => (span.until === undefined ? Infinity : ms(span.until))))
    return begins < ends && begins <= to && from < ends
  }
  const theirs = estate.staff.find((one) => one.id === staff)?.roles ?? []
  const bosss = (estate.staff.find((one) => one.id === boss)?.roles ?? []).filter((role) => role.role === "supervisor")
  return theirs.some((role) => (role.supervisor === boss && begins(role, from, to)) || bosss.some((lead) => lead.team !== undefined && lead.team === role.team && meets(lead, role)))
}

const begins = (role: { readonly from: string; readonly until?: string }, from: number, to: number): boolean => ms(role.from) <= to && (role.until === undefined || from < ms(role.until))

const surest = (found: ReadonlyArray<{ readonly sure: boolean; readonly why?: string }>): true | string | undefined =>
  found.some(({ sure }) => sure) ? true : found.map(({ why }) => why ?? "ambiguous-person").sort()[0]

const strong = (warrant: Warrant): boolean => warrant.inForce && warrant.made && warrant.weak === undefined

/** true: something explains the access for sure; a reason code: perhaps; undefined: nothing. */
export const explanation = (estate: Estate, access: Access): true | string | undefined => {
  const actor = actorOf(estate, access)
  const at = ms(access.at)
  const { contact } = targetOf(estate, access)
  const found: Array<{ readonly sure: boolean; readonly why?: string }> = []
  for (const warrant of warrantsOf(estate, access)) if (strong(warrant)) found.push({ sure: warrant.sureCover && warrant.sureMaker })
  if (actor.kind === "service" && (access.purpose === undefined || access.purpose === "analytics")) found.push({ sure: true })
  if (actor.staff !== undefined && contact !== undefined) {
    const own = actor.staff
    for (const leg of chainOf(estate, contact)) {
      for (const handler of handlersOf(estate, leg)) {
        if (handler.staff !== own || ms(leg.startedAt) > at + policy.tolerance) continue
        if (contact.endedAt === undefined) found.push(at <= ms(contact.startedAt) + policy.handled ? { sure: handler.sure } : { sure: false, why: handler.sure ? "contact-end-unknown" : "ambiguous-person" })
        else if (at <= ms(contact.endedAt) + policy.handled) found.push({ sure: handler.sure })
      }
    }
    for (const handler of handlersOf(estate, contact)) {
      if (supervised(estate, own, handler.staff, at, at) || supervised(estate, own, handler.staff, ms(contact.startedAt), ms(contact.endedAt ?? contact.startedAt))) found.push({ sure: handler.sure })
    }
    const mine = outsidersOf(estate, contact, ["customer"])
    for (const other of estate.contacts) {
      const began = ms(other.startedAt)
      if (other.id === contact.id || began > at || began < at - policy.recent) continue
      for (const theirs of outsidersOf(estate, other, ["customer"])) {
        const same = mine.find(({ person }) => person === theirs.person)
        for (const handler of handlersOf(estate, other)) if (same !== undefined && handler.staff === own) found.push({ sure: same.sure && theirs.sure && handler.sure })
      }
    }
  }
  return surest(found)
}

/** Whether a monitoring has authority: true, perhaps, or none. */
const authority = (estate: Estate, access: Access): true | string | undefined => {
  const { staff } = actorOf(estate, access)
  const { contact } = targetOf(estate, access)
  const at = ms(access.at)
  return surest([
    ...warrantsOf(estate, access).filter((warrant) => strong(warrant) && (warrant.record.kind === "grant" || ["quality-review", "coaching", "calibration"].includes(warrant.record.reason)))
      .map((warrant) => ({ sure: warrant.sureCover && warrant.sureMaker })),
    ...(staff === undefined || contact === undefined ? [] : handlersOf(estate, contact, ["agent"]).filter((agent) => supervised(estate, staff, agent.staff, at, at)))
  ])
}

export type Verdict = { readonly fires?: number; readonly code?: string; readonly doubt?: string; readonly from?: number }

/** What the numbered controls say of one access. */
export const verdictOf = (estate: Estate, access: Access): Verdict => {
  const actor = actorOf(estate, access)
  const target = targetOf(estate, access)
  const live = ["monitor", "whisper", "barge"].includes(access.action)
  if (actor.kind === "anonymous") return { fires: 1, code: "anonymous" }
  if (actor.kind === "unknown") return { fires: 2, code: access.actor.type === "service" && access.actor.onBehalfOf !== undefined ? "undeclared-service" : "unknown-actor" }
  if (actor.kind === "ambiguous") return { doubt: "ambiguous-person", from: 2 }
  if (live && target.contact?.queue === "hr") return { fires: 3, code: "never-monitor" }
  const allowed = live ? authority(estate, access) : true
  if (target.problem === "target-disagrees") return { doubt: target.problem, from: live ? 3 : 4 }
  const explained = explanation(estate, access)
  if (allowed === true && explained === true) return {}
  if (target.problem !== undefined) return { doubt: target.problem, from: live ? 3 : 4 }
  if (allowed !== true) return allowed === undefined ? { fires: 3, code: "no-authority" } : { doubt: allowed, from: 3 }
  if (explained !== undefined && explained !== true) return { doubt: explained, from: 4 }
  const near = warrantsOf(estate, access).filter((warrant) => warrant.weak === undefined && warrant.sureCover && warrant.sureMaker)
  if (near.some((warrant) => warrant.record.kind === "grant" && !warrant.inForce && warrant.near)) return { fires: 4 }
  if (near.some((warrant) => warrant.inForce && !warrant.made)) return { fires: 5, code: "explanation-backdated" }
  return { fires: 6, code: "unexplained" }
}

/** Whether a role, a grant or an export approval permits an access: true, perhaps, or none. */
export const permission = (estate: Estate, access: Access): true | string | undefined => {
  const actor = actorOf(estate, access)
  const byRole: Readonly<Record<string, ReadonlyArray<string>>> = {
    agent: ["list", "view", "play"], supervisor: ["list", "view", "play", "monitor", "whisper", "barge"], quality: ["list", "view", "play"], legal: ["list", "view", "play", "download", "export"]
  }
  if (actor.kind === "service") return ["view", "download"].includes(access.action) ? true : undefined
  if (actor.kind === "audit") return ["list", "view", "play", "download"].includes(access.action) ? true : undefined
  if (rolesThen(estate, actor.staff, ms(access.at)).some((role) => byRole[role.role]?.includes(access.action))) return true
  return surest(warrantsOf(estate, access)
    .filter((warrant) => strong(warrant) && (warrant.record.kind === "grant" || (warrant.record.reason === "export-approval" && ["export", "download"].includes(access.action))))
    .map((warrant) => ({ sure: warrant.sureCover && warrant.sureMaker })))
}
