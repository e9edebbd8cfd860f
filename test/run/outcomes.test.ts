import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
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

it("keeps the outcomes of a contact that only a control of the pipeline's own knows, though the facts behind it are gone by then", async () => {
  const control = join(folder, "controls/own/invented")
  mkdirSync(control, { recursive: true })
  writeFileSync(join(control, "control.yaml"), "title: Invented\nquestion: Is it?\nunit: contact\nseverity: low\nkind: finding\nreasons:\n  bad: {outcome: fail, sentence: Bad.}\nremedy: None.\ncitations: [none]\nneeds: [contact]\n")
  writeFileSync(join(control, "control.sql"), `SELECT contactId AS unit, NULL::TIMESTAMP AS "at", 'made-of-' || contactId AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff, 'pass' AS outcome, NULL AS reason, NULL AS severity, NULL AS cause,
    NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched, NULL AS details FROM chain ORDER BY unit`)
  writeFileSync(join(control, "cases.yaml"), "given: []\ncases:\n  - {name: nothing, expect: []}\n")
  writeFileSync(join(folder, "contacts.ndjson"), `${JSON.stringify({ kind: "contact", id: "k1", channel: "voice", startedAt: "2026-03-02T10:00:00Z", endedAt: "2026-03-02T10:05:00Z", parties: [{ id: "c1", role: "customer" }, { id: "agent-1", role: "agent" }] })}\n`)
  writeFileSync(join(folder, "pipeline.yaml"), [
    "pipeline: outcomes", `policy: ${JSON.stringify(join(import.meta.dirname, "../../pipelines/controls/baseline.policy.yaml"))}`, "controls: [controls]",
    "sources: [{id: contacts, uri: contacts.ndjson}]", "evidence: {store: \":memory:\"}", "report: {out: reports, formats: [csv], identities: clear}"
  ].join("\n"))
  const run = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", out: join(folder, "reports"), only: "own/*" }, env: {} })
  expect(gunzipSync(readFileSync(join(run.folder, "outcomes.ndjson.gz"))).toString()).toMatch(/made-of-k1.*own\/invented/)
})
