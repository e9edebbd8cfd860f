import type { Contact, Decision, Step, World } from "./world.ts"

/** A unit that a control must yield. */
export type Expected = { readonly unit: string; readonly outcome: string; readonly reason: string | null }

type Limits = Readonly<Record<string, number>>

/** The `authority` part of a version, as a policy pack writes it. */
export type Authority = {
  readonly currency: string
  readonly limits: Limits
  readonly limitsFor?: ReadonlyArray<{ readonly queues?: ReadonlyArray<string>; readonly currency?: string; readonly limits: Limits }>
  readonly mayOverride: ReadonlyArray<string>
}

/** What the shipped cases are judged by. */
export const plainAuthority: Authority = { currency: "USD", limits: { agent: 100, supervisor: 500, manager: 5000 }, mayOverride: ["supervisor", "manager"] }

/** The table that governs in a queue and currency: the queue's own, else what holds everywhere, else none. */
const tableFor = (authority: Authority, queue: string, currency: string): Limits | undefined => {
  const parts = (authority.limitsFor ?? []).filter((part) => (part.currency ?? authority.currency) === currency)
  return parts.find((part) => part.queues?.includes(queue) === true)?.limits ?? parts.find((part) => part.queues === undefined)?.limits ?? (currency === authority.currency ? authority.limits : undefined)
}

const overriding = new Set(["supervisor", "manager"])
const favourable = new Set(["granted", "partial"])
const day = 86_400_000

const within = (at: string, from?: string, until?: string): boolean => (from === undefined || from <= at) && (until === undefined || at < until)

type Actor = { readonly staff?: string; readonly doubt?: string; readonly roles: ReadonlyArray<string> }

const actorAt = (world: World, name: string, at: string): Actor => {
  const found = world.staff.filter((one) => one.id === name || (one.aliases ?? []).some((alias) => alias.alias === name && within(at, alias.from, alias.until)))
  if (found.length > 1) return { doubt: "ambiguous-person", roles: [] }
  const [one] = found
  if (one === undefined) return { doubt: "unknown-staff", roles: [] }
  return { staff: one.id, roles: within(at, one.employedFrom, one.employedUntil) ? one.roles.filter((role) => within(at, role.from, role.until)).map((role) => role.role) : [] }
}

/** The limit of these roles for a decision, or why it cannot be told. */
const limitOf = (world: World, authority: Authority, decision: Decision, roles: ReadonlyArray<string>): number | string => {
  if (decision.currency === undefined) return "currency-unknown"
  const table = tableFor(authority, world.contacts.find((contact) => contact.id === decision.contactId)?.queue ?? "", decision.currency)
  return table === undefined ? "other-currency" : Math.max(0, ...roles.map((role) => table[role] ?? 0))
}

/** c1 and c4 share a mail address, so they are one person; a telephone number of two is ambiguous. */
const personAt = (world: World, name: string, at: string): { readonly person: string; readonly ambiguous: boolean; readonly candidates: ReadonlyArray<string> } => {
  const subjects = world.identities.filter((one) => one.subject === name || one.aliases.some((alias) => alias.alias === name && within(at, alias.from, alias.until))).map((one) => (one.subject === "c4" ? "c1" : one.subject))
  const persons = [...new Set(subjects)].sort()
  return { person: persons[0] ?? name, ambiguous: persons.length > 1, candidates: persons }
}

type Approval = { readonly validity: "valid" | "invalid" | "unknown"; readonly why: string }

const approvalsOf = (world: World, authority: Authority, decision: Decision): ReadonlyArray<Approval> =>
  (decision.approvals ?? []).map(({ by, at }): Approval => {
    const approver = actorAt(world, by, at)
    const decider = actorAt(world, decision.staff, decision.at)
    if (by === decision.staff || (approver.staff !== undefined && approver.staff === decider.staff)) return { validity: "invalid", why: "self-approved" }
    if (at > decision.at) return { validity: "invalid", why: "approved-after-the-act" }
    if (approver.doubt !== undefined) return { validity: "unknown", why: approver.doubt }
    if (decision.amount === undefined) return approver.roles.some((role) => overriding.has(role)) ? { validity: "valid", why: "" } : { validity: "invalid", why: "may-not-override" }
    const limit = limitOf(world, authority, decision, approver.roles)
    if (typeof limit === "string") return { validity: "unknown", why: limit }
    return limit >= decision.amount ? { validity: "valid", why: "" } : { validity: "invalid", why: "limit-too-low" }
  })

