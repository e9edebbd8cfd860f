import { createHash, X509Certificate } from "node:crypto"
import type { Signer, TimestampAuthority } from "../../attest/index.ts"
import { element, identifier, members, octets, sequence, set, time } from "./asn1.ts"
import { pdfText } from "./tagged-document.ts"
import type { TaggedDocument } from "./tagged-document.ts"

/** Who signs a PDF: a P-256 key and a certificate of it (DER); and who time-stamps the signature, if anybody. */
export type PdfSigner = { readonly signer: Signer; readonly certificate: Buffer; readonly timestamp?: TimestampAuthority | undefined }

/** Bytes kept free for the CMS structure; a time-stamp brings the certificates of its authority. */
const roomFor = ({ timestamp }: PdfSigner): number => (timestamp === undefined ? 6000 : 24_000)
/** Ten digits keep place for an offset until the file's length is known. */
const placeholder = 9_999_999_999

const years = 10
const ecdsaSha256 = sequence(identifier("1.2.840.10045.4.3.2"))
const sha256Algorithm = sequence(identifier("2.16.840.1.101.3.4.2.1"))
const integer = (value: number): Buffer => element(0x02, Buffer.of(value))

/** A self-signed certificate (RFC 5280) that carries the key and promises nothing else; its serial number is made from the key. */
const ownCertificate = async (signer: Signer, from: Date): Promise<Buffer> => {
  const name = sequence(set(sequence(identifier("2.5.4.3"), element(0x0c, Buffer.from(`Earshot report ${signer.key.keyid.slice(0, 16)}`)))))
  const until = new Date(Date.UTC(from.getUTCFullYear() + years, from.getUTCMonth(), from.getUTCDate()))
  // A leading 01 keeps the number positive and its first byte not nought.
  const serial = element(0x02, Buffer.from(`01${signer.key.keyid.slice(0, 30)}`, "hex"))
  const key = signer.key.key.export({ type: "spki", format: "der" })
  // digitalSignature and nonRepudiation
  const usage = element(0xa3, sequence(sequence(identifier("2.5.29.15"), element(0x01, Buffer.of(0xff)), octets(element(0x03, Buffer.of(6, 0xc0))))))
  const body = sequence(element(0xa0, integer(2)), serial, ecdsaSha256, name, sequence(time(from), time(until)), name, key, usage)
  return sequence(body, ecdsaSha256, element(0x03, Buffer.of(0), await signer.sign(body)))
}

/**
 * The signer of a PDF among those of the report: the first with a P-256 key, since readers of PDF do not know Ed25519 yet.
 * `certificates` are PEM; where none is of that key a self-signed one is made, which carries the key and promises nothing else.
 */
export const pdfSignerOf = async (signers: ReadonlyArray<Signer>, certificates: ReadonlyArray<string>, from: Date, timestamp?: TimestampAuthority): Promise<PdfSigner | undefined> => {
  const signer = signers.find(({ key }) => key.algorithm === "ECDSA-P256")
  if (signer === undefined) return undefined
  const known = certificates.map((pem) => new X509Certificate(pem)).find((certificate) => certificate.publicKey.equals(signer.key.key))
  return { signer, certificate: known?.raw ?? (await ownCertificate(signer, from)), timestamp }
}

type Reference = { readonly end: () => void }

/** Adds an invisible signature field with room for the signature, to be filled by `signPdf`. */
export const addSignatureField = ({ pdf, first }: TaggedDocument, signedAt: Date, by: PdfSigner): void => {
  const signature: Reference = pdf.ref({ Type: "Sig", Filter: "Adobe.PPKLite", SubFilter: "ETSI.CAdES.detached", ByteRange: [0, placeholder, placeholder, placeholder], Contents: Buffer.alloc(roomFor(by)), M: signedAt, Name: pdfText("Earshot"), Reason: pdfText("Report as it was made by the audit run") })
  const field = pdf.ref({ Type: "Annot", Subtype: "Widget", FT: "Sig", T: pdfText("report"), Rect: [0, 0, 0, 0], F: 132, P: first.dictionary, V: signature })
  signature.end()
  field.end()
  Object.assign(first.dictionary.data, { Annots: [field] })
  Object.assign(pdf._root.data, { AcroForm: { Fields: [field], SigFlags: 3 } })
}

