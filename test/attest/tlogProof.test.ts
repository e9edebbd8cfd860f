import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { nextInChain, readChain } from "../../src/attest/chain.ts"
import { writeCheckpoint } from "../../src/attest/checkpoint.ts"
import { cosign } from "../../src/attest/cosignature.ts"
import { noteText, parseNote } from "../../src/attest/note.ts"
import { checkProof, proveInChain, statementDigestOf } from "../../src/attest/tlogProof.ts"
import { verifyReport } from "../../src/attest/verify.ts"
import { ecdsa, ed25519, freshFolder, makeReport } from "./sampleReport.ts"

const signer = ecdsa()
const witness = ed25519()
const name = "witness.example/one"
const trust = { keys: [signer.key], witnesses: [{ key: witness.key, name }] }
let dir = ""
let digests: ReadonlyArray<string> = []

const night = async (): Promise<void> => {
  const next = nextInChain((await readChain(dir)).entries)
  await makeReport(join(dir, `report-${next.sequence}`), [signer], { id: `run-${next.sequence}`, startedAt: `2026-06-0${next.sequence}T02:00:05Z`, ...next })
  digests = (await readChain(dir)).entries.map(({ digest }) => digest)
  await writeCheckpoint({ dir, origin: "earshot/nightly", digests, signers: [signer] })
}

beforeAll(async () => {
  dir = await freshFolder()
  for (let number = 0; number < 3; number++) await night()
})

describe("a tlog-proof of a report (c2sp.org/tlog-proof)", () => {
  it("proves each report, and no other, by the checkpoint and its witnesses alone", async () => {
    const { text } = parseNote(await proveInChain(dir, digests[0] ?? "").then((proof) => proof.slice(proof.indexOf("\n\n") + 2)), "checkpoint")
    await writeFile(join(dir, "chain", "one.cosignature"), noteText({ text: "", signatures: [await cosign({ text }, name, witness, new Date("2026-06-05T06:00:00Z"))] }).slice(1))
    for (const [index, digest] of digests.entries()) {
      const proof = await proveInChain(dir, digest)
      expect(proof.startsWith(`c2sp.org/tlog-proof@v1\nindex ${index}\n`)).toBe(true)
      expect(checkProof(proof, "p", digest, trust)).toEqual({ problems: [], witnessed: [{ name, keyid: witness.key.keyid, at: "2026-06-05T06:00:00.000Z", size: 3 }] })
      expect(checkProof(proof.replace("@v1\n", "@v1\nextra YQ==\n"), "p", digest, trust).problems).toEqual([])
      for (const other of digests) if (other !== digest) expect(checkProof(proof, "p", other, trust).problems).toEqual([{ file: "p", sentence: "p does not prove that this report is in the chain." }])
      expect(checkProof(proof, "p", digest, { ...trust, keys: [ecdsa().key] }).problems[0]?.sentence).toContain("no given key signed")
    }
  })

  it("goes by what a witness saw when nobody has seen the newest", async () => {
    await night()
    expect(checkProof(await proveInChain(dir, digests[1] ?? ""), "p", digests[1] ?? "", trust).witnessed).toMatchObject([{ name, size: 3 }])
    expect(checkProof(await proveInChain(dir, digests[3] ?? ""), "p", digests[3] ?? "", trust)).toEqual({ problems: [], witnessed: [] })
  })

  it("is checked by verify with the report, of which it says who saw it in the chain", async () => {
    const file = join(dir, "second.tlog-proof")
    await writeFile(file, await proveInChain(join(dir, "chain"), await statementDigestOf(join(dir, "report-2"))))
    const own = await verifyReport(join(dir, "report-2"), { ...trust, proof: file })
    expect(own.problems).toEqual([])
    expect(own.notes.join("\n")).toContain(`The witness ${name} saw this report in a chain of 3 at`)
    const other = await verifyReport(join(dir, "report-3"), { ...trust, proof: file })
    expect(other).toMatchObject({ ok: false, problems: [{ file }] })
    expect((await verifyReport(join(dir, "report-2"), { ...trust, proof: join(dir, "nowhere") })).ok).toBe(false)
  })

  it("is refused where it is something else, or was changed anywhere before its signatures", async () => {
    const digest = digests[1] ?? ""
    const proof = await proveInChain(dir, digest)
    for (const text of ["", "nothing", "\n\n", proof.replace("v1", "v2"), proof.replace("index 1", "index 01")]) expect(checkProof(text, "p", digest, trust).problems.map(({ sentence }) => sentence)).toEqual(["p is not a tlog-proof."])
    for (let at = 0; at < proof.indexOf("\n\n\u2014"); at++) {
      const changed = `${proof.slice(0, at)}${proof[at] === "B" ? "C" : "B"}${proof.slice(at + 1)}`
      expect(checkProof(changed, "p", digest, trust).problems).toHaveLength(1)
    }
    await expect(proveInChain(dir, "00".repeat(32))).rejects.toMatchObject({ reason: "notFound" })
  })
})
