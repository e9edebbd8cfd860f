/** What a purge removes from the store, what it leaves, and that the accounting of what was read stays true. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, it } from "vitest"
import { allFacts, inOrder } from "../../src/controls/index.ts"
import { applyPurge, createRunTables, createStoredTables, EvidenceStore, loadStaged, purgeFacts, purgeLines, rewriteStore, selectPurgeable, settleRecords } from "../../src/evidence/index.ts"
import { loadPacks, loadPolicyTables } from "../../src/policy/index.ts"

const packs = loadPacks([fileURLToPath(new URL("../../pipelines/controls/baseline.policy.yaml", import.meta.url))])
const asOf = "2026-06-30T00:00:00Z"

let folder = ""
let store: EvidenceStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "earshot-purge-"))
  store = await EvidenceStore.open({ path: join(folder, "evidence.duckdb"), threads: 1 })
  await createStoredTables(store)
})
afterEach(() => { store.close(); rmSync(folder, { recursive: true, force: true }) })

type Fields = Readonly<Record<string, unknown>>

/** A call of one customer and one agent with one recording and what was said of it. */
const call = (id: string, recording: Fields = {}, contact: Fields = {}): ReadonlyArray<Fields> => [
  { kind: "contact", id, channel: "voice", startedAt: "2026-01-05T10:00:00Z", endedAt: "2026-01-05T10:09:00Z", queue: "sales", parties: [{ id: `cust-${id}`, role: "customer", jurisdiction: "DE" }, { id: "agent-1", role: "agent" }], ...contact },
  { kind: "recording", id: `rec-${id}`, contactId: id, medium: "audio", startedAt: "2026-01-05T10:00:00Z", endedAt: "2026-01-05T10:09:00Z", uri: `s3://calls/${id}.wav`, ...recording },
  { kind: "event", id: `event-${id}`, contactId: id, at: "2026-01-05T10:00:01Z", type: "notice-played" },
  { kind: "signal", contactId: id, recordingId: `rec-${id}`, partyId: `cust-${id}`, at: "2026-01-05T10:01:00Z", type: "spoken-yes", turn: 1 }
]

const deleted = { deletedAt: "2026-06-01T00:00:00Z" }

const deliver = async (objectNumber: number, records: ReadonlyArray<Fields>): Promise<{ readonly objectNumber: number; readonly source: string; readonly uri: string; readonly read: number }> => {
  const lines = new Map<string, Array<string>>()
  records.forEach((record, index) => lines.set(String(record["kind"]), [...(lines.get(String(record["kind"])) ?? []), JSON.stringify({ _o: objectNumber, _l: index + 1, _d: "0", ...record })]))
  for (const [kind, texts] of lines) {
    const file = join(folder, `${kind}.ndjson`)
    writeFileSync(file, texts.join("\n"))
    await loadStaged(store, kind, [file])
  }
  return { objectNumber, source: "records", uri: `records-${objectNumber}.ndjson`, read: records.filter(({ kind }) => kind !== "signal").length }
}

const settle = async (objects: Parameters<typeof createRunTables>[3]): Promise<void> => {
  await createRunTables(store, asOf, [{ id: "records", provides: ["contact", "recording", "hold"] }], objects)
  await settleRecords(store)
}

const select = async (needed: Parameters<typeof selectPurgeable>[1] = [], due = false): ReturnType<typeof selectPurgeable> => {
  await loadPolicyTables(store.connection, packs)
  for (const fact of inOrder(await allFacts(packs), purgeFacts)) await fact.make(store)
  return selectPurgeable(store, needed, due)
}

const purged = (): Promise<void> => applyPurge(store, (sequence, previous) => `${sequence} after ${previous ?? "nothing"}`)
const contacts = async (): Promise<ReadonlyArray<unknown>> => (await store.all(`SELECT id FROM stored_contact ORDER BY id`)).map(({ id }) => id)
const accounted = (): Promise<ReadonlyArray<unknown>> => store.all(`SELECT objectNumber, read, accepted, duplicate, superseded, conflicting, ignored, rejected FROM object ORDER BY objectNumber`)

it("removes a deleted recording with all records about it, and nothing of the others", async () => {
  const object = await deliver(1, [...call("gone", deleted), ...call("kept"), { kind: "access", id: "a1", at: "2026-01-06T10:00:00Z", actor: { id: "agent-1", type: "user" }, action: "play", recordingId: "rec-gone", outcome: "success" }])
  await settle([object])
  const found = await select()
  expect(found.recordings).toBe(1)
  expect(found.kept).toEqual({ "not-due": 1 })
  await purged()
  expect(await contacts()).toEqual(["kept"])
  for (const kind of ["recording", "event", "signal"]) expect(await store.all(`SELECT 1 AS one FROM stored_${kind}`)).toHaveLength(1)
  expect(await store.all(`SELECT 1 AS one FROM stored_access`)).toEqual([])
})

