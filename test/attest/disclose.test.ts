import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { disclose } from "../../src/attest/disclose.ts"
import { disclosureBytes } from "../../src/attest/disclosure.ts"
import type { Disclosure } from "../../src/attest/disclosure.ts"
import { sha256Hex } from "../../src/attest/digest.ts"
import { hashOf } from "../../src/attest/leaves.ts"
import { openPseudonym, pseudonymOf } from "../../src/attest/pseudonym.ts"
import { opensRecord, recordDigest } from "../../src/attest/recordDigest.ts"
import { writeCore, writeFinal } from "../../src/attest/seal.ts"
import { countersign } from "../../src/attest/sign.ts"
import { verify, verifyReport } from "../../src/attest/verify.ts"
import type { Verification } from "../../src/attest/verification.ts"
import { ecdsa, ed25519, finding, freshFolder, idKey, makeReport, run, writeFiles } from "./sampleReport.ts"

const signer = ecdsa()

const check = async (disclosure: Disclosure | Buffer, keys = [signer.key]): Promise<Verification> => {
  const path = join(await freshFolder(), "disclosure.json")
  await writeFile(path, Buffer.isBuffer(disclosure) ? disclosure : disclosureBytes(disclosure))
  return verify(path, { keys })
}

describe("disclosing one finding", () => {
  it("is verified alone, for every finding, by the pipeline's key only", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    for (let number = 1; number <= 5; number++) {
      const disclosure = await disclose({ folder, of: { finding: `f-${number}` } })
      expect(await check(disclosure)).toMatchObject({ ok: true, kind: "disclosure", problems: [] })
      expect((await check(disclosure, [ed25519().key])).ok).toBe(false)
      expect((await check(disclosure, [])).ok).toBe(false)
    }
  })

  it("is looked for in the chain, by its report's final statement, and never passes by a head that is not there", async () => {
    const [out, other] = [await freshFolder(), await freshFolder()]
    const { final } = await makeReport(join(out, "report-1"), [signer], { sequence: 1 })
    await makeReport(join(other, "report-1"), [signer], { sequence: 1, id: "run-9" })
    const path = join(await freshFolder(), "disclosure.json")
    await writeFile(path, disclosureBytes(await disclose({ folder: join(out, "report-1"), of: { finding: "f-1" } })))
    const okWith = async (of: { readonly chainDir?: string; readonly head?: string; readonly proof?: string }): Promise<boolean> => (await verify(path, { keys: [signer.key], ...of })).ok
    expect([await okWith({ chainDir: out }), await okWith({ chainDir: out, head: final.digest })]).toEqual([true, true])
    expect([await okWith({ chainDir: other }), await okWith({ chainDir: out, head: "0".repeat(64) }), await okWith({ head: final.digest }), await okWith({ proof: path })]).toEqual([false, false, false, false])
  })

  it("says nothing of the other findings: not their text, not their salts, not a hash that their text alone leads to", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    const text = disclosureBytes(await disclose({ folder, of: { finding: "f-2" } })).toString()
    const whole = text + Buffer.from((JSON.parse(text) as Disclosure).core.payload, "base64").toString()
    for (const number of [1, 3, 4, 5]) {
      const other = finding(number)
      for (const secret of [other.id, other.party, other.sentence, other.salt]) expect(whole).not.toContain(JSON.stringify(secret).slice(1, -1))
      const { status: _status, newBecause: _because, salt: _salt, due: _due, ...document } = other
      expect(whole).not.toContain(hashOf({ document }).toString("hex"))
    }
    expect(whole).not.toContain('"status"')
  })

  it("is refused for any changed byte", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    const original = disclosureBytes(await disclose({ folder, of: { finding: "f-3" } }))
    const path = join(await freshFolder(), "disclosure.json")
    for (let place = 0; place < original.length; place++) {
      const changed = Buffer.from(original)
      changed[place] = (original[place] ?? 0) ^ 1
      await writeFile(path, changed)
      const result = await verify(path, { keys: [signer.key] })
      expect({ place, ok: result.ok, named: result.problems[0]?.sentence.includes(path) }).toEqual({ place, ok: false, named: true })
    }
  })

  it("is refused with another document, salt, place or core", async () => {
    const [folder, other] = [await freshFolder(), await freshFolder()]
    await makeReport(folder, [signer])
    await makeReport(other, [signer], {}, ["p-8", "p-9"])
    const whole = await disclose({ folder, of: { finding: "f-1" } })
    const second = await disclose({ folder, of: { finding: "f-2" } })
    const foreign = await disclose({ folder: other, of: { finding: "f-1" } })
    const changed: ReadonlyArray<Disclosure> = [
      { ...whole, document: { ...whole.document, severity: "low" } },
      { ...whole, document: { ...whole.document, status: "closed" } },
      { ...whole, salt: second.salt },
      { ...whole, index: 1 },
      { ...whole, path: whole.path.slice(1) },
      { ...whole, tree: "outcomes" },
      { ...whole, core: foreign.core },
    ]
    for (const disclosure of changed) expect((await check(disclosure)).ok).toBe(false)
    expect((await check({ ...whole, extra: 1 } as Disclosure)).problems[0]?.sentence).toContain("members")
  })

  it("still works when the report was countersigned", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    await countersign(folder, ed25519(), { keys: [signer.key] })
    expect((await check(await disclose({ folder, of: { finding: "f-1" }, keys: [signer.key] }))).ok).toBe(true)
  })

  it("refuses an UNSIGNED report, a foreign key, an unknown finding and changed findings", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [])
    await expect(disclose({ folder, of: { finding: "f-1" } })).rejects.toMatchObject({ reason: "unsigned" })
    await makeReport(folder, [signer])
    await expect(disclose({ folder, of: { finding: "f-1" }, keys: [ed25519().key] })).rejects.toMatchObject({ reason: "proof" })
    await expect(disclose({ folder, of: { finding: "f-99" } })).rejects.toMatchObject({ reason: "notFound" })
    await writeFile(join(folder, "findings.ndjson"), (await readFile(join(folder, "findings.ndjson"), "utf8")).replace("r4", "r5"))
    await expect(disclose({ folder, of: { finding: "f-1" } })).rejects.toMatchObject({ reason: "proof" })
    await expect(disclose({ folder: await freshFolder(), of: { finding: "f-1" } })).rejects.toMatchObject({ reason: "notFound" })
  })
})

