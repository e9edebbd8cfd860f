/** Random small stories about recording and consent, on a grid of whole seconds around the start of a contact, so that ties happen. */

/** A canonical record, as a case writes it. */
export type StoryRecord = Readonly<Record<string, unknown>> & { readonly kind: string; readonly id?: string }

type Interval = { readonly from: string; readonly until?: string }
export type Party = {
  readonly id: string; readonly role: string; readonly jurisdiction?: string; readonly jurisdictionSource?: string
  readonly joinedAt?: string; readonly leftAt?: string; readonly presence?: ReadonlyArray<Interval>
}
export type Contact = StoryRecord & { readonly kind: "contact"; readonly id: string; readonly channel: string; readonly startedAt: string; readonly endedAt?: string; readonly previousContactId?: string; readonly site?: string; readonly parties: ReadonlyArray<Party> }
export type Recording = StoryRecord & {
  readonly kind: "recording"; readonly id: string; readonly contactId: string; readonly medium: string; readonly startedAt: string; readonly endedAt?: string
  readonly pauses?: ReadonlyArray<{ readonly startedAt: string; readonly endedAt: string }>; readonly location?: string; readonly purposes?: ReadonlyArray<string>
}
export type Consent = StoryRecord & {
  readonly kind: "consent"; readonly id: string; readonly subject: string; readonly status: string; readonly at: string; readonly purposes: ReadonlyArray<string>; readonly form: string
  readonly contactId?: string; readonly channels?: ReadonlyArray<string>; readonly expiresAt?: string
}
export type Happening = StoryRecord & {
  readonly kind: "event"; readonly id: string; readonly contactId: string; readonly at: string; readonly type: string; readonly until?: string; readonly partyId?: string
  readonly intervalSeconds?: number; readonly noticeId?: string; readonly noticeVersion?: string
}
export type Request = StoryRecord & { readonly kind: "request"; readonly id: string; readonly subject: string; readonly receivedAt: string; readonly outcome?: string; readonly liftedAt?: string; readonly purposes?: ReadonlyArray<string> }
export type Transcript = StoryRecord & { readonly kind: "transcript"; readonly contactId: string; readonly turns: ReadonlyArray<{ readonly partyId: string; readonly at: string; readonly until?: string; readonly text: string }> }

/** One matter of one customer: a contact, perhaps with a leg before it, and all that was said about recording it. */
export type Story = {
  readonly contacts: ReadonlyArray<Contact>; readonly recordings: ReadonlyArray<Recording>; readonly consents: ReadonlyArray<Consent>; readonly events: ReadonlyArray<Happening>
  readonly requests: ReadonlyArray<Request>; readonly transcripts: ReadonlyArray<Transcript>; readonly identities: ReadonlyArray<StoryRecord>
}

/** A seeded generator of numbers in [0, 1): the same seed gives the same stories. */
const generator = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296
  }
}

type Draw = { readonly chance: (p: number) => boolean; readonly of: <A>(values: ReadonlyArray<A>) => A; readonly some: <A>(most: number, make: (index: number) => A) => ReadonlyArray<A> }

const drawFrom = (random: () => number): Draw => ({
  chance: (p) => random() < p,
  of: (values) => values[Math.floor(random() * values.length)] as (typeof values)[number],
  some: (most, make) => Array.from({ length: Math.floor(random() * (most + 1)) }, (_, index) => make(index))
})

const start = Date.parse("2026-03-02T10:00:00Z")

/** Seconds from the start of the contact -> RFC 3339. */
const at = (second: number): string => new Date(start + second * 1000).toISOString().replace(".000Z", "Z")

const near = [0, 0, 1, 2, 2, 3, 5, 10, 15, 16, 17, 20, 30, 40, 60, 90, 120]
const before = [-1, -5, -60, -590, -580, -86_400 * 30]
const longAgo = [-86_400 * 730, -86_400 * 731, -86_400 * 900]
const places = [
  "US-CA", "US-CA", "US-TX", "US-NY", "US-WA", "US-CT", "US-MA", "DE", "IE", "FR", "CH", "CA-ON", "CA", "GB-ENG", "AU-NSW", "AU-VIC", "US", "AU", "EU", "US-PR", "JP", "NZ", "MX", "DK", undefined
]
const forms = ["announcement", "tone", "verbal", "verbal", "keypad", "electronic", "electronic", "written", "contract"]
const purposes = [["recording"], ["recording"], ["*"], ["training"], ["recording", "training", "voiceprint"], ["analytics"]]

