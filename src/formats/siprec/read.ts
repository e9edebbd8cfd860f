/**
 * SIPREC recording metadata (RFC 7865): one recorded session as contact and recording. The standard
 * has no roles: everybody is read as a customer, so that everybody must have been told.
 */
import { sip } from "../address.ts"
import { defined, isJson, type Json, jsonAt, textAt, textOf, wholeText } from "../document.ts"
import { type FormatInput, ObjectUnreadable, type Produced } from "../format.ts"

const asList = (value: unknown): ReadonlyArray<Json> => (Array.isArray(value) ? value.filter(isJson) : isJson(value) ? [value] : [])
const idOf = (json: Json | undefined, ...names: ReadonlyArray<string>): string | undefined => textAt(json, ...names.map((name) => `@${name}`), ...names)
/** Text of an element, with or without attributes. */
const content = (value: unknown): string | undefined => textOf(value) ?? (isJson(value) ? textAt(value, "#text") : undefined)
const elementAt = (json: Json | undefined, name: string): string | undefined => content(json?.[name])

type Session = { readonly recording: Json; readonly session: Json; readonly sessionId: string; readonly extension: Json | undefined }

const startOf = ({ recording, session, sessionId }: Session): string | undefined => {
  const association = asList(recording["sessionrecordingassoc"]).find((each) => idOf(each, "session_id") === sessionId)
  const group = asList(recording["group"])[0]
  return elementAt(session, "start-time") ?? elementAt(association, "associate-time") ?? elementAt(group, "associate-time") ?? asList(recording["participantsessionassoc"]).map((each) => elementAt(each, "associate-time")).find((time) => time !== undefined)
}

const endOf = ({ recording, session, sessionId }: Session): string | undefined =>
  elementAt(session, "stop-time") ?? elementAt(session, "end-time") ?? elementAt(asList(recording["sessionrecordingassoc"]).find((each) => idOf(each, "session_id") === sessionId), "disassociate-time")

const partiesOf = ({ recording, sessionId }: Session, notes: Set<string>): ReadonlyArray<Json> => {
  const associations = asList(recording["participantsessionassoc"]).filter((each) => (idOf(each, "session_id") ?? sessionId) === sessionId)
  const all = asList(recording["participant"])
  const inSession = associations.length === 0 ? all : all.filter((participant) => associations.some((each) => idOf(each, "participant_id") === idOf(participant, "participant_id", "id")))
  const people = new Map<string, Json>()
  for (const participant of inSession) {
    const participantId = idOf(participant, "participant_id", "id")
    const names = asList(participant["nameID"])
    const aor = names.map((name) => idOf(name, "aor")).find((each) => each !== undefined)
    if (names.length > 1) notes.add("A participant's further addresses were not carried over.")
    const association = associations.find((each) => idOf(each, "participant_id") === participantId)
    const id = (aor === undefined ? undefined : sip(aor)) ?? (participantId === undefined ? undefined : `siprec:${participantId}`)
    if (id !== undefined) people.set(id, defined({ id, role: "customer", joinedAt: elementAt(association, "associate-time"), leftAt: elementAt(association, "disassociate-time") }))
  }
  return [...people.values()]
}

/** The chain of a call: the first session of a group has the group's id, later ones continue it. */
const chainOf = ({ recording, session, sessionId, extension }: Session, notes: Set<string>): { readonly id: string; readonly previousContactId: string | undefined } => {
  const group = elementAt(session, "group-ref") ?? idOf(asList(recording["group"])[0], "group_id", "id")
  const sequence = elementAt(extension, "groupSeq")
  const transferred = elementAt(extension, "xferredGroupID")
  if (transferred !== undefined && transferred !== group) notes.add("The consultation before a transfer is named in the contact's attributes only.")
  if (group === undefined) return { id: sessionId, previousContactId: undefined }
  if (sequence === undefined) {
    notes.add("The sessions of a group are contacts of their own: the metadata does not say which came first.")
    return { id: sessionId, previousContactId: undefined }
  }
  return Number(sequence) === 0 ? { id: group, previousContactId: undefined } : { id: sessionId, previousContactId: group }
}

const recordsOf = (each: Session, notes: Set<string>): ReadonlyArray<Json> | string => {
  const startedAt = startOf(each)
  const parties = partiesOf(each, notes)
  if (startedAt === undefined) return "Nothing in the metadata says when the session began; have the recorder write associate-time."
  if (parties.length === 0) return "The session has no participant with an address."
  const { id, previousContactId } = chainOf(each, notes)
  const endedAt = endOf(each)
  const transferredFrom = elementAt(each.extension, "xferredGroupID")
  notes.add("SIPREC metadata has no roles: participants are read as customers.")
  const contact = defined({ kind: "contact", id, channel: "voice", startedAt, endedAt, previousContactId, parties, attributes: defined({ sessionId: each.sessionId, transferredFrom }) })
  const recording = defined({ kind: "recording", id: `${id}/recording`, contactId: id, medium: "audio", startedAt, endedAt })
  const transfer = /^Xfer/i.test(elementAt(each.extension, "byAction") ?? "") ? [{ kind: "event", id: `${id}/transferred`, contactId: id, at: startedAt, type: "transferred" }] : []
  return [contact, recording, ...transfer]
}

/** What the sessions of a metadata document become. */
export async function* readSiprec(input: FormatInput): AsyncGenerator<Produced> {
  const text = await wholeText(input)
  const { XMLParser, XMLValidator } = await import("fast-xml-parser")
  // Document types could define entities; metadata never needs them.
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) throw new ObjectUnreadable("The object is not well-formed XML, so it is not SIPREC metadata; deliver the application/rs-metadata+xml body as it was sent.")
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", removeNSPrefix: true, parseTagValue: false, parseAttributeValue: false, trimValues: true, processEntities: { enabled: true } })
  const document: unknown = parser.parse(text)
  const recording = isJson(document) ? jsonAt(document, "recording") : undefined
  const sessions = asList(recording?.["session"])
  if (recording === undefined || sessions.length === 0) throw new ObjectUnreadable("The object is XML, but not SIPREC metadata with a session (RFC 7865).")
  for (const [index, session] of sessions.entries()) {
    const pointer = `/session/${index}`
    const notes = new Set<string>()
    const sessionId = idOf(session, "session_id", "id")
    if (sessionId === undefined) {
      yield { type: "rejected", pointer, sentence: "The session has no session_id." }
      continue
    }
    if (elementAt(recording, "datamode")?.toLowerCase() === "partial") notes.add("Partial metadata: what it leaves out is not known.")
    const records = recordsOf({ recording, session, sessionId, extension: jsonAt(recording, "netsapiensExtension") }, notes)
    yield typeof records === "string" ? { type: "rejected", pointer, sentence: records } : { type: "records", pointer, records }
    for (const sentence of notes) yield { type: "note", pointer, sentence }
  }
}
