/** The contact of a vCon: its parties, when each was there, its channel and span. */
import { address, mail, sip, telephone } from "../address.ts"
import { defined, isJson, type Json, jsonAt, listAt, textAt } from "../document.ts"
import type { Dialog, Vcon } from "./shape.ts"

/** A party with the id that stands for it in every record. */
export type Party = { readonly id: string; readonly role: string; readonly outsider: boolean; readonly json: Json }

const roles: Readonly<Record<string, string>> = {
  agent: "agent", customer: "customer", contact: "customer", caller: "customer", callee: "customer", client: "customer", consumer: "customer",
  supervisor: "supervisor", sme: "expert", expert: "expert", thirdparty: "thirdParty", "third party": "thirdParty", third_party: "thirdParty",
  bot: "bot", ai: "bot", assistant: "bot", ivr: "bot"
}
const outsiderRoles = new Set(["customer", "thirdParty"])

const idOf = (json: Json, vcon: Vcon, index: number, role: string): string => {
  const tel = textAt(json, "tel")
  const mailto = textAt(json, "mailto")
  const sipAddress = textAt(json, "sip")
  const ids = [tel === undefined ? undefined : telephone(tel), mailto === undefined ? undefined : mail(mailto), sipAddress === undefined ? undefined : sip(sipAddress)]
  // Staff are known by their login; several of them may share a number.
  const preferred = role === "agent" || role === "supervisor" || role === "expert" ? [ids[1], ids[2], ids[0]] : ids
  const own = textAt(json, "id")
  const known = preferred.find((id) => id !== undefined) ?? textAt(json, "did") ?? (own === undefined ? undefined : address(own) ?? own)
  const uuid = textAt(json, "uuid")
  return known ?? (uuid === undefined ? `vcon:${vcon.uuid}/parties/${index}` : `urn:uuid:${uuid}`)
}

const roleOf = (json: Json, notes: Set<string>): string => {
  if (textAt(json, "type") === "bot") return "bot"
  const given = textAt(json, "role") ?? textAt(jsonAt(json, "meta"), "role")
  if (given === undefined) {
    notes.add("A party without a role is read as a customer.")
    return "customer"
  }
  const known = roles[given.toLowerCase()]
  if (known === undefined) notes.add("A party with a role of another kind is read as a third party.")
  return known ?? "thirdParty"
}

/** The parties in the vCon's order. */
export const partiesOf = (vcon: Vcon, notes: Set<string>): ReadonlyArray<Party> => {
  const seen = new Map<string, number>()
  return vcon.parties.map((json, index) => {
    const role = roleOf(json, notes)
    const id = idOf(json, vcon, index, role)
    const addresses = ["tel", "mailto", "sip", "did"].filter((name) => textAt(json, name) !== undefined).length
    if (addresses > 1) notes.add("A party's further addresses were not carried over.")
    if (textAt(json, "validation", "stir") !== undefined) notes.add("How a party was validated was not carried over.")
    if (json["gmlpos"] !== undefined) notes.add("A party's coordinates were not carried over.")
    const twin = seen.get(id)
    seen.set(id, index)
    if (twin !== undefined) notes.add("Two parties have the same address.")
    return { id, role, outsider: outsiderRoles.has(role), json }
  })
}

/** Milliseconds since 1970 of a dialog's start; NaN without one. */
const startOf = (dialog: Dialog): number => Date.parse(dialog.start ?? "")

/** End of a dialog, RFC 3339 in UTC; undefined without a duration. */
export const endOf = (dialog: Dialog): string | undefined =>
  dialog.duration === undefined || dialog.start === undefined ? undefined : new Date(startOf(dialog) + Math.round(dialog.duration * 1000)).toISOString()

/** Is it a recording, in whatever spelling? */
export const isRecording = (dialog: Dialog): boolean => dialog.type === "recording" || dialog.type === "video" || dialog.type === "audio"

/** Medium of a recording. */
export const mediumOf = (dialog: Dialog): "audio" | "video" | "screen" =>
  dialog.type === "video" || dialog.mediatype?.startsWith("video/") === true ? "video" : "audio"

const isMail = (dialog: Dialog): boolean => typeof dialog.json["message_id"] === "string" || /^(multipart\/|message\/rfc822)/.test(dialog.mediatype ?? "") || /mail/i.test(textAt(dialog.json, "application") ?? "")

const channelOf = (vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): string => {
  const recordings = vcon.dialogs.filter(isRecording)
  if (recordings.some((dialog) => mediumOf(dialog) === "video")) return "video"
  if (recordings.length > 0) return "voice"
  const texts = vcon.dialogs.filter((dialog) => dialog.type === "text" && (textAt(dialog.json, "body") !== undefined || dialog.url !== undefined))
  if (texts.some(isMail)) return "email"
  if (texts.length > 0) return parties.every((party) => party.id.startsWith("tel:")) ? "sms" : "chat"
  notes.add("A vCon without recordings and texts is read as a voice contact.")
  return "voice"
}

type Presence = { from: string; until?: string }

const isSpoken = (dialog: Dialog): boolean => isRecording(dialog) || dialog.type === "text"

const takesPart = (index: number, dialog: Dialog): boolean =>
  dialog.parties.length === 0 || dialog.parties.includes(index) || dialog.originator === index || listAt(dialog.json, "party_history").filter(isJson).some((each) => each["party"] === index)

/** Did nobody ever hear of it: somebody who did not answer, or is only named? What was recorded did not capture such a party. */
const isAbsent = (index: number, { dialogs }: Vcon): boolean => {
  const spoken = dialogs.filter(isSpoken)
  return spoken.length > 0 && !spoken.some((dialog) => takesPart(index, dialog))
}