const whole = <A extends object>(value: A): A => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as A

const intervalOf = (draw: Draw): Interval => {
  const from = draw.of([0, 0, 3, 10, 20, 60])
  return whole({ from: at(from), ...(draw.chance(0.7) ? { until: at(from + draw.of([2, 5, 10, 30, 60])) } : {}) })
}

const outsiderOf = (draw: Draw, id: string, role: string): Party => {
  const place = draw.of(places)
  return whole({
    id, role, ...(place === undefined ? {} : { jurisdiction: place }),
    ...(draw.chance(0.3) ? { jurisdictionSource: draw.of(["declared", "address", "network", "numberPrefix"]) } : {}),
    ...(draw.chance(0.2) ? { presence: [intervalOf(draw), ...draw.some(1, () => intervalOf(draw))] } : draw.chance(0.3) ? { joinedAt: at(draw.of(near)) } : {}),
    ...(draw.chance(0.1) ? { leftAt: at(draw.of([60, 90])) } : {})
  })
}

const staffOf = (draw: Draw): ReadonlyArray<Party> =>
  draw.chance(0.08) ? [] : draw.chance(0.1) ? [{ id: "b1", role: "bot", jurisdiction: "US-CA" }]
    : [whole({ id: draw.of(["agent-1", "agent-2", "agent-9"]), role: "agent", ...(draw.chance(0.3) ? { jurisdiction: draw.of(["US-TX", "US-NY", "SE", "IE", "DE", "US-CA"]) } : {}) })]

const recordingOf = (draw: Draw, id: string, contactId: string, text: boolean): Recording => whole({
  kind: "recording", id, contactId, medium: text ? draw.of(["text", "text", "audio"]) : draw.of(["audio", "audio", "audio", "video", "screen"]),
  startedAt: at(draw.of([0, 0, 0, 1, 5, 20, -2])), ...(draw.chance(0.8) ? { endedAt: at(draw.of([120, 120, 60, 150, 40])) } : {}),
  ...(draw.chance(0.35) ? { pauses: [0, ...draw.some(1, () => 1)].map(() => { const from = draw.of(near); return { startedAt: at(from), endedAt: at(from + draw.of([0, 1, 10, 30])) } }) } : {}),
  ...(draw.chance(0.2) ? { location: draw.of(["US-CA", "US-TX", "IE", "SE"]) } : {}),
  ...(draw.chance(0.6) ? { purposes: draw.of([["training"], ["quality-assurance"], ["voiceprint", "training"], ["recording", "unheard-of"], ["analytics"]]) } : {})
})

const consentOf = (draw: Draw, id: string, subject: string, contacts: ReadonlyArray<string>): Consent => {
  const contactId = draw.chance(0.55) ? draw.of(contacts) : undefined
  return whole({
    kind: "consent", id, subject, status: draw.of(["given", "given", "given", "refused", "withdrawn"]), form: draw.of(forms), purposes: draw.of(purposes),
    at: at(contactId === undefined ? draw.of([...before, ...before, ...longAgo, ...near]) : draw.of([...near, ...before.slice(0, 3)])),
    ...(contactId === undefined ? {} : { contactId }),
    ...(draw.chance(0.15) ? { channels: draw.of([["voice"], ["chat"], ["voice", "chat"]]) } : {}),
    ...(draw.chance(0.15) ? { expiresAt: at(draw.of([-10, 0, 1, 5, 60])) } : {})
  })
}

const eventOf = (draw: Draw, id: string, contacts: ReadonlyArray<string>, parties: ReadonlyArray<string>): Happening => {
  const type = draw.of(["notice-played", "notice-played", "notice-played", "tone-played", "objection"])
  const contactId = draw.of(contacts)
  const from = contactId.endsWith("k0") ? draw.of([-590, -580, -320]) : draw.of(near)
  const long = type === "tone-played" ? [40, 120] : [2, 5, 8]
  return whole({
    kind: "event", id, contactId, at: at(from), type, ...(type !== "objection" && draw.chance(0.7) ? { until: at(from + draw.of(long)) } : {}),
    ...(draw.chance(type === "objection" ? 0.8 : 0.15) ? { partyId: draw.of(parties) } : {}),
    ...(type === "tone-played" && draw.chance(0.7) ? { intervalSeconds: draw.of([10, 15, 16]) } : {}),
    ...(type === "notice-played" && draw.chance(0.5) ? { noticeId: "rec-en", noticeVersion: draw.of(["3", "3", "9"]) } : {})
  })
}

