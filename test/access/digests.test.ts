/** Whole runs over CloudTrail logs with their digests, copied out of the bucket into a folder. */
import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { type Digest, digestKeys, verifyDigestChain } from "../../src/formats/cloudtrail/digest.ts"
import { audit } from "../../src/index.ts"
import type { Summary } from "../../src/report/summary.ts"
import { copyTrail, type TrailFile, trailFiles, trailKeys } from "./trail.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-digests-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const { privateKey, answer } = trailKeys()
const arn = "arn:aws:iam::111122223333:user/agent-1"
const at = (hour: number, minute: number): string => `2026-06-29T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00Z`

/** One look at its own call in each hour but the third, in which nothing happened. */
const events = [8, 9, 11, 12, 13].map((hour) => ({ id: `e${hour}`, at: at(hour, 20), arn, key: "call-1.wav", name: "HeadObject" }))
const whole = trailFiles({ bucket: "acme-trail", recordings: "acme-recordings", start: at(8, 0), hours: 6, events, privateKey })

const records = [
  { kind: "staff", id: "agent-1", aliases: [arn], employedFrom: "2020-01-01T00:00:00Z", roles: [{ role: "agent", from: "2020-01-01T00:00:00Z" }] },
  { kind: "contact", id: "k1", channel: "voice", startedAt: at(7, 0), endedAt: at(7, 10), parties: [{ id: "c1", role: "customer" }, { id: "agent-1", role: "agent" }] },
  { kind: "recording", id: "r1", contactId: "k1", medium: "audio", startedAt: at(7, 0), endedAt: at(7, 10), uri: "s3://acme-recordings/call-1.wav" }
]

const pipeline = (bucket: string): string => `pipeline: digests
policy: policy.yaml
sources:
  - {id: records, uri: records.ndjson, provides: [staff, contact, recording, assignment, grant]}
  - {id: trail, uri: trail/, format: cloudtrail, layer: storage, recordings: ["arn:aws:s3:::acme-recordings/*"], maxSilence: PT90M, digests: {bucket: ${bucket}, publicKeys: public-keys.json}}
report: {out: reports, failOn: never, identities: clear, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
signing: {keys: [keys/pipeline.pem], create: missing}
`
const policy = `policy: digests
version: "1"
from: 2020-01-01T00:00:00Z
access: {explanations: [handled-contact], handledContact: P30D, session: PT1M}
`

type Told = { readonly summary: Summary; readonly findings: ReadonlyArray<Finding>; readonly failed: (control: string) => ReadonlyArray<string>; readonly counts: (control: string) => string }

let runs = 0
const auditTrail = async (files: ReadonlyArray<TrailFile>, options: { readonly bucket?: string; readonly place?: (key: string) => string } = {}): Promise<Told> => {
  const folder = join(root, String(++runs))
  mkdirSync(join(folder, "keys"), { recursive: true })
  copyTrail(join(folder, "trail"), files, options.place)
  writeFileSync(join(folder, "public-keys.json"), JSON.stringify(answer))
  writeFileSync(join(folder, "records.ndjson"), records.map((record) => `${JSON.stringify(record)}\n`).join(""))
  writeFileSync(join(folder, "policy.yaml"), policy)
  writeFileSync(join(folder, "pipeline.yaml"), pipeline(options.bucket ?? "acme-trail"))
  const { folder: report, summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: at(14, 0), only: "evidence/log-*,access/unexplained,access/anonymous" }, env: { EARSHOT_FORMATS: "csv" } })
  const findings = readFileSync(join(report, "findings.ndjson"), "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Finding)
  return {
    summary, findings,
    failed: (control) => findings.filter((finding) => finding.control === control).map((finding) => finding.reason),
    counts: (control) => {
      const { pass, fail, unverifiable } = summary.controls.find((one) => one.control === control) ?? { pass: 0, fail: 0, unverifiable: 0 }
      return `${pass} pass, ${fail} fail, ${unverifiable} unverifiable`
    }
  }
}

const without = (kind: TrailFile["kind"], hour: number): ReadonlyArray<TrailFile> => whole.filter((file) => file.kind !== kind || file.hour !== hour)
const tampered = (told: Told): boolean => told.summary.trust.problems.some((problem) => problem.includes("evidence/log-tampered"))

describe("digests of two regions", () => {
  it("are two chains, and a digest that was delivered twice is one", () => {
    const other = trailFiles({ bucket: "acme-trail", recordings: "acme-recordings", start: at(8, 0), hours: 6, events: [], privateKey, region: "eu-west-1" })
    const digests = [...whole, ...other, ...other.slice(0, 2)].filter((file) => file.kind === "digest").map((file, index): Digest => ({ uri: `copy-${index % 2}/${file.key}`, sha256: createHash("sha256").update(file.text).digest("hex"), value: JSON.parse(file.text) as Digest["value"] }))
    const logs = whole.filter((file) => file.kind === "log").map((file) => ({ uri: file.key, sha256: createHash("sha256").update(file.text).digest("hex") }))
    const { files, gaps, covered } = verifyDigestChain(digests, logs, digestKeys(answer), "acme-trail")
    expect(gaps).toEqual([])
    expect(covered).toHaveLength(10)
    expect(files.filter(({ state }) => state !== "valid").map(({ kind, state, to }) => [kind, state, to])).toEqual([["digest", "unsigned", at(14, 0)], ["digest", "unsigned", at(14, 0)]])
  })
})

