/** Small random estates in which everything that the access controls turn on happens often: few people, few recordings, few times. */

export type Span = { readonly from: string; readonly until?: string }
export type Access = {
  readonly kind: "access"; readonly id: string; readonly at: string
  readonly actor: { readonly id: string; readonly type: "user" | "service" | "anonymous"; readonly onBehalfOf?: string }
  readonly action: string; readonly outcome: "success" | "denied" | "error"
  readonly recordingId?: string; readonly contactId?: string; readonly uri?: string; readonly purpose?: string; readonly ip?: string
}
export type Role = Span & { readonly role: string; readonly team?: string; readonly supervisor?: string }
export type Staff = {
  readonly kind: "staff"; readonly id: string; readonly employedFrom: string; readonly employedUntil?: string
  readonly aliases: ReadonlyArray<{ readonly alias: string; readonly from?: string; readonly until?: string }>
  readonly roles: ReadonlyArray<Role>; readonly subjectIds?: ReadonlyArray<string>
  readonly training?: ReadonlyArray<{ readonly course: string; readonly completedAt: string; readonly validUntil?: string }>
}
export type Contact = {
  readonly kind: "contact"; readonly id: string; readonly channel: string; readonly startedAt: string; readonly endedAt?: string
  readonly queue: string; readonly previousContactId?: string; readonly parties: ReadonlyArray<{ readonly id: string; readonly role: string }>
}
export type Recording = {
  readonly kind: "recording"; readonly id: string; readonly contactId: string; readonly medium: string; readonly startedAt: string
  readonly uri: string; readonly purposes?: ReadonlyArray<string>; readonly deleteBy?: string; readonly deletedAt?: string
}
type Scope = { readonly recordingIds?: ReadonlyArray<string>; readonly contactIds?: ReadonlyArray<string>; readonly subjects?: ReadonlyArray<string>; readonly queues?: ReadonlyArray<string> }
export type Grant = Span & Scope & {
  readonly kind: "grant"; readonly id: string; readonly principal: string; readonly actions: ReadonlyArray<string>; readonly createdAt: string
  readonly approvedBy?: string; readonly breakGlass?: boolean; readonly reviewedAt?: string; readonly reviewedBy?: string; readonly purposes?: ReadonlyArray<string>
}
export type Assignment = Span & Scope & {
  readonly kind: "assignment"; readonly id: string; readonly staff: string; readonly reason: string; readonly createdAt: string
  readonly assignedBy?: string; readonly purposes?: ReadonlyArray<string>
}
export type Request = {
  readonly kind: "request"; readonly id: string; readonly subject: string; readonly type: string; readonly receivedAt: string
  readonly completedAt?: string; readonly outcome?: string; readonly liftedAt?: string; readonly purposes?: ReadonlyArray<string>
}
export type Hold = Span & Scope & { readonly kind: "hold"; readonly id: string; readonly createdAt: string }
export type Identity = { readonly kind: "identity"; readonly subject: string; readonly aliases: ReadonlyArray<string> }

export type Estate = {
  readonly staff: ReadonlyArray<Staff>; readonly contacts: ReadonlyArray<Contact>; readonly recordings: ReadonlyArray<Recording>
  readonly accesses: ReadonlyArray<Access>; readonly grants: ReadonlyArray<Grant>; readonly assignments: ReadonlyArray<Assignment>
  readonly requests: ReadonlyArray<Request>; readonly holds: ReadonlyArray<Hold>; readonly identities: ReadonlyArray<Identity>
}

/** A linear congruential generator (Numerical Recipes' constants): the same estate for the same seed on every machine. */
const dice = (seed: number) => {
  let state = seed >>> 0
  const below = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  const one = <A>(...values: ReadonlyArray<A>): A => values[below(values.length)] as A
  const maybe = <A extends object>(chance: number, value: () => A): Partial<A> => (below(100) < chance ? value() : {})
  return { below, one, maybe }
}

const start = Date.parse("2026-03-05T11:00:00Z")
const iso = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z")