const storyOf = (draw: Draw, index: number): Story => {
  const id = (name: string): string => `s${index}-${name}`
  const text = draw.chance(0.15)
  const channel = text ? draw.of(["chat", "sms"]) : "voice"
  const subjects = [id("c1"), id("c2")]
  const alias = `mailto:${id("c1")}@example.com`
  const number = "tel:+15125550100"
  const shared = draw.chance(0.04)
  const customer = shared ? number : draw.chance(0.2) ? alias : id("c1")
  const third = draw.chance(0.35) ? [outsiderOf(draw, id("c2"), "thirdParty")] : []
  const site = draw.of(["austin", "austin", "cork", "munich", "nowhere"])
  const leg = draw.chance(0.3)
  const contacts: Array<Contact> = [{
    kind: "contact", id: id("k1"), channel, startedAt: at(0), ...(draw.chance(0.9) ? { endedAt: at(120) } : {}), ...(leg ? { previousContactId: id("k0") } : {}), site,
    parties: [outsiderOf(draw, customer, "customer"), ...third, ...staffOf(draw)]
  }]
  if (leg) contacts.push({ kind: "contact", id: id("k0"), channel, startedAt: at(-600), endedAt: at(-300), site, parties: [{ id: draw.of([customer, id("c2")]), role: "customer" }, { id: "agent-1", role: "agent" }] })
  const ids = contacts.map((contact) => contact.id)
  const names = [customer, alias, ...subjects]
  return {
    contacts,
    recordings: [recordingOf(draw, id("r1"), id("k1"), text), ...(draw.chance(0.2) ? [recordingOf(draw, id("r2"), id("k1"), text)] : [])],
    consents: draw.some(3, (n) => consentOf(draw, id(`consent-${n}`), draw.of([id("c1"), id("c1"), alias, id("c2")]), ids)),
    events: draw.some(3, (n) => eventOf(draw, id(`event-${n}`), ids, names)),
    requests: draw.chance(0.12) ? [whole({
      kind: "request", id: id("request"), subject: id("c1"), type: "objection", receivedAt: at(draw.of([...before, 30])),
      ...(draw.chance(0.3) ? { completedAt: at(1000), outcome: draw.of(["refused", "granted"]) } : {}), ...(draw.chance(0.4) ? { liftedAt: at(draw.of([-3, 0, 35, 60])) } : {}),
      ...(draw.chance(0.3) ? { purposes: draw.of([["training"], ["recording"]]) } : {})
    })] : [],
    transcripts: draw.chance(0.3) ? [{ kind: "transcript", contactId: id("k1"), turns: [...draw.some(2, () => {
      const from = draw.of(near)
      return whole({ partyId: draw.of([customer, alias, "agent-1"]), at: at(from), ...(draw.chance(0.6) ? { until: at(from + draw.of([1, 3])) } : {}), text: "Good morning." })
    }), { partyId: "agent-1", at: at(100), text: "Thank you." }] }] : [],
    identities: [{ kind: "identity", subject: id("c1"), aliases: [alias, ...(shared ? [number] : [])] }, ...(shared ? [{ kind: "identity", subject: id("c3"), aliases: [number] }] : [])]
  }
}

/** Staff that every story may name: agent-1 of Austin, agent-2 who moved from Austin to Munich; agent-9 is on no roster. */
export const roster: ReadonlyArray<StoryRecord> = [
  { kind: "staff", id: "agent-1", employedFrom: "2020-01-01T00:00:00Z", roles: [{ role: "agent", from: "2020-01-01T00:00:00Z", site: "austin" }] },
  { kind: "staff", id: "agent-2", employedFrom: "2020-01-01T00:00:00Z", roles: [{ role: "agent", from: "2020-01-01T00:00:00Z", until: "2026-03-01T00:00:00Z", site: "austin" }, { role: "agent", from: "2026-03-01T00:00:00Z", site: "munich" }] }
]

/** Stories that share nothing but the roster. */
export const storiesOf = (seed: number, count: number): ReadonlyArray<Story> => {
  const draw = drawFrom(generator(seed))
  return Array.from({ length: count }, (_, index) => storyOf(draw, index))
}

/** All records of a story. */
export const recordsOf = (story: Story): ReadonlyArray<StoryRecord> =>
  [...story.contacts, ...story.recordings, ...story.consents, ...story.events, ...story.requests, ...story.transcripts, ...story.identities]
