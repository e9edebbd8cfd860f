import { createPublicKey } from "node:crypto"
import { readFile } from "node:fs/promises"
import { AttestError } from "./AttestError.ts"
import { sha256 } from "./digest.ts"
import { spkiOf, verifyingKey, verifyingKeysOf, verifySignature } from "./keys.ts"
import type { Signer, VerifyingKey } from "./keys.ts"
import type { Note, NoteSignature } from "./note.ts"

/** A witness outside, who cosigns checkpoints: its key, and its name where it is known (a key alone may cosign under any). */
export type Witness = { readonly key: VerifyingKey; readonly name?: string }

/** A cosignature that verifies: who says that nothing longer had been seen at a time (RFC 3339, UTC). */
export type Cosigned = { readonly name: string; readonly keyid: string; readonly at: string }

/** Signature type of Ed25519 cosignatures (c2sp.org/tlog-cosignature). */
const cosignatureType = 0x04

const rawKey = (key: VerifyingKey): Buffer => spkiOf(key).subarray(-32)

/** SHA-256(name || 0x0A || 0x04 || key), cut to 4 bytes. */
export const cosignatureKeyId = (name: string, key: VerifyingKey): Buffer =>
  sha256(Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Buffer.of(cosignatureType), rawKey(key)])).subarray(0, 4)

/** What a witness signs: a header, its time in POSIX seconds, and the whole text of the checkpoint. */
const cosignedMessage = (text: string, seconds: bigint): Buffer => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, "utf8")

/** Cosigns a checkpoint under a witness's name. The witness answers for having seen no other history before; this does not check it. */
export const cosign = async ({ text }: Pick<Note, "text">, name: string, signer: Signer, at: Date): Promise<NoteSignature> => {
  if (signer.key.algorithm !== "Ed25519") throw new AttestError("key", "A witness cosigns with an Ed25519 key: give one of that kind.")
  const seconds = BigInt(Math.floor(at.getTime() / 1000))
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(seconds)
  return { name, keyId: cosignatureKeyId(name, signer.key), signature: Buffer.concat([time, await signer.sign(cosignedMessage(text, seconds))]) }
}

const latest = BigInt(Date.parse("9999-12-31T23:59:59Z") / 1000)

const cosignedBy = (text: string, { name, signature }: NoteSignature, { key }: Witness): Cosigned | undefined => {
  if (signature.length !== 72) return undefined
  const seconds = signature.readBigUInt64BE(0)
  if (seconds > latest || !verifySignature(key, cosignedMessage(text, seconds), signature.subarray(8))) return undefined
  return { name, keyid: key.keyid, at: new Date(Number(seconds) * 1000).toISOString() }
}

/** Cosignatures of the given witnesses; `broken` names those whose line stands there and does not verify. Other lines are ignored, as the format says. */
export const checkCosignatures = ({ text, signatures }: Note, witnesses: ReadonlyArray<Witness>): { readonly cosigned: ReadonlyArray<Cosigned>; readonly broken: ReadonlyArray<string> } => {
  const cosigned: Array<Cosigned> = []
  const broken: Array<string> = []
  for (const line of signatures) {
    const candidates = witnesses.filter(({ key, name }) => key.algorithm === "Ed25519" && (name ?? line.name) === line.name && cosignatureKeyId(line.name, key).equals(line.keyId))
    const made = candidates.map((witness) => cosignedBy(text, line, witness)).find((one) => one !== undefined)
    if (made !== undefined) cosigned.push(made)
    else if (candidates.length > 0) broken.push(line.name)
  }
  return { cosigned, broken }
}

const vkeyForm = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/

/** Reads a verifier key of a witness, `name+hash+key` (c2sp.org/signed-note); `undefined` where the text has not that form. */
export const readVerifierKey = (text: string): Witness | undefined => {
  const [, name, hash, encoded] = vkeyForm.exec(text) ?? []
  if (name === undefined || hash === undefined || encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, "base64")
  if (bytes[0] !== cosignatureType || bytes.length !== 33) throw new AttestError("key", `The witness ${name} is not one of Ed25519 cosignatures (type 4), the only kind that is checked.`)
  const key = verifyingKey(createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: bytes.subarray(1).toString("base64url") }, format: "jwk" }), name)
  if (cosignatureKeyId(name, key).toString("hex") !== hash) throw new AttestError("key", `The key of the witness ${name} was changed: its hash is not that of its name and key.`)
  return { key, name }
}

/** The verifier key of a witness as it is handed out. */
export const verifierKey = (name: string, key: VerifyingKey): string =>
  `${name}+${cosignatureKeyId(name, key).toString("hex")}+${Buffer.concat([Buffer.of(cosignatureType), rawKey(key)]).toString("base64")}`

/** Loads witnesses: verifier keys themselves, files of them (one a line, `#` begins a comment), or public keys in PEM. Fails (`key`). */
export const loadWitnesses = async (references: ReadonlyArray<string>): Promise<ReadonlyArray<Witness>> => {
  const witnesses: Array<Witness> = []
  for (const reference of references) {
    const own = readVerifierKey(reference)
    const text = own === undefined ? await readFile(reference, "utf8").catch(() => undefined) : undefined
    if (own === undefined && text === undefined) throw new AttestError("key", `The witness ${reference} cannot be read: give a verifier key (name+hash+key), or a file of them or of keys in PEM.`)
    if (own !== undefined) witnesses.push(own)
    else if (text?.includes("-----BEGIN") === true) witnesses.push(...verifyingKeysOf(text, reference).map((key) => ({ key })))
    else {
      const lines = (text ?? "").split("\n").map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"))
      const read = lines.map(readVerifierKey).filter((one) => one !== undefined)
      if (read.length === 0 || read.length !== lines.length) throw new AttestError("key", `The witnesses in ${reference} are not verifier keys (name+hash+key), one a line.`)
      witnesses.push(...read)
    }
  }
  return witnesses
}
