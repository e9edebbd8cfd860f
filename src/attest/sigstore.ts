import { envelopeJson } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"

export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

/** Name of the bundle of one signature. */
export const bundleName = (keyid: string): string => `bundle.${keyid}.sigstore.json`

/** True for the name of a bundle in a report folder. */
export const isBundleName = (name: string): boolean => /^bundle\.[^/]*\.sigstore\.json$/.test(name)

/**
 * One signature of an envelope as a Sigstore bundle 0.3: public key material by hint, no transparency log, RFC 3161
 * responses where there are any. A bundle holds exactly one DSSE signature, hence one bundle a key; hint and DSSE keyid are equal.
 */
export const bundleBytes = (envelope: Envelope, keyid: string, timestamps: ReadonlyArray<Buffer> = []): Buffer => {
  const signatures = envelope.signatures.filter((signature) => signature.keyid === keyid)
  const stamped = timestamps.length === 0 ? {} : { timestampVerificationData: { rfc3161Timestamps: timestamps.map((one) => ({ signedTimestamp: one.toString("base64") })) } }
  const bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: keyid }, tlogEntries: [], ...stamped },
    dsseEnvelope: envelopeJson({ ...envelope, signatures }),
  }
  return Buffer.from(`${JSON.stringify(bundle)}\n`, "utf8")
}

/** The time-stamp responses that a bundle holds; none where it holds none or is no bundle. */
export const timestampsOf = (bytes: Uint8Array): ReadonlyArray<Buffer> => {
  const member = (value: unknown, name: string): unknown => (typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined)
  let bundle: unknown
  try {
    bundle = JSON.parse(Buffer.from(bytes).toString("utf8"))
  } catch {
    return []
  }
  const list = member(member(member(bundle, "verificationMaterial"), "timestampVerificationData"), "rfc3161Timestamps")
  const texts = (Array.isArray(list) ? list : []).map((entry: unknown) => member(entry, "signedTimestamp"))
  return texts.filter((text) => typeof text === "string").map((text) => Buffer.from(text, "base64"))
}