/** Everything that follows for one decision, step by step as the contract says it. */
type Judged = {
  readonly decision: Decision
  readonly approvals: ReadonlyArray<Approval>
  readonly over: "yes" | "no" | "unknown"
  readonly overDoubt: string
  readonly contradiction: "no" | "favour" | "against" | "unknown"
  readonly limit: number
  readonly fires: string | undefined
}

const contradictionOf = ({ facts, outcome }: Decision): Judged["contradiction"] => {
  const days = facts["daysSincePurchase"]
  if (typeof days !== "number") return "unknown"
  const expected = facts["reason"] === "defective" && days <= 30 ? ["granted"] : days > 90 ? ["denied"] : ["granted", "partial", "denied"]
  if (expected.includes(outcome)) return "no"
  return favourable.has(outcome) ? "favour" : "against"
}

const judgedOf = (world: World, authority: Authority, decision: Decision): Judged => {
  const decider = actorAt(world, decision.staff, decision.at)
  const approvals = approvalsOf(world, authority, decision)
  const contradiction = contradictionOf(decision)
  const stated = limitOf(world, authority, decision, decider.roles)
  const overDoubt = typeof stated === "string" ? stated : decider.doubt ?? ""
  const limit = typeof stated === "string" ? 0 : stated
  const over = !favourable.has(decision.outcome) || decision.amount === undefined ? "no" : overDoubt !== "" ? "unknown" : decision.amount > limit ? "yes" : "no"
  const needed = over === "yes" || contradiction === "favour"
  const allInvalid = approvals.length > 0 && approvals.every((approval) => approval.validity === "invalid")
  const fires = needed && allInvalid ? "policy/approval-invalid"
    : over === "yes" && approvals.length === 0 ? "policy/authority-exceeded"
    : contradiction === "against" || (contradiction === "favour" && approvals.length === 0) ? "policy/outcome-contradicts-rule" : undefined
  return { decision, approvals, over, overDoubt, contradiction, limit, fires }
}

const decidedBy = (unit: string, fires: string): Expected => ({ unit, outcome: "notApplicable", reason: `decided-by:${fires}` })
const pass = (unit: string): Expected => ({ unit, outcome: "pass", reason: null })
const least = (values: ReadonlyArray<string>): string => [...values].sort()[0] ?? ""

const approvalInvalid = (all: ReadonlyArray<Judged>): ReadonlyArray<Expected> =>
  all.flatMap((one): ReadonlyArray<Expected> => {
    const unit = one.decision.id
    const needed = one.over === "yes" || one.contradiction === "favour"
    const unknown = !needed && (one.over === "unknown" || (one.contradiction === "unknown" && favourable.has(one.decision.outcome)))
    if (!needed && !(unknown && one.approvals.length > 0)) return []
    if (one.fires === "policy/approval-invalid") return [{ unit, outcome: "fail", reason: (one.approvals.find(({ why }) => why !== "self-approved") ?? one.approvals[0])?.why ?? "" }]
    if (one.fires !== undefined) return [decidedBy(unit, one.fires)]
    if (one.approvals.some((approval) => approval.validity === "valid")) return [pass(unit)]
    const doubts = one.approvals.filter((approval) => approval.validity === "unknown").map((approval) => approval.why)
    return [{ unit, outcome: "unverifiable", reason: doubts.length > 0 ? least(doubts) : one.over === "unknown" ? one.overDoubt : "rule-not-evaluable" }]
  })

const authorityExceeded = (all: ReadonlyArray<Judged>): ReadonlyArray<Expected> =>
  all.filter(({ decision }) => decision.amount !== undefined).map((one): Expected => {
    const unit = one.decision.id
    if (one.fires === "policy/authority-exceeded") return { unit, outcome: "fail", reason: "over-limit" }
    if (one.fires !== undefined) return decidedBy(unit, one.fires)
    if (!favourable.has(one.decision.outcome)) return { unit, outcome: "notApplicable", reason: "not-favourable" }
    return one.over === "unknown" && one.approvals.length === 0 ? { unit, outcome: "unverifiable", reason: one.overDoubt } : pass(unit)
  })

const outcomeContradicts = (all: ReadonlyArray<Judged>): ReadonlyArray<Expected> =>
  all.map((one): Expected => {
    const unit = one.decision.id
    if (one.fires === "policy/outcome-contradicts-rule") return { unit, outcome: "fail", reason: one.contradiction === "against" ? "against-the-customer" : "beyond-the-rule" }
    if (one.fires !== undefined) return decidedBy(unit, one.fires)
    return one.contradiction === "unknown" ? { unit, outcome: "unverifiable", reason: "rule-not-evaluable" } : pass(unit)
  })

