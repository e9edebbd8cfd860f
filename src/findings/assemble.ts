import type { Control, Judgement } from "../controls/index.ts"
import type { Location, Reference } from "../evidence/index.ts"
import type { CanonicalFinding, Evidence, Search, Severity } from "./finding.ts"
import { recordDigest } from "../attest/index.ts"
import { findingId } from "./identity.ts"
import type { Pseudonymiser } from "./pseudonyms.ts"
import type { TimelineItem } from "./timeline.ts"

/** What turns a judgement into a finding. */
export type Assembly = {
  readonly idKey: Uint8Array
  readonly names: Pseudonymiser
  readonly locate: (reference: Reference) => ReadonlyArray<Location>
  /** What was delivered of a record kind or event type. */
  readonly search: (kind: string) => Search
  /** What happened on the contact, for the picture. */
  readonly timeline: (row: Judgement) => ReadonlyArray<TimelineItem>
}

/** `2026-03-01 10:00:05` of DuckDB as RFC 3339 in UTC. */
export const instantText = (time: string): string => {
  const [date, clock = "00:00:00"] = time.split(" ")
  return `${date}T${clock.replace(/\.?0+$/, (zeros) => (zeros.startsWith(".") ? "" : zeros))}Z`
}

const readableTime = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`

/** DuckDB writes times in JSON with a space or a T and no zone. */
const isTime = (value: string): boolean => /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?$/.test(value)

/** Whole numbers as they are, others as exactly as a reader needs; amounts are written out by the query, as text. */
const readableNumber = (value: number): string => {
  if (Number.isInteger(value)) return String(value)
  if (Math.abs(value) < 0.0001) return "under 0.0001"
  return String(Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Math.abs(value) < 100 ? Number(value.toPrecision(4)) : Number(value.toFixed(2)))
}

/** DuckDB writes `1 day 02:30:00` for an interval. */
const interval = /^((?:\d+ (?:year|month|day)s?(?: |$))*)(?:(\d{2,}):(\d\d):(\d\d)(?:\.\d+)?)?$/

/** `01:30:00` as `1 h 30 min`; undefined for what is no interval. */
const readableInterval = (value: string): string | undefined => {
  const parts = value === "" ? null : interval.exec(value)
  if (parts === null) return undefined
  const clock = [[parts[2], "h"], [parts[3], "min"], [parts[4], "s"]].flatMap(([amount, unit]) => (Number(amount ?? 0) === 0 ? [] : [`${Number(amount)} ${unit ?? ""}`]))
  return [...(parts[1] === undefined || parts[1] === "" ? [] : [parts[1].trim()]), ...clock].join(" ") || "0 s"
}

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return "none"
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(shown).join(", ")
  if (typeof value === "object") return Object.entries(value).map(([name, item]) => `${name} ${shown(item)}`).join(", ")
  if (typeof value === "number") return readableNumber(value)
  if (typeof value !== "string") return JSON.stringify(value)
  return isTime(value) ? readableTime(value) : value
}

const masked = (value: unknown, isPerson: boolean, names: Pseudonymiser): unknown => {
  if (typeof value === "string") return isPerson ? names.person(value) : isTime(value) ? instantText(value.replace("T", " ").replace("Z", "")) : names.scrub(value)
  if (Array.isArray(value)) return value.map((item) => masked(item, isPerson, names))
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, isPerson, names)]))
  return value
}

/** Masks nested values too: a key named in `persons` holds people wherever it stands. */
const maskedDetails = (details: Readonly<Record<string, unknown>>, persons: ReadonlySet<string>, names: Pseudonymiser): Record<string, unknown> => {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [key, persons.has(key) ? masked(item, true, names) : walk(item)]))
    return masked(value, false, names)
  }
  return walk(details) as Record<string, unknown>
}

const evidenceOf = (references: ReadonlyArray<Reference> | null, assembly: Assembly): ReadonlyArray<Evidence> =>
  (references ?? []).flatMap((reference) => assembly.locate(reference)).map((place) => {
    const id = place.kind === "staff" || place.kind === "identity" ? assembly.names.person(place.id) : assembly.names.scrub(place.id)
    return evidenceAt(place, id, assembly)
  })

const evidenceAt = (place: Location, id: string, assembly: Assembly): Evidence => ({
    kind: place.kind,
    id,
    source: place.source,
    object: assembly.names.scrub(place.object),
    ...(place.versionId === null ? {} : { versionId: place.versionId }),
    line: place.line,
    ...(place.pointer === null ? {} : { pointer: place.pointer }),
    sha256: recordDigest(assembly.idKey, place.kind, id, place.digest),
    objectSha256: place.objectSha256 ?? ""
})

/**
 * Fills `{name}` of a sentence, `{name|word|words}` with the word that the count takes, and `{name?was|were}` with that word
 * alone. Times, intervals and numbers are written for people. An unknown name stays visible so that the catalogue test finds it.
 */
export const fill = (sentence: string, values: Readonly<Record<string, unknown>>): string =>
  sentence.replaceAll(/\{([A-Za-z][A-Za-z0-9]*)(?:([|?])([^|{}]+)\|([^|{}]+))?\}/g, (whole, name: string, form: string | undefined, one: string, many: string) => {
    if (!Object.hasOwn(values, name)) return whole
    const value = values[name]
    const text = (typeof value === "string" ? readableInterval(value) : undefined) ?? shown(value)
    const word = text === "1" ? one : many
    return form === undefined ? text : form === "?" ? word : `${text} ${word}`
  })

/** What somebody did, as a sentence says it before its object. */
const done: Readonly<Record<string, string>> = {
  list: "listed", view: "viewed", play: "played", download: "downloaded", export: "exported", share: "shared", edit: "edited", delete: "deleted",
  monitor: "monitored", whisper: "whispered on", barge: "barged into"
}

/** `{did}` of a sentence about an access, from the action in its details. */
const didOf = ({ action }: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> => (typeof action === "string" ? { did: done[action] ?? `did ${action} on` } : {})

/** Policy and version of a packKey; the name of a policy may hold an @, as an address of its owner does. */
export const packOf = (key: string | null): { readonly pack?: string; readonly version?: string } => {
  const at = key?.lastIndexOf("@") ?? -1
  return key === null || at < 0 ? {} : { pack: key.slice(0, at), version: key.slice(at + 1) }
}

/** Builds the canonical finding of a row that failed; people are masked here, once. */
export const assemble = (control: Control, row: Judgement, assembly: Assembly): CanonicalFinding => {
  const { names } = assembly
  const reason = row.reason ?? ""
  const persons = new Set(control.persons ?? [])
  const at = row.at === null ? undefined : instantText(row.at)
  const contactId = row.contactId === null ? undefined : names.scrub(row.contactId)
  const recordingId = row.recordingId === null ? undefined : names.scrub(row.recordingId)
  const party = row.party === null ? undefined : names.person(row.party)
  const staff = row.staff === null ? undefined : names.person(row.staff)
  const isPerson = persons.has("cause") || (row.cause !== null && (row.cause === row.staff || row.cause === row.party))
  const fault = row.cause === null ? "" : isPerson ? names.person(row.cause) : names.scrub(row.cause)
  const details = maskedDetails(row.details ?? {}, persons, names)
  const { pack, version } = packOf(row.packKey)
  // What the query gave as NULL stands in no details, and yet is "none" in the sentence and no hole.
  const absent = Object.fromEntries(Object.entries(row.details ?? {}).filter(([, value]) => value === null))
  const words = { ...absent, ...didOf(details), ...details, at: row.at, contactId, recordingId, party, staff, cause: fault, reason }
  const timeline = assembly.timeline(row)
  const searchedNames = (row.searched ?? []).map((name) => names.person(name))
  return {
    id: findingId(assembly.idKey, control.id, row.unit),
    control: control.id,
    kind: control.kind ?? "finding",
    severity: (row.severity ?? control.severity) as Severity,
    cause: `${control.id}#${reason}#${fault}`,
    ...(at === undefined ? {} : { at }),
    ...(contactId === undefined ? {} : { contactId }),
    ...(recordingId === undefined ? {} : { recordingId }),
    ...(party === undefined ? {} : { party }),
    ...(staff === undefined ? {} : { staff }),
    sentence: fill(control.reasons[reason]?.sentence ?? reason, words),
    reason,
    rule: { ...(pack === undefined ? {} : { pack }), ...(version === undefined ? {} : { version }), ...(row.ruleRef === null ? {} : { ref: row.ruleRef }) },
    law: row.law ?? [],
    citations: control.citations,
    evidence: evidenceOf(row.evidence, assembly),
    searched: (control.searched ?? []).map((kind) => ({ ...assembly.search(kind), ...(searchedNames.length === 0 ? {} : { names: searchedNames }) })),
    contrary: evidenceOf(row.contrary, assembly),
    remedy: fill(control.reasons[reason]?.remedy ?? control.remedy, words),
    details: timeline.length === 0 ? details : { ...details, timeline }
  }
}
