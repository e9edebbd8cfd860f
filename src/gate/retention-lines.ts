import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import type { EvidenceStore, Row } from "../evidence/index.ts"
import { type JudgedHold, type JudgedObject, keyCheckName, type RetentionLine } from "./retention-line.ts"

/** How the report writes people and texts in which addresses of people may stand. */
export type Names = { readonly person: (name: string) => string; readonly scrub: (text: string) => string }

/** Facts that `retentionLines` reads; the run makes them with those of the controls. */
export const retentionFacts = ["retentionDecision"] as const

/** Findings that need recordings as evidence, by recording and by contact, as the report names those. */
export type Preserved = { readonly byRecording: ReadonlyMap<string, ReadonlyArray<string>>; readonly byContact: ReadonlyMap<string, ReadonlyArray<string>> }

type FindingLine = {
  readonly id: string
  readonly control: string
  readonly status: string
  readonly contactId?: string
  readonly recordingId?: string | undefined
  readonly evidence?: ReadonlyArray<{ readonly kind: string; readonly id: string }>
}

/** The recordings that a finding needs as evidence, as the report names them; one that names none needs those of its contact. */
export const recordingsOf = ({ recordingId, evidence = [] }: Pick<FindingLine, "recordingId" | "evidence">): ReadonlyArray<string> => {
  const named = evidence.filter(({ kind }) => kind === "recording").map(({ id }) => id)
  return [...new Set(recordingId === undefined ? named : [recordingId, ...named])]
}

const add = (index: Map<string, Array<string>>, key: string, id: string): void => {
  const known = index.get(key)
  if (known === undefined) index.set(key, [id])
  else if (!known.includes(id)) known.push(id)
}

/**
 * Reads findings.ndjson for open findings and leads of controls that preserve evidence (control.yaml, `preserves: true`).
 * Waived and closed ones never count, nor does the retention family.
 */
export const preservedFindings = async (file: string, controls: ReadonlyArray<{ readonly id: string; readonly preserves?: boolean }>): Promise<Preserved> => {
  const preserving = new Set(controls.filter(({ id, preserves }) => preserves === true && !id.startsWith("retention/")).map(({ id }) => id))
  const byRecording = new Map<string, Array<string>>()
  const byContact = new Map<string, Array<string>>()
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (line === "") continue
    const finding = JSON.parse(line) as FindingLine
    if (!preserving.has(finding.control) || finding.status === "waived" || finding.status === "closed") continue
    const recordings = recordingsOf(finding)
    for (const recording of recordings) add(byRecording, recording, finding.id)
    if (recordings.length === 0 && finding.contactId !== undefined) add(byContact, finding.contactId, finding.id)
  }
  return { byRecording, byContact }
}

/** What findings need that the run could not judge again: they were open, and nobody knows that they are not. From summary.json. */
export const stillNeeded = (summary: unknown): Preserved => {
  const byRecording = new Map<string, Array<string>>()
  const byContact = new Map<string, Array<string>>()
  const { notReassessed = [] } = summary as { readonly notReassessed?: ReadonlyArray<{ readonly id: string; readonly preserves?: boolean; readonly recordings?: ReadonlyArray<string>; readonly subject?: string }> }
  for (const { id, preserves, recordings = [], subject } of notReassessed) {
    if (preserves !== true) continue
    for (const recording of recordings) add(byRecording, recording, id)
    if (recordings.length === 0 && subject !== undefined) add(byContact, subject, id)
  }
  return { byRecording, byContact }
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)
const texts = (value: unknown): ReadonlyArray<string> => (Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [])

/** `2026-03-01 10:00:05` of DuckDB as RFC 3339 in UTC. */
const instant = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? `${value.replace(" ", "T")}Z` : undefined)

type Shown = { readonly uri: string; readonly versionId: string | null; readonly sha256: string | null; readonly copied: boolean }

const writtenUri = (uri: string, names: Names): Pick<JudgedObject, "uri" | "uriPseudonym"> => {
  const shown = names.scrub(uri)
  return shown === uri ? { uri } : { uri: shown, uriPseudonym: names.person(uri) }
}

/** What is known of an object: what the record states, completed by storage where that shows exactly one version. */
const judgedObject = (uri: string, stated: { readonly versionId?: string | undefined; readonly sha256?: string | undefined; readonly etag?: string | undefined }, shown: ReadonlyArray<Shown>, names: Names): JudgedObject => {
  const versions = shown.filter((one) => one.uri === uri)
  const only = versions.length === 1 ? versions[0] : undefined
  const versionId = stated.versionId ?? only?.versionId ?? undefined
  const sha256 = stated.sha256 ?? only?.sha256 ?? undefined
  return { ...writtenUri(uri, names), ...(versionId === undefined ? {} : { versionId }), ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }), ...(stated.etag === undefined ? {} : { etag: stated.etag }) }
}