/** For every start of a period the members that lie within it. */
const periods = (members: ReadonlyArray<Judged>, days: number): ReadonlyArray<readonly [Judged, ReadonlyArray<Judged>]> =>
  members.map((first) => [first, members.filter(({ decision }) => decision.at >= first.decision.at && Date.parse(decision.at) <= Date.parse(first.decision.at) + days * day)] as const)

const grouped = (all: ReadonlyArray<Judged>, keyOf: (one: Judged) => string): ReadonlyMap<string, ReadonlyArray<Judged>> => Map.groupBy(all, keyOf)

/** In a second currency that has limits: added up by itself. */
const addedApart = (one: Judged): boolean => one.decision.currency !== "USD" && one.overDoubt !== "other-currency" && one.overDoubt !== "currency-unknown"

const split = (world: World, all: ReadonlyArray<Judged>): ReadonlyArray<Expected> => {
  const person = ({ decision }: Judged) => personAt(world, decision.subject, decision.at)
  const given = all.filter(({ decision }) => favourable.has(decision.outcome) && decision.amount !== undefined)
  const units = grouped(given, (one) => `${actorAt(world, one.decision.staff, one.decision.at).staff ?? one.decision.staff}|${person(one).person}|refunds|["${String(one.decision.facts["reason"])}"]${addedApart(one) ? `|${one.decision.currency}` : ""}`)
  return [...units].map(([unit, members]): Expected => {
    const counted = members.filter((one) => one.over !== "yes" && !one.approvals.some((approval) => approval.validity === "valid"))
    const doubtOf = (one: Judged): string | undefined => {
      if (one.over === "unknown") return one.overDoubt
      const unknown = one.approvals.filter((approval) => approval.validity === "unknown").map((approval) => approval.why)
      return unknown.length > 0 ? least(unknown) : person(one).ambiguous ? "ambiguous-person" : undefined
    }
    const total = (some: ReadonlyArray<Judged>): number => Math.round(some.reduce((sum, one) => sum + (one.decision.amount ?? 0), 0) * 100)
    const highest = (some: ReadonlyArray<Judged>): number => Math.max(...some.map((one) => one.limit)) * 100
    const doubts: Array<string> = []
    for (const [first, window] of periods(counted, 7)) {
      const certain = window.filter((one) => doubtOf(one) === undefined)
      if (doubtOf(first) === undefined && certain.length > 0 && total(certain) > highest(certain)) return { unit, outcome: "fail", reason: "split" }
      const unmeasured = window.some((one) => one.over === "unknown")
      const measured = window.filter((one) => one.overDoubt === "")
      if (window.length > 1 && window.some((one) => doubtOf(one) !== undefined) && (unmeasured || total(window) > highest(measured))) doubts.push(least(window.flatMap((one) => doubtOf(one) ?? [])))
    }
    return doubts.length > 0 ? { unit, outcome: "unverifiable", reason: least(doubts) } : pass(unit)
  })
}

const repeatExceptions = (world: World, all: ReadonlyArray<Judged>): ReadonlyArray<Expected> => {
  const person = ({ decision }: Judged) => personAt(world, decision.subject, decision.at)
  const possible = all.filter((one) => favourable.has(one.decision.outcome) && (one.contradiction === "favour" || one.contradiction === "unknown"))
  const isSure = (one: Judged): boolean => one.contradiction === "favour" && !person(one).ambiguous
  return [...new Set(all.map((one) => person(one).person))].map((customer): Expected => {
    const unit = `${customer}|refunds`
    const doubts: Array<string> = []
    for (const [first, window] of periods(possible.filter((one) => person(one).person === customer || person(one).candidates.includes(customer)), 90)) {
      if (isSure(first) && window.filter(isSure).length > 2) return { unit, outcome: "fail", reason: "too-many" }
      if (window.length > 2) doubts.push(window.some((one) => person(one).ambiguous) ? "ambiguous-person" : "rule-not-evaluable")
    }
    return doubts.length > 0 ? { unit, outcome: "unverifiable", reason: least(doubts) } : pass(unit)
  })
}

const chainOf = (world: World, start: string): ReadonlySet<string> => {
  const chain = new Set([start])
  for (let grown = true; grown;) {
    grown = false
    for (const contact of world.contacts) {
      const near = contact.previousContactId
      if (near === undefined || chain.has(contact.id) === chain.has(near)) continue
      chain.add(contact.id).add(near)
      grown = true
    }
  }
  return chain
}

