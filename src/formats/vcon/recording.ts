/** Recordings, messages and transfers of a vCon as recording and event records. */
import { createHash } from "node:crypto"
import { defined, isJson, type Json, listAt, textAt } from "../document.ts"
import { endOf, isRecording, mediumOf, type Party } from "./contact.ts"
import type { Dialog, Fault, Vcon } from "./shape.ts"

/** The documented lawful basis of a recording, from a lawful_basis attachment. */
export type Basis = { readonly lawfulBasis: string; readonly at: string | undefined; readonly dialogs: ReadonlyArray<number> }

/** Id of the recording that a dialog holds. */
export const recordingId = (vcon: Vcon, dialog: Dialog): string => `${vcon.uuid}/dialog/${dialog.index}`
/** Id of the recording that all messages of a vCon are. */
export const messagesId = (vcon: Vcon): string => `${vcon.uuid}/text`

/** Inline bytes of a body; undefined where there are none. */
export const bytesOf = (dialog: { readonly body: unknown; readonly encoding: string | undefined }): Buffer | undefined => {
  if (typeof dialog.body !== "string") return undefined
  return dialog.encoding === "base64url" || dialog.encoding === "base64" ? Buffer.from(dialog.body, "base64url") : Buffer.from(dialog.body, "utf8")
}

/** A content_hash that does not fit the inline bytes. */
export const hashFault = (dialog: Dialog): Fault | undefined => {
  const bytes = bytesOf(dialog)
  if (bytes === undefined) return undefined
  for (const hash of dialog.contentHash) {
    const match = /^(sha256|sha384|sha512)-([A-Za-z0-9_+/=-]+)$/.exec(hash)
    if (match === null) continue
    const expected = Buffer.from(match[2] ?? "", "base64url")
    const actual = createHash(match[1] ?? "").update(bytes).digest()
    if (!actual.equals(expected)) return { pointer: `/dialog/${dialog.index}/content_hash`, sentence: "The bytes in a dialog do not have the digest that its content_hash says; they were changed: ask the sender for the original." }
  }
  return undefined
}

const sha256Of = (dialog: Dialog, bytes: Buffer | undefined): string | undefined => {
  if (bytes !== undefined) return createHash("sha256").update(bytes).digest("hex")
  const given = dialog.contentHash.find((hash) => hash.startsWith("sha256-"))
  const digest = given === undefined ? undefined : Buffer.from(given.slice(7), "base64url")
  return digest?.length === 32 ? digest.toString("hex") : undefined
}

const basisOf = (index: number | undefined, bases: ReadonlyArray<Basis>): Json => {
  const basis = bases.find((each) => each.dialogs.length === 0 || index === undefined || each.dialogs.includes(index))
  return basis === undefined ? {} : defined({ lawfulBasis: basis.lawfulBasis, lawfulBasisAt: basis.at })
}

const recordingOf = (dialog: Dialog, vcon: Vcon, bases: ReadonlyArray<Basis>, notes: Set<string>): Json | undefined => {
  if (dialog.start === undefined) {
    notes.add("A recording without a start was not carried over.")
    return undefined
  }
  const bytes = bytesOf(dialog)
  const sha256 = sha256Of(dialog, bytes)
  if (sha256 === undefined && dialog.contentHash.length > 0) notes.add("A content_hash of another algorithm than SHA-256 was not carried over.")
  if (listAt(dialog.json, "party_history").filter(isJson).some((each) => ["mute", "unmute", "keydown", "keyup"].includes(textAt(each, "event") ?? ""))) notes.add("Mute and key events of a party were not carried over.")
  return defined({
    kind: "recording", id: recordingId(vcon, dialog), contactId: vcon.uuid, recordedAt: vcon.updatedAt ?? vcon.createdAt, medium: mediumOf(dialog),
    startedAt: dialog.start, endedAt: endOf(dialog), uri: dialog.url, sha256, bytes: bytes?.length, ...basisOf(dialog.index, bases)
  })
}