const holdsOf = (value: unknown, names: Names): ReadonlyArray<JudgedHold> =>
  (Array.isArray(value) ? value as ReadonlyArray<Row> : []).map((hold) => {
    const until = instant(hold["until"])
    return { id: names.scrub(String(hold["id"])), from: instant(hold["from"]) ?? "", ...(until === undefined ? {} : { until }) }
  })

const filled = <Item>(list: ReadonlyArray<Item>): ReadonlyArray<Item> | undefined => (list.length === 0 ? undefined : list)

/** A line with every member, absent ones `undefined`, which JSON leaves out: one shape for all, since a report has millions of them. */
type WrittenLine = { readonly [Name in keyof Required<RetentionLine>]: RetentionLine[Name] | undefined } & Pick<RetentionLine, "decision" | "reasons">

/** Open findings that need the recording, or its contact where they name no recording. */
const neededBy = (recordingId: string, contactId: string | undefined, { byRecording, byContact }: Preserved): ReadonlyArray<string> => {
  const own = byRecording.get(recordingId)
  const shared = contactId === undefined ? undefined : byContact.get(contactId)
  return own === undefined && shared === undefined ? [] : [...new Set([...(own ?? []), ...(shared ?? [])])].sort()
}

/** The line of one row of retentionDecision. An open finding that needs the recording turns a deletion into a hold, for counsel. */
const lineOf = (row: Row, names: Names, preserved: Preserved): WrittenLine => {
  const [recording, contact, uri] = [String(row["recordingId"]), text(row["contactId"]), text(row["uri"])]
  const recordingId = names.scrub(recording)
  const contactId = contact === undefined ? undefined : names.scrub(contact)
  const findings = neededBy(recordingId, contactId, preserved)
  const shown = (Array.isArray(row["shown"]) ? row["shown"] : []) as ReadonlyArray<Shown>
  const own = uri === undefined ? undefined : judgedObject(uri, { versionId: text(row["versionId"]), sha256: text(row["sha256"]), etag: text(row["etag"]) }, shown, names)
  const pseudonyms = [...(recordingId === recording ? [] : [names.person(recording)]), ...(contact === undefined || contactId === contact ? [] : [names.person(contact)])]
  const check = names.person(keyCheckName)
  const reasons = texts(row["reasons"]).map(names.scrub)
  return {
    recordingId, contactId, uri: own?.uri, uriPseudonym: own?.uriPseudonym, versionId: own?.versionId, sha256: own?.sha256, etag: own?.etag,
    copies: filled(texts(row["copies"]).map((copy) => judgedObject(copy, {}, shown, names))),
    keepUntil: instant(row["keepUntil"]), keepRule: text(row["keepRule"]), deleteBy: instant(row["deleteBy"]), deleteRule: text(row["deleteRule"]), deletedAt: instant(row["deletedAt"]),
    erasures: filled(texts(row["erasures"]).map(names.scrub)), holds: filled(holdsOf(row["holds"], names)), requests: filled(texts(row["requests"]).map(names.scrub)),
    openFindings: filled(findings), doubts: filled(texts(row["doubts"])), persons: filled([...new Set(texts(row["names"]).map(names.person))].sort()), idPseudonyms: filled(pseudonyms),
    names: check === keyCheckName ? "clear" : "pseudonymous", keyCheck: check === keyCheckName ? undefined : check, pack: text(row["packKey"]), rules: texts(row["rules"]),
    decision: findings.length > 0 && row["decision"] === "delete" ? "hold" : row["decision"] as RetentionLine["decision"],
    reasons: findings.length > 0 ? [...reasons, "evidence-needed"] : reasons
  }
}

/** The rows of the fact `retentionDecision` in batches, in the order of recordings, each as one JSON text for {@link retentionLine}. */
export async function* retentionRows(store: EvidenceStore): AsyncGenerator<ReadonlyArray<string>> {
  // One JSON text a row: nested lists taken apart value by value cost four times as much.
  for await (const [rows = []] of store.columns("SELECT to_json(r)::VARCHAR FROM retentionDecision r ORDER BY recordingId, uri")) yield rows as ReadonlyArray<string>
}

/** The line of retention.ndjson of one of {@link retentionRows}. */
export const retentionLine = (row: string, names: Names, preserved: Preserved): WrittenLine => lineOf(JSON.parse(row) as Row, names, preserved)