describe("a trail with digests", () => {
  it("verifies where it was copied elsewhere, and vouches for the hour without events", async () => {
    const told = await auditTrail(whole)
    expect(told.findings.map(({ control, reason }) => `${control} ${reason}`)).toEqual(expect.not.arrayContaining([expect.stringContaining("evidence/log")]))
    expect(told.counts("access/unexplained")).toBe("5 pass, 0 fail, 0 unverifiable")
    // Six digests but the newest, whose signature is only in the bucket; its log neither.
    expect(told.counts("evidence/log-tampered")).toBe("9 pass, 0 fail, 0 unverifiable")
    expect(told.summary.trust).toMatchObject({ trustworthy: true, problems: [] })
    const flat = await auditTrail(whole, { place: (key) => key.split("/").at(-1) ?? key })
    expect(flat.summary.merkle.findings).toBe(told.summary.merkle.findings)
  })

  it("is not to be trusted where a byte of a log was changed, and the hour's accesses prove nothing good", async () => {
    const told = await auditTrail(whole.map((file) => (file.kind === "log" && file.hour === 1 ? { ...file, text: file.text.replace("192.0.2.7", "192.0.2.8") } : file)))
    expect(told.failed("evidence/log-tampered")).toEqual(["does-not-verify"])
    expect(tampered(told)).toBe(true)
    expect(told.summary.exitCode).toBe(2)
    expect(told.counts("access/unexplained")).toBe("4 pass, 0 fail, 1 unverifiable")
  })

  it("is not to be trusted where a digest was changed or comes from another bucket", async () => {
    const changed = await auditTrail(whole.map((file) => (file.kind === "digest" && file.hour === 3 ? { ...file, text: file.text.replace("11:20", "11:21") } : file)))
    expect(changed.failed("evidence/log-tampered")).toEqual(["does-not-verify"])
    expect(changed.counts("access/unexplained")).toBe("4 pass, 0 fail, 1 unverifiable")
    const moved = await auditTrail(whole, { bucket: "another-trail" })
    expect(new Set(moved.failed("evidence/log-tampered"))).toEqual(new Set(["moved"]))
    expect(tampered(moved)).toBe(true)
    expect(moved.counts("access/unexplained")).toBe("0 pass, 0 fail, 5 unverifiable")
  })

  it("tells a missing log file and a missing digest, and the accesses of that time are unverifiable", async () => {
    const log = await auditTrail(without("log", 1))
    expect(log.findings.filter(({ control }) => control === "evidence/log-gap").map(({ sentence }) => sentence)).toEqual([expect.stringMatching(/lacks what vouches for the time from 2026-06-29 09:00:00 UTC to 2026-06-29 10:00:00 UTC .*: missing/)])
    expect(log.counts("access/unexplained")).toBe("4 pass, 0 fail, 0 unverifiable")
    const digest = await auditTrail(without("digest", 3))
    expect(digest.failed("evidence/log-gap")).toEqual(["missing-digest", "missing-digest"])
    // The hour whose digest is gone, and the one before it, whose signature was in it.
    expect(digest.counts("access/unexplained")).toBe("4 pass, 0 fail, 1 unverifiable")
    expect(digest.counts("access/anonymous")).toBe("4 pass, 0 fail, 1 unverifiable")
    expect(digest.summary.trust.trustworthy).toBe(true)
  })

  it("tells digests that are missing before the first and after the last that is there", async () => {
    const first = await auditTrail(without("digest", 0))
    expect(first.failed("evidence/log-gap")).toEqual(["missing-digest"])
    expect(first.counts("access/unexplained")).toBe("4 pass, 0 fail, 1 unverifiable")
    const last = await auditTrail(whole.filter((file) => file.kind !== "digest" || file.hour < 3))
    expect(last.findings.filter(({ control }) => control === "evidence/log-gap").map(({ sentence }) => sentence)).toEqual([expect.stringMatching(/lacks what vouches for the time from 2026-06-29 11:00:00 UTC to 2026-06-29 12:45:00 UTC \(2026-06-29T11:00:00Z\/\.\.: gap\)/)])
    expect(last.counts("access/unexplained")).toBe("3 pass, 0 fail, 2 unverifiable")
    // A trail whose older files are left out of the source, and one whose newest digest is still to come.
    for (const files of [whole.filter((file) => file.hour > 1), without("digest", 5)]) {
      const held = (kind: TrailFile["kind"]) => files.filter((file) => file.kind === kind).map((file) => ({ uri: file.key, sha256: createHash("sha256").update(file.text).digest("hex"), text: file.text }))
      const { gaps } = verifyDigestChain(held("digest").map(({ text, ...digest }): Digest => ({ ...digest, value: JSON.parse(text) as Digest["value"] })), held("log"), digestKeys(answer), "acme-trail")
      expect(gaps).toEqual([])
    }
  })

  it("tells a log file that was slipped in, and a trail that has lost all its digests", async () => {
    const model = whole.find((file) => file.kind === "log" && file.hour === 1)
    const slipped = { ...model, key: model?.key.replace("Zm9vYmFy", "c2xpcHBlZA") ?? "", text: (model?.text ?? "").replace("e9", "e9x") } as TrailFile
    const told = await auditTrail([...whole, slipped])
    expect(told.failed("evidence/log-gap")).toEqual(["unnamed-file"])
    const bare = await auditTrail(whole.filter((file) => file.kind === "log"))
    expect(bare.failed("evidence/log-gap")).toContain("missing-digest")
  })
})
