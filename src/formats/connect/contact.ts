/**
 * Amazon Connect contact records (Contact records data model, admin guide) as contacts, recordings
 * and events. Records are delivered again with updates: LastUpdateTimestamp is the version.
 */
import { address, mail, telephone } from "../address.ts"
import { defined, isJson, type Json, jsonAt, listAt, textAt } from "../document.ts"

/** A contact record as canonical records, or why it is none. */
export type ConnectContact = { readonly records: ReadonlyArray<Json>; readonly notes: ReadonlyArray<string> } | { readonly ignored: string } | { readonly rejected: string }

const channels: Readonly<Record<string, string>> = { VOICE: "voice", CHAT: "chat", EMAIL: "email", SMS: "sms", VIDEO: "video" }
const directions: Readonly<Record<string, string>> = { INBOUND: "inbound", OUTBOUND: "outbound", CALLBACK: "outbound", EXTERNAL_OUTBOUND: "outbound", AGENT_REPLY: "outbound", WEBRTC_API: "inbound" }
const media: Readonly<Record<string, string>> = { AUDIO: "audio", VIDEO: "video", CHAT: "text", SCREEN: "screen", AUTOMATED_INTERACTION: "audio" }

/** Id of a party that has no address, the same for a contact record and its Contact Lens transcript. */
export const connectParty = (contactId: string, role: string): string => `connect:${contactId}/${role}`

const endpoint = (json: Json | undefined): string | undefined => {
  const value = textAt(json, "Address")
  if (value === undefined) return undefined
  const type = textAt(json, "Type")
  if (type === "EMAIL_ADDRESS") return mail(value)
  return type === undefined || type === "TELEPHONE_NUMBER" ? telephone(value) : address(value)
}

const partiesOf = (record: Json, contactId: string): ReadonlyArray<Json> => {
  const agent = jsonAt(record, "Agent")
  const monitoring = textAt(record, "InitiationMethod") === "MONITOR"
  const customer = { id: endpoint(jsonAt(record, "CustomerEndpoint")) ?? textAt(record, "CustomerId") ?? connectParty(contactId, "customer"), role: "customer", joinedAt: textAt(record, "ConnectedToSystemTimestamp") }
  const staff = agent === undefined ? [] : [{ id: textAt(agent, "Username") ?? textAt(agent, "ARN") ?? connectParty(contactId, "agent"), role: monitoring ? "supervisor" : "agent", joinedAt: textAt(agent, "ConnectedToAgentTimestamp"), leftAt: textAt(agent, "AfterContactWorkStartTimestamp") }]
  const transferred = endpoint(jsonAt(record, "TransferredToEndpoint"))
  const third = transferred === undefined || transferred === customer.id ? [] : [{ id: transferred, role: "thirdParty", joinedAt: textAt(record, "TransferCompletedTimestamp") }]
  return [customer, ...staff, ...third].map(defined)
}

const uriOf = (location: string | undefined): string | undefined =>
  location === undefined || location === "" ? undefined : /^[a-z][a-z0-9+.-]*:/.test(location) ? location : `s3://${location.replace(/^\//, "")}`

const recordingsOf = (record: Json, contactId: string, notes: Set<string>): ReadonlyArray<Json> => {
  const single = jsonAt(record, "Recording")
  const all = listAt(record, "Recordings").filter(isJson)
  return (all.length > 0 ? all : single === undefined ? [] : [single]).flatMap((recording, index) => {
    const startedAt = textAt(recording, "StartTimestamp") ?? textAt(record, "ConnectedToSystemTimestamp", "InitiationTimestamp")
    const status = textAt(recording, "Status")
    if (startedAt === undefined || (status !== "AVAILABLE" && status !== "DELETED" && textAt(recording, "Location") === undefined)) return []
    const medium = media[textAt(recording, "MediaStreamType") ?? textAt(recording, "Type") ?? "AUDIO"]
    if (medium === undefined) notes.add("A recording of an unknown medium is read as audio.")
    if (status === "DELETED") notes.add("When a recording was deleted is not in a contact record: the time of its last update is taken.")
    return [defined({
      kind: "recording", id: `${contactId}/recording/${index}`, contactId, recordedAt: textAt(record, "LastUpdateTimestamp"), medium: medium ?? "audio",
      startedAt, endedAt: textAt(recording, "StopTimestamp") ?? textAt(record, "DisconnectTimestamp"), uri: uriOf(textAt(recording, "Location")),
      deletedAt: status === "DELETED" ? textAt(record, "LastUpdateTimestamp", "DisconnectTimestamp") : undefined
    })]
  })
}

