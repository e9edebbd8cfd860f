import { loadStagedLines, type EvidenceStore, type ObjectRow, type SourceRow } from "../evidence/index.ts"
import { stagedRows } from "./case-records.ts"
import type { CaseEstate, CaseRecord } from "./cases.ts"

const everything = [
  "contact", "recording", "storedObject", "transcript", "consent", "event", "access", "grant", "staff", "assignment", "decision", "hold", "request", "identity", "review", "coverage",
  "notice-played", "tone-played", "objection", "identity-verified", "account-disclosed", "payment", "disclosure-given", "bot-disclosed", "customer-message", "agent-message",
  "escalation-requested", "escalated", "follow-up-promised", "follow-up-done", "transferred", "complaint-raised", "reason-given"
]

/** What one source of an estate of cases delivers. */
export type Delivery = { readonly source: SourceRow; readonly records: ReadonlyArray<CaseRecord>; readonly objects: ReadonlyArray<Readonly<Record<string, unknown>>> }

/** The sources of an estate: `records`, which delivers the records of all its cases, and those that its cases state. */
export const deliveriesOf = (estate: CaseEstate): ReadonlyArray<Delivery> => {
  const members = estate.members.flatMap(({ entry }) => entry.records)
  const first = estate.sources.find((source) => source.id === "records")
  const own: Delivery = { source: { id: "records", provides: estate.provides ?? everything, ...first }, records: [...members, ...(first?.records ?? [])], objects: first?.objects ?? [] }
  const others = estate.sources.filter((source) => source.id !== "records").map((source): Delivery =>
    ({ source: { provides: [], ...source }, records: source.records ?? [], objects: source.objects ?? [] }))
  return [own, ...others]
}

/** The objects in which the deliveries came. */
export const objectsOf = (all: ReadonlyArray<Delivery>): ReadonlyArray<ObjectRow> => {
  const rows: Array<ObjectRow> = []
  for (const { source, records, objects } of all) {
    if (records.length > 0 || objects.length === 0) rows.push({ objectNumber: rows.length, source: source.id, uri: `case:${source.id}`, sha256: "0".repeat(64), read: records.length })
    for (const object of objects) rows.push({ uri: `case:${source.id}/${rows.length}`, ...object, objectNumber: rows.length, source: source.id })
  }
  return rows
}

/** Stores the records of the deliveries and gives the kinds that now have rows. */
export const storeDeliveries = async (store: EvidenceStore, all: ReadonlyArray<Delivery>, objects: ReadonlyArray<ObjectRow>): Promise<ReadonlyArray<string>> => {
  const lines = new Map<string, Array<string>>()
  for (const { source, records } of all) {
    const objectNumber = objects.find((object) => object.source === source.id)?.objectNumber ?? 0
    for (const [index, record] of records.entries()) {
      for (const row of stagedRows(record, { objectNumber, line: index + 1, digest: "0".repeat(64) })) {
        const known = lines.get(row.kind)
        if (known === undefined) lines.set(row.kind, [row.text])
        else known.push(row.text)
      }
    }
  }
  for (const [kind, texts] of lines) await loadStagedLines(store, kind, texts)
  return [...lines.keys()]
}
