import { generateKeyPairSync } from "node:crypto"
import { readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { nextInChain, readChain, verifyChain } from "../../src/attest/chain.ts"
import type { ChainVerification } from "../../src/attest/chain.ts"
import { writeCheckpoint } from "../../src/attest/checkpoint.ts"
import { checkCosignatures, cosign, loadWitnesses, readVerifierKey, verifierKey } from "../../src/attest/cosignature.ts"
import type { Witness } from "../../src/attest/cosignature.ts"
import { publicPem } from "../../src/attest/keys.ts"
import type { Signer } from "../../src/attest/keys.ts"
import { noteText, parseNote } from "../../src/attest/note.ts"
import { ecdsa, ed25519, freshFolder, makeReport } from "./sampleReport.ts"

const signer = ecdsa()
const witness = ed25519()
const name = "witness.example/one"
const at = new Date("2026-06-05T06:00:00Z")
const origin = "earshot/nightly"

const night = async (dir: string, id: string): Promise<void> => {
  const { entries } = await readChain(dir)
  const next = nextInChain(entries)
  await makeReport(join(dir, id), [signer], { id, startedAt: `2026-06-0${next.sequence}T02:00:05Z`, ...next })
  await writeCheckpoint({ dir, origin, digests: (await readChain(dir)).entries.map(({ digest }) => digest), signers: [signer] })
}

const chainOf = async (length: number, prefix = "run"): Promise<string> => {
  const dir = await freshFolder()
  for (let number = 1; number <= length; number++) await night(dir, `${prefix}-${number}`)
  return dir
}

const checkpointOf = (dir: string): Promise<string> => readFile(join(dir, "chain", "checkpoint"), "utf8")

/** The line with which a witness answers. */
const lineOf = async (dir: string, by: Signer = witness, under = name): Promise<string> => {
  const { text } = parseNote(await checkpointOf(dir), "checkpoint")
  return noteText({ text: "", signatures: [await cosign({ text }, under, by, at)] }).slice(1)
}

const known: ReadonlyArray<Witness> = [{ key: witness.key, name }]
const check = (dir: string, witnesses: ReadonlyArray<Witness> = known): Promise<ChainVerification> => verifyChain({ dir, keys: [signer.key], witnesses })
const sentences = ({ problems }: ChainVerification): string => problems.map(({ sentence }) => sentence).join("\n")

/** The example of c2sp.org/tlog-cosignature has a key that is not published; its form is what can be read of it. */
describe("a cosignature (c2sp.org/tlog-cosignature)", () => {
  it("has a key id of name, type 4 and key, a time in big-endian seconds, and 64 bytes of signature", async () => {
    const { keyId, signature } = await cosign({ text: "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n" }, name, witness, at)
    expect(verifierKey(name, witness.key)).toBe(`${name}+${keyId.toString("hex")}+${Buffer.concat([Buffer.of(4), witness.key.key.export({ type: "spki", format: "der" }).subarray(-32)]).toString("base64")}`)
    expect(signature).toHaveLength(72)
    expect(signature.readBigUInt64BE(0)).toBe(BigInt(at.getTime() / 1000))
  })

  it("holds for its own text, time, name and key only", async () => {
    const text = "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    const line = await cosign({ text }, name, witness, at)
    const of = (note: string, signature = line): ReturnType<typeof checkCosignatures> => checkCosignatures({ text: note, signatures: [signature] }, known)
    expect(of(text).cosigned).toEqual([{ name, keyid: witness.key.keyid, at: "2026-06-05T06:00:00.000Z" }])
    const later = Buffer.from(line.signature)
    later.writeBigUInt64BE(later.readBigUInt64BE(0) + 1n)
    for (const broken of [of(text.replace("\n1\n", "\n2\n")), of(text, { ...line, signature: later }), of(text, { ...line, signature: line.signature.subarray(0, 71) })]) expect(broken).toEqual({ cosigned: [], broken: [name] })
    expect(of(text, { ...line, name: "witness.example/two" })).toEqual({ cosigned: [], broken: [] })
    expect(checkCosignatures({ text, signatures: [line] }, [{ key: ed25519().key, name }])).toEqual({ cosigned: [], broken: [] })
    await expect(cosign({ text }, name, ecdsa(), at)).rejects.toMatchObject({ reason: "key" })
  })
})

describe("witnesses of a chain", () => {
  it("are told with what they cosigned, in the checkpoint itself, in a file of lines and in a whole note", async () => {
    const dir = await chainOf(3)
    const own = await checkpointOf(dir)
    const line = await lineOf(dir)
    for (const [file, text] of [["checkpoint", `${own}${line}`], ["one.cosignature", line], ["checkpoint.one", `${own}${line}`]] as const) {
      await writeFile(join(dir, "chain", "checkpoint"), own)
      await writeFile(join(dir, "chain", file), text)
      const result = await check(dir)
      expect(sentences(result)).toBe("")
      expect(result.witnessed).toEqual([{ name, keyid: witness.key.keyid, at: "2026-06-05T06:00:00.000Z", size: 3 }])
      expect(result.notes.join("\n")).toContain(`The witness ${name} cosigned the chain up to number 3 at 2026-06-05T06:00:00.000Z`)
      if (file !== "checkpoint") await rm(join(dir, "chain", file))
    }
  })

  it("count under --key too, by the key alone, and are told where they are silent", async () => {
    const dir = await chainOf(2)
    await writeFile(join(dir, "chain", "one.cosignature"), await lineOf(dir))
    expect((await verifyChain({ dir, keys: [signer.key, witness.key] })).witnessed).toHaveLength(1)
    const other = await check(dir, [{ key: ed25519().key, name: "witness.example/two" }])
    expect(other.ok).toBe(true)
    expect(other.notes.join("\n")).toContain("The witness witness.example/two has not cosigned this chain.")
  })

  it("keep what they said when the next night writes a new checkpoint", async () => {
    const dir = await chainOf(2)
    await writeFile(join(dir, "chain", "one.cosignature"), await lineOf(dir))
    await night(dir, "run-3")
    expect((await readdir(join(dir, "chain"))).sort()).toEqual(["checkpoint", "checkpoint.2"])
    const result = await check(dir)
    expect(sentences(result)).toBe("")
    expect(result.witnessed).toMatchObject([{ name, size: 2 }])
  })

  it("show a chain that was cut back or rewritten after they saw it, even where its own checkpoint was made anew", async () => {
    const dir = await chainOf(3)
    const seen = `${await checkpointOf(dir)}${await lineOf(dir)}`
    await rm(join(dir, "run-3"), { recursive: true })
    await rm(join(dir, "chain", "checkpoint"))
    await writeFile(join(dir, "chain", "checkpoint.one"), seen)
    expect(sentences(await check(dir))).toContain(`chain/checkpoint.one speaks of 3 statements and was signed by ${name} and the pipeline, but only 2 are here`)
    const forked = await chainOf(4, "other")
    await writeFile(join(forked, "chain", "checkpoint.one"), seen)
    expect(sentences(await check(forked))).toContain("the chain forks or was rewritten")
    // Without the witness's key the pipeline's own signature over the earlier checkpoint is enough.
    expect(sentences(await check(forked, []))).toContain("was signed by the pipeline: the chain forks or was rewritten")
  })

  it("are named where their line does not verify; notes that nobody known signed are no proof of anything", async () => {
    const dir = await chainOf(2)
    const line = await lineOf(dir)
    await night(dir, "run-3")
    await writeFile(join(dir, "chain", "one.cosignature"), line)
    expect(sentences(await check(dir))).toContain(`holds a cosignature of ${name} that does not verify`)
    await rm(join(dir, "chain", "one.cosignature"))
    const stranger = ed25519()
    const { text } = parseNote(await checkpointOf(dir), "checkpoint")
    await writeFile(join(dir, "chain", "checkpoint.odd"), noteText({ text: text.replace("\n3\n", "\n9\n"), signatures: [await cosign({ text }, "odd", stranger, at)] }))
    const result = await check(dir)
    expect(result.ok).toBe(true)
    expect(result.notes.join("\n")).toContain("chain/checkpoint.odd was not checked")
    await writeFile(join(dir, "chain", "checkpoint.odd"), "nothing")
    expect(sentences(await check(dir))).toContain("chain/checkpoint.odd is not a signed note")
  })
})

describe("the keys of witnesses", () => {
  it("are verifier keys, files of them, or PEM", async () => {
    const dir = await freshFolder()
    const vkey = verifierKey(name, witness.key)
    await writeFile(join(dir, "witnesses"), `# ours\n${vkey}\n`)
    await writeFile(join(dir, "witness.pub"), publicPem(witness.key))
    const loaded = await loadWitnesses([vkey, join(dir, "witnesses"), join(dir, "witness.pub")])
    expect(loaded.map((one) => [one.name, one.key.keyid])).toEqual([[name, witness.key.keyid], [name, witness.key.keyid], [undefined, witness.key.keyid]])
  })

  it("are refused where they were changed, are of another type, or cannot be read", async () => {
    const dir = await freshFolder()
    const vkey = verifierKey(name, witness.key)
    expect(() => readVerifierKey(vkey.replace(name, "witness.example/two"))).toThrow("its hash is not that of its name and key")
    const log = Buffer.concat([Buffer.of(1), Buffer.alloc(32)]).toString("base64")
    expect(() => readVerifierKey(`${name}+00000000+${log}`)).toThrow("is not one of Ed25519 cosignatures")
    await writeFile(join(dir, "notes"), "these are no keys\n")
    await expect(loadWitnesses([join(dir, "notes")])).rejects.toThrow("are not verifier keys")
    await expect(loadWitnesses([join(dir, "nowhere")])).rejects.toThrow("cannot be read")
    expect(readVerifierKey(generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString())).toBeUndefined()
  })
})