const isMessage = (dialog: Dialog): boolean => dialog.type === "text" && dialog.start !== undefined && (dialog.body !== undefined && dialog.body !== "" || dialog.url !== undefined)

/** Who wrote a message: the originator, else the first party. */
export const writerOf = (dialog: Dialog, parties: ReadonlyArray<Party>): Party | undefined => parties[dialog.originator ?? dialog.parties[0] ?? -1]

/** The messages of a vCon, sorted by time. */
export const messagesOf = (vcon: Vcon): ReadonlyArray<Dialog> => vcon.dialogs.filter(isMessage).sort((a, b) => Date.parse(a.start ?? "") - Date.parse(b.start ?? ""))

const messageRecording = (vcon: Vcon, bases: ReadonlyArray<Basis>): ReadonlyArray<Json> => {
  const messages = messagesOf(vcon)
  const first = messages[0]
  if (first === undefined) return []
  const basis = basisOf(messages.length === 1 ? first.index : undefined, bases)
  return [defined({ kind: "recording", id: messagesId(vcon), contactId: vcon.uuid, recordedAt: vcon.updatedAt ?? vcon.createdAt, medium: "text", startedAt: first.start, endedAt: messages.at(-1)?.start, ...basis })]
}

/** Recordings of a vCon: each recorded dialog, and all its messages as one. */
export const recordingsOf = (vcon: Vcon, bases: ReadonlyArray<Basis>, notes: Set<string>): ReadonlyArray<Json> => [
  ...vcon.dialogs.filter(isRecording).map((dialog) => recordingOf(dialog, vcon, bases, notes)).filter((each) => each !== undefined),
  ...messageRecording(vcon, bases)
]

const messageEvent = (dialog: Dialog, vcon: Vcon, parties: ReadonlyArray<Party>): ReadonlyArray<Json> => {
  const writer = writerOf(dialog, parties)
  if (writer === undefined || writer.role === "bot") return []
  return [defined({ kind: "event", id: `${vcon.uuid}/dialog/${dialog.index}/message`, contactId: vcon.uuid, recordedAt: vcon.updatedAt ?? vcon.createdAt, at: dialog.start, type: writer.outsider ? "customer-message" : "agent-message", partyId: writer.id })]
}

const transferEvent = (dialog: Dialog, vcon: Vcon, parties: ReadonlyArray<Party>): ReadonlyArray<Json> => {
  const target = dialog.json["transferee"]
  const transferee = typeof target === "number" ? parties[target] : undefined
  return dialog.start === undefined ? [] : [defined({ kind: "event", id: `${vcon.uuid}/dialog/${dialog.index}/transfer`, contactId: vcon.uuid, recordedAt: vcon.updatedAt ?? vcon.createdAt, at: dialog.start, type: "transferred", partyId: transferee?.id })]
}

/** Messages and transfers of a vCon as events. */
export const eventsOf = (vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): ReadonlyArray<Json> => {
  for (const dialog of vcon.dialogs) {
    if (dialog.type === "incomplete") notes.add("An incomplete dialog (nobody answered) was not carried over.")
    else if (dialog.type === "recording-set") notes.add("A recording set is carried over as its single recordings.")
    else if (!isRecording(dialog) && !["text", "transfer", "placeholder"].includes(dialog.type)) notes.add("A dialog of an unknown type was not carried over.")
    else if (dialog.type === "video" || dialog.type === "audio") notes.add(`A dialog of type ${dialog.type} is read as a recording.`)
    if (dialog.type === "text" && !isMessage(dialog)) notes.add("A text without body or time was not carried over.")
  }
  return [
    ...messagesOf(vcon).flatMap((dialog) => messageEvent(dialog, vcon, parties)),
    ...vcon.dialogs.filter((dialog) => dialog.type === "transfer").flatMap((dialog) => transferEvent(dialog, vcon, parties))
  ]
}
