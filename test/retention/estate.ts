import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stagedRows } from "../../src/controls/case-records.ts"
import { casePacks } from "../../src/controls/case-policy.ts"
import { allFacts, type Control, inOrder, judgedTexts, type Judgement, readCatalogue } from "../../src/controls/index.ts"
import { createRunTables, createStoredTables, EvidenceStore, loadStaged, settleRecords, type SourceRow } from "../../src/evidence/index.ts"
import { loadPolicyTables } from "../../src/policy/index.ts"

export type AnyRecord = Readonly<Record<string, unknown>> & { readonly kind: string }

/** What a store is made from; one source named `records` unless told otherwise. */
export type Estate = {
  readonly records: ReadonlyArray<AnyRecord>
  readonly asOf?: string
  readonly policy?: Readonly<Record<string, unknown>>
  readonly source?: Partial<SourceRow>
  /** Lists that the run sets before the facts are made. */
  readonly variables?: Readonly<Record<string, ReadonlyArray<unknown>>>
}

const everything = ["contact", "recording", "storedObject", "consent", "event", "access", "grant", "staff", "assignment", "decision", "hold", "request", "identity"]

/** A store in memory with the facts that the named tables need. The caller closes it. */
export const storeOf = async ({ records, asOf = "2026-06-30T00:00:00Z", policy = {}, source = {}, variables = {} }: Estate, tables: ReadonlyArray<string>): Promise<EvidenceStore> => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
  const folder = mkdtempSync(join(tmpdir(), "earshot-estate-"))
  try {
    await createStoredTables(store)
    await createRunTables(store, asOf, [{ id: "records", provides: everything, ...source }], [{ objectNumber: 0, source: "records", uri: "test:records", sha256: "0".repeat(64), read: records.length }])
    const lines = new Map<string, Array<string>>()
    for (const [index, record] of records.entries()) {
      for (const { kind, text } of stagedRows(record, { objectNumber: 0, line: index + 1, digest: "0".repeat(64) })) lines.set(kind, [...(lines.get(kind) ?? []), text])
    }
    for (const [kind, texts] of lines) {
      const file = join(folder, `${kind}.ndjson`)
      writeFileSync(file, `${texts.join("\n")}\n`)
      await loadStaged(store, kind, [file])
    }
    await settleRecords(store)
    const packs = casePacks([policy])
    await loadPolicyTables(store.connection, packs)
    for (const [name, list] of Object.entries(variables)) await store.run(`SET VARIABLE ${name} = '${JSON.stringify(list).replaceAll("'", "''")}'`)
    for (const fact of inOrder(await allFacts(packs), tables)) await fact.make(store)
    return store
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const catalogue = new Map<string, Promise<ReadonlyArray<Control>>>()

/** What a control says of what the store holds, in the order of units. */
export const rowsOf = async (store: EvidenceStore, control: Control): Promise<ReadonlyArray<Judgement>> =>
  (await judgedTexts(store, control)).map((text) => JSON.parse(text) as Judgement)

/** What one control says of an estate, in the order of units. */
export const judged = async (control: string, estate: Estate): Promise<ReadonlyArray<Judgement>> => {
  const reading = catalogue.get(control) ?? readCatalogue([], (id) => id === control)
  catalogue.set(control, reading)
  const [found] = await reading
  if (found === undefined) throw new Error(`there is no control ${control}`)
  const store = await storeOf(estate, found.reads)
  try {
    return await rowsOf(store, found)
  } finally {
    store.close()
  }
}

/** Unit, outcome and reason of each row. */
export const outcomes = (rows: ReadonlyArray<Judgement>): ReadonlyArray<readonly [string, string, string | null]> => rows.map(({ unit, outcome, reason }) => [unit, outcome, reason])
