import { AttestError } from "./AttestError.ts"
import { sha256 } from "./digest.ts"
import { verifySignature } from "./keys.ts"
import type { Signer, VerifyingKey } from "./keys.ts"

/** One signature line of a signed note: who, the four bytes of the key id, the signature. */
export type NoteSignature = { readonly name: string; readonly keyId: Buffer; readonly signature: Buffer }

/** A C2SP signed note (c2sp.org/signed-note): text that ends in a newline, and signature lines. */
export type Note = { readonly text: string; readonly signatures: ReadonlyArray<NoteSignature> }

const rawEd25519 = (key: VerifyingKey): Buffer => key.key.export({ type: "spki", format: "der" }).subarray(-32)

/**
 * Key id of a note's signature. Ed25519 (type 0x01): SHA-256(name || 0x0A || 0x01 || key), cut to 4 bytes;
 * ECDSA (type 0x02): SHA-256 of the DER SubjectPublicKeyInfo, cut to 4 bytes, as the format says for that type.
 */
export const noteKeyId = (name: string, key: VerifyingKey): Buffer =>
  key.algorithm === "Ed25519" ? sha256(Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Buffer.of(1), rawEd25519(key)])).subarray(0, 4) : Buffer.from(key.keyid, "hex").subarray(0, 4)

/** A note as text. */
export const noteText = ({ text, signatures }: Note): string =>
  `${text}\n${signatures.map(({ name, keyId, signature }) => `\u2014 ${name} ${Buffer.concat([keyId, signature]).toString("base64")}\n`).join("")}`

/** Signs a text under a key name with every signer. */
export const signNote = async (text: string, name: string, signers: ReadonlyArray<Signer>): Promise<Note> => {
  const signatures: Array<NoteSignature> = []
  for (const signer of signers) signatures.push({ name, keyId: noteKeyId(name, signer.key), signature: await signer.sign(Buffer.from(text, "utf8")) })
  return { text, signatures }
}

const signatureLine = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/

/** Reads a note; `where` names it in the error. */
export const parseNote = (whole: string, where: string): Note => {
  const broken = new AttestError("format", `${where} is not a signed note.`)
  const split = whole.lastIndexOf("\n\n")
  if (split < 0 || !whole.endsWith("\n")) throw broken
  const signatures = whole.slice(split + 2, -1).split("\n").map((line) => {
    const match = signatureLine.exec(line)
    const bytes = Buffer.from(match?.[2] ?? "", "base64")
    if (match?.[1] === undefined || bytes.length < 5) throw broken
    return { name: match[1], keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) }
  })
  return { text: whole.slice(0, split + 1), signatures }
}

/** The given keys that signed the note; `broken` where a signature of a given key does not verify. Others are ignored, as the format says. */
export const checkNote = ({ text, signatures }: Note, keys: ReadonlyArray<VerifyingKey>): { readonly signedBy: ReadonlyArray<VerifyingKey>; readonly broken: boolean } => {
  const message = Buffer.from(text, "utf8")
  const signedBy: Array<VerifyingKey> = []
  let broken = false
  for (const { name, keyId, signature } of signatures) {
    const candidates = keys.filter((key) => noteKeyId(name, key).equals(keyId))
    const made = candidates.find((key) => verifySignature(key, message, signature))
    if (made !== undefined) signedBy.push(made)
    else if (candidates.length > 0) broken = true
  }
  return { signedBy, broken }
}
