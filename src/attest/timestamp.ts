import { createHash, verify as verifyBytes, X509Certificate } from "node:crypto"
import { AttestError } from "./AttestError.ts"
import { der, derInteger, derOid, derSequence } from "./der.ts"
import { childrenOf, expectTag, readDer, readOid } from "./derRead.ts"
import type { DerElement } from "./derRead.ts"
import { sha256 } from "./digest.ts"

const oid = {
  sha256: "2.16.840.1.101.3.4.2.1",
  signedData: "1.2.840.113549.1.7.2",
  timestampInfo: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  timeStamping: "1.3.6.1.5.5.7.3.8",
} as const

const digestNames: Readonly<Record<string, string>> = { [oid.sha256]: "sha256", "2.16.840.1.101.3.4.2.2": "sha384", "2.16.840.1.101.3.4.2.3": "sha512" }

/** Signature algorithms that are read, with the digest that each names: RSA PKCS#1 v1.5 and ECDSA; plain RSA goes with any. */
const signatureDigests: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.11": "sha256",
  "1.2.840.113549.1.1.12": "sha384",
  "1.2.840.113549.1.1.13": "sha512",
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
}
const plainRsa = "1.2.840.113549.1.1.1"

/** A time-stamp that holds: when (RFC 3339, UTC), by whom, and whether a given root vouches for that authority. */
export type Timestamp = { readonly at: string; readonly authority: string; readonly trusted: boolean }

const broken = (what: string): AttestError => new AttestError("proof", `The time-stamp does not hold: ${what}.`)

/** An RFC 3161 request for a time-stamp of a signature's bytes, with the authority's certificate asked for. */
export const timestampRequest = (signature: Uint8Array, nonce: Uint8Array): Buffer => {
  const imprint = derSequence(derSequence(derOid(oid.sha256), der(0x05)), der(0x04, sha256(signature)))
  return derSequence(derInteger(Buffer.of(1)), imprint, derInteger(nonce), der(0x01, Buffer.of(0xff)))
}

/** A response in the one form in which it is kept: granted, without words, and the token. Throws where it was refused. */
export const keptResponse = (response: Buffer): Buffer => {
  const [status, token] = childrenOf(expectTag(readDer(response), 0x30))
  const code = expectTag(childrenOf(expectTag(status, 0x30))[0], 0x02).content
  if (token === undefined || code.length !== 1 || (code[0] !== 0 && code[0] !== 1)) throw new AttestError("proof", "The time-stamping authority did not grant a time-stamp.")
  return derSequence(derSequence(derInteger(Buffer.of(0))), token.whole)
}

/** The parts of a token's SignedData (RFC 5652 §5). */
type SignedData = { readonly info: Buffer; readonly certificates: ReadonlyArray<X509Certificate>; readonly signer: ReadonlyArray<DerElement>; readonly digestName: string }

const isVersion = (element: DerElement | undefined, version: number): boolean => expectTag(element, 0x02).content.equals(Buffer.of(version))

/** Digest algorithm of an AlgorithmIdentifier whose parameters are absent or NULL. */
const plainAlgorithm = (element: DerElement | undefined): string => {
  const [algorithm, parameters, ...rest] = childrenOf(expectTag(element, 0x30))
  if (rest.length > 0 || (parameters !== undefined && !parameters.whole.equals(Buffer.of(0x05, 0x00)))) throw broken("an algorithm has parameters")
  return readOid(algorithm)
}

const readSignedData = (token: DerElement | undefined): SignedData => {
  const [type, wrapped] = childrenOf(expectTag(token, 0x30))
  if (readOid(type) !== oid.signedData) throw broken("it is not signed data")
  const parts = childrenOf(expectTag(childrenOf(expectTag(wrapped, 0xa0))[0], 0x30))
  const [version, algorithms, content, bag, signers] = parts
  const [contentType, explicit] = childrenOf(expectTag(content, 0x30))
  if (parts.length !== 5 || !isVersion(version, 3) || readOid(contentType) !== oid.timestampInfo) throw broken("it is not a token with its certificate and one signer")
  const [signer, ...others] = childrenOf(expectTag(signers, 0x31))
  const fields = childrenOf(expectTag(signer, 0x30))
  if (others.length > 0 || fields.length !== 6 || !isVersion(fields[0], 1)) throw broken("it does not have one signer")
  const digestName = digestNames[plainAlgorithm(fields[2])]
  if (digestName === undefined || !expectTag(algorithms, 0x31).content.equals(expectTag(fields[2], 0x30).whole)) throw broken("its digest algorithm is not SHA-2")
  return {
    info: expectTag(childrenOf(expectTag(explicit, 0xa0))[0], 0x04).content,
    certificates: childrenOf(expectTag(bag, 0xa0)).map(({ whole }) => new X509Certificate(whole)),
    signer: fields,
    digestName,
  }
}

/** Issuer and serial number of a certificate, as a signer names it. */
const signerNameOf = (certificate: X509Certificate): Buffer => {
  const fields = childrenOf(expectTag(childrenOf(readDer(certificate.raw))[0], 0x30)).filter(({ tag }) => tag !== 0xa0)
  return derSequence(expectTag(fields[2], 0x30).whole, expectTag(fields[0], 0x02).whole)
}

