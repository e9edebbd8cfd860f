/** Amazon Connect Contact Lens output, voice and chat, original and redacted, as transcript and message events. */
import { defined, isJson, type Json, jsonAt, listAt, numberAt, textAt } from "../document.ts"
import { connectParty } from "./contact.ts"

/** A Contact Lens file as canonical records, or why it is none. */
export type LensTranscript = { readonly records: ReadonlyArray<Json>; readonly notes: ReadonlyArray<string> } | { readonly rejected: string }

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i

const roles: Readonly<Record<string, string>> = { CUSTOMER: "customer", AGENT: "agent", SUPERVISOR: "supervisor", SYSTEM: "system", CUSTOM_BOT: "system", BOT: "system" }

/** The contact: named in the file, else by the name that Amazon Connect gives the file. */
const contactOf = (file: Json, uri: string): string | undefined =>
  textAt(jsonAt(file, "CustomerMetadata"), "ContactId") ?? textAt(file, "ContactId") ?? uuid.exec(uri.split("/").at(-1) ?? "")?.[0]

/** Start of the recording from its own name, <contact>_20260630T12:00_UTC.wav: exact to the minute. */
const startOf = (file: Json): string | undefined => {
  const input = textAt(jsonAt(file, "CustomerMetadata"), "InputS3Uri") ?? textAt(jsonAt(file, "ContentMetadata"), "InputS3Uri")
  const match = /_(\d{4})(\d\d)(\d\d)T(\d\d)(?::|%3A)(\d\d)(?:(?::|%3A)(\d\d))?_UTC/i.exec(input ?? "")
  return match === null ? undefined : `${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6] ?? "00"}Z`
}

type Spoken = { readonly role: string; readonly at: string; readonly until: string | undefined; readonly text: string; readonly id: string }

const spokenIn = (file: Json, start: string | undefined): ReadonlyArray<Spoken> => {
  const participants = new Map(listAt(file, "Participants").filter(isJson).map((each) => [textAt(each, "ParticipantId") ?? "", textAt(each, "ParticipantRole") ?? ""]))
  const shift = (milliseconds: number | undefined): string | undefined => (milliseconds === undefined || start === undefined ? undefined : new Date(Date.parse(start) + milliseconds).toISOString())
  return listAt(file, "Transcript").filter(isJson).flatMap((item, index): ReadonlyArray<Spoken> => {
    const text = textAt(item, "Content")
    const at = textAt(item, "AbsoluteTime") ?? shift(numberAt(item, "BeginOffsetMillis"))
    if (text === undefined || at === undefined || (textAt(item, "Type") ?? "MESSAGE") !== "MESSAGE") return []
    const participant = textAt(item, "ParticipantId") ?? ""
    const role = roles[textAt(item, "ParticipantRole") ?? participants.get(participant) ?? participant] ?? "customer"
    return [{ role, at, until: shift(numberAt(item, "EndOffsetMillis")), text, id: uuid.exec(textAt(item, "Id") ?? "")?.[0] ?? String(index) }]
  })
}

/** A Contact Lens file as canonical records; `uri` names the contact where the file itself does not. */
export const lensTranscript = (file: Json, uri: string): LensTranscript => {
  if (!Array.isArray(file["Transcript"])) return { rejected: "The document is no Contact Lens output: it has no Transcript." }
  const contactId = contactOf(file, uri)
  if (contactId === undefined) return { rejected: "The file does not name its contact; keep the name that Amazon Connect gave it (the contact's id is in it)." }
  const start = startOf(file)
  const offsets = listAt(file, "Transcript").filter(isJson).some((item) => textAt(item, "AbsoluteTime") === undefined && numberAt(item, "BeginOffsetMillis") !== undefined)
  if (offsets && start === undefined) return { rejected: "The turns have offsets only and the file does not name its recording (InputS3Uri), so nobody can tell when they were; export it with its metadata." }
  const notes = new Set<string>(["Speakers are known by their role only; sentiment, categories and summaries were not carried over."])
  if (offsets) notes.add("Turns are dated by the recording's name, exact to the minute.")
  if (textAt(jsonAt(file, "ContentMetadata"), "Output") === "Redacted") notes.add("The transcript is redacted: what was masked cannot be looked at.")
  const spoken = spokenIn(file, start)
  const turns = spoken.map((each) => defined({ partyId: connectParty(contactId, each.role), at: each.at, until: each.until, text: each.text }))
  const messages = textAt(file, "Channel") === "CHAT" ? spoken.filter((each) => each.role !== "system") : []
  const events = messages.map((each) => ({ kind: "event", id: `${contactId}/message/${each.id}`, contactId, at: each.at, type: each.role === "customer" ? "customer-message" : "agent-message", partyId: connectParty(contactId, each.role) }))
  const transcript = defined({ kind: "transcript", contactId, language: textAt(file, "LanguageCode"), turns })
  return { records: [transcript, ...events], notes: [...notes] }
}
