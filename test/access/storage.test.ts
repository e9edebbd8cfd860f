/** What storage says of recordings, and what their bytes say, through whole runs on an S3 server. */
import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { type FauxqsServer, startFauxqs } from "fauxqs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-storage-"))
const asOf = "2026-06-30T00:00:00Z"
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
let server: FauxqsServer
let client: S3Client

const put = (key: string, body: string) => client.send(new PutObjectCommand({ Bucket: "acme-recordings", Key: key, Body: body }))
const recording = (id: string, changes: object = {}) => ({ kind: "recording", id, contactId: "k1", medium: "audio", startedAt: "2026-03-02T10:00:00Z", endedAt: "2026-03-02T10:05:00Z", uri: `s3://acme-recordings/calls/${id}.wav`, sha256: sha256(id), ...changes })

beforeAll(async () => {
  for (const [name, value] of Object.entries({ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" })) process.env[name] = value
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket("acme-recordings")
  client = new S3Client({ endpoint: `http://127.0.0.1:${server.port}`, region: "us-east-1", forcePathStyle: true })
  for (const id of ["kept", "deleted"]) await put(`calls/${id}.wav`, id)
  await put("calls/altered.wav", "something else")
  await put("calls/nobody's + é.wav", "whose?")
  await put("elsewhere/notes.txt", "no recording")
})
afterAll(async () => {
  client.destroy()
  await server.stop()
  rmSync(root, { recursive: true, force: true })
})

const pipeline = (verify: string, uri: string): string => `pipeline: storage
policy: policy.yaml
sources:
  - {id: records, uri: records.ndjson, provides: [contact, recording]}
  - {id: bucket, uri: "${uri}", format: listing, recordings: ["s3://acme-recordings/calls/*"]}
s3: {endpoint: "http://127.0.0.1:${server.port}", region: us-east-1, forcePathStyle: true}
evidence: {verifyRecordings: ${verify}}
report: {out: reports, failOn: never, identities: clear, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
signing: {keys: [keys/pipeline.pem], create: missing}
`

let runs = 0
const audited = async (verify: string, uri = "s3://acme-recordings/") => {
  const folder = join(root, String(++runs))
  mkdirSync(join(folder, "keys"), { recursive: true })
  writeFileSync(join(folder, "policy.yaml"), `policy: storage\nversion: "1"\nfrom: 2020-01-01T00:00:00Z\n`)
  writeFileSync(join(folder, "pipeline.yaml"), pipeline(verify, uri))
  const records = [
    { kind: "contact", id: "k1", channel: "voice", startedAt: "2026-03-02T10:00:00Z", endedAt: "2026-03-02T10:05:00Z", parties: [{ id: "c1", role: "customer" }] },
    recording("kept"), recording("altered"), recording("lost"), recording("deleted", { deletedAt: "2026-05-01T00:00:00Z" })
  ]
  writeFileSync(join(folder, "records.ndjson"), records.map((record) => `${JSON.stringify(record)}\n`).join(""))
  const night = async () => {
    const { folder: report, summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf, only: "evidence/recording-*,evidence/orphan-*,retention/deletion-not-effective" }, env: { EARSHOT_FORMATS: "csv" } })
    const lines = (name: string): ReadonlyArray<Record<string, unknown>> => readFileSync(join(report, name), "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>)
    const findings = lines("findings.ndjson") as unknown as ReadonlyArray<Finding>
    return { summary, inputs: lines("inputs.ndjson"), failed: (control: string) => findings.filter((finding) => finding.control === control).map((finding) => `${finding.recordingId ?? String(finding.details?.["object"])} ${finding.reason}`).sort() }
  }
  return { ...await night(), night }
}

describe("a bucket that is listed", () => {
  it("shows deletions that did not happen, objects of nobody and what is not encrypted, and no body is read", async () => {
    const { summary, inputs, failed } = await audited("none")
    expect(summary.trust.problems).toEqual([])
    expect(failed("retention/deletion-not-effective")).toEqual(["deleted still-shown"])
    expect(failed("evidence/orphan-object")).toEqual(["s3://acme-recordings/calls/nobody's + é.wav no-recording"])
    expect(failed("evidence/recording-unprotected")).toHaveLength(5)
    expect(failed("evidence/recording-altered")).toEqual([])
    expect(inputs).toMatchObject([{ source: "records" }, { source: "bucket", uri: ".earshot/listings/bucket.ndjson", read: 5, accepted: 5, produced: { storedObject: 5 } }])
  })

  it("is a problem of the run where it cannot be listed", async () => {
    const { summary } = await audited("checksum", "s3://no-such-bucket/")
    expect(summary.trust.problems).toEqual([expect.stringContaining("The source bucket could not be listed")])
    expect(summary.exitCode).toBe(2)
  })
})

describe("recordings whose bytes are read", () => {
  it("are compared with what was recorded, stated among the inputs, and read once", async () => {
    const first = await audited("bytes")
    expect(first.failed("evidence/recording-altered")).toEqual(["altered bytes-differ"])
    expect(first.summary.controls.find(({ control }) => control === "evidence/recording-altered")).toMatchObject({ pass: 1, fail: 1, unverifiable: 1, notApplicable: 1, reasons: { "unverifiable:bytes-unread": 1 } })
    expect(first.inputs.filter(({ format }) => format === "recording")).toMatchObject([
      { source: "verifyRecordings", uri: "s3://acme-recordings/calls/altered.wav", bytes: 14, sha256: sha256("something else"), read: 0 }, { uri: "s3://acme-recordings/calls/kept.wav", bytes: 4, sha256: sha256("kept") }
    ])
    const second = await first.night()
    expect(second.summary.merkle).toEqual(first.summary.merkle)
    await put("calls/kept.wav", "kep7")
    expect((await first.night()).failed("evidence/recording-altered")).toEqual(["altered bytes-differ", "kept bytes-differ"])
  })
})