const attributeOf = (attributes: ReadonlyArray<DerElement>, wanted: string): DerElement | undefined => {
  const found = attributes.map(childrenOf).filter(([type]) => readOid(type) === wanted)
  return found.length === 1 ? childrenOf(expectTag(found[0]?.[1], 0x31))[0] : undefined
}

/** Checks the signature over the token and returns the certificate of the authority. */
const checkSigner = ({ info, certificates, signer, digestName }: SignedData): X509Certificate => {
  const [, name, , signed, algorithm, signature] = signer
  const leaf = certificates.find((certificate) => signerNameOf(certificate).equals(name?.whole ?? Buffer.alloc(0)))
  if (leaf === undefined) throw broken("the authority's certificate is not in it")
  const attributes = childrenOf(expectTag(signed, 0xa0))
  const digest = (bytes: Uint8Array, by: string): Buffer => createHash(by).update(bytes).digest()
  const contentType = attributeOf(attributes, oid.contentType)
  const messageDigest = attributeOf(attributes, oid.messageDigest)
  if (readOid(contentType) !== oid.timestampInfo || !expectTag(messageDigest, 0x04).content.equals(digest(info, digestName))) throw broken("its content was changed")
  // RFC 2634 and RFC 5816: the signed attributes hold a hash of the authority's certificate.
  const named = attributeOf(attributes, oid.signingCertificateV2) ?? attributeOf(attributes, oid.signingCertificate)
  if (named === undefined || !["sha256", "sha384", "sha512", "sha1"].some((by) => named.whole.includes(digest(leaf.raw, by)))) throw broken("it does not name the authority's certificate")
  const signedWith = plainAlgorithm(algorithm)
  if (signedWith !== plainRsa && signatureDigests[signedWith] !== digestName) throw broken("its signature algorithm is not supported")
  // The attributes are signed as a SET, not under the tag that they stand with (RFC 5652 §5.4).
  const message = Buffer.concat([Buffer.of(0x31), expectTag(signed, 0xa0).whole.subarray(1)])
  if (!verifyBytes(digestName, message, leaf.publicKey, expectTag(signature, 0x04).content)) throw broken("its signature does not verify")
  if (!leaf.keyUsage?.includes(oid.timeStamping)) throw broken("its certificate is not one for time-stamping")
  return leaf
}

const validAt = (certificate: X509Certificate, at: Date): boolean => certificate.validFromDate <= at && at <= certificate.validToDate

/** True where a path of certificates, each valid at the time, leads from the authority to a given root. */
const leadsToRoot = (leaf: X509Certificate, bag: ReadonlyArray<X509Certificate>, roots: ReadonlyArray<X509Certificate>, at: Date): boolean => {
  let current = leaf
  for (let depth = 0; depth <= bag.length + 1 && validAt(current, at); depth++) {
    const here = current
    if (roots.some((root) => root.raw.equals(here.raw))) return true
    const issuer = [...roots, ...bag].find((candidate) => candidate.ca && !candidate.raw.equals(here.raw) && here.checkIssued(candidate) && here.verify(candidate.publicKey))
    if (issuer === undefined) return false
    current = issuer
  }
  return false
}

const readTime = (element: DerElement | undefined): Date => {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(expectTag(element, 0x18).content.toString("latin1"))
  const [, year, month, day, hour, minute, second, fraction = ""] = match ?? []
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
  if (Number.isNaN(at.getTime())) throw broken("its time cannot be read")
  return at
}

const checkToken = (response: Buffer, signature: Uint8Array, roots: ReadonlyArray<X509Certificate>): Timestamp => {
  if (!keptResponse(response).equals(response)) throw broken("it is not written as Earshot writes it")
  const data = readSignedData(childrenOf(readDer(response))[1])
  const leaf = checkSigner(data)
  const [version, , imprint, , time] = childrenOf(expectTag(readDer(data.info), 0x30))
  const [algorithm, hash] = childrenOf(expectTag(imprint, 0x30))
  if (!isVersion(version, 1) || plainAlgorithm(algorithm) !== oid.sha256 || !expectTag(hash, 0x04).content.equals(sha256(signature))) throw broken("it is of another signature")
  const at = readTime(time)
  // Every further certificate is vouched for by another one, so that no byte of them can be changed unseen.
  const known = [...data.certificates, ...roots]
  if (data.certificates.some((one) => one !== leaf && !known.some((other) => one.checkIssued(other) && one.verify(other.publicKey)))) throw broken("a certificate in it is vouched for by nobody")
  return { at: at.toISOString(), authority: leaf.subject.replaceAll("\n", ", "), trusted: leadsToRoot(leaf, data.certificates, roots, at) }
}

/**
 * Checks an RFC 3161 response, as kept, for a signature: imprint, the authority's signature, its certificate and
 * purpose; `trusted` tells whether a given root vouches for it. Throws AttestError (`proof`) where it does not hold.
 */
export const checkTimestamp = (response: Buffer, signature: Uint8Array, roots: ReadonlyArray<X509Certificate>): Timestamp => {
  try {
    return checkToken(response, signature, roots)
  } catch (error) {
    throw error instanceof AttestError && error.reason === "proof" ? error : broken("it cannot be read")
  }
}
