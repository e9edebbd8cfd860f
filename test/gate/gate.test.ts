import { appendFileSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { pseudonymOf } from "../../src/attest/index.ts"
import { gateLogFile, gateLogHead, readInventory, readObjects, verifyGateLog } from "../../src/gate/index.ts"
import { GateLog } from "../../src/gate/log.ts"
import { keyCheckName } from "../../src/gate/retention-line.ts"
import { ecdsa } from "../attest/sampleReport.ts"
import { ask, dueLine, object, reportOf, sha } from "./gateReport.ts"

const write = (name: string, lines: ReadonlyArray<unknown>): string => {
  const file = join(mkdtempSync(join(tmpdir(), "gate-test-")), name)
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  return file
}

describe("the gate", () => {
  it("answers although a gate died before it with the log in its hands, be its number this process's, and not while one lives", () => {
    const folder = mkdtempSync(join(tmpdir(), "gate-test-"))
    const lock = join(folder, `${gateLogFile}.lock`)
    for (const left of ["", String(2 ** 22 + 1), `${process.pid} 1`]) {
      writeFileSync(lock, left)
      GateLog.open(folder).close()
    }
    const open = GateLog.open(folder)
    expect(() => GateLog.open(folder)).toThrow("Another gate is writing the log")
    open.close()
    expect(readdirSync(folder)).toEqual([gateLogFile])
  })

  it("lets a job delete what is due, unchanged and needed by nobody, for as long as the report is young", async () => {
    const { folder, signer } = await reportOf([dueLine()])
    const { answers, verified, distrust } = await ask({ report: folder, keys: [signer.key], objects: [object] })
    expect(answers).toEqual([{ uri: object.uri, versionId: "v1", decision: "delete", reasons: ["due:qa-audio"], validUntil: "2026-07-01T00:00:00Z" }])
    expect([verified, distrust]).toEqual([true, []])
  })

  it("leaves to counsel what a finding needs that the run could not judge again", async () => {
    const known = { control: "consent/recorded-after-refusal", status: "new", evidence: "e", since: "2026-06-30T00:00:00Z" }
    const notReassessed = [{ id: "f-1", ...known, preserves: true, recordings: ["r1"], subject: "r1" }, { id: "f-2", ...known, preserves: true, subject: "k2" }, { id: "f-3", ...known, recordings: ["r3"], subject: "r3" }]
    const lines = [1, 2, 3].map((number) => dueLine({ recordingId: `r${number}`, contactId: `k${number}`, uri: `s3://recordings/${number}` }))
    const { folder, signer } = await reportOf(lines, { summary: { notReassessed } })
    const { answers } = await ask({ report: folder, keys: [signer.key], objects: [1, 2, 3].map((number) => ({ ...object, uri: `s3://recordings/${number}` })) })
    expect(answers.map(({ decision, reasons }) => [decision, ...reasons])).toEqual([["hold", "due:qa-audio", "evidence:f-1"], ["hold", "due:qa-audio", "evidence:f-2"], ["delete", "due:qa-audio"]])
  })

  it("answers for many objects in the order in which they were asked", async () => {
    const lines = Array.from({ length: 3000 }, (_, number) => dueLine({ recordingId: `r${number}`, uri: `s3://recordings/${number}` }))
    const { folder, signer } = await reportOf(lines)
    const objects = Array.from({ length: 5000 }, (_, number) => ({ ...object, uri: `s3://recordings/${4999 - number}` }))
    const { answers } = await ask({ report: folder, keys: [signer.key], objects })
    expect(answers.map(({ uri }) => uri)).toEqual(objects.map(({ uri }) => uri))
    expect(answers.filter(({ decision }) => decision === "delete").length).toBe(3000)
  })

  it("keeps everything when one byte of any file of the report is another", async () => {
    const { folder, signer } = await reportOf([dueLine()])
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name))
      const changed = Buffer.from(bytes)
      const place = Math.floor(bytes.length / 2)
      changed[place] = (changed[place] ?? 0) ^ 1
      writeFileSync(join(folder, name), changed)
      const { answers, verified } = await ask({ report: folder, keys: [signer.key], objects: [object] })
      expect([name, verified, answers[0]?.decision, answers[0]?.reasons]).toEqual([name, false, "keep", ["report-not-verified"]])
      writeFileSync(join(folder, name), bytes)
    }
  })

  it("keeps everything by a report of another key, without signature, or that is not there", async () => {
    const { folder } = await reportOf([dueLine()])
    const unsigned = await reportOf([dueLine()], { signers: [] })
    for (const [report, keys] of [[folder, [ecdsa().key]], [folder, []], [unsigned.folder, [unsigned.signer.key]], [join(folder, "nothing"), [ecdsa().key]]] as const) {
      const { answers, verified } = await ask({ report, keys, objects: [object] })
      expect([verified, answers[0]?.decision]).toEqual([false, "keep"])
    }
  })

  it.each([
    ["not-a-full-run", { full: false }, {}],
    ["run-not-trustworthy", { trustworthy: false }, {}],
    ["report-too-old", { asOf: "2026-06-29T12:00:00Z" }, {}],
    ["report-too-old", {}, { maxAge: "PT12H" }],
    ["report-of-the-future", { asOf: "2026-06-30T12:00:01Z" }, {}]
  ])("keeps everything: %s", async (reason, changes, request) => {
    const { folder, signer } = await reportOf([dueLine()], { changes })
    const { answers, verified, distrust } = await ask({ report: folder, keys: [signer.key], objects: [object], ...request })
    expect([verified, distrust]).toEqual([true, [reason]])
    expect(answers).toEqual([{ uri: object.uri, versionId: "v1", decision: "keep", reasons: [reason], validUntil: "2026-06-30T12:00:00Z" }])
  })

  it("looks at every recording in an object, copies included", async () => {
    const { folder, signer } = await reportOf([dueLine(), dueLine({ recordingId: "r2", deleteBy: "2026-07-01T00:00:00Z" }), dueLine({ recordingId: "r3", uri: "s3://recordings/r3.wav", copies: [{ uri: "s3://backup/r3.wav", versionId: "v9", sha256: sha }] })])
    const { answers } = await ask({ report: folder, keys: [signer.key], objects: [object, { uri: "s3://backup/r3.wav", versionId: "v9", sha256: sha.toUpperCase() }, { uri: "s3://recordings/r4.wav", versionId: "v1", sha256: sha }] })
    expect(answers.map(({ decision, reasons }) => [decision, reasons])).toEqual([["keep", ["due:qa-audio", "not-yet-due"]], ["delete", ["due:qa-audio"]], ["keep", ["unknown-object"]]])
  })

  it("reads the holds again where the job gives them", async () => {
    const { folder, signer } = await reportOf([dueLine({ holds: [{ id: "h1", from: "2026-01-01T00:00:00Z" }] }), dueLine({ recordingId: "r2", contactId: "k2", uri: "s3://recordings/r2.wav", persons: ["c2", "tel:+15125550171"] })])
    const objects = [object, { ...object, uri: "s3://recordings/r2.wav" }]
    const hold = { kind: "hold", id: "h1", from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z", recordingIds: ["r1"] }
    const decisions = async (holds: ReadonlyArray<unknown> | undefined) => (await ask({ report: folder, keys: [signer.key], objects, ...(holds === undefined ? {} : { holds: write("holds.ndjson", holds) }) })).answers.map(({ decision }) => decision)
    expect(await decisions(undefined)).toEqual(["hold", "delete"])
    expect(await decisions([])).toEqual(["hold", "delete"])
    expect(await decisions([{ ...hold, until: "2026-06-30T12:00:00Z" }])).toEqual(["delete", "delete"])
    expect(await decisions([{ ...hold, until: "2026-06-30T12:00:01Z" }])).toEqual(["hold", "delete"])
    expect(await decisions([{ ...hold, until: "2026-06-30T12:00:00Z" }, { ...hold, id: "h2", recordingIds: ["r9"], subjects: ["tel:+15125550171"] }])).toEqual(["delete", "hold"])
    expect(await decisions([{ kind: "hold", id: "h3", from: "2026-07-30T00:00:00Z", createdAt: "2026-06-30T00:00:00Z" }])).toEqual(["hold", "hold"])
    await expect(decisions([{ kind: "hold", id: "h1" }])).rejects.toThrow(/line 1 is not a record/)
  })

  it("finds objects and people under their pseudonyms only with the key of the report", async () => {
    const key = Buffer.alloc(32, 3)
    const uri = "s3://recordings/+15125550172.wav"
    const masked = dueLine({ names: "pseudonymous", keyCheck: pseudonymOf(key, keyCheckName), uri: "s3://recordings/p-1.wav", uriPseudonym: pseudonymOf(key, uri), persons: [pseudonymOf(key, "c1")] })
    const { folder, signer } = await reportOf([masked])
    const objects = [{ ...object, uri }]
    const answer = async (request: { pseudonymKey?: Uint8Array; holds?: string }) => (await ask({ report: folder, keys: [signer.key], objects, ...request })).answers.map(({ decision, reasons }) => [decision, reasons])
    const holds = write("holds.ndjson", [{ kind: "hold", id: "h1", from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z", subjects: ["c1"] }])
    expect(await answer({})).toEqual([["keep", ["pseudonym-key-needed", "unknown-object"]]])
    expect(await answer({ pseudonymKey: key })).toEqual([["delete", ["due:qa-audio"]]])
    expect(await answer({ pseudonymKey: key, holds })).toEqual([["hold", ["due:qa-audio", "held:h1"]]])
    expect(await answer({ pseudonymKey: Buffer.alloc(32, 4) })).toEqual([["keep", ["unknown-object"]]])
    const plain = await reportOf([{ ...masked, uri, uriPseudonym: undefined } as never])
    const withWrongKey = await ask({ report: plain.folder, keys: [plain.signer.key], objects, holds, pseudonymKey: Buffer.alloc(32, 4) })
    expect(withWrongKey.answers[0]?.reasons).toContain("pseudonym-key-wrong")
    const withoutKey = await ask({ report: plain.folder, keys: [plain.signer.key], objects, holds })
    expect(withoutKey.answers[0]).toMatchObject({ decision: "keep" })
  })

  it("logs each answer in a chain that shows whatever was changed", async () => {
    const { folder, signer } = await reportOf([dueLine()])
    const { outDir } = await ask({ report: folder, keys: [signer.key], objects: [object, { uri: "s3://other/mail-x@mail.example" }] })
    const before = gateLogHead(outDir)
    await ask({ report: folder, keys: [signer.key], objects: [object], outDir })
    const file = join(outDir, gateLogFile)
    const text = readFileSync(file, "utf8")
    expect(text.split("\n").length).toBe(4)
    expect(text).not.toContain("mail-x")
    expect(before?.answers).toBe(2)
    expect(await verifyGateLog(outDir, before === undefined ? [] : [before])).toEqual([])
    writeFileSync(file, text.replace('"decision":"keep"', '"decision":"hold"'))
    expect((await verifyGateLog(outDir, before === undefined ? [] : [before])).length).toBeGreaterThan(0)
    writeFileSync(file, text.slice(text.indexOf("\n") + 1))
    expect((await verifyGateLog(outDir)).length).toBeGreaterThan(0)
    writeFileSync(file, text.slice(0, text.indexOf("\n") + 1))
    expect(await verifyGateLog(outDir)).toEqual([])
    expect(await verifyGateLog(outDir, before === undefined ? [] : [before])).toEqual(["gate-log.ndjson ends after 1 answers; a signed statement names 2."])
  })

  it("verifies a log in bounded memory: of a line that was taken out it tells the first lines behind it and counts the others", async () => {
    const folder = mkdtempSync(join(tmpdir(), "gate-test-"))
    const log = GateLog.open(folder)
    for (let start = 0; start < 20; start++) log.append(Array.from({ length: 1000 }, (_, number) => ({ at: "2026-06-30T00:00:00Z", uri: `s3://recordings/${start * 1000 + number}`, decision: "keep", reasons: ["no-rule"], validUntil: "2026-07-01T00:00:00Z" })))
    log.close()
    expect(await verifyGateLog(folder)).toEqual([])
    const file = join(folder, gateLogFile)
    const lines = readFileSync(file, "utf8").split("\n")
    writeFileSync(file, lines.filter((_, place) => place !== 10).join("\n"))
    const problems = await verifyGateLog(folder)
    expect(problems).toHaveLength(4)
    expect([problems[0], problems[3]]).toEqual(["gate-log.ndjson line 11 does not follow the line before: lines were changed, removed or put in.", "gate-log.ndjson holds 19989 lines in all that do not follow the line before."])
  })

  it("drops the line that a killed gate left unfinished, and goes on", async () => {
    const { folder, signer } = await reportOf([dueLine()])
    const { outDir } = await ask({ report: folder, keys: [signer.key], objects: [object] })
    appendFileSync(join(outDir, gateLogFile), '{"at":"2026-06')
    await ask({ report: folder, keys: [signer.key], objects: [object], outDir })
    expect(await verifyGateLog(outDir)).toEqual([])
    expect(gateLogHead(outDir)?.answers).toBe(2)
  })

  it("gives no answer at all to a list of objects with a line that names none", async () => {
    const { folder, signer } = await reportOf([dueLine()])
    const objects = write("objects.ndjson", [object, { url: "s3://recordings/r1.wav" }])
    await expect(ask({ report: folder, keys: [signer.key], objects: readObjects(objects) })).rejects.toThrow(/Line 2 of the objects/)
  })

  it("reads the objects of an inventory", async () => {
    const manifest = write("manifest.json", [{ sourceBucket: "recordings", fileFormat: "CSV", fileSchema: "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, ETag", files: [{ key: "inventory/data/part.csv" }] }])
    writeFileSync(join(manifest, "..", "part.csv"), '"recordings","a%2Bb/r1.wav","v1","true","false","""abc"""\n"recordings","gone.wav","v2","true","true",""\n')
    const found = []
    for await (const one of readInventory(manifest)) found.push(one)
    expect(found).toEqual([{ uri: "s3://recordings/a+b/r1.wav", versionId: "v1", etag: "abc" }])
  })
})
