/** Whatever is delivered, rewritten, removed and listed anew from night to night: the store ends as one that reads everything at once. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import * as fc from "fast-check"
import { afterAll, expect, it } from "vitest"
import { EvidenceStore, recordColumns } from "../../src/evidence/index.ts"
import { ingest, nextNumber } from "../../src/run/ingest.ts"
import type { RunSettings } from "../../src/run/settings.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-nightly-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const asOf = (night: number): string => `2026-06-0${night + 1}T00:00:00Z`
const time = fc.integer({ min: 1, max: 7 }).map((day) => `2026-06-0${day}T12:00:00Z`)
const id = fc.constantFrom("a", "b", "c")

/** Few ids and few contents, so that versions, duplicates and conflicts are common. */
const written = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("hold"), id, from: time, createdAt: time, recordedAt: time, until: time }, { requiredKeys: ["kind", "id", "from", "createdAt"] }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("recording"), id, contactId: id, medium: fc.constant("audio"), startedAt: time, deletedAt: time, recordedAt: time }, { requiredKeys: ["kind", "id", "contactId", "medium", "startedAt"] }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("identity"), subject: id, aliases: fc.subarray(["crm:1", "crm:2", "tel:+15125550101"], { minLength: 1 }), recordedAt: time }, { requiredKeys: ["kind", "subject", "aliases"] }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("transcript"), contactId: id, turns: fc.tuple(fc.record({ partyId: id, at: time, text: fc.constantFrom("I do not want to be recorded", "This call is recorded") })), recordedAt: time }, { requiredKeys: ["kind", "contactId", "turns"] }) },
  { weight: 1, arbitrary: fc.constant({ kind: "hold", id: "a", unknown: true }) }
).map((record) => JSON.stringify(record))

const content = fc.array(written, { maxLength: 5 }).map((lines) => lines.map((line) => `${line}\n`).join(""))
const names = ["mixed/one.ndjson", "mixed/two.ndjson", "mixed/three.ndjson", "lists/2026-06-01.ndjson", "lists/2026-06-03.ndjson", "lists/2026-06-05.ndjson"]
const edit = fc.record({ name: fc.constantFrom(...names), content: fc.option(content, { freq: 4, nil: undefined }) })
const nights = fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 5 })

const settings = (folder: string, at: string): RunSettings => ({
  pipeline: "nightly", file: join(folder, "pipeline.yaml"), sha256: "", baseFolder: folder, packs: [], controlFolders: [],
  sources: [{ id: "mixed", uri: "mixed/", format: "canonical" }, { id: "lists", uri: "lists/", format: "canonical", mode: "snapshot" }],
  evidence: { store: join(folder, "evidence.duckdb"), memory: "1GB", threads: 1, verifyRecordings: "none" },
  report: { out: folder, formats: [], failOn: "never", failOnOpen: false, failOnLeads: false, identities: "clear" }, signingKeys: [], waivers: [], outOfScope: [], asOf: at
})

const quiet = { stage: () => undefined, progress: () => undefined, log: () => undefined }

/** Everything that is judged and stated afterwards, without the numbers by which the store keeps its rows. */
const contentOf = async (store: EvidenceStore): Promise<Readonly<Record<string, ReadonlyArray<unknown>>>> => {
  const dumped: Record<string, ReadonlyArray<unknown>> = {}
  for (const kind of [...recordColumns.keys(), "turn", "signal"]) {
    const place = kind === "turn" || kind === "signal" ? "" : "EXCLUDE (objectNumber)"
    dumped[kind] = await store.all(`SELECT to_json(r)::VARCHAR AS r FROM (SELECT * ${place} FROM "${kind}") r ORDER BY 1`)
  }
  dumped["object"] = await store.all(`SELECT * EXCLUDE (objectNumber, gone) FROM object ORDER BY "rank"`)
  dumped["conflict"] = await store.all("SELECT * FROM conflict ORDER BY ALL")
  dumped["produced"] = await store.all("SELECT * FROM produced ORDER BY ALL")
  dumped["quarantine"] = await store.all("SELECT entry->>'object' AS object, entry->>'line' AS line, entry->>'pointer' AS pointer, entry->>'sentence' AS sentence FROM knownQuarantine ORDER BY ALL")
  return dumped
}

const audited = async (folder: string, at: string): Promise<Readonly<Record<string, ReadonlyArray<unknown>>>> => {
  const store = await EvidenceStore.open({ path: join(folder, "evidence.duckdb"), threads: 1 })
  try {
    await ingest(store, settings(folder, at), join(folder, "staged"), quiet, new AbortController().signal)
    return await contentOf(store)
  } finally {
    store.close()
  }
}

const put = (folder: string, name: string, text: string): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

it("is the same store, whatever happened in between", { timeout: 120_000 }, async () => {
  let number = 0
  await fc.assert(fc.asyncProperty(nights, async (happened) => {
    number += 1
    const [nightly, once] = [join(root, `nightly-${number}`), join(root, `once-${number}`)]
    for (const folder of [nightly, once]) for (const source of ["mixed", "lists"]) mkdirSync(join(folder, source), { recursive: true })
    // What storage has shown of each object when it was last read: what is gone stays known by that.
    const shown = new Map<string, string>()
    const there = new Map<string, string>()
    let ended: Readonly<Record<string, ReadonlyArray<unknown>>> = {}
    for (const [night, edits] of happened.entries()) {
      for (const { name, content: text } of edits) {
        if (text === undefined) {
          if (existsSync(join(nightly, name))) unlinkSync(join(nightly, name))
          there.delete(name)
        } else {
          put(nightly, name, text)
          there.set(name, text)
        }
      }
      ended = await audited(nightly, asOf(night))
      for (const [name, text] of there) shown.set(name, text)
    }
    for (const [name, text] of shown) put(once, name, text)
    expect(ended).toEqual(await audited(once, asOf(happened.length - 1)))
    for (const folder of [nightly, once]) rmSync(folder, { recursive: true })
  }), { numRuns: Number(process.env["EARSHOT_PROPERTY_RUNS"] ?? "6"), seed: Number(process.env["EARSHOT_SEED"] ?? "20261122") })
})

it("numbers objects on however many are known", () => {
  expect([nextNumber([]), nextNumber(Array.from({ length: 500_000 }, (_, index) => ({ objectNumber: 500_000 - index })))]).toEqual([1, 500_001])
})