describe("identifying a person to one reader", () => {
  const key = Buffer.alloc(32, 9)
  const [subject, another] = ["customer-1@example.com", "customer-2@example.com"]

  it("proves whom the pseudonym means, and leaves out people whom the finding does not name", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer], {}, [pseudonymOf(key, subject), pseudonymOf(key, another)])
    const disclosure = await disclose({ folder, of: { finding: "f-1" }, identities: [openPseudonym(key, subject), openPseudonym(key, another)] })
    expect(disclosure.identities?.map((opened) => opened.subject)).toEqual([subject])
    expect((await check(disclosure)).ok).toBe(true)
    expect(disclosureBytes(disclosure).toString()).not.toContain(key.toString("hex"))
  })

  it("is refused for another person, another opening, and a pseudonym that is not in the finding", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer], {}, [pseudonymOf(key, subject)])
    const disclosure = await disclose({ folder, of: { finding: "f-1" }, identities: [openPseudonym(key, subject)] })
    const right = openPseudonym(key, subject)
    for (const wrong of [{ ...right, subject: another }, { ...right, opening: "00".repeat(32) }, { ...right, pseudonym: "p-1" }, openPseudonym(key, another)]) {
      expect((await check({ ...disclosure, identities: [wrong] })).ok).toBe(false)
    }
  })
})

describe("opening the digests of the evidence", () => {
  it("lets the reader check the finding's records and no others", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    const disclosure = await disclose({ folder, of: { finding: "f-1" }, idKey })
    expect((await check(disclosure)).ok).toBe(true)
    const line = sha256Hex('{"kind":"recording","id":"r1"}')
    const published = recordDigest(idKey, "recording", "r1", line)
    const [opening] = disclosure.openings ?? []
    if (opening === undefined) throw new Error("the evidence was not opened")
    expect(opensRecord(opening, published, line)).toBe(true)
    expect(opensRecord(opening, published, sha256Hex("another line"))).toBe(false)
    expect(opensRecord(opening, recordDigest(idKey, "recording", "r2", line), line)).toBe(false)
    expect(disclosureBytes(disclosure).toString()).not.toContain(idKey.toString("hex"))
    expect((await check({ ...disclosure, openings: [{ ...opening, id: "r2" }] })).ok).toBe(false)
  })
})

describe("disclosing the outcomes of a recording", () => {
  it("proves what was judged and how it came out", async () => {
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    const disclosure = await disclose({ folder, of: { recording: "r2" } })
    expect(disclosure.document).toEqual({ recordingId: "r2", outcomes: { "consent/recorded-after-refusal": "pass" } })
    expect((await check(disclosure)).ok).toBe(true)
    expect((await check({ ...disclosure, document: { ...disclosure.document, recordingId: "r1" } })).ok).toBe(false)
    await expect(disclose({ folder, of: { recording: "r9" } })).rejects.toMatchObject({ reason: "notFound" })
  })

  it("works from compressed outcomes, and from outcomes that are kept elsewhere", async () => {
    const folder = await freshFolder()
    await writeFiles(folder)
    const plain = await readFile(join(folder, "outcomes.ndjson"))
    await rename(join(folder, "outcomes.ndjson"), join(folder, "outcomes.ndjson.gz"))
    await writeFile(join(folder, "outcomes.ndjson.gz"), gzipSync(plain))
    const core = await writeCore({ folder, facts: { run: run() }, signers: [signer] })
    await writeFinal({ folder, core, signers: [signer] })
    expect((await verifyReport(folder, { keys: [signer.key] })).ok).toBe(true)
    expect((await check(await disclose({ folder, of: { recording: "r1" } }))).ok).toBe(true)
    const elsewhere = join(await freshFolder(), "outcomes.ndjson")
    await writeFile(elsewhere, plain)
    expect((await check(await disclose({ folder, of: { recording: "r1" }, outcomes: elsewhere }))).ok).toBe(true)
  })
})
