import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { EvidenceStore } from "../../src/evidence/index.ts"
import { retentionRows } from "../../src/gate/index.ts"
import { RetentionFile } from "../../src/run/retention-file.ts"
import { writeRetention } from "../../src/run/retention.ts"

test("many recordings are written by a thread as they would be here, and every one of them", async () => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 2 })
  try {
    await store.run(`CREATE TABLE retentionDecision AS SELECT 'rec-' || i AS recordingId, 'k-' || (i // 2) AS contactId, 's3://recordings/' || i AS uri, ['agent-' || (i % 50)] AS names, [] AS rules,
      CASE WHEN i % 7 = 0 THEN 'delete' ELSE 'keep' END AS decision, [CASE WHEN i % 7 = 0 THEN 'due:erasure:request-' || i ELSE 'not-yet-due' END] AS reasons FROM range(30000) r(i)`)
    const root = mkdtempSync(join(tmpdir(), "earshot-retention-"))
    const folders = ["thread", "here"].map((name) => join(root, name))
    for (const folder of folders) {
      mkdirSync(folder)
      writeFileSync(join(folder, "findings.ndjson"), `${JSON.stringify({ id: "f-1", control: "consent/recorded-after-refusal", status: "new", recordingId: "rec-7" })}\n`)
    }
    const [thread = "", here = ""] = folders
    const pseudonymKey = Buffer.alloc(32, 5)
    const totals = await writeRetention(store, [{ id: "consent/recorded-after-refusal", preserves: true }], { folder: thread, pseudonymKey })
    const file = new RetentionFile({ folder: here, pseudonymKey, preserved: { byRecording: new Map([["rec-7", ["f-1"]]]), byContact: new Map() } })
    for await (const rows of retentionRows(store)) file.take(rows)
    expect(file.close()).toEqual(totals)
    expect(totals).toEqual({ delete: { recordings: 4285, reasons: { "due:erasure": 4285 } }, hold: { recordings: 1, reasons: { "due:erasure": 1, "evidence-needed": 1 } }, keep: { recordings: 25_714, reasons: { "not-yet-due": 25_714 } } })
    expect(readFileSync(join(thread, "retention.ndjson"), "utf8")).toBe(readFileSync(join(here, "retention.ndjson"), "utf8"))
  } finally {
    store.close()
  }
})
