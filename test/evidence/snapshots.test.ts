import { hash } from "node:crypto"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { createRunTables, createStoredTables, EvidenceStore, loadStaged, type ObjectRow, settleRecords } from "../../src/evidence/index.ts"

let folder = ""
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "earshot-snapshots-")) })
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

const grant = (object: number, line: number, recordedAt: string, id: string) =>
  JSON.stringify({ _o: object, _l: line, _d: `${object}${line}`, kind: "grant", id, principal: "agent-1", actions: ["play"], from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z", recordedAt })

const listed = (number: number, day: string) => ({ objectNumber: number, rank: number, source: "grants", uri: `grants-${day}.ndjson`, snapshotAt: `${day}T00:00:00Z`, read: 2 })

const grantsAt = async (asOf: string, second: Partial<ObjectRow> = {}): Promise<ReadonlyArray<unknown>> => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
  try {
    await createStoredTables(store)
    const file = join(folder, "grant.ndjson")
    writeFileSync(file, [
      grant(1, 1, "2026-03-01T00:00:00Z", "g1"), grant(1, 2, "2026-03-01T00:00:00Z", "g2"),
      grant(2, 1, "2026-03-02T00:00:00Z", "g1"), grant(3, 1, "2026-03-03T00:00:00Z", "g1"), grant(3, 2, "2026-03-03T00:00:00Z", "g3")
    ].join("\n"))
    await loadStaged(store, "grant", [file])
    const objects = [listed(1, "2026-03-01"), { ...listed(2, "2026-03-02"), read: 1, ...second }, listed(3, "2026-03-03")]
    await createRunTables(store, asOf, [{ id: "grants", mode: "snapshot" }], objects)
    await settleRecords(store)
    return await store.all(`SELECT id, until FROM "grant" ORDER BY id`)
  } finally {
    store.close()
  }
}

it("ends a row with the first full list that lacks it", async () => {
  expect(await grantsAt("2026-03-04T00:00:00Z")).toEqual([{ id: "g1", until: null }, { id: "g2", until: "2026-03-02 00:00:00" }, { id: "g3", until: null }])
})

it("ends no row that is in quarantine, nor any where nobody can tell which rows are", async () => {
  const unfit = (id: string): Partial<ObjectRow> => ({ read: 2, rejected: 1, unfit: [hash("sha256", `grant:${id}`, "hex")] })
  expect(await grantsAt("2026-03-02T12:00:00Z", unfit("g2"))).toEqual([{ id: "g1", until: null }, { id: "g2", until: null }])
  expect(await grantsAt("2026-03-04T00:00:00Z", unfit("g2"))).toMatchObject([{ id: "g1", until: null }, { id: "g2", until: "2026-03-03 00:00:00" }, { id: "g3" }])
  expect(await grantsAt("2026-03-02T12:00:00Z", unfit("g9"))).toMatchObject([{ id: "g1" }, { id: "g2", until: "2026-03-02 00:00:00" }])
  expect(await grantsAt("2026-03-02T12:00:00Z", { read: 2, rejected: 1 })).toEqual([{ id: "g1", until: null }, { id: "g2", until: null }])
  expect(await grantsAt("2026-03-02T12:00:00Z", { unreadable: "broken" })).toEqual([{ id: "g1", until: null }, { id: "g2", until: null }])
})

it("knows nothing of lists that were taken after as-of", async () => {
  expect(await grantsAt("2026-03-01T12:00:00Z")).toEqual([{ id: "g1", until: null }, { id: "g2", until: null }])
})