/** Somebody as the records name them: a person, or a number of several people, which is never guessed and stands for itself. */
type Named = { readonly who: string; readonly perhaps: ReadonlyArray<string> }

const namedAt = (world: World, name: string, at: string): Named => {
  const { person, ambiguous, candidates } = personAt(world, name, at)
  return ambiguous ? { who: name, perhaps: candidates } : { who: person, perhaps: [] }
}

const outsiders = (world: World, contact: Contact): ReadonlyArray<Named & { readonly party: string }> =>
  contact.parties.filter((party) => party.role !== "agent").map((party) => ({ party: party.id, ...namedAt(world, party.id, contact.startedAt) }))

/** For whom a step was done: the person it names, or whoever was on its contact. */
const personsOf = (world: World, step: Step): { readonly persons: ReadonlyArray<Named>; readonly anyone: boolean } => {
  const contact = world.contacts.find((one) => one.id === step.contactId) as Contact
  const present = outsiders(world, contact)
  const named = present.find((one) => one.party === step.partyId)
  if (named !== undefined) return { persons: [named], anyone: false }
  const staff = step.partyId === undefined || step.partyId.startsWith("agent-") || step.partyId.startsWith("login-")
  return staff ? { persons: present, anyone: true } : { persons: [namedAt(world, step.partyId, step.at)], anyone: false }
}

const stepsFor = (world: World, decision: Decision, type: string): { readonly before: boolean; readonly after: boolean; readonly doubt: string | undefined } => {
  const chain = chainOf(world, decision.contactId)
  const { who, perhaps } = namedAt(world, decision.subject, decision.at)
  const inChain = world.steps.filter((step) => step.type === type && chain.has(step.contactId))
  const counting = inChain.filter((step) => {
    const { persons, anyone } = personsOf(world, step)
    return persons.some((one) => one.who === who) || (anyone && step.contactId === decision.contactId)
  })
  const contact = world.contacts.find((one) => one.id === decision.contactId) as Contact
  const present = outsiders(world, contact).some((one) => one.who === who)
  const mistakable = perhaps.length > 0 || inChain.some((step) => personsOf(world, step).persons.some((one) => one.perhaps.includes(who)))
  return {
    before: counting.some((step) => step.at <= decision.at), after: counting.some((step) => step.at > decision.at),
    doubt: mistakable ? "ambiguous-person" : !present && inChain.length > 0 ? "customer-not-on-contact" : undefined
  }
}

const requiredMissing = (world: World): ReadonlyArray<Expected> =>
  world.decisions.map((decision): Expected => {
    const { before, after, doubt } = stepsFor(world, decision, "identity-verified")
    const unit = `${decision.id}|identity-verified`
    return before || after ? pass(unit) : doubt === undefined ? { unit, outcome: "fail", reason: "step-missing" } : { unit, outcome: "unverifiable", reason: doubt }
  })

const outOfOrder = (world: World): ReadonlyArray<Expected> =>
  world.decisions.map((decision): Expected => {
    const { before, after, doubt } = stepsFor(world, decision, "identity-verified")
    const unit = `${decision.id}|identity-verified`
    if (before) return pass(unit)
    if (!after) return { unit, outcome: "notApplicable", reason: "step-absent" }
    return doubt === undefined ? { unit, outcome: "fail", reason: "step-after-decision" } : { unit, outcome: "unverifiable", reason: doubt }
  })

const reasonNotGiven = (world: World): ReadonlyArray<Expected> =>
  world.decisions.filter((decision) => decision.outcome === "denied").map((decision): Expected => {
    const { before, after, doubt } = stepsFor(world, decision, "reason-given")
    return before || after ? pass(decision.id) : doubt === undefined ? { unit: decision.id, outcome: "fail", reason: "no-reason" } : { unit: decision.id, outcome: "unverifiable", reason: doubt }
  })

/** What each control must yield for a world under the baseline policy with this authority. */
export const expectedOf = (world: World, authority: Authority): Readonly<Record<string, ReadonlyArray<Expected>>> => {
  const all = world.decisions.map((decision) => judgedOf(world, authority, decision))
  return {
    "policy/approval-invalid": approvalInvalid(all),
    "policy/authority-exceeded": authorityExceeded(all),
    "policy/outcome-contradicts-rule": outcomeContradicts(all),
    "policy/split-under-limit": split(world, all),
    "policy/repeat-exceptions": repeatExceptions(world, all),
    "policy/required-step-missing": requiredMissing(world),
    "policy/step-out-of-order": outOfOrder(world),
    "policy/reason-not-given": reasonNotGiven(world)
  }
}
