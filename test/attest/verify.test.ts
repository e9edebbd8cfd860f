import { copyFile, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { envelopeBytes, parseEnvelope } from "../../src/attest/dsse.ts"
import { type OutcomesRead, readWrittenOutcomes, treeFile } from "../../src/attest/leaves.ts"
import { listFolder } from "../../src/attest/reportFolder.ts"
import { writeCore, writeFailure, writeFinal } from "../../src/attest/seal.ts"
import { countersign } from "../../src/attest/sign.ts"
import { verify, verifyReport } from "../../src/attest/verify.ts"
import type { Verification } from "../../src/attest/verification.ts"
import { ecdsa, ed25519, freshFolder, makeReport, run } from "./sampleReport.ts"

const files = ({ problems }: Verification): ReadonlyArray<string> => [...new Set(problems.map(({ file }) => file))].sort()

const editJson = async (path: string, edit: (value: Record<string, unknown>) => void): Promise<void> => {
  const value = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>
  edit(value)
  await writeFile(path, `${JSON.stringify(value)}\n`)
}

describe("verifying a report folder", () => {
  it("accepts a whole report with the key that signed it, and says who signed", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    const { final } = await makeReport(folder, [signer])
    const result = await verifyReport(folder, { keys: [signer.key] })
    expect(result).toMatchObject({ ok: true, kind: "report", signed: true, problems: [], notes: [], signers: [{ keyid: signer.key.keyid, state: "verified" }], statementDigest: final.digest })
  })

  it("takes outcomes as read before where the file is still that one, and reads them itself where it is not", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    await makeReport(folder, [signer])
    const name = await treeFile(folder, "outcomes") ?? ""
    const read = await readWrittenOutcomes(join(folder, name), name)
    const wrong = { root: "0".repeat(64), size: 1 }
    const verified = async (outcomes: OutcomesRead | undefined): Promise<ReadonlyArray<string>> => files(await verifyReport(folder, { keys: [signer.key], outcomes: Promise.resolve(outcomes) }))
    expect(await verified(read)).toEqual([])
    expect(await verified(undefined)).toEqual([])
    expect(await verified({ ...read, head: wrong })).toEqual([])
    expect(await verified({ sha256: "0".repeat(64), head: wrong })).toEqual([])
    await writeFile(join(folder, name), "{}\n")
    expect(await verified(read)).toEqual([name])
  })

  it("refuses another key, and no key unless only integrity is asked for", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [ed25519()])
    expect(files(await verifyReport(folder, { keys: [ecdsa().key] }))).toEqual(["statement.dsse.json"])
    expect(files(await verifyReport(folder, { keys: [] }))).toEqual(["statement.dsse.json"])
    const integrity = await verifyReport(folder, { keys: [], integrityOnly: true })
    expect(integrity.ok).toBe(true)
    expect(integrity.notes.join()).toContain("whoever can change them all")
  })

  it.each([["with the key", true], ["for integrity only", false]])("names the file for a changed byte anywhere in any file (%s)", async (_how, withKey) => {
    const folder = await freshFolder()
    const signer = ecdsa()
    await makeReport(folder, [signer])
    const trust = withKey ? { keys: [signer.key] } : { keys: [], integrityOnly: true }
    const { files: names } = await listFolder(folder)
    expect(names.length).toBeGreaterThan(9)
    for (const name of names) {
      const path = join(folder, name)
      const original = await readFile(path)
      const places = new Set([0, original.length - 1, ...Array.from({ length: 8 }, (_, part) => Math.floor((original.length * part) / 8))])
      for (const place of places) {
        const changed = Buffer.from(original)
        changed[place] = (original[place] ?? 0) ^ 1
        await writeFile(path, changed)
        const result = await verifyReport(folder, trust)
        expect({ name, place, ok: result.ok, named: files(result).includes(name) }).toEqual({ name, place, ok: false, named: true })
      }
      await writeFile(path, original)
    }
    expect((await verifyReport(folder, trust)).ok).toBe(true)
  })

  it("finds every single changed byte of the files that no digest covers", async () => {
    const folder = await freshFolder()
    const signer = ed25519()
    const failure = { stage: "collect", reason: "The source did not answer.", failedAt: "2026-06-30T02:10:00Z" }
    const final = await writeFailure({ folder, run: run(), failure, signers: [signer] })
    const keyid = signer.key.keyid
    for (const name of ["statement.dsse.json", `bundle.${keyid}.sigstore.json`]) {
      const path = join(folder, name)
      const original = await readFile(path)
      // The payload is long and covered by the signature: its edges and everything around it are what could slip through.
      const start = original.indexOf('"payload":"') + 11
      const inPayload = (place: number): boolean => place > start + 2 && place < start + Math.ceil(final.envelope.payload.length / 3) * 4 - 4
      for (let place = 0; place < original.length; place++) {
        if (inPayload(place)) continue
        const changed = Buffer.from(original)
        changed[place] = (original[place] ?? 0) ^ (original[place] === 0x22 ? 2 : 4)
        await writeFile(path, changed)
        const result = await verifyReport(folder, { keys: [signer.key] })
        expect({ name, place, ok: result.ok, named: files(result).includes(name) }).toEqual({ name, place, ok: false, named: true })
      }
      await writeFile(path, original)
    }
  })

  it("names a missing file of every kind", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    await makeReport(folder, [signer])
    for (const name of (await listFolder(folder)).files) {
      const kept = await readFile(join(folder, name))
      await rm(join(folder, name))
      const result = await verifyReport(folder, { keys: [signer.key] })
      expect({ name, ok: result.ok, named: files(result).includes(name) }).toEqual({ name, ok: false, named: true })
      await writeFile(join(folder, name), kept)
    }
  })

  it("names an extra file, bundle, link and empty folder", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    await makeReport(folder, [signer])
    await writeFile(join(folder, "pictures", "extra.svg"), "<svg/>")
    await copyFile(join(folder, `bundle.${signer.key.keyid}.sigstore.json`), join(folder, "bundle.00.sigstore.json"))
    await symlink("/dev/null", join(folder, "link"))
    await mkdir(join(folder, "empty"))
    expect(files(await verifyReport(folder, { keys: [signer.key] }))).toEqual(["bundle.00.sigstore.json", "empty", "link", "pictures/extra.svg"])
  })

  it("does not accept the statement or the core of another report of the same key", async () => {
    const [folder, other] = [await freshFolder(), await freshFolder()]
    const signer = ecdsa()
    await makeReport(folder, [signer])
    await makeReport(other, [signer], { id: "run-2" }, ["p-9"])
    await copyFile(join(other, "core.dsse.json"), join(folder, "core.dsse.json"))
    expect((await verifyReport(folder, { keys: [signer.key] })).ok).toBe(false)
    const resigned = await freshFolder()
    await cp(folder, resigned, { recursive: true })
    const { core } = await makeReport(await freshFolder(), [signer])
    await rm(join(resigned, "statement.dsse.json"))
    await rm(join(resigned, `bundle.${signer.key.keyid}.sigstore.json`))
    await writeFinal({ folder: resigned, core, signers: [signer] })
    // Now every digest is right, and only the agreement of core, files and final statement can tell.
    expect(files(await verifyReport(resigned, { keys: [signer.key] }))).toContain("core.dsse.json")
  })

  it("finds findings that do not lead to the signed root, though every digest was signed", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    const { core } = await makeReport(folder, [signer])
    const path = join(folder, "findings.ndjson")
    await writeFile(path, (await readFile(path, "utf8")).replace("r3", "r4"))
    await writeFinal({ folder, core, signers: [signer] })
    const result = await verifyReport(folder, { keys: [signer.key] })
    expect(result.problems.map(({ sentence }) => sentence)).toContain("findings.ndjson does not lead to the Merkle root that was signed.")
  })

  it("lets status, salt, due and owner alone out of the leaf", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    const { core } = await makeReport(folder, [signer])
    const path = join(folder, "findings.ndjson")
    const before = core.statement.predicate["merkle"]
    await writeFile(path, (await readFile(path, "utf8")).replaceAll('"status":"new"', '"status":"persisting","owner":"team-1"').replaceAll(/,"newBecause":"record"|,"due":"[^"]*"/g, ""))
    const again = await writeCore({ folder, facts: { run: run() }, signers: [signer] })
    expect(again.statement.predicate["merkle"]).toEqual(before)
  })

  it("finds a summary that tells another root or run than was signed", async () => {
    const signer = ecdsa()
    for (const edit of [(summary: Record<string, unknown>) => { summary["run"] = { id: "other" } }, (summary: Record<string, unknown>) => { summary["merkle"] = { findings: "00" } }]) {
      const folder = await freshFolder()
      await makeReport(folder, [signer])
      await editJson(join(folder, "summary.json"), edit)
      const core = await writeCore({ folder, facts: { run: run() }, signers: [signer] })
      await writeFinal({ folder, core, signers: [signer] })
      expect(files(await verifyReport(folder, { keys: [signer.key] }))).toEqual(["summary.json"])
    }
  })

  it("refuses an UNSIGNED report with any key, and finds changes in it", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [])
    const result = await verifyReport(folder, { keys: [ecdsa().key] })
    expect(result).toMatchObject({ ok: false, signed: false })
    expect(result.problems.map(({ sentence }) => sentence).join()).toContain("UNSIGNED")
    expect(await verifyReport(folder, { keys: [], integrityOnly: true })).toMatchObject({ ok: true, signed: false })
    await writeFile(join(folder, "report.html"), "<!doctype html><title>Other</title>")
    expect(files(await verifyReport(folder, { keys: [], integrityOnly: true }))).toEqual(["report.html"])
  })

  it("holds the report against the remembered digest also where no chain is given", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    await makeReport(folder, [signer])
    const { statementDigest } = await verifyReport(folder, { keys: [signer.key] })
    expect(await verifyReport(folder, { keys: [signer.key], head: statementDigest })).toMatchObject({ ok: true })
    expect(await verifyReport(folder, { keys: [signer.key], head: ` sha256:${statementDigest?.toUpperCase()}\n` })).toMatchObject({ ok: true })
    expect(await verifyReport(folder, { keys: [signer.key], head: "0".repeat(64) })).toMatchObject({ ok: false, problems: [{ file: "statement.dsse.json" }] })
  })

  it("does not follow names out of the folder and does not throw for hostile statements", async () => {
    const folder = await freshFolder()
    const signer = ecdsa()
    await makeReport(folder, [signer])
    const path = join(folder, "statement.dsse.json")
    const envelope = parseEnvelope(await readFile(path), "statement.dsse.json")
    const hostile = envelope.payload.toString().replace('"report.html"', '"../report.html"')
    for (const payload of [hostile, "[]", "{}", '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"x","predicate":{}}', "[".repeat(100_000)]) {
      await writeFile(path, envelopeBytes({ ...envelope, payload: Buffer.from(payload) }))
      const result = await verifyReport(folder, { keys: [signer.key] })
      expect(result.ok).toBe(false)
      expect(files(result)).toContain("statement.dsse.json")
    }
  })

  it("says what is wrong with a path that is no report", async () => {
    const folder = await freshFolder()
    expect((await verify(join(folder, "nowhere"), { keys: [] })).problems[0]?.sentence).toContain("does not exist")
    expect((await verify(folder, { keys: [] })).problems[0]?.sentence).toContain("statement.dsse.json is missing")
    await writeFile(join(folder, "file.json"), "{}")
    expect((await verify(join(folder, "file.json"), { keys: [] })).problems[0]?.sentence).toContain("is not a disclosure")
  })
})

