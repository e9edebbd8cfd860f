import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterEach, beforeEach, expect, it } from "vitest"
import { audit } from "../../src/index.ts"

let folder = ""
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "earshot-outcomes-")) })
afterEach(() => { rmSync(folder, { recursive: true, force: true }) })

const decision = { kind: "decision", id: "d1", contactId: "k-unknown", at: "2026-03-02T10:05:00Z", staff: "agent-1", subject: "c1", policy: "refunds", outcome: "granted", amount: 5, currency: "USD", facts: {} }

it("keeps the outcomes of a contact that no record knows, asked by controls that know no recording", async () => {
  writeFileSync(join(folder, "decisions.ndjson"), `${JSON.stringify(decision)}\n`)
  writeFileSync(join(folder, "pipeline.yaml"), [
    "pipeline: outcomes", `policy: ${JSON.stringify(join(import.meta.dirname, "../../pipelines/controls/baseline.policy.yaml"))}`,
    "sources: [{id: decisions, uri: decisions.ndjson}]", "evidence: {store: \":memory:\"}", "report: {out: reports, formats: [csv], identities: clear}"
  ].join("\n"))
  const run = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", out: join(folder, "reports"), only: "policy/authority-exceeded" }, env: {} })
  expect(gunzipSync(readFileSync(join(run.folder, "outcomes.ndjson.gz"))).toString()).toMatch(/k-unknown.*policy\/authority-exceeded/)
})
