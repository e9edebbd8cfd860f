import type { VerifyingKey } from "./keys.ts"
import type { Signer } from "./keys.ts"
import { verifySignature } from "./keys.ts"
import { AttestError } from "./AttestError.ts"

/** Payload type of in-toto statements. */
export const inTotoPayloadType = "application/vnd.in-toto+json"

/** One signature of an envelope; `keyid` is a hint and decides nothing. */
export type EnvelopeSignature = { readonly keyid: string; readonly sig: Buffer }

/** A DSSE 1.0.2 envelope with its bytes decoded. */
export type Envelope = { readonly payloadType: string; readonly payload: Buffer; readonly signatures: ReadonlyArray<EnvelopeSignature> }

/** An envelope as it stands in a JSON document. */
export type EnvelopeJson = {
  readonly payload: string
  readonly payloadType: string
  readonly signatures: ReadonlyArray<{ readonly keyid: string; readonly sig: string }>
}

/** Pre-authentication encoding: what is signed. Lengths are bytes, not characters. */
export const preAuthEncoding = (payloadType: string, payload: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType, "utf8")} ${payloadType} ${payload.length} `, "utf8"), payload])

/** Signs a payload with every signer, in the order given; no signers make an unsigned envelope. */
export const signEnvelope = async (payloadType: string, payload: Buffer, signers: ReadonlyArray<Signer>): Promise<Envelope> => {
  const message = preAuthEncoding(payloadType, payload)
  const signatures: Array<EnvelopeSignature> = []
  for (const signer of signers) {
    if (signatures.some((one) => one.keyid === signer.key.keyid)) continue
    signatures.push({ keyid: signer.key.keyid, sig: await signer.sign(message) })
  }
  return { payloadType, payload, signatures }
}

/** The envelope as a JSON value, base64 with the standard alphabet. */
export const envelopeJson = (envelope: Envelope): EnvelopeJson => ({
  payload: envelope.payload.toString("base64"),
  payloadType: envelope.payloadType,
  signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: sig.toString("base64") })),
})

/** The only bytes in which Earshot writes an envelope to a file; `verify` compares them, so that no byte can be changed unseen. */
export const envelopeBytes = (envelope: Envelope): Buffer => Buffer.from(`${JSON.stringify(envelopeJson(envelope))}\n`, "utf8")

const decodeBase64 = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9+/_-]*={0,2}$/.test(text) ? Buffer.from(text.replaceAll("-", "+").replaceAll("_", "/"), "base64") : undefined

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)

const readSignature = (value: unknown): EnvelopeSignature | undefined => {
  if (!isRecord(value) || typeof value["sig"] !== "string") return undefined
  const keyid = value["keyid"] ?? ""
  const sig = decodeBase64(value["sig"])
  return typeof keyid === "string" && sig !== undefined ? { keyid, sig } : undefined
}

/** Reads an envelope from a JSON value; standard and URL-safe base64 are both accepted. `where` names it in the error. */
export const readEnvelope = (value: unknown, where: string): Envelope => {
  const broken = new AttestError("format", `${where} is not a DSSE envelope with payload, payloadType and signatures.`)
  if (!isRecord(value)) throw broken
  const { payload, payloadType, signatures } = value
  if (typeof payload !== "string" || typeof payloadType !== "string" || !Array.isArray(signatures)) throw broken
  const bytes = decodeBase64(payload)
  const read = signatures.map(readSignature)
  if (bytes === undefined || read.includes(undefined)) throw broken
  return { payloadType, payload: bytes, signatures: read.filter((one) => one !== undefined) }
}

/** Reads an envelope from the bytes of a file. */
export const parseEnvelope = (bytes: Uint8Array, where: string): Envelope => {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"))
  } catch {
    throw new AttestError("format", `${where} is not JSON.`)
  }
  return readEnvelope(value, where)
}

/** What became of one signature: it verifies, does not, or none of the given keys made it. */
export type SignatureCheck = { readonly keyid: string; readonly state: "verified" | "invalid" | "unchecked" }

const checkSignature = (message: Buffer, signature: EnvelopeSignature, keys: ReadonlyArray<VerifyingKey>): SignatureCheck => {
  // Any key may have made it, whatever the hint says; the hint only tells a broken signature from a foreign one.
  const made = keys.find((key) => verifySignature(key, message, signature.sig))
  if (made !== undefined) return { keyid: made.keyid, state: "verified" }
  return { keyid: signature.keyid, state: keys.some((key) => key.keyid === signature.keyid) ? "invalid" : "unchecked" }
}

/** Checks every signature against the given keys. Only `payload` of this very envelope is what was verified: read nothing else. */
export const checkSignatures = (envelope: Envelope, keys: ReadonlyArray<VerifyingKey>): ReadonlyArray<SignatureCheck> => {
  const message = preAuthEncoding(envelope.payloadType, envelope.payload)
  return envelope.signatures.map((signature) => checkSignature(message, signature, keys))
}
