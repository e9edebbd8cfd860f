import { readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Ajv2020 } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { describe, expect, it } from "vitest"
import { clearNames, pseudonymous } from "../../src/findings/pseudonyms.ts"
import { type Preserved, preservedFindings, retentionFacts, retentionLine, type RetentionLine, retentionRows } from "../../src/gate/index.ts"
import { retentionLineOf } from "../../src/gate/retention-line.ts"
import { type AnyRecord, storeOf } from "./estate.ts"

const sha = "a".repeat(64)
const contact = { kind: "contact", id: "k1", channel: "voice", startedAt: "2025-03-02T10:00:00Z", endedAt: "2025-03-02T10:12:00Z", queue: "sales", parties: [{ id: "c1", role: "customer", jurisdiction: "US-CA" }] }
const recording = { kind: "recording", id: "r1", contactId: "k1", medium: "audio", startedAt: "2025-03-02T10:00:00Z", endedAt: "2025-03-02T10:10:00Z", purposes: ["quality-assurance"], uri: "s3://recordings/r1.wav", versionId: "v1", sha256: sha }
const hold = { kind: "hold", id: "h1", from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z", recordingIds: ["r1"] }
const request = { kind: "request", id: "q1", subject: "c1", receivedAt: "2026-02-01T00:00:00Z" }
const nothing: Preserved = { byRecording: new Map<string, ReadonlyArray<string>>(), byContact: new Map<string, ReadonlyArray<string>>() }

const schema = new Ajv2020({ strict: false })
formats.default(schema)
const valid = schema.compile(JSON.parse(readFileSync(new URL("../../schemas/retention.schema.json", import.meta.url), "utf8")) as object)

const linesOf = async (records: ReadonlyArray<AnyRecord>, names = clearNames, preserved = nothing): Promise<ReadonlyArray<RetentionLine>> => {
  const store = await storeOf({ records }, retentionFacts)
  try {
    const lines: Array<RetentionLine> = []
    for await (const rows of retentionRows(store)) {
      for (const row of rows) {
        const written: unknown = JSON.parse(JSON.stringify(retentionLine(row, names, preserved)))
        expect([valid(written), valid.errors]).toEqual([true, null])
        const line = retentionLineOf(written)
        expect(line).toEqual(written)
        if (line !== undefined) lines.push(line)
      }
    }
    return lines
  } finally {
    store.close()
  }
}

const decided = async (...records: ReadonlyArray<AnyRecord>) => (await linesOf([contact, recording, ...records])).map(({ decision, reasons }) => [decision, reasons])

describe("the lines of retention.ndjson", () => {
  it("carry what the gate needs", async () => {
    expect(await linesOf([contact, recording, { kind: "identity", subject: "c1", aliases: ["crm:7"] }])).toEqual([{
      recordingId: "r1", contactId: "k1", uri: "s3://recordings/r1.wav", versionId: "v1", sha256: sha, deleteBy: "2026-03-02T10:10:00Z", deleteRule: "qa-audio",
      persons: ["c1", "crm:7"], names: "clear", pack: "northwind@2026.11", rules: ["qa-audio"], decision: "delete", reasons: ["due:qa-audio"]
    }])
  })

  it.each<readonly [string, string, ReadonlyArray<string>, ReadonlyArray<AnyRecord>]>([
    ["a hold", "hold", ["due:qa-audio", "held"], [hold]],
    ["a hold that ended", "delete", ["due:qa-audio"], [{ ...hold, until: "2026-06-01T00:00:00Z" }]],
    ["an open access request", "keep", ["request-open:access", "due:qa-audio"], [{ ...request, type: "access" }]],
    ["a completed access request", "delete", ["due:qa-audio"], [{ ...request, type: "access", completedAt: "2026-02-09T00:00:00Z", outcome: "granted" }]],
    ["a restriction in force", "keep", ["request-open:restriction", "due:qa-audio"], [{ ...request, type: "restriction", completedAt: "2026-02-09T00:00:00Z", outcome: "granted" }]],
    ["a restriction that was lifted", "delete", ["due:qa-audio"], [{ ...request, type: "restriction", completedAt: "2026-02-09T00:00:00Z", outcome: "granted", liftedAt: "2026-03-09T00:00:00Z" }]],
    ["an erasure that nobody decided", "keep", ["request-open:erasure", "due:qa-audio"], [{ ...request, type: "erasure" }]],
    ["a granted erasure", "delete", ["due:qa-audio", "due:erasure:q1"], [{ ...request, type: "erasure", outcome: "granted" }]],
    ["a granted erasure before its date", "delete", ["due:erasure:q1"], [{ ...request, type: "erasure", outcome: "granted" }, { ...recording, purposes: ["training"] }]],
    ["no rule", "keep", ["no-rule"], [{ ...recording, purposes: ["training"] }]],
    ["a date to come", "keep", ["not-yet-due"], [{ ...recording, purposes: ["training"], deleteBy: "2026-07-01T00:00:00Z" }]],
    ["a keep duty that outlasts the date", "hold", ["due:qa-audio", "keep-duty:us-debt"], [{ ...contact, queue: "collections" }]],
    ["a place that is not known", "keep", ["place-unknown", "due:qa-audio"], [{ ...contact, queue: "collections", parties: [{ id: "c1", role: "customer" }] }]],
    ["a lock in storage", "keep", ["locked-in-storage", "due:qa-audio"], [{ kind: "storedObject", uri: recording.uri, versionId: "v1", seenAt: "2026-06-01T00:00:00Z", legalHold: true }]]
  ])("decide with %s", async (_, decision, reasons, records) => {
    const changed = new Set(records.map(({ kind, id }) => `${kind} ${String(id)}`))
    const base = [contact, recording].filter(({ kind, id }) => !changed.has(`${kind} ${id}`))
    expect((await linesOf([...base, ...records])).map((line) => [line.decision, line.reasons])).toEqual([[decision, reasons]])
  })

  it("keep in every doubt about records", async () => {
    expect((await linesOf([recording])).map(({ decision }) => decision)).toEqual(["keep"])
    expect(await decided({ ...recording, medium: "video" })).toEqual([["keep", ["conflicting-records"]]])
    expect(await decided({ ...request, type: "access", outcome: "granted", completedAt: "2026-02-09T00:00:00Z" }, { ...request, type: "access" })).toEqual([["keep", ["request-open:contradictory", "due:qa-audio"]]])
    // Whether c1 is the customer whom the hold names can be told by neither version.
    const identity = { kind: "identity", subject: "c1", aliases: ["crm:7"] }
    expect(await decided(identity, { ...identity, aliases: ["crm:8"] })).toEqual([["keep", ["person-doubtful", "due:qa-audio"]]])
    expect(await decided(identity, { ...identity, aliases: ["crm:8"] }, { kind: "hold", id: "h2", from: hold.from, createdAt: hold.createdAt, subjects: ["crm:7"] })).toEqual([["keep", ["hold-doubtful", "person-doubtful", "due:qa-audio"]]])
    const other = { kind: "identity", subject: "crm:9", aliases: ["crm:7"] }
    expect(await decided(identity, other, { ...other, aliases: ["crm:8"] })).toEqual([["keep", ["person-doubtful", "due:qa-audio"]]])
    expect(await decided(identity, { ...other, aliases: ["crm:8"] }, { ...other, aliases: ["crm:10"] })).toEqual([["delete", ["due:qa-audio"]]])
    expect(await decided(hold, { ...hold, recordingIds: ["r7"] })).toEqual([["keep", ["hold-doubtful", "due:qa-audio"]]])
  })

  it("keep what a hold or a request names as the contact does, though the name was nobody's by then", async () => {
    const tel = "tel:+15125550142"
    const called = { ...contact, parties: [{ id: tel, role: "customer", jurisdiction: "US-CA" }] }
    const owner = (subject: string, from: string, until: string): AnyRecord => ({ kind: "identity", subject, aliases: [{ alias: tel, from, until }] })
    const before = owner("c1", "2024-01-01T00:00:00Z", "2025-06-01T00:00:00Z")
    const named = { kind: "hold", id: "h2", from: hold.from, createdAt: hold.createdAt, subjects: [tel] }
    const of = async (...records: ReadonlyArray<AnyRecord>) => (await linesOf([called, recording, before, ...records])).map(({ decision, reasons }) => [decision, reasons])
    expect(await of(named)).toEqual([["keep", ["hold-doubtful", "due:qa-audio"]]])
    expect(await of({ ...request, type: "access", subject: tel })).toEqual([["keep", ["request-open:access", "due:qa-audio"]]])
    // By then it is somebody else's, and that one is meant.
    const after = owner("c2", "2025-07-01T00:00:00Z", "2027-01-01T00:00:00Z")
    expect(await of(after, named, { ...request, type: "access", subject: tel })).toEqual([["delete", ["due:qa-audio"]]])
  })

  it("leave to counsel what an open finding needs", async () => {
    const file = join(tmpdir(), `earshot-findings-${process.pid}.ndjson`)
    const finding = { id: "f-1", control: "consent/recorded-after-refusal", status: "new", recordingId: "r1" }
    writeFileSync(file, [finding, { ...finding, id: "f-2", status: "waived" }, { ...finding, id: "f-3", control: "access/bulk", recordingId: undefined, evidence: [{ kind: "recording", id: "r1" }] }, { ...finding, id: "f-4", control: "consent/notice-language" }].map((line) => JSON.stringify(line)).join("\n"))
    const preserved = await preservedFindings(file, [{ id: "consent/recorded-after-refusal", preserves: true }, { id: "access/bulk", preserves: true }, { id: "consent/notice-language", preserves: false }])
    expect(await linesOf([contact, recording], clearNames, preserved)).toMatchObject([{ decision: "hold", openFindings: ["f-1", "f-3"], reasons: ["due:qa-audio", "evidence-needed"] }])
  })

  it("name no person where the report does not", async () => {
    const names = pseudonymous(Buffer.alloc(32, 5))
    const uri = "s3://recordings/+15125550173/r1.wav"
    const lines = await linesOf([{ ...contact, parties: [{ id: "tel:+15125550173", role: "customer", jurisdiction: "US-CA" }] }, { ...recording, uri }], names)
    expect(JSON.stringify(lines)).not.toContain("5550173")
    expect(lines).toMatchObject([{ names: "pseudonymous", uriPseudonym: names.person(uri), persons: [names.person("tel:+15125550173")], decision: "delete" }])
  })
})
