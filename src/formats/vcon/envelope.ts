/**
 * The three forms of a vCon: plain, signed (JWS General JSON Serialization, RFC 7515 §7.2.1) and
 * encrypted (JWE General JSON Serialization, RFC 7516 §7.2.1). Published signed vCons repeat header
 * names in the protected and the unprotected header, which strict JOSE libraries refuse; here the
 * protected one wins.
 */
import { constants, createDecipheriv, createHmac, createPrivateKey, type KeyObject, privateDecrypt, timingSafeEqual, verify, X509Certificate } from "node:crypto"
import { gunzipSync } from "node:zlib"
import { isJson, type Json, jsonAt, listAt, textAt } from "../document.ts"

/** What came out of the envelopes: the vCon, with remarks, or why there is none. */
export type Opened =
  | { readonly vcon: Json; readonly notes: ReadonlyArray<string> }
  | { readonly refused: string }

/** Keys and certificates that the source names. */
export type Keys = {
  /** PEM private keys that encrypted vCons may be for. */
  readonly decryption: ReadonlyArray<KeyObject>
  /** Certificates that a signer's chain must lead to; empty: any certificate is taken, and said so. */
  readonly trust: ReadonlyArray<X509Certificate>
}

/** A gzip payload may not grow beyond this, in bytes. */
const payloadBytesMax = 512 * 1024 * 1024

const base64 = (text: string): Buffer => Buffer.from(text.replace(/\s+/g, ""), "base64url")

