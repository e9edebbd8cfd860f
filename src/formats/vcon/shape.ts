/**
 * One spelling of a vCon out of all published ones (0.0.1 to 0.4.0), with each deviation named, and
 * the faults for which a vCon is refused.
 */
import { isInstant } from "../../records/index.ts"
import { isJson, type Json, listAt, numberAt, textAt, textOf } from "../document.ts"

/** A dialog in today's spelling. */
export type Dialog = {
  readonly index: number
  readonly type: string
  readonly start: string | undefined
  /** Seconds. */
  readonly duration: number | undefined
  /** Indices of parties; the channels' lists in one. */
  readonly parties: ReadonlyArray<number>
  readonly originator: number | undefined
  readonly mediatype: string | undefined
  readonly url: string | undefined
  readonly encoding: string | undefined
  readonly body: unknown
  readonly contentHash: ReadonlyArray<string>
  readonly json: Json
}

/** A vCon in today's spelling. */
export type Vcon = {
  readonly uuid: string
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
  readonly parties: ReadonlyArray<Json>
  readonly dialogs: ReadonlyArray<Dialog>
  readonly analysis: ReadonlyArray<Json>
  readonly attachments: ReadonlyArray<Json>
  readonly meta: Json | undefined
  readonly json: Json
}

/** Why a vCon is refused, and where. */
export type Fault = { readonly pointer: string; readonly sentence: string }

/** A vCon and its deviations, or why it is refused. */
export type Shaped = { readonly vcon: Vcon; readonly notes: ReadonlyArray<string> } | Fault

/** Extensions that a vCon may declare critical. */
const knownExtensions = new Set(["lawful_basis", "consent", "CC", "cc", "wtf", "wtf_transcription", "sip-signaling"])

const renamed: ReadonlyArray<readonly [from: string, to: string]> = [
  ["mimetype", "mediatype"],
  ["transfer-target", "transfer_target"],
  ["target-dialog", "target_dialog"],
  ["appended", "amended"],
  ["must_support", "critical"],
  ["must_understand", "critical"]
]

const respelt = (json: Json, notes: Set<string>): Json => {
  let result = json
  for (const [from, to] of renamed) {
    if (!(from in result)) continue
    const { [from]: value, ...others } = result
    notes.add(`Field ${from} is read as ${to}.`)
    result = to in others || value === null ? others : { ...others, [to]: value }
  }
  return result
}

const hashesOf = (json: Json, notes: Set<string>): ReadonlyArray<string> => {
  const hashes = [json["content_hash"]].flat().filter((each): each is string => typeof each === "string" && each !== "")
  const algorithm = textAt(json, "alg")?.toLowerCase().replace("-", "")
  const signature = textAt(json, "signature")
  if (hashes.length > 0 || algorithm === undefined || signature === undefined) return hashes
  notes.add("Fields alg and signature are read as content_hash.")
  return [`${algorithm}-${signature}`]
}

const indicesIn = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value.flatMap(indicesIn) : value === null || value === undefined ? [] : [value])

const timeFault = (pointer: string, value: unknown, name: string): Fault | undefined => {
  if (value === undefined || value === null) return undefined
  if (typeof value !== "string") return { pointer, sentence: `"${name}" is not a time.` }
  if (isInstant(value.replace(" ", "T"))) return undefined
  return /^\d{4}-\d\d-\d\d[T ][\d:.]+$/.test(value)
    ? { pointer, sentence: `"${name}" has no offset from UTC, so nobody can tell when that was; have the exporter write times such as 2026-06-30T12:00:00Z.` }
    : { pointer, sentence: `"${name}" is not a time such as 2026-06-30T12:00:00Z.` }
}

const dialogFault = (json: Json, pointer: string, parties: number, indices: ReadonlyArray<unknown>): Fault | undefined => {
  const outside = indices.find((index) => typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= parties)
  if (outside !== undefined) return { pointer: `${pointer}/parties`, sentence: `A party index is not one of the ${parties} parties of the vCon.` }
  const originator = json["originator"]
  if (originator !== undefined && originator !== null && (typeof originator !== "number" || originator < 0 || originator >= parties)) return { pointer: `${pointer}/originator`, sentence: `"originator" is not one of the ${parties} parties of the vCon.` }
  const duration = json["duration"]
  if (duration !== undefined && duration !== null && (typeof duration !== "number" || !Number.isFinite(duration) || duration < 0)) return { pointer: `${pointer}/duration`, sentence: `"duration" is not a number of seconds from 0 up.` }
  const mediatype = json["mediatype"]
  if (mediatype !== undefined && mediatype !== null && (typeof mediatype !== "string" || !/^[\w.+-]+\/[\w.+-]+\s*(;|$)/.test(mediatype))) return { pointer: `${pointer}/mediatype`, sentence: `"mediatype" is not a media type such as audio/wav.` }
  const url = json["url"]
  if (url !== undefined && url !== null && (typeof url !== "string" || !URL.canParse(url))) return { pointer: `${pointer}/url`, sentence: `"url" is not an absolute URL.` }
  return timeFault(`${pointer}/start`, json["start"], "start")
}