it("keeps what a hold, evidence, an open request or a rest of the chain needs", async () => {
  const object = await deliver(1, [
    ...call("held", deleted), { kind: "hold", id: "h1", from: "2026-02-01T00:00:00Z", createdAt: "2026-02-01T00:00:00Z", subjects: ["cust-held"] },
    ...call("evidence", deleted), ...call("asked", deleted), { kind: "request", id: "q1", subject: "cust-asked", type: "access", receivedAt: "2026-06-20T00:00:00Z" },
    ...call("first", deleted), ...call("second", {}, { previousContactId: "first" })
  ])
  await settle([object])
  const found = await select([{ kind: "event", id: "event-evidence" }])
  expect(found.removed).toEqual([])
  expect(found.kept).toEqual({ held: 1, "evidence-needed": 1, "request-open": 1, "not-due": 1, chain: 1 })
})

it("leaves what is due but not known to be deleted to the gate, unless told otherwise", async () => {
  await settle([await deliver(1, call("due", { deleteBy: "2026-03-01T00:00:00Z" }))])
  expect(await select()).toMatchObject({ recordings: 0, kept: { "deletion-not-reported": 1 } })
  expect(await select([], true)).toMatchObject({ recordings: 1, kept: {} })
})

it("forgets an erased person of whom nothing else is left, but not the request that proves it", async () => {
  const object = await deliver(1, [
    ...call("gone", deleted), { kind: "identity", subject: "cust-gone", aliases: [{ alias: "crm:1" }] }, { kind: "identity", subject: "cust-other", aliases: [{ alias: "crm:2" }] },
    { kind: "consent", id: "standing", subject: "crm:1", status: "given", at: "2026-01-01T00:00:00Z", purposes: ["recording"], form: "electronic" },
    { kind: "request", id: "q1", subject: "cust-gone", type: "erasure", receivedAt: "2026-05-01T00:00:00Z", completedAt: "2026-06-01T00:00:00Z", outcome: "granted" }
  ])
  await settle([object])
  await select()
  await purged()
  expect(await store.all(`SELECT subject FROM stored_identity`)).toEqual([{ subject: "cust-other" }])
  expect(await store.all(`SELECT id FROM stored_consent`)).toEqual([])
  expect(await store.all(`SELECT id FROM stored_request`)).toEqual([{ id: "q1" }])
})

it("keeps the accounting, all versions gone, and sets aside what is delivered again", async () => {
  const gone = call("gone", deleted)
  const object = await deliver(1, [...gone, { ...gone[0], recordedAt: "2026-01-06T00:00:00Z", queue: "billing" }, ...call("kept")])
  await settle([object])
  const before = await accounted()
  expect(before).toMatchObject([{ superseded: "1", accepted: "6" }])
  await select()
  await purged()
  await settle([object])
  expect(await accounted()).toEqual(before)
  expect(await contacts()).toEqual(["kept"])

  const again = await deliver(2, [...gone, { kind: "access", id: "late", at: "2026-07-01T00:00:00Z", actor: { id: "agent-1", type: "user" }, action: "play", recordingId: "rec-gone", outcome: "success" }])
  const laterRun = async (): Promise<void> => {
    await createRunTables(store, "2026-07-02T00:00:00Z", [{ id: "records" }], [object, again])
    await settleRecords(store)
  }
  await laterRun()
  expect((await accounted())[1]).toMatchObject({ read: "4", accepted: "1", ignored: "3" })
  expect(await store.all(`SELECT id FROM contact`)).toEqual([{ id: "kept" }])
  // What happens to a recording after its purge is news, and names something that existed.
  expect(await store.all(`SELECT id FROM access`)).toEqual([{ id: "late" }])
  expect(await store.all(`FROM purgedName`)).toEqual([{ kind: "recording", id: "rec-gone" }])

  const settled = await accounted()
  expect((await select()).removed.map(({ kind, because }) => `${kind} ${because}`)).toEqual(["contact delivered-again", "event delivered-again", "recording delivered-again"])
  await purged()
  await laterRun()
  expect(await contacts()).toEqual(["kept"])
  expect(await accounted()).toEqual(settled)
  expect(await purgeLines(store)).toEqual(["1 after nothing", "2 after 1 after nothing"])
})

it("names no purged contact in the store, and gives the room back", async () => {
  await settle([await deliver(1, [...call("unmistakable", deleted), ...call("kept")])])
  await select()
  await purged()
  await rewriteStore(store)
  expect(existsSync(`${store.path}.rewriting`)).toBe(false)
  store.close()
  const { readFileSync } = await import("node:fs")
  expect(readFileSync(store.path).includes("unmistakable")).toBe(false)
  store = await EvidenceStore.open({ path: store.path, threads: 1 })
  expect(await contacts()).toEqual(["kept"])
})
