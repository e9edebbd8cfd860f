import { type Instant, parseInstant } from "../time/index.ts"
import type { HoldList } from "./holds.ts"
import type { Preserved } from "./retention-lines.ts"
import { type Decision, type JudgedObject, keyCheckName, type RetentionLine } from "./retention-line.ts"

/** An object that a retention job asks about, as storage states it now. */
export type GateObject = { readonly uri: string; readonly versionId?: string; readonly sha256?: string; readonly etag?: string }

/** What a decision depends on beside the object and what was judged of it. */
export type Asking = {
  readonly asOf: Instant
  /** Holds as they stand now, where the job gave them. */
  readonly holds?: HoldList
  /** What findings need that the run could not judge again. */
  readonly needed?: Preserved
  /** True where the report holds objects whose names are pseudonyms. */
  readonly masksNames?: boolean
  /** Pseudonym of a name, where the key was given. */
  readonly pseudonym?: (name: string) => string
}

/** A line of the report with the object in it that has the name asked for; `line` undefined: it cannot be read. */
export type Match = { readonly line: RetentionLine | undefined }

/** A decision and its reasons, as codes in alphabetical order. */
export type Decided = { readonly decision: Decision; readonly reasons: ReadonlyArray<string> }

const isNamed = (object: JudgedObject, asked: GateObject, asking: Asking): boolean =>
  object.uriPseudonym === undefined ? object.uri === asked.uri : asking.pseudonym !== undefined && object.uriPseudonym === asking.pseudonym(asked.uri)

const objectsOf = (line: RetentionLine): ReadonlyArray<JudgedObject> =>
  line.uri === undefined ? line.copies ?? [] : [{ ...line, uri: line.uri }, ...(line.copies ?? [])]

/** Why it is not certain that these are the bytes that were judged; empty where it is. */
const changes = (judged: JudgedObject, asked: GateObject): ReadonlyArray<string> => {
  const reasons: Array<string> = []
  const version = asked.versionId === "null" || asked.versionId === "" ? undefined : asked.versionId
  const judgedVersion = judged.versionId === "null" ? undefined : judged.versionId
  if (version !== judgedVersion) reasons.push(judgedVersion === undefined || version === undefined ? "version-unknown" : "version-changed")
  if (asked.sha256 !== undefined) {
    if (judged.sha256 === undefined) reasons.push("checksum-unknown")
    else if (judged.sha256.toLowerCase() !== asked.sha256.toLowerCase()) reasons.push("checksum-changed")
  }
  if (asked.etag !== undefined && judged.etag !== undefined && judged.etag !== asked.etag) reasons.push("checksum-changed")
  if (asked.sha256 === undefined && (asked.etag === undefined || judged.etag === undefined)) reasons.push("checksum-unknown")
  return reasons
}

/** A time that must be readable; a missing one is absent, a broken one is a doubt. */
const timeOf = (text: string | undefined, doubts: Array<string>): Instant | undefined => {
  if (text === undefined) return undefined
  const time = parseInstant(text)
  if (time === undefined) doubts.push("line-unreadable")
  return time
}

/** A hold that is made and has not ended counts, also before it begins: what is deleted then could not be held. */
const heldBy = (line: RetentionLine, asking: Asking, doubts: Array<string>): ReadonlyArray<string> => {
  const replaced = asking.holds?.ids ?? new Set<string>()
  const held = (line.holds ?? []).filter(({ id, until }) => {
    if (replaced.has(id)) return false
    const ends = timeOf(until, doubts)
    return ends === undefined || ends > asking.asOf
  }).map(({ id }) => id)
  if (asking.holds === undefined) return held
  const now = asking.holds.covering(line, asking.asOf, asking.pseudonym)
  doubts.push(...now.doubts)
  return [...held, ...now.ids]
}

const findingsOn = (line: RetentionLine, needed: Preserved | undefined): ReadonlyArray<string> =>
  [...line.openFindings ?? [], ...needed?.byRecording.get(line.recordingId) ?? [], ...(line.contactId === undefined ? [] : needed?.byContact.get(line.contactId) ?? [])]

const decideLine = (line: RetentionLine, asked: GateObject, asking: Asking): Decided => {
  const doubts: Array<string> = [...(line.doubts ?? [])]
  if (line.names === "pseudonymous" && asking.pseudonym !== undefined && line.keyCheck !== asking.pseudonym(keyCheckName)) doubts.push("pseudonym-key-wrong")
  const judged = objectsOf(line).filter((object) => isNamed(object, asked, asking))
  if (judged.length === 0) doubts.push("unknown-object")
  for (const object of judged) doubts.push(...changes(object, asked))
  const deleteBy = timeOf(line.deleteBy, doubts)
  const keepUntil = timeOf(line.keepUntil, doubts)
  const held = heldBy(line, asking, doubts)
  const erasures = line.erasures ?? []
  const past = deleteBy !== undefined && deleteBy <= asking.asOf
  const due = [...(past ? [`due:${line.deleteRule ?? "deleteBy"}`] : []), ...erasures.map((id) => `due:erasure:${id}`)]
  const against = [
    ...(keepUntil !== undefined && keepUntil > asking.asOf ? [`keep-duty:${line.keepRule ?? "unknown"}`] : []),
    ...held.map((id) => `held:${id}`),
    ...findingsOn(line, asking.needed).map((id) => `evidence:${id}`)
  ]
  const requests = (line.requests ?? []).map((id) => `request-open:${id}`)
  if (doubts.length > 0) return { decision: "keep", reasons: [...doubts, ...due, ...against, ...requests] }
  if (due.length === 0) return { decision: "keep", reasons: [deleteBy === undefined && keepUntil === undefined ? "no-rule" : deleteBy === undefined ? "no-deletion-date" : "not-yet-due", ...against, ...requests] }
  if (requests.length > 0) return { decision: "keep", reasons: [...requests, ...due, ...against] }
  return against.length > 0 ? { decision: "hold", reasons: [...against, ...due] } : { decision: "delete", reasons: due }
}

/**
 * Decides on one object from all lines that name it. `delete` only if every recording in it is due and nothing at all
 * speaks against it; whatever is unknown or doubtful keeps.
 */
export const decide = (asked: GateObject, matches: ReadonlyArray<Match>, asking: Asking): Decided => {
  if (matches.length === 0) return { decision: "keep", reasons: asking.masksNames === true && asking.pseudonym === undefined ? ["pseudonym-key-needed", "unknown-object"] : ["unknown-object"] }
  const each = matches.map(({ line }): Decided => (line === undefined ? { decision: "keep", reasons: ["line-unreadable"] } : decideLine(line, asked, asking)))
  const decision: Decision = each.some((one) => one.decision === "keep") ? "keep" : each.some((one) => one.decision === "hold") ? "hold" : "delete"
  return { decision, reasons: [...new Set(each.flatMap((one) => one.reasons))].sort() }
}