const instant = (value: string | undefined): string | undefined => value?.replace(" ", "T")

const dialogOf = (given: unknown, index: number, parties: number, notes: Set<string>): Dialog | Fault => {
  const pointer = `/dialog/${index}`
  if (!isJson(given)) return { pointer, sentence: "A dialog is not an object." }
  const json = respelt(given, notes)
  const indices = indicesIn(json["parties"])
  const fault = dialogFault(json, pointer, parties, indices)
  if (fault !== undefined) return fault
  const url = textAt(json, "url")
  if (url !== undefined && !url.startsWith("https:")) notes.add("A dialog's url is not an https URL.")
  const type = textAt(json, "type") ?? (Object.keys(json).length === 0 ? "placeholder" : "recording")
  if (textAt(json, "type") === undefined && type === "recording") notes.add("A dialog without a type is read as a recording.")
  return {
    index, type, start: instant(textAt(json, "start")), duration: numberAt(json, "duration"),
    parties: indices as ReadonlyArray<number>, originator: numberAt(json, "originator"),
    mediatype: textAt(json, "mediatype")?.toLowerCase(), url, encoding: textAt(json, "encoding"), body: json["body"], contentHash: hashesOf(json, notes), json
  }
}

const arrayFault = (json: Json): Fault | undefined => {
  for (const name of ["parties", "dialog", "analysis", "attachments"])
    if (name in json && !Array.isArray(json[name])) return { pointer: `/${name}`, sentence: `"${name}" is not a list; write [] where there is none.` }
  if (!["parties", "dialog", "analysis", "attachments"].some((name) => name in json)) return { pointer: "", sentence: "The document is no vCon: it has none of parties, dialog, analysis and attachments." }
  return undefined
}

const versionNotes = (json: Json, notes: Set<string>): void => {
  const version = json["vcon"]
  if (typeof version === "string" && version !== "" && version !== "0.4.0") notes.add(`vCon version ${/^\d+(\.\d+){0,2}$/.test(version) ? version : "of unknown spelling"} is read as 0.4.0.`)
  if (textAt(json, "created_at") === undefined) notes.add("created_at is missing.")
  if (Array.isArray(json["group"]) && json["group"].length > 0) notes.add("Group is reserved and was not carried over.")
  if (isJson(json["redacted"]) && textAt(json["redacted"], "uuid") !== undefined) notes.add("The vCon is a redacted one: what was taken out is not known.")
  if (isJson(json["amended"]) && textAt(json["amended"], "uuid") !== undefined) notes.add("The vCon amends another one, which is a contact of its own here.")
}

/** A vCon in today's spelling with its deviations, or why it is refused. */
export const shapeOf = (given: Json): Shaped => {
  const notes = new Set<string>()
  const json = respelt(given, notes)
  const fault = arrayFault(json)
  if (fault !== undefined) return fault
  const uuid = textAt(json, "uuid")
  if (uuid === undefined) return { pointer: "/uuid", sentence: "The vCon has no uuid, so its contact cannot be told from others; have the exporter write one." }
  const unknown = listAt(json, "critical").find((name) => typeof name !== "string" || !knownExtensions.has(name))
  if (unknown !== undefined) return { pointer: "/critical", sentence: "The vCon needs an extension that Earshot does not know; export it without, or ask for the extension to be added." }
  const parties = listAt(json, "parties")
  const odd = parties.findIndex((party) => !isJson(party))
  if (odd >= 0) return { pointer: `/parties/${odd}`, sentence: "A party is not an object." }
  const dialogs: Array<Dialog> = []
  for (const [index, each] of listAt(json, "dialog").entries()) {
    const dialog = dialogOf(each, index, parties.length, notes)
    if ("sentence" in dialog) return dialog
    dialogs.push(dialog)
  }
  for (const name of ["created_at", "updated_at"]) {
    const wrong = timeFault(`/${name}`, textOf(json[name]), name)
    if (wrong !== undefined) return wrong
  }
  versionNotes(json, notes)
  return {
    vcon: {
      uuid, createdAt: instant(textAt(json, "created_at")), updatedAt: instant(textAt(json, "updated_at")),
      parties: parties as ReadonlyArray<Json>, dialogs,
      analysis: listAt(json, "analysis").filter(isJson).map((each) => respelt(each, notes)),
      attachments: listAt(json, "attachments").map((each) => (isJson(each) ? respelt(each, notes) : {})),
      meta: isJson(json["meta"]) ? json["meta"] : undefined, json
    },
    notes: [...notes]
  }
}
