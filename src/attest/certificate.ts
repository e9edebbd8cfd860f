import { randomBytes } from "node:crypto"
import { der, derInteger, derOid, derSequence, derTime } from "./der.ts"
import { spkiOf } from "./keys.ts"
import type { Signer } from "./keys.ts"

/** What a self-signed certificate says. */
export type CertificateRequest = {
  /** Common name; not a person's. */
  readonly name: string
  readonly from: Date
  readonly until: Date
}

const signatureAlgorithm = (signer: Signer): Buffer => derSequence(derOid(signer.key.algorithm === "Ed25519" ? "1.3.101.112" : "1.2.840.10045.4.3.2"))

const extension = (oid: string, critical: boolean, value: Uint8Array): Buffer =>
  derSequence(derOid(oid), ...(critical ? [der(0x01, Buffer.of(0xff))] : []), der(0x04, value))

const pem = (bytes: Buffer): string => `-----BEGIN CERTIFICATE-----\n${bytes.toString("base64").replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`

/**
 * A self-signed X.509 v3 certificate (RFC 5280) for document signatures, PEM. It carries the key into formats that
 * want a certificate (PAdES, PKCS#7); trust comes from the key itself, never from this certificate.
 */
export const selfSignedCertificate = async (signer: Signer, { name, from, until }: CertificateRequest): Promise<string> => {
  const algorithm = signatureAlgorithm(signer)
  const subject = derSequence(der(0x31, derSequence(derOid("2.5.4.3"), der(0x0c, Buffer.from(name, "utf8")))))
  const spki = spkiOf(signer.key)
  // RFC 7093 §2 method 4 in short: the leftmost 160 bits of the SHA-256 of the key, which is the keyid's beginning.
  const keyIdentifier = der(0x04, Buffer.from(signer.key.keyid, "hex").subarray(0, 20))
  const extensions = der(0xa3, derSequence(
    extension("2.5.29.19", true, derSequence()),
    // digitalSignature and nonRepudiation
    extension("2.5.29.15", true, der(0x03, Buffer.of(6, 0xc0))),
    extension("2.5.29.14", false, keyIdentifier),
  ))
  const serial = randomBytes(16)
  serial[0] = (serial[0] ?? 0) & 0x7f | 0x40
  const body = derSequence(der(0xa0, derInteger(Buffer.of(2))), derInteger(serial), algorithm, subject, derSequence(derTime(from), derTime(until)), subject, spki, extensions)
  const signature = await signer.sign(body)
  return pem(derSequence(body, algorithm, der(0x03, Buffer.of(0), signature)))
}
