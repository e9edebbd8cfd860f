/** What the doctor finds before a run does, and the least that a pipeline may do. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { generateKeys, loadSigner, succeedKey, writeFailure } from "../../src/attest/index.ts"
import { resolveConfiguration } from "../../src/pipeline/index.ts"
import { examine, type Examination, leastPrivilegePolicy, settingsFrom } from "../../src/run/index.ts"
import { simulate } from "../../src/simulate/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-doctor-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const now = new Date("2026-07-04T09:00:00Z")
const estate = join(root, "estate")
const file = join(estate, "pipeline.yaml")
simulate({ contacts: 12, seed: 2, out: estate })
const shipped = readFileSync(file, "utf8")

const settings = (more: string, env: Readonly<Record<string, string>>): ReturnType<typeof resolveConfiguration>["values"] => {
  writeFileSync(file, `${shipped}\n${more}`)
  return resolveConfiguration({ file, cwd: root, env }).values
}
const examined = async (more = "", environment: Readonly<Record<string, string>> = {}): Promise<ReadonlyArray<Examination>> => {
  const values = settings(more, environment)
  return examine(settingsFrom(values, now), environment, now, new AbortController().signal, values.notify)
}
const about = (all: ReadonlyArray<Examination>, subject: string): ReadonlyArray<string> => all.filter((one) => one.subject === subject).map(({ state, sentence }) => `${state}: ${sentence}`)

describe("doctor", () => {
  it("says which nights never ran, by the schedule that the last run stated", async () => {
    const out = join(estate, "reports")
    await generateKeys({ out: join(estate, "keys"), at: now, onlyMissing: true })
    const signer = await loadSigner(join(estate, "keys", "pipeline.pem"))
    const folder = join(out, "2026-07-01T02-00-00Z-0badcafe")
    mkdirSync(folder, { recursive: true })
    await writeFailure({
      folder, run: { id: "0badcafe", pipeline: "synthetic", asOf: "2026-07-01T00:00:00Z", startedAt: "2026-07-01T02:00:00.000Z", full: true, trustworthy: false, sequence: 1, schedule: "0 2 * * *" },
      failure: { stage: "read", reason: "The run failed; its log says why.", failedAt: "2026-07-01T02:01:00.000Z" }, signers: [signer]
    })
    const found = await examined()
    expect(about(found, "last run")).toEqual(["warning: Number 1 of the chain started at 2026-07-01T02:00:00.000Z and failed; its log says why."])
    expect(about(found, "nights")).toEqual([expect.stringMatching(/^warning: 2 scheduled runs never ran after number 1: the first was due at 2026-07-02T02:00:00\.000Z/)])
    rmSync(out, { recursive: true })
  })

  it("knows a signing key that another has taken the place of", async () => {
    const out = join(estate, "reports")
    await generateKeys({ out: join(estate, "keys"), at: now, onlyMissing: true })
    await generateKeys({ out: join(root, "next"), at: now })
    const [retired, next] = [await loadSigner(join(estate, "keys", "pipeline.pem")), await loadSigner(join(root, "next", "pipeline.pem"))]
    await succeedKey({ dir: out, retired, next, at: new Date("2026-07-03T09:00:00Z"), since: "2026-07-01T02:00:00.000Z" })
    expect(about(await examined(), "signing key")).toContainEqual(expect.stringMatching(/^failure: .*pipeline\.pem was retired at 2026-07-03T09:00:00\.000Z: .* Name the new key in signing\.keys\.$/))
    rmSync(out, { recursive: true })
  })

  it("says what a notification lacks, and sends none", async () => {
    const more = `notify:\n  - {webhook: "env:HOOK", secret: "env:HOOK_SECRET"}\n  - {heartbeat: "env:BEAT"}\n`
    const found = await examined(more, { HOOK: "https://hook.example/", BEAT: "https://beat.example/" })
    expect(about(found, "notify.0 (webhook)")).toEqual(["warning: It would not be told: the environment variable HOOK_SECRET is not set."])
    expect(about(found, "notify.1 (heartbeat)")).toEqual(["ok: It can be told; nothing was sent."])
  })

  it("finds a store that others may read, and one that is none", async () => {
    const store = join(estate, "evidence.duckdb")
    writeFileSync(store, "not a store")
    chmodSync(store, 0o644)
    const found = about(await examined("", { EARSHOT_STORE: store }), "evidence store")
    expect(found.some((one) => one.startsWith("warning:") && one.includes("chmod 600"))).toBe(true)
    expect(found.some((one) => one.startsWith("failure:") && one.includes("can't be opened"))).toBe(true)
    rmSync(store)
  })

  it("compares the clock with that of S3", async () => {
    let off = 20 * 60_000
    const server = createServer((_request, response) => { response.writeHead(403, { date: new Date(now.getTime() + off).toUTCString() }).end() })
    await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
    const more = `s3: {endpoint: "http://127.0.0.1:${(server.address() as AddressInfo).port}", region: us-east-1, forcePathStyle: true}\n`
    const first = /^ {2}- id: .*\n {4}uri: (.*)$/m.exec(shipped)?.[1] ?? ""
    try {
      writeFileSync(file, `${shipped.replace(`uri: ${first}`, "uri: s3://acme-contacts/2026/")}\n${more}`)
      const values = resolveConfiguration({ file, cwd: root, env: {} }).values
      const look = async (): Promise<ReadonlyArray<string>> => about(await examine(settingsFrom(values, now), {}, now, new AbortController().signal), "clock of S3")
      expect(await look()).toEqual([expect.stringMatching(/^failure: The clock is 1200 s behind that of S3, which refuses/)])
      off = 0
      expect(await look()).toEqual(["ok: The clock is 0 s ahead of that of S3."])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

it("the IAM policy names what the pipeline needs and nothing else, and never a deletion", () => {
  const place = join(root, "s3.yaml")
  writeFileSync(place, `pipeline: nightly
policy: estate/policy.yaml
sources:
  - {id: contacts, uri: "s3://acme-contacts/2026/", versions: true}
  - {id: objects, uri: "s3://acme-recordings/eu/*.wav", format: listing, detail: acl}
  - {id: log, uri: "s3://acme-trail/AWSLogs/", format: cloudtrail, layer: storage, recordings: ["arn:aws:s3:::acme-recordings/*"]}
evidence: {verifyRecordings: bytes}
report: {out: "s3://acme-audit/reports", identities: clear, objectLock: {mode: compliance, days: 30}}
signing: {kms: [{keyId: "arn:aws:kms:us-east-1:111122223333:key/k1"}]}
`)
  const policy = leastPrivilegePolicy(settingsFrom(resolveConfiguration({ file: place, cwd: root, env: {} }).values, now)) as { Statement: ReadonlyArray<{ Sid: string; Action: ReadonlyArray<string>; Resource: unknown; Condition?: unknown }> }
  const by = Object.fromEntries(policy.Statement.map(({ Sid, Action, Resource }) => [Sid, { Action, Resource }]))
  expect(by["Listacmecontacts"]?.Action).toEqual(["s3:ListBucket", "s3:ListBucketVersions"])
  expect(by["Listacmetrail"]?.Action).toEqual(["s3:ListBucket"])
  expect(by["ReadSources"]?.Resource).toEqual(["arn:aws:s3:::acme-contacts/2026/*", "arn:aws:s3:::acme-recordings/eu/*", "arn:aws:s3:::acme-trail/AWSLogs/*"])
  expect(by["ReadRecordingsBack"]?.Resource).toEqual(["arn:aws:s3:::acme-recordings/*"])
  expect(by["ReadAccessLists"]?.Resource).toEqual(["arn:aws:s3:::acme-recordings/eu/*"])
  expect(by["PutReports"]).toEqual({ Action: ["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention"], Resource: ["arn:aws:s3:::acme-audit/reports/*"] })
  expect(by["Sign"]).toEqual({ Action: ["kms:Sign", "kms:GetPublicKey"], Resource: ["arn:aws:kms:us-east-1:111122223333:key/k1"] })
  expect(policy.Statement.flatMap(({ Action }) => Action).filter((action) => /delete|\*|bypass/i.test(action))).toEqual([])
})