const eventsOf = (record: Json, contactId: string): ReadonlyArray<Json> => {
  const at = textAt(record, "TransferCompletedTimestamp")
  return at === undefined ? [] : [defined({ kind: "event", id: `${contactId}/transferred`, contactId, recordedAt: textAt(record, "LastUpdateTimestamp"), at, type: "transferred", partyId: endpoint(jsonAt(record, "TransferredToEndpoint")) })]
}

const attributesOf = (record: Json): Json | undefined => {
  const attributes = Object.entries(jsonAt(record, "Attributes") ?? {}).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)).slice(0, 200)
  return attributes.length === 0 ? undefined : Object.fromEntries(attributes)
}

const noteWhatIsLeft = (record: Json, notes: Set<string>): void => {
  const agent = jsonAt(record, "Agent")
  if (typeof agent?.["NumberOfHolds"] === "number" && agent["NumberOfHolds"] > 0) notes.add("Holds were not carried over: a contact record counts them and does not say when they were.")
  if (isJson(record["VoiceIdResult"])) notes.add("Voice ID results were not carried over.")
  if (listAt(record, "References").length > 0) notes.add("References were not carried over.")
  if (Array.isArray(agent?.["StateTransitions"] ?? agent?.["stateTransitions"])) notes.add("A supervisor's changes between listening and barging were not carried over.")
}

/** A contact record as canonical records. */
export const connectContact = (record: Json): ConnectContact => {
  const contactId = textAt(record, "ContactId")
  if (contactId === undefined) return textAt(jsonAt(record, "detail") ?? record, "contactId") === undefined
    ? { rejected: "The document is no contact record: it has no ContactId." }
    : { rejected: "A contact event says only what has just happened; deliver the contact records (CTR) of the instance instead." }
  const given = textAt(record, "Channel")
  if (given === "TASK") return { ignored: "task" }
  const channel = listAt(record, "MediaStreams").some((stream) => textAt(isJson(stream) ? stream : undefined, "Type") === "VIDEO") ? "video" : textAt(jsonAt(record, "SegmentAttributes"), "connect:Subtype") === "connect:SMS" ? "sms" : channels[given ?? ""]
  if (channel === undefined) return { rejected: `"Channel" is not one of VOICE, CHAT, EMAIL, TASK.` }
  const startedAt = textAt(record, "InitiationTimestamp", "ConnectedToSystemTimestamp")
  if (startedAt === undefined) return { rejected: "The contact record has no InitiationTimestamp." }
  const notes = new Set<string>()
  noteWhatIsLeft(record, notes)
  const queue = jsonAt(record, "Queue")
  const previous = [textAt(record, "PreviousContactId"), textAt(record, "InitialContactId"), textAt(record, "RelatedContactId")].find((id) => id !== undefined && id !== contactId)
  const contact = defined({
    kind: "contact", id: contactId, recordedAt: textAt(record, "LastUpdateTimestamp"), channel, direction: directions[textAt(record, "InitiationMethod") ?? ""],
    startedAt, queuedAt: textAt(queue, "EnqueueTimestamp"), answeredAt: textAt(jsonAt(record, "Agent"), "ConnectedToAgentTimestamp"), endedAt: textAt(record, "DisconnectTimestamp"),
    previousContactId: previous, queue: textAt(queue, "Name", "ARN"), campaign: textAt(jsonAt(record, "Campaign"), "CampaignId"),
    language: textAt(record, "LanguageCode") ?? textAt(jsonAt(record, "LanguageLocale"), "LanguageCode"), parties: partiesOf(record, contactId), attributes: attributesOf(record)
  })
  return { records: [contact, ...recordingsOf(record, contactId, notes), ...eventsOf(record, contactId)], notes: [...notes] }
}
