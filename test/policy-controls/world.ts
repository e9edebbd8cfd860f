/** A seeded generator (mulberry32): the same seed gives the same world. */
export const generator = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Alias = { readonly alias: string; readonly from?: string; readonly until?: string }
export type Staff = { readonly kind: "staff"; readonly id: string; readonly aliases?: ReadonlyArray<Alias>; readonly employedFrom: string; readonly employedUntil?: string; readonly roles: ReadonlyArray<{ readonly role: string; readonly from: string; readonly until?: string }> }
export type Identity = { readonly kind: "identity"; readonly subject: string; readonly aliases: ReadonlyArray<Alias> }
export type Contact = { readonly kind: "contact"; readonly id: string; readonly channel: "voice"; readonly startedAt: string; readonly queue: string; readonly previousContactId?: string; readonly parties: ReadonlyArray<{ readonly id: string; readonly role: string }> }
export type Step = { readonly kind: "event"; readonly id: string; readonly contactId: string; readonly at: string; readonly type: string; readonly partyId?: string }
export type Decision = {
  readonly kind: "decision"; readonly id: string; readonly contactId: string; readonly at: string; readonly staff: string; readonly subject: string; readonly policy: "refunds"; readonly outcome: string
  readonly amount?: number; readonly currency?: string; readonly facts: Readonly<Record<string, string | number>>; readonly approvals?: ReadonlyArray<{ readonly by: string; readonly at: string }>
}

/** Records of a small random organisation in June 2026, full of ties, shared names and changes of role. */
export type World = { readonly staff: ReadonlyArray<Staff>; readonly identities: ReadonlyArray<Identity>; readonly contacts: ReadonlyArray<Contact>; readonly steps: ReadonlyArray<Step>; readonly decisions: ReadonlyArray<Decision> }

const hour = 3_600_000
const june = Date.parse("2026-06-01T00:00:00Z")

/** Times on a coarse grid, so that ties and exact ends of periods happen. */
const timeOf = (step: number): string => new Date(june + step * 12 * hour).toISOString().replace(".000Z", "Z")

type Pick = { readonly chance: (p: number) => boolean; readonly of: <A>(values: ReadonlyArray<A>) => A; readonly time: () => string }

const pickFrom = (random: () => number): Pick => ({
  chance: (p) => random() < p,
  of: (values) => values[Math.floor(random() * values.length)] as (typeof values)[number],
  time: () => timeOf(Math.floor(random() * 56))
})

const between = (pick: Pick): { readonly from: string; readonly until: string } => {
  const [from, until] = [pick.time(), pick.time()].sort() as [string, string]
  return { from, until: from === until ? "2026-06-29T00:00:00Z" : until }
}

const roles = ["agent", "agent", "supervisor", "manager", "quality"]

const staffOf = (pick: Pick, index: number): Staff => ({
  kind: "staff", id: `agent-${index}`, employedFrom: "2025-01-01T00:00:00Z", ...(pick.chance(0.2) ? { employedUntil: pick.time() } : {}),
  aliases: [{ alias: `login-${index}` }, ...(pick.chance(0.5) ? [{ alias: "desk", ...between(pick) }] : [])],
  roles: [{ role: pick.of(roles), from: "2025-01-01T00:00:00Z" }, ...(pick.chance(0.5) ? [{ role: pick.of(roles), ...between(pick) }] : [])]
})

const identities: ReadonlyArray<Identity> = [
  { kind: "identity", subject: "c1", aliases: [{ alias: "crm:1" }, { alias: "mailto:a@example.com" }] },
  { kind: "identity", subject: "c2", aliases: [{ alias: "tel:+12025550102", until: "2026-06-15T00:00:00Z" }] },
  { kind: "identity", subject: "c3", aliases: [{ alias: "tel:+12025550102", from: "2026-06-08T00:00:00Z" }] },
  { kind: "identity", subject: "c4", aliases: [{ alias: "mailto:a@example.com" }] }
]
const names = ["c1", "c2", "c3", "c4", "c5", "c6", "crm:1", "tel:+12025550102"]

const contactOf = (pick: Pick, index: number): Contact => ({
  kind: "contact", id: `k-${index}`, channel: "voice", startedAt: pick.time(), queue: pick.of(["support", "sales"]),
  ...(index > 0 && pick.chance(0.4) ? { previousContactId: `k-${Math.floor(pick.of([0, 0.5, 0.9]) * index)}` } : {}),
  parties: [{ id: pick.of(names), role: "customer" }, ...(pick.chance(0.25) ? [{ id: pick.of(names), role: "thirdParty" }] : []), { id: pick.of(["agent-0", "agent-1", "login-2"]), role: "agent" }]
})

const stepOf = (pick: Pick, contacts: ReadonlyArray<Contact>, index: number): Step => {
  const contact = pick.of(contacts)
  return {
    kind: "event", id: `e-${index}`, contactId: contact.id, at: pick.time(), type: pick.of(["identity-verified", "identity-verified", "reason-given"]),
    ...(pick.chance(0.25) ? {} : { partyId: pick.chance(0.7) ? (contact.parties[0]?.id ?? "c1") : pick.of([...names, "agent-1"]) })
  }
}

const deciders = ["agent-0", "agent-1", "agent-2", "agent-3", "login-1", "desk", "agent-9"]

const decisionOf = (pick: Pick, contacts: ReadonlyArray<Contact>, index: number): Decision => {
  const contact = pick.of(contacts)
  const at = pick.time()
  const approvals = Array.from({ length: pick.of([0, 0, 0, 1, 1, 2]) }, () => ({ by: pick.of(deciders), at: pick.chance(0.6) ? at : pick.time() }))
  return {
    kind: "decision", id: `d-${index}`, contactId: contact.id, at, staff: pick.of(deciders.slice(0, pick.chance(0.8) ? 3 : 7)), subject: pick.chance(0.7) ? (contact.parties[0]?.id ?? "c1") : pick.of(names),
    policy: "refunds", outcome: pick.of(["granted", "granted", "partial", "denied"]),
    ...(pick.chance(0.85) ? { amount: pick.of([30, 40, 60, 100, 100.01, 300, 600]), ...(pick.chance(0.93) ? { currency: pick.of(["USD", "USD", "USD", "USD", "EUR", "EUR", "GBP"]) } : {}) } : {}),
    facts: { reason: pick.of(["defective", "late"]), ...(pick.chance(0.93) ? { daysSincePurchase: pick.of([10, 30, 31, 90, 91]) } : {}) },
    ...(approvals.length === 0 ? {} : { approvals })
  }
}

/** A random world; `size` is the number of decisions. */
export const worldOf = (seed: number, size: number): World => {
  const pick = pickFrom(generator(seed))
  const contacts = Array.from({ length: Math.ceil(size / 3) }, (_, index) => contactOf(pick, index))
  return {
    staff: Array.from({ length: 4 }, (_, index) => staffOf(pick, index)), identities, contacts,
    steps: Array.from({ length: size }, (_, index) => stepOf(pick, contacts, index)),
    decisions: Array.from({ length: size }, (_, index) => decisionOf(pick, contacts, index))
  }
}
