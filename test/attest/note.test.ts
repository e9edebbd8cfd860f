import { createPublicKey } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { chainRoot, readCheckpoint, writeCheckpoint } from "../../src/attest/checkpoint.ts"
import { sha256Hex } from "../../src/attest/digest.ts"
import { verifyingKey } from "../../src/attest/keys.ts"
import { checkNote, noteKeyId, noteText, parseNote, signNote } from "../../src/attest/note.ts"
import { ecdsa, ed25519, freshFolder } from "./sampleReport.ts"

/** vkey of the C2SP signed-note vectors: name, key id, type and key. */
const vectorKey = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
const vectorSignature = "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="

const keyOfVector = verifyingKey(
  createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(vectorKey, "base64").subarray(1).toString("base64url") } }),
  "the vector",
)

describe("signed notes (C2SP)", () => {
  it("verify the published vector", () => {
    expect(noteKeyId("example.com/foo", keyOfVector).toString("hex")).toBe("530d903a")
    const note = parseNote(`This is an example message.\n\n\u2014 example.com/foo ${vectorSignature}\n`, "the vector")
    expect(checkNote(note, [keyOfVector])).toEqual({ signedBy: [keyOfVector], broken: false })
    expect(checkNote({ ...note, text: "This is another message.\n" }, [keyOfVector])).toEqual({ signedBy: [], broken: true })
  })

  it("read back what they write, with keys of both kinds; signatures of unknown keys are ignored", async () => {
    const signers = [ecdsa(), ed25519()]
    const note = await signNote("a\n\nb\n", "earshot/nightly", signers)
    const read = parseNote(noteText(note), "the note")
    expect(read).toEqual(note)
    expect(checkNote(read, signers.map(({ key }) => key)).signedBy).toHaveLength(2)
    expect(checkNote(read, [ed25519().key])).toEqual({ signedBy: [], broken: false })
  })

  it.each(["no signatures\n", "text\n\nno dash\n", "text\n\n\u2014 name !!\n", "text\n\n\u2014 a+b AAAAAAA=\n"])("refuse %j", (text) => {
    expect(() => parseNote(text, "chain/checkpoint")).toThrow("chain/checkpoint is not a signed note.")
  })
})

describe("the checkpoint", () => {
  const digests = ["a", "b", "c"].map((text) => sha256Hex(text))

  it("is origin, size and root on three lines, and grows", async () => {
    const dir = await freshFolder()
    const signers = [ed25519()]
    await writeCheckpoint({ dir, origin: "earshot/nightly", digests: digests.slice(0, 1), signers })
    await writeCheckpoint({ dir, origin: "earshot/nightly", digests, signers })
    const text = await readFile(join(dir, "chain", "checkpoint"), "utf8")
    expect(text.split("\n").slice(0, 4)).toEqual(["earshot/nightly", "3", Buffer.from(chainRoot(digests), "hex").toString("base64"), ""])
    expect(readCheckpoint(parseNote(text, "it"), "it")).toEqual({ origin: "earshot/nightly", size: 3, root: chainRoot(digests) })
  })

  it("never goes back or aside, and is left as it stands then", async () => {
    const dir = await freshFolder()
    const signers = [ed25519()]
    const path = join(dir, "chain", "checkpoint")
    expect(await writeCheckpoint({ dir, origin: "earshot/nightly", digests, signers })).not.toHaveProperty("refused")
    const before = await readFile(path, "utf8")
    for (const other of [digests.slice(0, 2), digests.toReversed(), []]) {
      const { refused } = await writeCheckpoint({ dir, origin: "earshot/nightly", digests: other, signers })
      expect(refused).toContain("states another history than the reports do")
    }
    expect(await readFile(path, "utf8")).toBe(before)
    await writeFile(path, "broken")
    expect((await writeCheckpoint({ dir, origin: "earshot/nightly", digests, signers })).refused).toContain("is not a signed note, so it was left as it is")
    await expect(writeCheckpoint({ dir, origin: "two words", digests, signers })).rejects.toThrow("has no spaces")
  })

  it("is not written where nothing signs it, run after run", async () => {
    const dir = await freshFolder()
    for (const size of [1, 2]) expect((await writeCheckpoint({ dir, origin: "earshot/nightly", digests: digests.slice(0, size), signers: [] })).refused).toContain("nothing signs it")
    await expect(readFile(join(dir, "chain", "checkpoint"))).rejects.toMatchObject({ code: "ENOENT" })
  })
})
