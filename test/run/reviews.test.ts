import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { parseEnvelope, readStatement } from "../../src/attest/index.ts"
import type { Finding } from "../../src/findings/finding.ts"
import { audit, type RunResult } from "../../src/index.ts"

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
report: {identities: clear, formats: [html]}
evidence: {store: ":memory:", verifyRecordings: none}
`)

let night = 0
let last: RunResult
const statusAfter = async (reviewed: ReturnType<typeof review> | undefined, finding = ""): Promise<Finding> => {
  writeFileSync(join(root, "w.ndjson"), reviewed === undefined ? "" : lines({ ...reviewed, finding }))
  last = await audit({ pipeline: join(root, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", only: "access/by-departed-staff", out: join(root, `out${night += 1}`) } })
  return JSON.parse(readFileSync(join(last.folder, "findings.ndjson"), "utf8")) as Finding
}

it("closes a finding for two others, never under another name of whom it concerns or of the first", async () => {
  const { id, status } = await statusAfter(undefined)
  expect(status).toBe("new")
  expect(last.summary.reviews).toBeUndefined()
  const stated = (): unknown => readStatement(parseEnvelope(readFileSync(join(last.folder, "core.dsse.json")), "core.dsse.json"), "core.dsse.json").predicate["reviews"]
  const none = stated()
  expect((await statusAfter(review("agent-2", "agent-3@acme.example"), id)).status).toBe("closed")
  expect(last.summary.reviews).toEqual([{ finding: id, verdict: "justified", at: "2026-06-20T00:00:00Z", by: "agent-2", approvedBy: "agent-3@acme.example", closes: true }])
  expect([none, stated()]).toEqual([{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }, { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
  expect(stated()).not.toEqual(none)
  expect(readFileSync(join(last.folder, "report.html"), "utf8")).toMatch(/<td>justified<\/td><td class="id">agent-2<\/td><td class="id">agent-3@acme\.example<\/td>.*closes it/)
  expect((await statusAfter(review("agent-1@acme.example", "agent-3"), id)).status).toBe("new")
  expect(last.summary.reviews).toMatchObject([{ by: "agent-1@acme.example", closes: false }])
  expect((await statusAfter(review("agent-2", "agent-2@acme.example"), id)).status).toBe("new")
})