const jsonOf = (bytes: Buffer): Json | undefined => {
  try {
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: payloadBytesMax }) : bytes
    const value: unknown = JSON.parse(plain.toString("utf8"))
    return isJson(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isSigned = (json: Json): boolean => typeof json["payload"] === "string" && (Array.isArray(json["signatures"]) || typeof json["signature"] === "string")
const isEncrypted = (json: Json): boolean => typeof json["ciphertext"] === "string" && (Array.isArray(json["recipients"]) || typeof json["encrypted_key"] === "string")

const signatureParameters: Readonly<Record<string, { readonly hash: string; readonly pss?: boolean; readonly ec?: boolean }>> = {
  RS256: { hash: "sha256" }, RS384: { hash: "sha384" }, RS512: { hash: "sha512" },
  PS256: { hash: "sha256", pss: true }, PS384: { hash: "sha384", pss: true }, PS512: { hash: "sha512", pss: true },
  ES256: { hash: "sha256", ec: true }, ES384: { hash: "sha384", ec: true }, ES512: { hash: "sha512", ec: true }
}

const signatureFits = (algorithm: string, key: KeyObject, signed: string, signature: Buffer): boolean => {
  if (algorithm === "EdDSA") return key.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(signed), key, signature)
  const parameters = signatureParameters[algorithm]
  if (parameters === undefined || key.asymmetricKeyType !== (parameters.ec === true ? "ec" : "rsa")) return false
  return verify(parameters.hash, Buffer.from(signed), {
    key,
    ...(parameters.pss === true ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
    ...(parameters.ec === true ? { dsaEncoding: "ieee-p1363" as const } : {})
  }, signature)
}

const certificatesIn = (header: Json): ReadonlyArray<X509Certificate> => {
  try {
    return listAt(header, "x5c").filter((each): each is string => typeof each === "string").map((each) => new X509Certificate(Buffer.from(each, "base64")))
  } catch {
    return []
  }
}

/** 2.5.29.19 in DER: which certificates may issue others. */
const basicConstraints = Buffer.from("0603551d13", "hex")

/** May it issue certificates? One that does not say (of version 1, as some vCon tools make them) may; one that says no may not. */
const mayIssue = (certificate: X509Certificate): boolean => certificate.ca || !certificate.raw.includes(basicConstraints)

const issued = (certificate: X509Certificate, by: X509Certificate): boolean => mayIssue(by) && certificate.checkIssued(by) && certificate.verify(by.publicKey)

/** Does the chain lead, signature by signature, to a trusted certificate? */
const leadsToTrust = (chain: ReadonlyArray<X509Certificate>, trust: ReadonlyArray<X509Certificate>): boolean => {
  let current = chain[0]
  for (let index = 0; current !== undefined; index++) {
    const certificate = current
    if (trust.some((root) => root.fingerprint256 === certificate.fingerprint256 || issued(certificate, root))) return true
    const next = chain[index + 1]
    if (next === undefined || !mayIssue(next) || !certificate.verify(next.publicKey)) return false
    current = next
  }
  return false
}

/** When the vCon says that it was last written; certificates must have been valid then. */
const writtenAt = (vcon: Json): number => {
  const start = listAt(vcon, "dialog").filter(isJson).map((dialog) => textAt(dialog, "start") ?? "").sort().at(-1)
  return Date.parse(textAt(vcon, "updated_at", "created_at") ?? start ?? "")
}

const verified = (json: Json, keys: Keys): { readonly payload: Buffer; readonly chain: ReadonlyArray<X509Certificate>; readonly header: Json } | string => {
  const payload = textAt(json, "payload") ?? ""
  const signatures = Array.isArray(json["signatures"]) ? listAt(json, "signatures").filter(isJson) : [json]
  if (signatures.length === 0) return "The signed vCon has no signature; have it signed again."
  for (const each of signatures) {
    const protectedText = textAt(each, "protected") ?? ""
    const header = { ...jsonAt(each, "header"), ...(protectedText === "" ? {} : jsonOf(base64(protectedText))) }
    const chain = certificatesIn(header)
    const candidates = chain.length > 0 ? chain.slice(0, 1) : keys.trust
    if (candidates.length === 0) return "The signer's certificate is not in the signed vCon (x5c); name it in the source's trust."
    const signature = base64(textAt(each, "signature") ?? "")
    const signer = candidates.find((certificate) => signatureFits(textAt(header, "alg") ?? "", certificate.publicKey, `${protectedText}.${payload}`, signature))
    if (signer === undefined) return "A signature of the vCon does not verify; it was changed after signing or signed with another key: ask its sender for the original."
    if (each === signatures.at(-1)) return { payload: base64(payload), chain: chain.length > 0 ? chain : [signer], header }
  }
  return "The signed vCon has no signature; have it signed again."
}

const openSigned = (json: Json, keys: Keys): Opened => {
  const result = verified(json, keys)
  if (typeof result === "string") return { refused: result }
  const inner = jsonOf(result.payload)
  if (inner === undefined) return { refused: "The payload of the signed vCon is not JSON; have it signed again." }
  const opened = openEnvelope(inner, keys)
  if ("refused" in opened) return opened
  const named = textAt(result.header, "uuid")
  if (named !== undefined && named !== textAt(opened.vcon, "uuid")) return { refused: "The uuid in the signature's header is not that of the signed vCon; ask its sender for the original." }
  const at = writtenAt(opened.vcon)
  const [signer] = result.chain
  if (keys.trust.length > 0 && !leadsToTrust(result.chain, keys.trust)) return { refused: "The signer's certificate does not lead to one that the source trusts; add its issuer to trust or refuse the sender." }
  const expired = signer !== undefined && Number.isFinite(at) && (at < Date.parse(signer.validFrom) || at > Date.parse(signer.validTo))
  if (expired && keys.trust.length > 0) return { refused: "The signer's certificate was not valid when the vCon was written; have it signed again." }
  return { vcon: opened.vcon, notes: [...opened.notes, ...(expired ? ["The signer's certificate was not valid when the vCon was written."] : []), ...(keys.trust.length === 0 ? ["Signature verified with the certificate that the vCon itself brings; the source names no trust."] : [])] }
}

const keyEncryption: Readonly<Record<string, string>> = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256", "RSA-OAEP-384": "sha384", "RSA-OAEP-512": "sha512" }
const cbc: Readonly<Record<string, { readonly cipher: string; readonly hash: string; readonly half: number }>> = {
  "A128CBC-HS256": { cipher: "aes-128-cbc", hash: "sha256", half: 16 },
  "A192CBC-HS384": { cipher: "aes-192-cbc", hash: "sha384", half: 24 },
  "A256CBC-HS512": { cipher: "aes-256-cbc", hash: "sha512", half: 32 }
}

/** Content of a JWE under the content key (RFC 7518 §5.2 and §5.3). Throws where anything does not fit. */
const decrypted = (encryption: string, key: Buffer, iv: Buffer, ciphertext: Buffer, tag: Buffer, authenticated: Buffer): Buffer => {
  const gcm = /^A(128|192|256)GCM$/.exec(encryption)
  if (gcm !== null) {
    const decipher = createDecipheriv(`aes-${gcm[1] as "256"}-gcm`, key, iv, { authTagLength: 16 })
    decipher.setAAD(authenticated)
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  }
  const parameters = cbc[encryption]
  if (parameters === undefined || key.length !== parameters.half * 2) throw new RangeError("encryption")
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(authenticated.length) * 8n)
  const expected = createHmac(parameters.hash, key.subarray(0, parameters.half)).update(authenticated).update(iv).update(ciphertext).update(length).digest().subarray(0, parameters.half)
  if (tag.length !== expected.length || !timingSafeEqual(tag, expected)) throw new RangeError("tag")
  const decipher = createDecipheriv(parameters.cipher, key.subarray(parameters.half), iv)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

const openEncrypted = (json: Json, keys: Keys): Opened => {
  if (keys.decryption.length === 0) return { refused: "The vCon is encrypted; name the private key in the source's decryptionKeys." }
  const protectedText = textAt(json, "protected") ?? ""
  const shared = { ...jsonAt(json, "unprotected"), ...(protectedText === "" ? {} : jsonOf(base64(protectedText))) }
  const aad = textAt(json, "aad")
  const authenticated = Buffer.from(aad === undefined ? protectedText : `${protectedText}.${aad}`, "ascii")
  const recipients = Array.isArray(json["recipients"]) ? listAt(json, "recipients").filter(isJson) : [json]
  for (const recipient of recipients) {
    const header: Json = { ...jsonAt(recipient, "header"), ...shared }
    const oaepHash = keyEncryption[textAt(header, "alg") ?? ""]
    if (oaepHash === undefined) continue
    for (const key of keys.decryption) {
      try {
        const contentKey = privateDecrypt({ key, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING }, base64(textAt(recipient, "encrypted_key") ?? ""))
        const plain = decrypted(textAt(header, "enc") ?? "", contentKey, base64(textAt(json, "iv") ?? ""), base64(textAt(json, "ciphertext") ?? ""), base64(textAt(json, "tag") ?? ""), authenticated)
        const inner = jsonOf(plain)
        return inner === undefined ? { refused: "What the encrypted vCon holds is not JSON; have it encrypted again." } : openEnvelope(inner, keys)
      } catch {
        // Not this key: the next one may be the recipient's.
        continue
      }
    }
  }
  return { refused: "None of the source's decryptionKeys opens the encrypted vCon; add the recipient's private key (RSA-OAEP)." }
}

/** Takes a vCon out of its envelopes. */
export const openEnvelope = (json: Json, keys: Keys): Opened => {
  if (isSigned(json)) return openSigned(json, keys)
  if (isEncrypted(json)) return openEncrypted(json, keys)
  return { vcon: json, notes: [] }
}

/** Private keys in PEM texts; a text that holds none is left out. */
export const privateKeys = (pems: ReadonlyArray<string>): ReadonlyArray<KeyObject> => pems.flatMap((pem) => {
  try {
    return [createPrivateKey(pem)]
  } catch {
    return []
  }
})

/** Certificates in PEM blocks; a block that is none is left out. */
export const certificates = (blocks: ReadonlyArray<string>): ReadonlyArray<X509Certificate> => blocks.flatMap((block) => {
  try {
    return [new X509Certificate(block)]
  } catch {
    return []
  }
})