/** The policy's purposes, actions and networks are those of the baseline that the cases start from. */
export const randomEstate = (seed: number): Estate => {
  const { below, one, maybe } = dice(seed)
  // Steps of ten minutes over two days, and now and then the edges of the policy's terms.
  const time = (): string => iso(start + below(280) * 600_000 + one(0, 0, 0, 1000, -1000, 300_000))
  const later = (from: string, most: number): string => iso(Date.parse(from) + (1 + below(most)) * 600_000)
  const people = ["s1", "s2", "s3", "s4", "s5"]
  const names = [...people, "login-1", "login-2", "desk"]
  const customers = ["p1", "p2", "tel:+12025550151", "mailto:p1@example.com", "s3"]
  const span = (): Span => {
    const from = one("2026-01-01T00:00:00Z", time(), time())
    return { from, ...maybe(40, () => ({ until: later(from > "2026-03" ? from : "2026-03-05T11:00:00Z", 200) })) }
  }
  const scope = (conjunctive: boolean): Scope => {
    const single: Scope = one<Scope>({ recordingIds: [one("r1", "r2", "r3", "r4")] }, { contactIds: [one("c1", "c2", "c3")] }, { subjects: [one(...customers)] })
    return conjunctive ? { ...one<Scope>(single, {}), ...maybe(30, () => ({ queues: [one("sales", "hr")] })) } : single
  }
  const staff = people.map((id, index): Staff => ({
    kind: "staff", id, employedFrom: one("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", time()),
    ...maybe(15, () => ({ employedUntil: time() })),
    aliases: [
      ...(index < 2 ? [{ alias: `login-${index + 1}`, ...maybe(30, () => ({ until: time() })) }] : []),
      ...(index === 2 ? [{ alias: "desk" }] : index === 3 ? [{ alias: "desk", from: time() }] : [])
    ],
    roles: Array.from({ length: 1 + below(2) }, (): Role => ({
      role: one("agent", "agent", "supervisor", "quality", "legal"), ...span(), ...maybe(70, () => ({ team: one("red", "blue") })), ...maybe(40, () => ({ supervisor: one(...people) }))
    })),
    ...maybe(25, () => ({ subjectIds: [one("p1", "p2")] })),
    ...maybe(60, () => ({ training: [{ course: one("privacy", "privacy", "safety"), completedAt: one("2026-01-01T00:00:00Z", time()), ...maybe(30, () => ({ validUntil: time() })) }] }))
  }))
  const contacts = ["c1", "c2", "c3"].map((id, index): Contact => {
    const startedAt = one("2026-02-03T12:00:00Z", "2026-02-03T12:10:00Z", "2026-03-03T11:30:00Z", time())
    return {
      kind: "contact", id, channel: "voice", startedAt, ...maybe(85, () => ({ endedAt: later(startedAt, 6) })), queue: one("sales", "sales", "hr"),
      ...maybe(index === 0 ? 0 : 30, () => ({ previousContactId: one("c1", "c2", "c3") })),
      parties: [{ id: one(...customers), role: one("customer", "customer", "thirdParty") }, { id: one(...names), role: one("agent", "agent", "expert") }, ...(below(3) === 0 ? [{ id: one(...names), role: "agent" }] : [])]
    }
  })
  const recordings = ["r1", "r2", "r3", "r4"].map((id): Recording => ({
    kind: "recording", id, contactId: one("c1", "c1", "c2", "c3", ...(below(8) === 0 ? ["c9"] : [])), medium: "audio", startedAt: one("2026-02-03T12:00:00Z", time()), uri: `s3://calls/${id}`,
    ...maybe(30, () => ({ purposes: [one("training", "analytics")] })), ...maybe(15, () => ({ deleteBy: time() })), ...maybe(10, () => ({ deletedAt: time() }))
  }))
  const accesses = Array.from({ length: 40 }, (_, index): Access => {
    const type = one<Access["actor"]["type"]>("user", "user", "user", "user", "user", "user", "service", "anonymous")
    const target: Pick<Access, "recordingId" | "contactId" | "uri"> = one({ recordingId: one("r1", "r2", "r3", "r4", "r7") }, { recordingId: one("r1", "r2") }, { recordingId: one("r1", "r2") },
      { uri: one("s3://calls/r1", "s3://calls/r2", "s3://calls/none") }, { contactId: one("c1", "c2") }, { recordingId: one("r1", "r2"), contactId: "c1" })
    return {
      kind: "access", id: `a${index}`, at: one(time(), time(), iso(start + below(12) * 300_000)),
      actor: type === "service" ? { id: one("svc:transcriber", "svc:earshot", "svc:other"), type, ...maybe(40, () => ({ onBehalfOf: one(...names, "nobody") })) } : { id: type === "anonymous" ? "public" : one(...names, "nobody"), type },
      action: one("play", "play", "play", "view", "list", "download", "export", "monitor", "delete"), outcome: one<Access["outcome"]>("success", "success", "success", "success", "denied", "error"),
      ...target, ...maybe(30, () => ({ purpose: one("training", "analytics", "legal") })), ...maybe(85, () => ({ ip: one("10.9.8.7", "192.0.2.200", "192.0.3.1", "2001:db8::9", "2001:db9::9", "::ffff:10.1.1.1", "AWS Internal") }))
    }
  })
  const created = (from: string): string => one(from, "2026-01-01T00:00:00Z", time())
  const grants = Array.from({ length: 6 }, (_, index): Grant => {
    const dates = span()
    return {
      kind: "grant", id: `g${index}`, principal: one(...people, "login-1", "role:agent", "role:legal"), actions: [one("play", "view", "download", "monitor"), "export"], ...dates, createdAt: created(dates.from), ...scope(true),
      ...maybe(80, () => ({ approvedBy: one(...names, "board") })), ...maybe(20, () => ({ purposes: ["training"] })),
      ...maybe(50, () => ({ breakGlass: true })), ...maybe(50, () => ({ reviewedAt: one(time(), iso(start + below(2000) * 600_000)), ...maybe(85, () => ({ reviewedBy: one(...names) })) }))
    }
  })
  const assignments = Array.from({ length: 6 }, (_, index): Assignment => {
    const dates = span()
    return {
      kind: "assignment", id: `m${index}`, staff: one(...people), reason: one("quality-review", "complaint", "coaching", "export-approval"), ...dates, createdAt: created(dates.from), ...scope(false),
      ...maybe(85, () => ({ assignedBy: one(...names) })), ...maybe(20, () => ({ purposes: ["training"] }))
    }
  })
  const requests = Array.from({ length: 3 }, (_, index): Request => {
    const receivedAt = one("2026-02-03T12:05:00Z", time())
    return {
      kind: "request", id: `e${index}`, subject: one(...customers.slice(0, 4)), type: one("erasure", "erasure", "restriction", "objection"), receivedAt,
      ...maybe(80, () => ({ completedAt: later(receivedAt > "2026-03" ? receivedAt : "2026-03-05T11:00:00Z", 100), outcome: one("granted", "granted", "partly", "refused") })),
      ...maybe(30, () => ({ liftedAt: later("2026-03-05T11:00:00Z", 280) })), ...maybe(40, () => ({ purposes: ["training"] }))
    }
  })
  const holds = Array.from({ length: 1 }, (_, index): Hold => {
    const dates = span()
    return { kind: "hold", id: `h${index}`, ...dates, createdAt: created(dates.from), ...scope(false) }
  })
  const identities: ReadonlyArray<Identity> = [
    { kind: "identity", subject: "p1", aliases: ["mailto:p1@example.com", "tel:+12025550151"] },
    { kind: "identity", subject: "p2", aliases: below(2) === 0 ? ["tel:+12025550151"] : ["crm:2"] }
  ]
  return { staff, contacts, recordings, accesses, grants, assignments, requests, holds, identities }
}

/** All records of an estate, as a source would deliver them. */
export const recordsOf = (estate: Estate): ReadonlyArray<{ readonly kind: string }> => Object.values(estate).flat()
