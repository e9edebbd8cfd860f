import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-reviews-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const lines = (...records: ReadonlyArray<object>): string => records.map((record) => `${JSON.stringify(record)}\n`).join("")
const staff = (id: string, more: object = {}) => ({ kind: "staff", id, employedFrom: "2026-01-01T00:00:00Z", aliases: [`${id}@acme.example`], roles: [{ role: "agent", from: "2026-01-01T00:00:00Z" }], ...more })
const review = (by: string, approvedBy: string) => ({ kind: "review", id: "w1", finding: "", verdict: "justified", at: "2026-06-20T00:00:00Z", by, approvedBy })

writeFileSync(join(root, "policy.yaml"), `policy: p\nversion: "1"\nfrom: 2026-01-01T00:00:00Z\napprovedBy: cco\napprovedAt: 2026-01-01T00:00:00Z\ntimezone: UTC\n`)
writeFileSync(join(root, "a.ndjson"), lines(
  staff("agent-1", { employedUntil: "2026-06-01T00:00:00Z" }), staff("agent-2"), staff("agent-3"),
  { kind: "access", id: "a1", at: "2026-06-10T00:00:00Z", actor: { id: "agent-1", type: "user" }, action: "play", recordingId: "r1", outcome: "success" }))
writeFileSync(join(root, "pipeline.yaml"), `pipeline: one
policy: policy.yaml
sources:
  - {id: a, uri: a.ndjson, provides: [staff, access]}
  - {id: w, uri: w.ndjson, provides: [review], authority: reviews}
report: {identities: clear, formats: []}
evidence: {store: ":memory:", verifyRecordings: none}
`)

let night = 0
const statusAfter = async (reviewed: ReturnType<typeof review> | undefined, finding = ""): Promise<Finding> => {
  writeFileSync(join(root, "w.ndjson"), reviewed === undefined ? "" : lines({ ...reviewed, finding }))
  const { folder } = await audit({ pipeline: join(root, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", only: "access/by-departed-staff", out: join(root, `out${night += 1}`) } })
  return JSON.parse(readFileSync(join(folder, "findings.ndjson"), "utf8")) as Finding
}

it("closes a finding for two others, never under another name of whom it concerns or of the first", async () => {
  const { id, status } = await statusAfter(undefined)
  expect(status).toBe("new")
  expect((await statusAfter(review("agent-2", "agent-3@acme.example"), id)).status).toBe("closed")
  expect((await statusAfter(review("agent-1@acme.example", "agent-3"), id)).status).toBe("new")
  expect((await statusAfter(review("agent-2", "agent-2@acme.example"), id)).status).toBe("new")
}, 60_000)