describe("countersigning", () => {
  it("adds a signature and a bundle, keeps the digest, and either key verifies", async () => {
    const folder = await freshFolder()
    const [pipeline, officer] = [ecdsa(), ed25519()]
    const { final } = await makeReport(folder, [pipeline])
    const after = await countersign(folder, officer, { keys: [pipeline.key] })
    expect(after).toMatchObject({ ok: true, statementDigest: final.digest })
    for (const keys of [[pipeline.key], [officer.key], [officer.key, pipeline.key]]) {
      const result = await verifyReport(folder, { keys })
      expect(result.ok).toBe(true)
      expect(result.signers.filter(({ state }) => state === "verified")).toHaveLength(keys.length)
    }
    expect((await readdir(folder)).filter((name) => name.startsWith("bundle."))).toHaveLength(2)
  })

  it("changes nothing when done twice, and mends what a killed one left", async () => {
    const folder = await freshFolder()
    const [pipeline, officer] = [ecdsa(), ed25519()]
    await makeReport(folder, [pipeline])
    await countersign(folder, officer, { keys: [] })
    const path = join(folder, "statement.dsse.json")
    const before = await readFile(path)
    await rm(join(folder, `bundle.${officer.key.keyid}.sigstore.json`))
    expect((await countersign(folder, officer, { keys: [pipeline.key] })).ok).toBe(true)
    expect(await readFile(path)).toEqual(before)
    expect((await stat(path)).isFile()).toBe(true)
  })

  it("refuses a report that the given key did not sign, though the countersigner did", async () => {
    const folder = await freshFolder()
    const [pipeline, officer] = [ecdsa(), ed25519()]
    await makeReport(folder, [officer])
    await expect(countersign(folder, officer, { keys: [pipeline.key] })).rejects.toMatchObject({ reason: "proof" })
  })

  it("refuses a report that was changed, and one that is UNSIGNED", async () => {
    const folder = await freshFolder()
    const [pipeline, officer] = [ecdsa(), ed25519()]
    await makeReport(folder, [pipeline])
    await writeFile(join(folder, "report.html"), "")
    await expect(countersign(folder, officer, { keys: [pipeline.key] })).rejects.toMatchObject({ reason: "proof" })
    const unsigned = await freshFolder()
    await makeReport(unsigned, [])
    await expect(countersign(unsigned, officer, { keys: [] })).rejects.toMatchObject({ reason: "unsigned" })
  })
})
