import { createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes, X509Certificate } from "node:crypto"
import type { KeyObject } from "node:crypto"
import { readFile, stat } from "node:fs/promises"
import { AttestError } from "./AttestError.ts"
import { sha256Hex } from "./digest.ts"

export type KeyAlgorithm = "Ed25519" | "ECDSA-P256"

/** A public key that signatures are checked with. */
export type VerifyingKey = {
  /** SHA-256 of the DER SubjectPublicKeyInfo, hex. */
  readonly keyid: string
  readonly algorithm: KeyAlgorithm
  readonly key: KeyObject
}

/**
 * Something that signs: a key in a file, or a key that never leaves its device (KMS, PKCS#11).
 * `sign` hashes with SHA-256 for ECDSA (DER signature) and nothing for Ed25519.
 */
export type Signer = { readonly key: VerifyingKey; readonly sign: (message: Uint8Array) => Promise<Buffer> }

/** A key read from a file, with what a careful operator should hear about it. */
export type LoadedSigner = Signer & { readonly warnings: ReadonlyArray<string> }

/** DER SubjectPublicKeyInfo of a key. */
export const spkiOf = (key: VerifyingKey): Buffer => key.key.export({ type: "spki", format: "der" })

/** PEM SubjectPublicKeyInfo of a key. */
export const publicPem = (key: VerifyingKey): string => key.key.export({ type: "spki", format: "pem" }).toString()

const algorithmOf = (key: KeyObject): KeyAlgorithm | undefined => {
  if (key.asymmetricKeyType === "ed25519") return "Ed25519"
  return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? "ECDSA-P256" : undefined
}

/** Wraps a public key; `where` names it in the error for a key that is neither Ed25519 nor ECDSA P-256. */
export const verifyingKey = (key: KeyObject, where: string): VerifyingKey => {
  const algorithm = algorithmOf(key)
  if (algorithm === undefined) throw new AttestError("key", `The key ${where} is neither Ed25519 nor ECDSA P-256: make one with earshot keygen.`)
  return { keyid: sha256Hex(key.export({ type: "spki", format: "der" })), algorithm, key }
}

/** A signer from a private key in memory. */
export const signerOf = (privateKey: KeyObject, where: string): Signer => {
  const key = verifyingKey(createPublicKey(privateKey), where)
  const digest = key.algorithm === "Ed25519" ? undefined : "sha256"
  return { key, sign: (message) => Promise.resolve(signBytes(digest, message, privateKey)) }
}

/** True where the signature over the message is the key's; ECDSA is accepted in DER and as raw r||s. */
export const verifySignature = (key: VerifyingKey, message: Uint8Array, signature: Uint8Array): boolean => {
  const holds = (encoding?: "ieee-p1363"): boolean => {
    try {
      const digest = key.algorithm === "Ed25519" ? undefined : "sha256"
      return verifyBytes(digest, message, encoding === undefined ? key.key : { key: key.key, dsaEncoding: encoding }, signature)
    } catch {
      return false
    }
  }
  return holds() || (key.algorithm === "ECDSA-P256" && signature.length === 64 && holds("ieee-p1363"))
}

/** Reads `env:NAME` from the environment, anything else as a file. A key in a variable may have its line ends written as `\n`. */
const readReference = async (reference: string, environment: Readonly<Record<string, string | undefined>>): Promise<string> => {
  if (reference.startsWith("env:")) {
    const value = environment[reference.slice(4)]
    if (value === undefined || value === "") throw new AttestError("key", `The environment variable ${reference.slice(4)} that should hold a key is not set.`)
    return value.replaceAll(String.raw`\n`, "\n")
  }
  try {
    return await readFile(reference, "utf8")
  } catch {
    throw new AttestError("key", `The key file ${reference} cannot be read: check the path and its permissions.`)
  }
}

/** Sentences about a secret file that others than its owner can read; POSIX modes only. */
const permissionWarnings = async (reference: string): Promise<ReadonlyArray<string>> => {
  if (reference.startsWith("env:") || process.platform === "win32") return []
  const { mode } = await stat(reference)
  return (mode & 0o077) === 0 ? [] : [`The key file ${reference} can be read by others: restrict it with chmod 600.`]
}

/** Where keys come from beside their reference. */
export type KeyOptions = { readonly passphrase?: string | undefined; readonly environment?: Readonly<Record<string, string | undefined>> | undefined }

/** Loads a PKCS#8 private key (PEM, Ed25519 or ECDSA P-256, perhaps encrypted) from a file or `env:NAME`. */
export const loadSigner = async (reference: string, options: KeyOptions = {}): Promise<LoadedSigner> => {
  const pem = await readReference(reference, options.environment ?? process.env)
  if (!pem.includes("PRIVATE KEY")) throw new AttestError("key", `The key ${reference} is not a private key in PEM: give the .pem file that earshot keygen wrote.`)
  const encrypted = pem.includes("ENCRYPTED")
  if (encrypted && (options.passphrase ?? "") === "") throw new AttestError("key", `The key ${reference} is encrypted: give its passphrase in EARSHOT_KEY_PASSPHRASE.`)
  let key: KeyObject
  try {
    key = createPrivateKey({ key: pem, format: "pem", ...(encrypted ? { passphrase: options.passphrase } : {}) })
  } catch {
    throw new AttestError("key", encrypted ? `The key ${reference} does not open with the passphrase given.` : `The key ${reference} is not a usable private key in PEM.`)
  }
  return { ...signerOf(key, reference), warnings: await permissionWarnings(reference) }
}

const pemBlock = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g

/** Reads every key of a PEM text: public keys, certificates (their key; nothing else of them counts) and private keys (their public half). */
export const verifyingKeysOf = (pem: string, where: string): ReadonlyArray<VerifyingKey> => {
  const keys = [...pem.matchAll(pemBlock)].map(([block, label]) => {
    try {
      return label === "CERTIFICATE" ? new X509Certificate(block).publicKey : createPublicKey(block)
    } catch {
      throw new AttestError("key", `The key ${where} is not a usable public key in PEM.`)
    }
  })
  if (keys.length === 0) throw new AttestError("key", `The key ${where} holds no public key in PEM: give the .pub file that earshot keygen wrote.`)
  return keys.map((key) => verifyingKey(key, where))
}

/** Loads the public keys of a PEM file or of `env:NAME`. */
export const loadVerifyingKeys = async (reference: string, options: KeyOptions = {}): Promise<ReadonlyArray<VerifyingKey>> =>
  verifyingKeysOf(await readReference(reference, options.environment ?? process.env), reference)

/** Loads a secret of at least 16 bytes (pseudonym.key, id.key): hexadecimal or base64 text, from a file or `env:NAME`. */
export const loadSecret = async (reference: string, options: KeyOptions = {}): Promise<{ readonly secret: Buffer; readonly warnings: ReadonlyArray<string> }> => {
  const text = (await readReference(reference, options.environment ?? process.env)).trim()
  const secret = /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : Buffer.alloc(0)
  if (secret.length < 16) throw new AttestError("key", `The key ${reference} is not hexadecimal or base64 of at least 16 bytes: make one with earshot keygen.`)
  return { secret, warnings: await permissionWarnings(reference) }
}
