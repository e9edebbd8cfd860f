import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createRunTables, createStoredTables, EvidenceStore, loadStaged, settleRecords, type ObjectRow, type SourceRow } from "../evidence/index.ts"
import { stagedRows } from "./case-records.ts"
import type { CaseEstate, CaseRecord } from "./cases.ts"
import { count, judge, judgements, type Judgement } from "./evaluate.ts"
import { inOrder } from "./facts.ts"
import { inLanes } from "./lanes.ts"
import { unsuffixed } from "./names.ts"
import type { Control } from "./catalogue.ts"
import { loadPolicyTables } from "../policy/index.ts"
import { casePacks } from "./case-policy.ts"
import { allFacts } from "./derived.ts"

/** What came out of one case: empty problems means that it holds. */
export type CaseResult = { readonly control: string; readonly name: string; readonly problems: ReadonlyArray<string>; readonly reasons: ReadonlyArray<string> }

const everything = [
  "contact", "recording", "storedObject", "transcript", "consent", "event", "access", "grant", "staff", "assignment", "decision", "hold", "request", "identity", "review", "coverage",
  "notice-played", "tone-played", "objection", "identity-verified", "account-disclosed", "payment", "disclosure-given", "bot-disclosed", "customer-message", "agent-message",
  "escalation-requested", "escalated", "follow-up-promised", "follow-up-done", "transferred", "complaint-raised", "reason-given"
]

type Delivery = { readonly source: SourceRow; readonly records: ReadonlyArray<CaseRecord>; readonly objects: ReadonlyArray<Readonly<Record<string, unknown>>> }

const deliveries = (estate: CaseEstate): ReadonlyArray<Delivery> => {
  const members = estate.members.flatMap(({ entry }) => entry.records)
  const first = estate.sources.find((source) => source.id === "records")
  const own: Delivery = { source: { id: "records", provides: estate.provides ?? everything, ...first }, records: [...members, ...(first?.records ?? [])], objects: first?.objects ?? [] }
  const others = estate.sources.filter((source) => source.id !== "records").map((source): Delivery =>
    ({ source: { provides: [], ...source }, records: source.records ?? [], objects: source.objects ?? [] }))
  return [own, ...others]
}

const objectRows = (all: ReadonlyArray<Delivery>): ReadonlyArray<ObjectRow> => {
  const rows: Array<ObjectRow> = []
  for (const { source, records, objects } of all) {
    if (records.length > 0 || objects.length === 0) rows.push({ objectNumber: rows.length, source: source.id, uri: `case:${source.id}`, sha256: "0".repeat(64), read: records.length })
    for (const object of objects) rows.push({ uri: `case:${source.id}/${rows.length}`, ...object, objectNumber: rows.length, source: source.id })
  }
  return rows
}

const stage = async (store: EvidenceStore, all: ReadonlyArray<Delivery>, objects: ReadonlyArray<ObjectRow>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-cases-"))
  try {
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
    for (const [kind, texts] of lines) {
      const file = join(folder, `${kind}.ndjson`)
      writeFileSync(file, `${texts.join("\n")}\n`)
      await loadStaged(store, kind, [file])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const differs = (expected: unknown, actual: unknown): boolean => {
  if (expected === null) return actual !== null && actual !== undefined
  if (Array.isArray(expected)) return !Array.isArray(actual) || expected.length !== actual.length || expected.some((item, index) => differs(item, actual[index]))
  if (typeof expected === "object") return typeof actual !== "object" || actual === null || Object.entries(expected as Readonly<Record<string, unknown>>).some(([key, value]) => differs(value, (actual as Record<string, unknown>)[key]))
  if (typeof expected === "string" && typeof actual === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(expected)) return Date.parse(expected) !== Date.parse(`${actual.replace(" ", "T")}Z`)
  return expected !== actual
}

const short = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).filter(([key, value]) => value !== null && !["details", "evidence", "contrary", "law", "searched", "at"].includes(key))))

/** Pairs each expected unit with one that came; a more demanding expectation chooses first. */
const compare = (expected: ReadonlyArray<Readonly<Record<string, unknown>>>, came: ReadonlyArray<Judgement>): ReadonlyArray<string> => {
  const left = [...came]
  const problems: Array<string> = []
  for (const wanted of [...expected].sort((a, b) => Object.keys(b).length - Object.keys(a).length)) {
    const index = left.findIndex((row) => !differs(wanted, row))
    if (index < 0) problems.push(`expected ${JSON.stringify(wanted)}, which did not come`)
    else left.splice(index, 1)
  }
  return [...problems, ...left.map((row) => `came ${short(row as unknown as Record<string, unknown>)}, which is not expected`)]
}

const judgeMembers = async (store: EvidenceStore, control: Control, estate: CaseEstate): Promise<ReadonlyArray<CaseResult>> => {
  await judge(store, control)
  await count(store, control)
  const rows = await judgements(store, ["pass", "fail", "unverifiable", "notApplicable"])
  return estate.members.filter(({ entry }) => entry.control.id === control.id).map(({ entry, suffix }) => {
    const mark = new RegExp(`${suffix}(?![0-9])`)
    const own = rows.filter((row) => suffix === "" || [row.unit, row.contactId, row.recordingId, row.party, row.staff].some((value) => value !== null && mark.test(value)))
    const came = own.map((row) => unsuffixed(row, suffix))
    return { control: control.id, name: entry.name, problems: compare(entry.expect, came), reasons: came.map((row) => row.reason).filter((reason) => reason !== null) }
  })
}

/** Judges one estate of cases in a store of its own. */
export const runEstate = async (estate: CaseEstate): Promise<ReadonlyArray<CaseResult>> => {
  const controls = new Map(estate.members.map(({ entry }) => [entry.control.id, entry.control]))
  const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
  try {
    const all = deliveries(estate)
    const objects = objectRows(all)
    await createStoredTables(store)
    await createRunTables(store, estate.asOf, all.map(({ source }) => source), objects)
    await stage(store, all, objects)
    await settleRecords(store)
    for (const [name, value] of Object.entries(estate.variables ?? {})) await store.variable(name, JSON.stringify(value))
    const packs = casePacks(estate.policies)
    await loadPolicyTables(store.connection, packs)
    // An estate of many controls is worth a second connection, one of a few is not.
    const lanes = controls.size > 20 ? [store, await store.beside()] : [store]
    await store.seal()
    const judged = new Map<string, ReadonlyArray<CaseResult>>()
    const facts = inOrder(await allFacts(packs), [...controls.values()].flatMap((control) => control.reads))
    await inLanes(lanes, [
      ...facts.map((fact) => ({ name: fact.name, needs: fact.needs, work: fact.make })),
      ...[...controls.values()].map((control) => ({ name: control.id, needs: control.reads, work: async (lane: EvidenceStore) => {
        judged.set(control.id, await judgeMembers(lane, control, estate))
      } }))
    ])
    return [...controls.keys()].flatMap((id) => judged.get(id) ?? [])
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message : String(cause)
    return estate.members.map(({ entry }) => ({ control: entry.control.id, name: entry.name, problems: [sentence], reasons: [] }))
  } finally {
    store.close()
  }
}