/** Who only wrote was there from its first message to the last of all. */
const writtenPresence = (index: number, texts: ReadonlyArray<Dialog>): ReadonlyArray<Presence> => {
  const timed = texts.filter((dialog) => dialog.start !== undefined).sort((a, b) => startOf(a) - startOf(b))
  const [first, last] = [timed.find((dialog) => takesPart(index, dialog)), timed.at(-1)]
  return first?.start === undefined ? [] : [{ from: first.start, ...(last?.start === undefined ? {} : { until: last.start }) }]
}

/** When a party was there, where the vCon says more than that it took part in everything. */
const presenceOf = (index: number, vcon: Vcon): ReadonlyArray<Presence> | undefined => {
  const spoken = vcon.dialogs.filter((dialog) => dialog.start !== undefined && isSpoken(dialog))
  const historied = spoken.some((dialog) => listAt(dialog.json, "party_history").length > 0)
  const recordings = spoken.filter(isRecording)
  if (!historied && recordings.every((dialog) => dialog.parties.length === 0 || dialog.parties.includes(index))) return undefined
  const intervals: Array<Presence> = []
  for (const dialog of recordings) {
    const history = listAt(dialog.json, "party_history").filter(isJson).filter((each) => each["party"] === index)
    const until = endOf(dialog)
    if (history.length === 0) {
      if (dialog.parties.length === 0 || dialog.parties.includes(index)) intervals.push({ from: dialog.start ?? "", ...(until === undefined ? {} : { until }) })
      continue
    }
    intervals.push(...historyOf(history, dialog.start ?? "", until))
  }
  const known = intervals.length === 0 ? writtenPresence(index, spoken.filter((dialog) => !isRecording(dialog))) : intervals
  return known.length === 0 ? undefined : known
}

/** Join, drop, hold and unhold as intervals; a party whose history does not begin with a join was there from the start. */
const historyOf = (history: ReadonlyArray<Json>, start: string, end: string | undefined): ReadonlyArray<Presence> => {
  const events = history.map((each) => ({ event: textAt(each, "event") ?? "", time: textAt(each, "time") ?? start })).filter(({ event }) => ["join", "drop", "hold", "unhold"].includes(event))
  events.sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
  const intervals: Array<Presence> = []
  let from = events[0]?.event === "join" || events[0]?.event === "unhold" ? undefined : start
  for (const { event, time } of events) {
    if (event === "join" || event === "unhold") from ??= time
    else if (from !== undefined) {
      intervals.push({ from, until: time })
      from = undefined
    }
  }
  if (from !== undefined) intervals.push({ from, ...(end === undefined ? {} : { until: end }) })
  return intervals
}

const placeOfParty = (json: Json): Json => {
  const civic = jsonAt(json, "civicaddress")
  const country = textAt(civic, "country")?.toUpperCase()
  if (country === undefined || !/^[A-Z]{2}$/.test(country)) return {}
  const region = textAt(civic, "a1")?.toUpperCase()
  return { jurisdiction: region !== undefined && /^[A-Z0-9]{1,3}$/.test(region) ? `${country}-${region}` : country, jurisdictionSource: "address" }
}

/** First start and last end of the dialogs; the vCon's own time where no dialog has one. */
const spanOf = (vcon: Vcon, notes: Set<string>): { readonly startedAt: string | undefined; readonly endedAt: string | undefined } => {
  const timed = vcon.dialogs.filter((dialog) => dialog.start !== undefined).sort((a, b) => startOf(a) - startOf(b))
  if (timed.length === 0) {
    notes.add("No dialog says when it began: the contact is dated by the vCon's own time.")
    return { startedAt: vcon.createdAt ?? vcon.updatedAt, endedAt: undefined }
  }
  const open = timed.some((dialog) => isRecording(dialog) && dialog.duration === undefined)
  const ends = timed.map((dialog) => endOf(dialog) ?? dialog.start ?? "").sort((a, b) => Date.parse(a) - Date.parse(b))
  return { startedAt: timed[0]?.start, endedAt: open ? undefined : ends.at(-1) }
}

/** The contact record; undefined where nothing says when it was. */
export const contactOf = (vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): Json | undefined => {
  const { startedAt, endedAt } = spanOf(vcon, notes)
  if (startedAt === undefined || parties.length === 0) return undefined
  const direction = { in: "inbound", out: "outbound", inbound: "inbound", outbound: "outbound", internal: "internal" }[(textAt(vcon.meta, "direction") ?? textAt(jsonAt(vcon.dialogs[0]?.json, "meta"), "direction") ?? "").toLowerCase()]
  const campaign = vcon.dialogs.map((dialog) => textAt(dialog.json, "campaign")).find((each) => each !== undefined)
  const queue = vcon.dialogs.map((dialog) => textAt(dialog.json, "skill")).find((each) => each !== undefined)
  const people = new Map<string, Json>()
  parties.forEach((party, index) => {
    if (isAbsent(index, vcon)) {
      notes.add("A party that took part in no dialog (it did not answer, say) was not carried over.")
      return
    }
    const presence = presenceOf(index, vcon)
    const known = people.get(party.id)
    people.set(party.id, known ?? defined({ id: party.id, role: party.role, ...placeOfParty(party.json), presence }))
  })
  return defined({
    kind: "contact", id: vcon.uuid, recordedAt: vcon.updatedAt ?? vcon.createdAt, channel: channelOf(vcon, parties, notes), direction, startedAt, endedAt, campaign, queue,
    parties: [...people.values()]
  })
}
