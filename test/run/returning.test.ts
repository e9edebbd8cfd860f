/** A finding that goes and comes back over several nights, with a store that remembers nothing: what its status is, and what diff says of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { generateKeys } from "../../src/attest/index.ts"
import { diffReports } from "../../src/findings/diff.ts"
import type { Finding } from "../../src/findings/finding.ts"
import { audit, type RunResult } from "../../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-returning-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const lines = (...records: ReadonlyArray<object>): string => records.map((record) => `${JSON.stringify(record)}\n`).join("")
const staff = (employedUntil: string, recordedAt: string): object => ({ kind: "staff", id: "agent-1", recordedAt, employedFrom: "2026-01-01T00:00:00Z", employedUntil, roles: [{ role: "agent", from: "2026-01-01T00:00:00Z" }] })
const play = { kind: "access", id: "a1", at: "2026-06-10T00:00:00Z", actor: { id: "agent-1", type: "user" }, action: "play", recordingId: "r1", outcome: "success" }
const night = async (day: number, ...records: ReadonlyArray<object>): Promise<{ readonly run: RunResult; readonly found: Finding | undefined }> => {
  writeFileSync(join(root, "a.ndjson"), lines(...records))
  const run = await audit({ pipeline: join(root, "pipeline.yaml"), flags: { asOf: `2026-06-${day}T00:00:00Z`, out: join(root, "reports") } })
  const found = readFileSync(join(run.folder, "findings.ndjson"), "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Finding)
  return { run, found: found.find(({ control }) => control === "access/by-departed-staff") }
}

const became = async (earlier: string, later: string): Promise<ReadonlyArray<string>> =>
  (await diffReports(earlier, later)).filter(({ control }) => control === "access/by-departed-staff").map(({ difference, fresh }) => `${difference}${fresh ? ", fresh" : ""}`)

it("knows a finding again after a night that could not judge it, and resolves it without a store that remembers", async () => {
  await generateKeys({ out: join(root, "keys"), at: new Date("2026-06-01T00:00:00Z") })
  writeFileSync(join(root, "policy.yaml"), `policy: p\nversion: "1"\nfrom: 2026-01-01T00:00:00Z\napprovedBy: cco\napprovedAt: 2026-01-01T00:00:00Z\ntimezone: UTC\n`)
  writeFileSync(join(root, "pipeline.yaml"), `pipeline: one\npolicy: policy.yaml\nsources: [{id: a, uri: a.ndjson, provides: [staff, access]}]
report: {identities: clear, formats: []}\nsigning: {keys: [keys/pipeline.pem]}\nevidence: {store: ":memory:", verifyRecordings: none}\n`)
  const gone = staff("2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z")
  const first = await night(20, gone, play)
  expect(first.found).toMatchObject({ status: "new" })
  const second = await night(21, gone)
  expect([second.found, second.run.summary.notReassessed?.map(({ id }) => id)]).toEqual([undefined, expect.arrayContaining([first.found?.id])])
  const third = await night(22, gone, play)
  expect(third.found).toMatchObject({ id: first.found?.id, status: "persisting", due: first.found?.due })
  const fourth = await night(23, staff("2026-06-15T00:00:00Z", "2026-06-22T12:00:00Z"), play)
  expect([fourth.found, fourth.run.summary.resolved]).toEqual([undefined, expect.arrayContaining([first.found?.id])])
  const [one, two, three, four] = [first, second, third, fourth].map(({ run }) => run.folder) as [string, string, string, string]
  expect([await became(one, two), await became(two, three), await became(one, three), await became(three, four), await became(four, three)])
    .toEqual([["notReassessed"], ["persisting"], ["persisting"], ["resolved"], ["new, fresh"]])
}, 120_000)

it("compares two reports by what each says, whatever lies between them", async () => {
  const report = (name: string, status: string): string => {
    mkdirSync(join(root, name))
    writeFileSync(join(root, name, "findings.ndjson"), lines({ id: "f-1", control: "access/by-departed-staff", severity: "high", kind: "finding", sentence: "", status }))
    writeFileSync(join(root, name, "summary.json"), JSON.stringify({ resolved: [] }))
    return join(root, name)
  }
  const of = Object.fromEntries(["new", "persisting", "reopened", "waived", "lapsed", "closed"].map((status) => [status, report(status, status)])) as Readonly<Record<string, string>>
  const between = async (earlier: string, later: string): Promise<string> => (await became(of[earlier] ?? "", of[later] ?? "")).join()
  expect(await between("closed", "persisting")).toBe("reopened, fresh")
  expect(await between("waived", "reopened")).toBe("reopened, fresh")
  expect(await between("reopened", "reopened")).toBe("persisting")
  expect(await between("waived", "lapsed")).toBe("lapsed, fresh")
  expect(await between("lapsed", "lapsed")).toBe("lapsed")
  expect(await between("new", "waived")).toBe("waived")
})
