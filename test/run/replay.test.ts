import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { generateKeys } from "../../src/attest/index.ts"
import { GateLog } from "../../src/gate/log.ts"
import { audit, type RunResult } from "../../src/index.ts"
import { type Replay, replay } from "../../src/run/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-replay-test-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const lines = (...records: ReadonlyArray<object>): string => records.map((record) => `${JSON.stringify(record)}\n`).join("")
const uri = (id: string): string => `s3://recordings/${id}.wav`
const recording = (id: string, deletedAt: string) => ({ kind: "recording", id, contactId: "k1", medium: "audio", uri: uri(id), startedAt: "2026-06-01T10:00:00Z", endedAt: "2026-06-01T10:05:00Z", deletedAt })

/** The gate allowed r1 and kept r2; both were deleted. */
const answer = (sequence: number, id: string, decision: "delete" | "keep", at: string): void => {
  const log = GateLog.open(join(root, "reports", "chain"))
  log.append([{ at, uri: uri(id), decision, reasons: [`test:${sequence}`], validUntil: "2026-06-20T00:00:00Z" }])
  log.close()
}

const quiet = { stage: () => undefined, progress: () => undefined, log: () => undefined }
const again = (folder: string, pipeline?: string, environment = {}): Promise<Replay> => replay(folder, pipeline, environment, quiet, new AbortController().signal)

let made: RunResult
beforeAll(async () => {
  writeFileSync(join(root, "pipeline.yaml"), `pipeline: one
policy: policy.yaml
sources: [{id: a, uri: a.ndjson, provides: [contact, recording]}]
report: {identities: clear, formats: []}
evidence: {store: ":memory:", verifyRecordings: none}
`)
  writeFileSync(join(root, "policy.yaml"), `policy: p\nversion: "1"\nfrom: 2026-01-01T00:00:00Z\napprovedBy: cco\napprovedAt: 2026-01-01T00:00:00Z\ntimezone: UTC\n`)
  writeFileSync(join(root, "a.ndjson"), lines(
    { kind: "contact", id: "k1", channel: "voice", direction: "inbound", startedAt: "2026-06-01T10:00:00Z", endedAt: "2026-06-01T10:05:00Z", parties: [] },
    recording("r1", "2026-06-11T00:00:00Z"), recording("r2", "2026-06-11T00:00:00Z")))
  answer(1, "r1", "delete", "2026-06-10T00:00:00Z")
  answer(2, "r2", "keep", "2026-06-10T00:00:00Z")
  made = await audit({ pipeline: join(root, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", only: "retention/deleted-without-gate" } })
})

it("asks the same controls of the same past: answers that the gate gave since are left out", async () => {
  expect(made.summary.counts.findings).toBe(1)
  // Had it been given before the run, it would have excused r2.
  answer(3, "r2", "delete", "2026-06-10T12:00:00Z")
  expect(await again(made.folder, undefined, { EARSHOT_SKIP: "retention/*" })).toEqual({ result: "same", moved: [] })
})

it("cannot replay a report that was changed since", async () => {
  const changed = join(root, "changed")
  cpSync(made.folder, changed, { recursive: true })
  writeFileSync(join(changed, "findings.ndjson"), readFileSync(join(changed, "findings.ndjson"), "utf8").replace('"severity":"high"', '"severity":"low"'))
  expect(await again(changed, join(root, "pipeline.yaml"))).toEqual({ result: "cannot", moved: [expect.stringContaining("findings.ndjson was changed")] })
})

it("needs no signing key, but the key of the pseudonyms", async () => {
  const keys = join(root, "keys")
  await generateKeys({ out: keys, at: new Date("2026-06-01T00:00:00Z") })
  const pipeline = join(root, "signed.yaml")
  writeFileSync(pipeline, readFileSync(join(root, "pipeline.yaml"), "utf8").replace("{identities: clear, formats: []}", "{out: signed, formats: [], pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}\nsigning: {keys: [keys/pipeline.pem]}"))
  const { folder } = await audit({ pipeline, flags: { asOf: "2026-06-30T00:00:00Z", only: "retention/deleted-without-gate" } })
  const elsewhere = join(root, "elsewhere.key")
  rmSync(join(keys, "pipeline.pem"))
  renameSync(join(keys, "pseudonym.key"), elsewhere)
  expect(await again(folder)).toEqual({ result: "cannot", moved: [expect.stringContaining("--pseudonym-key")] })
  expect(await replay(folder, undefined, {}, quiet, new AbortController().signal, undefined, elsewhere)).toEqual({ result: "same", moved: [] })
})

it("reads what the report was made from, whatever came since, and differs where a policy moved though nothing came of it", async () => {
  const folder = join(root, "growing")
  mkdirSync(folder)
  const pipeline = readFileSync(join(root, "pipeline.yaml"), "utf8").replace("uri: a.ndjson", "uri: in/").replace("identities: clear", "pseudonymKey: ../growing.key")
  mkdirSync(join(folder, "in"))
  writeFileSync(join(root, "growing.key"), `${"ab".repeat(32)}\n`)
  writeFileSync(join(folder, "pipeline.yaml"), pipeline)
  cpSync(join(root, "policy.yaml"), join(folder, "policy.yaml"))
  cpSync(join(root, "a.ndjson"), join(folder, "in", "a+15125550101.ndjson"))
  const first = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", only: "retention/deleted-without-gate" } })
  writeFileSync(join(folder, "in", "b.ndjson"), lines(recording("r9", "2026-06-11T00:00:00Z")))
  expect(await again(first.folder)).toEqual({ result: "same", moved: [] })
  writeFileSync(join(folder, "pipeline.yaml"), `# threads\n${pipeline}`)
  expect(await again(first.folder)).toEqual({ result: "same", moved: ["the pipeline file changed"] })
  appendFileSync(join(folder, "policy.yaml"), "# read again\n")
  expect(await again(first.folder)).toEqual({ result: "differs", moved: ["the policy packs changed", "the pipeline file changed", "findings, inputs and outcomes are the same all the same"] })
})

it("says which input moved, and cannot where one is gone", async () => {
  appendFileSync(join(root, "a.ndjson"), lines(recording("r3", "2026-06-11T00:00:00Z")))
  expect(await again(made.folder)).toEqual({ result: "differs", moved: [expect.stringMatching(/a\.ndjson changed$/)] })
  cpSync(join(root, "a.ndjson"), join(root, "b.ndjson"))
  rmSync(join(root, "a.ndjson"))
  expect(await again(made.folder)).toMatchObject({ result: "cannot", moved: [expect.stringMatching(/a\.ndjson is gone$/)] })
})
