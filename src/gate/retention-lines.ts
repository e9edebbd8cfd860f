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
  readonly recordingId?: string
  readonly evidence?: ReadonlyArray<{ readonly kind: string; readonly id: string }>
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
    const named = (finding.evidence ?? []).filter(({ kind }) => kind === "recording").map(({ id }) => id)
    const recordings = finding.recordingId === undefined ? named : [finding.recordingId, ...named]
    for (const recording of recordings) add(byRecording, recording, finding.id)
    if (recordings.length === 0 && finding.contactId !== undefined) add(byContact, finding.contactId, finding.id)
  }
  return { byRecording, byContact }
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)
const texts = (value: unknown): ReadonlyArray<string> => (Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [])

/** `2026-03-01 10:00:05` of DuckDB as RFC 3339 in UTC. */
const instant = (value: unknown): string | undefined => text(value)?.replace(" ", "T").replace(/$/, "Z")

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

const filled = <Name extends string, Item>(name: Name, list: ReadonlyArray<Item>): { readonly [K in Name]?: ReadonlyArray<Item> } => (list.length === 0 ? {} : { [name]: list } as { [K in Name]: ReadonlyArray<Item> })
const optional = <Name extends string>(name: Name, value: string | undefined): { readonly [K in Name]?: string } => (value === undefined ? {} : { [name]: value } as { [K in Name]: string })

/** The line of one row of retentionDecision. An open finding that needs the recording turns a deletion into a hold, for counsel. */
const lineOf = (row: Row, names: Names, preserved: Preserved): RetentionLine => {
  const recordingId = names.scrub(String(row["recordingId"]))
  const contact = text(row["contactId"])
  const contactId = contact === undefined ? undefined : names.scrub(contact)
  const findings = [...new Set([...(preserved.byRecording.get(recordingId) ?? []), ...(contactId === undefined ? [] : preserved.byContact.get(contactId) ?? [])])].sort()
  const shown = (Array.isArray(row["shown"]) ? row["shown"] : []) as ReadonlyArray<Shown>
  const uri = text(row["uri"])
  const own = uri === undefined ? {} : judgedObject(uri, { versionId: text(row["versionId"]), sha256: text(row["sha256"]), etag: text(row["etag"]) }, shown, names)
  const copies = texts(row["copies"]).map((copy) => judgedObject(copy, {}, shown, names))
  const pseudonyms = [text(row["recordingId"]), contact].filter((id): id is string => id !== undefined && names.scrub(id) !== id).map(names.person)
  const clear = names.person(keyCheckName) === keyCheckName
  const needed = findings.length > 0 && row["decision"] === "delete"
  return {
    recordingId, ...optional("contactId", contactId), ...own, ...filled("copies", copies),
    ...optional("keepUntil", instant(row["keepUntil"])), ...optional("keepRule", text(row["keepRule"])), ...optional("deleteBy", instant(row["deleteBy"])),
    ...optional("deleteRule", text(row["deleteRule"])), ...optional("deletedAt", instant(row["deletedAt"])),
    ...filled("erasures", texts(row["erasures"]).map(names.scrub)), ...filled("holds", holdsOf(row["holds"], names)), ...filled("requests", texts(row["requests"]).map(names.scrub)),
    ...filled("openFindings", findings), ...filled("doubts", texts(row["doubts"])), ...filled("persons", [...new Set(texts(row["names"]).map(names.person))].sort()), ...filled("idPseudonyms", pseudonyms),
    ...(clear ? { names: "clear" } : { names: "pseudonymous", keyCheck: names.person(keyCheckName) }), ...optional("pack", text(row["packKey"])), rules: texts(row["rules"]),
    decision: needed ? "hold" : row["decision"] as RetentionLine["decision"],
    reasons: [...texts(row["reasons"]).map(names.scrub), ...(findings.length > 0 ? ["evidence-needed"] : [])]
  }
}

/** The rows of the fact `retentionDecision` in batches, in the order of recordings, each as one JSON text for {@link retentionLine}. */
export async function* retentionRows(store: EvidenceStore): AsyncGenerator<ReadonlyArray<string>> {
  // One JSON text a row: nested lists taken apart value by value cost four times as much.
  for await (const [rows = []] of store.columns("SELECT to_json(r)::VARCHAR FROM retentionDecision r ORDER BY recordingId, uri")) yield rows as ReadonlyArray<string>
}

/** The line of retention.ndjson of one of {@link retentionRows}. */
export const retentionLine = (row: string, names: Names, preserved: Preserved): RetentionLine => lineOf(JSON.parse(row) as Row, names, preserved)
