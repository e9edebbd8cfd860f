import type { AccessRecord, ConsentRecord, ContactRecord, DecisionRecord, EventRecord, RecordingRecord, TranscriptRecord } from "../records/types.ts"
import { day, minute, second } from "./calendar.ts"
import { dataProtection, expressOnly, noticeIn, siteFor } from "./places.ts"
import type { Member } from "./roster.ts"
import { iso } from "./world.ts"
import type { Customer, World } from "./world.ts"

export type Channel = ContactRecord["channel"]
export type Party = ContactRecord["parties"][number]

/** What a contact is to be; everything else is chosen so that the contact complies with every control. */
export type CallWish = {
  readonly place?: string
  /** Start, milliseconds. */
  readonly at: number
  readonly channel?: Channel
  readonly customer?: Customer
  /** How the customer is written in the contact; default: the subject. */
  readonly name?: string
  readonly agent?: Member
  readonly agentName?: string
  readonly queue?: string
  readonly segment?: string
  /** Length after it was answered, seconds. */
  readonly seconds?: number
  readonly purposes?: ReadonlyArray<string>
}

/** A contact with all its records, compliant until a plant changes it; `put` writes it. */
export type Call = {
  readonly contact: ContactRecord
  readonly customer: Party
  readonly subject: Customer
  readonly handler: Party
  readonly agent: Member
  readonly recording: RecordingRecord
  recordings: Array<RecordingRecord>
  notices: Array<EventRecord>
  consents: Array<ConsentRecord>
  readonly events: Array<EventRecord>
  readonly accesses: Array<AccessRecord>
  readonly decisions: Array<DecisionRecord>
  readonly transcripts: Array<TranscriptRecord>
  /** False: storage shows nothing of it. */
  stored: boolean
  /** Milliseconds. */
  readonly startedAt: number
  readonly answeredAt: number
  readonly endedAt: number
}

const textual: ReadonlySet<Channel> = new Set<Channel>(["chat", "messaging", "sms", "email"])
const noticed = ["recording", "quality-assurance", "training", "analytics"]

/** Seconds from queueing to the answer, within every target of the policy. */
const patience = (world: World, channel: Channel): number =>
  channel === "email" ? 300 + world.random.below(900) : textual.has(channel) ? 10 + world.random.below(110) : 5 + world.random.below(20)

/** Builds a compliant contact. Nothing is written yet, except a new customer's identity. */
export const compliantCall = (world: World, wish: CallWish): Call => {
  const channel = wish.channel ?? "voice"
  const subject = wish.customer ?? world.customer(wish.place ?? "US-CA")
  const place = subject.place
  const agent = wish.agent ?? world.agent(siteFor(place))
  const text = textual.has(channel)
  const startedAt = wish.at
  const queuedAt = startedAt + (text ? 0 : 20 * second)
  const answeredAt = queuedAt + patience(world, channel) * second
  const endedAt = answeredAt + (wish.seconds ?? 180 + world.random.below(900)) * second
  const language = subject.language
  const contactId = world.id("contact")
  const customer: Party = {
    id: wish.name ?? subject.subject, role: "customer", jurisdiction: place, jurisdictionSource: "declared",
    joinedAt: iso(startedAt), leftAt: iso(endedAt), segment: wish.segment ?? world.random.pick(["basic", "plus", "premium"]), language
  }
  const handler: Party = { id: wish.agentName ?? agent.id, role: "agent", joinedAt: iso(answeredAt), leftAt: iso(endedAt) }
  const contact: ContactRecord = {
    kind: "contact", id: contactId, channel, direction: "inbound", startedAt: iso(startedAt), queuedAt: iso(queuedAt),
    answeredAt: iso(answeredAt), endedAt: iso(endedAt), queue: wish.queue ?? "support", site: agent.site, language, parties: [customer, handler]
  }
  const recording = recordingOf(world, contact, place, text, text ? startedAt + second : answeredAt, endedAt, wish.purposes)
  return {
    contact, customer, subject, handler, agent, recording, recordings: [recording],
    notices: channel === "sms" || channel === "email" ? [] : [noticeOf(world, contactId, language, text, place, startedAt, answeredAt)],
    consents: !text && expressOnly.has(place) ? [keypadYes(world, contactId, subject, startedAt)] : [],
    events: [], accesses: [], decisions: [], transcripts: [], stored: true, startedAt, answeredAt, endedAt
  }
}

/** A compliant call on a shift, recorded for quality assurance only, so that no purpose asks for more than the law. */
export const quietCall = (world: World, place: string, shift: number, more: Partial<CallWish> = {}): Call =>
  compliantCall(world, { at: world.at(shift), place, purposes: ["quality-assurance"], seconds: 420, ...more })