const attribute = (oid: string, value: Buffer): Buffer => sequence(identifier(oid), set(value))

/** Issuer and serial number of a certificate, as they stand in it. */
const issuerAndSerial = (certificate: Buffer): Buffer => {
  const [body = Buffer.alloc(2)] = members(certificate)
  const [, serial, , issuer] = members(body)
  if (serial === undefined || issuer === undefined) throw new Error("a certificate has no issuer")
  return sequence(issuer, serial)
}

/** The signature's time-stamp token (RFC 3161) as an unsigned attribute, which makes level B-B into B-T. */
const stampOf = async (signature: Buffer, timestamp: TimestampAuthority | undefined): Promise<ReadonlyArray<Buffer>> => {
  if (timestamp === undefined) return []
  const [, token = Buffer.alloc(0)] = members(await timestamp(signature))
  return [element(0xa1, attribute("1.2.840.113549.1.9.16.2.14", token))]
}

/**
 * CMS SignedData (RFC 5652), detached, with the attributes of CAdES-B (ETSI EN 319 122-1): content type, message digest,
 * signing certificate v2 (RFC 5035). The time stands in the PDF's M entry, as ETSI EN 319 142-1 wants it.
 */
export const signedData = async (digest: Buffer, { signer, certificate, timestamp }: PdfSigner): Promise<Buffer> => {
  const certificateDigest = createHash("sha256").update(certificate).digest()
  const attributes = Buffer.concat([
    attribute("1.2.840.113549.1.9.3", identifier("1.2.840.113549.1.7.1")),
    attribute("1.2.840.113549.1.9.4", octets(digest)),
    attribute("1.2.840.113549.1.9.16.2.47", sequence(sequence(sequence(octets(certificateDigest))))),
  ].sort((a, b) => a.compare(b)))
  const signature = await signer.sign(set(attributes))
  const signerInfo = sequence(integer(1), issuerAndSerial(certificate), sha256Algorithm, element(0xa0, attributes), ecdsaSha256, octets(signature), ...(await stampOf(signature, timestamp)))
  const content = sequence(integer(1), set(sha256Algorithm), sequence(identifier("1.2.840.113549.1.7.1")), element(0xa0, certificate), set(signerInfo))
  return sequence(identifier("1.2.840.113549.1.7.2"), element(0xa0, content))
}

/** Signs a PDF with the field of `addSignatureField` (PAdES B-B, with a time-stamp B-T): over every byte but the signature's own place. */
export const signPdf = async (pdf: Buffer, by: PdfSigner): Promise<Buffer> => {
  const room = `<${"00".repeat(roomFor(by))}>`
  const open = pdf.indexOf(room, 0, "latin1")
  const range = pdf.indexOf(`[0 ${placeholder} ${placeholder} ${placeholder}]`, 0, "latin1")
  if (open < 0 || range < 0) throw new Error("the PDF has no place for a signature")
  const after = open + room.length
  const signed = Buffer.from(pdf)
  signed.write(`[0 ${open} ${after} ${pdf.length - after}]`.padEnd(`[0 ${placeholder} ${placeholder} ${placeholder}]`.length), range, "latin1")
  const digest = createHash("sha256").update(signed.subarray(0, open)).update(signed.subarray(after)).digest()
  const cms = await signedData(digest, by)
  if (cms.length > roomFor(by)) throw new Error("the signature is larger than its place")
  signed.write(cms.toString("hex"), open + 1, "latin1")
  return signed
}
