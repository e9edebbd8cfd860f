import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { createRunTables, createStoredTables, EvidenceStore, loadStaged, locate, settleRecords } from "../../src/evidence/index.ts"
import { Border } from "../../src/sources/border.ts"
import type { StagedFile } from "../../src/sources/source.ts"
import { Stage } from "../../src/sources/stage.ts"

let folder = ""
let store: EvidenceStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-versions-"))
  store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

type Fields = Readonly<Record<string, unknown>>

/** Reads records as one object through the border into the store, and settles which versions are current. */
const read = async (records: ReadonlyArray<Fields>): Promise<void> => {
  const files: Array<StagedFile> = []
  const rejected: Array<string> = []
  const stage = new Stage(folder, 0, (file) => files.push(file))
  const border = new Border({ objectNumber: 0, source: "s", uri: "u" }, stage, (entry) => rejected.push(entry.sentence))
  records.forEach((record, index) => {
    const bytes = Buffer.from(JSON.stringify(record))
    border.record(bytes, 0, bytes.length, index + 1, undefined, true)
  })
  stage.commit()
  stage.close()
  expect(rejected).toEqual([])
  await createStoredTables(store)
  for (const file of files) await loadStaged(store, file.kind, [file.path])
  await createRunTables(store, "2026-06-30T00:00:00Z", [{ id: "s" }], [{ objectNumber: 0, rank: 0, source: "s", uri: "u", read: records.length }])
  await settleRecords(store)
}

const classes = async (): Promise<ReadonlyArray<unknown>> =>
  (await store.all(`SELECT "class", count(*)::INTEGER AS records FROM excluded GROUP BY ALL ORDER BY ALL`)).map(({ class: name, records }) => [name, records])

const transcript = (text: string, more: Fields = {}): Fields => ({ kind: "transcript", contactId: "k1", turns: [{ partyId: "c1", at: "2026-03-01T10:00:00Z", text }], ...more })
const held = (more: Fields): Fields => ({ kind: "hold", id: "h1", from: "2026-03-01T10:00:00Z", createdAt: "2026-03-01T10:00:00Z", ...more })

describe("what is told apart though it is not kept", () => {
  it("takes transcripts that differ in their words alone for a conflict, and shows where both stand", async () => {
    await read([transcript("hello"), transcript("good morning")])
    expect(await store.all("SELECT kind, id, contactId FROM conflict")).toEqual([{ kind: "transcript", id: "k1", contactId: "k1" }])
    expect(await store.all("FROM turn")).toEqual([])
    await store.run(`CREATE TABLE failed AS SELECT [{kind: 'transcript', id: 'k1'}] AS evidence, NULL::STRUCT(kind VARCHAR, id VARCHAR)[] AS contrary`)
    expect((await locate(store))({ kind: "transcript", id: "k1" }).map(({ object, line }) => [object, line])).toEqual([["u", 1], ["u", 2]])
  })

  it("takes the same transcript written otherwise for a duplicate", async () => {
    await read([transcript("hello"), { turns: [{ text: "hello", at: "2026-03-01t11:00:00+01:00", partyId: "c1" }], contactId: "k1", kind: "transcript" }])
    expect(await classes()).toEqual([["duplicate", 1]])
    expect(await store.all("SELECT turn FROM turn")).toEqual([{ turn: 0 }])
  })

  it("lets a later version of a transcript supersede the earlier", async () => {
    await read([transcript("hello", { recordedAt: "2026-03-02T00:00:00Z" }), transcript("good morning")])
    expect(await classes()).toEqual([["superseded", 1]])
  })

  it("takes holds that differ in their reason alone for a conflict, equal ones for a duplicate", async () => {
    await read([held({ reason: "litigation" }), held({ reason: "inquiry" })])
    expect(await classes()).toEqual([["conflicting", 2]])
  })

  it("takes equal holds for a duplicate, whatever the order of their fields", async () => {
    await read([held({ reason: "litigation" }), { reason: "litigation", ...held({ createdAt: "2026-03-01T11:00:00+01:00" }) }])
    expect(await classes()).toEqual([["duplicate", 1]])
  })
})

it("finds the two places of a stored object in conflict", async () => {
  await read([{ kind: "storedObject", uri: "s3://b/o", seenAt: "2026-03-01T10:00:00Z", bytes: 1 }, { kind: "storedObject", uri: "s3://b/o", seenAt: "2026-03-01T10:00:00Z", bytes: 2 }])
  await store.run(`CREATE TABLE failed AS SELECT [{kind: 'storedObject', id: 's3://b/o'}] AS evidence, NULL::STRUCT(kind VARCHAR, id VARCHAR)[] AS contrary`)
  expect((await locate(store))({ kind: "storedObject", id: "s3://b/o" })).toHaveLength(2)
})

it("reads a leap second as the start of the next day", async () => {
  await read([held({ until: "2026-03-31T23:59:60Z" })])
  expect(await store.all("SELECT until FROM hold")).toEqual([{ until: "2026-04-01 00:00:00" }])
})