const recordingOf = (world: World, contact: ContactRecord, place: string, text: boolean, from: number, until: number, purposes?: ReadonlyArray<string>): RecordingRecord => {
  const id = world.id("rec")
  const seconds = Math.floor((until - from) / second)
  const medium = text ? "text" : contact.channel === "video" ? "video" : "audio"
  const written = contact.channel === "sms" || contact.channel === "email"
  return {
    kind: "recording", id, contactId: contact.id, medium, startedAt: iso(from), endedAt: iso(until),
    uri: `s3://northwind-recordings/${contact.startedAt.slice(0, 10)}/${id}`, versionId: `v${id.slice(4)}`, sha256: world.random.hex64(),
    bytes: seconds * (text ? 40 : medium === "video" ? 60_000 : 2000) + 512,
    purposes: [...(purposes ?? (written ? ["quality-assurance"] : ["quality-assurance", "training"]))],
    ...(dataProtection.has(place) ? { lawfulBasis: expressOnly.has(place) && !text ? "consent" as const : "legitimateInterests" as const, lawfulBasisAt: iso(world.calendar.start - 300 * day) } : {})
  }
}

/** A recording notice: in text at the start, where only express consent counts before the recording, else in its first seconds. */
const noticeOf = (world: World, contactId: string, language: string, text: boolean, place: string, startedAt: number, answeredAt: number): EventRecord => {
  const at = text ? startedAt : expressOnly.has(place) ? startedAt + 2 * second : answeredAt + second
  return {
    kind: "event", id: world.id("event"), contactId, at: iso(at), type: "notice-played", noticeId: noticeIn(language), noticeVersion: "3", language,
    ...(text ? {} : { until: iso(at + 7 * second) })
  }
}

/** The customer's yes by keypad before the call is answered. */
const keypadYes = (world: World, contactId: string, subject: Customer, startedAt: number): ConsentRecord => ({
  kind: "consent", id: world.id("consent"), subject: subject.subject, status: "given", at: iso(startedAt + 12 * second), purposes: [...noticed],
  form: "keypad", contactId, noticeId: noticeIn(subject.language), noticeVersion: "3", capturedBy: "svc:ivr", evidence: { uri: `s3://northwind-ivr/${contactId}.json` }
})

/** What an access says; the rest is chosen: within the network, by login or id. */
export type AccessWish = Partial<AccessRecord> & { readonly by: string; readonly action: AccessRecord["action"]; /** Milliseconds. */ readonly time: number }

/** An access to the call's recording. */
export const accessTo = (world: World, call: Call, wish: AccessWish): AccessRecord => {
  const { by, action, time, ...rest } = wish
  return {
    kind: "access", id: world.id("access"), at: iso(time), actor: { id: by, type: by.startsWith("svc:") ? "service" : "user" }, action,
    recordingId: call.recording.id, contactId: call.contact.id, outcome: "success",
    ip: `10.${world.random.below(256)}.${world.random.below(256)}.${1 + world.random.below(250)}`, userAgent: "player/5.2", source: "player", ...rest
  }
}

/** An event of the call at a time (milliseconds). */
export const eventOf = (world: World, call: Call, type: EventRecord["type"], at: number, more: Partial<EventRecord> = {}): EventRecord => ({
  kind: "event", id: world.id("event"), contactId: call.contact.id, at: iso(at), type, ...more
})

/** A moment after the call when its recording may be opened within office hours, milliseconds. */
export const afterwards = (world: World, call: Call): number => call.endedAt + 5 * minute + world.random.below(80) * minute

/** Writes the call with everything that belongs to it. */
export const put = (world: World, call: Call): void => {
  world.write(call.contact)
  for (const recording of call.recordings) {
    world.write(recording)
    if (call.stored && recording.deletedAt === undefined && recording.uri !== undefined) world.write(storedObject(recording, call.endedAt + minute))
  }
  for (const records of [call.notices, call.consents, call.events, call.accesses, call.decisions, call.transcripts]) for (const record of records) world.write(record)
}

/** What storage says of a recording when it was listed at `seenAt` (milliseconds). */
export const storedObject = (recording: RecordingRecord, seenAt: number) => ({
  kind: "storedObject" as const, uri: recording.uri ?? recording.id, versionId: recording.versionId ?? "v0", seenAt: iso(seenAt),
  ...(recording.bytes === undefined ? {} : { bytes: recording.bytes }), ...(recording.sha256 === undefined ? {} : { sha256: recording.sha256 }),
  encrypted: true, publiclyReadable: false
})

/** Label fields of a finding about the customer's part in a recording. */
export const exposed = (call: Call): { contactId: string; recordingId: string; party: string } => ({
  contactId: call.contact.id, recordingId: call.recording.id, party: call.customer.id
})

/** Label fields of a finding about a session of access to the call's recording. */
export const opened = (call: Call, staff?: string): { contactId: string; recordingId: string; staff?: string } => ({
  contactId: call.contact.id, recordingId: call.recording.id, ...(staff === undefined ? {} : { staff })
})
