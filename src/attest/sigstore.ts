import { envelopeJson } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"

export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

/** Name of the bundle of one signature. */
export const bundleName = (keyid: string): string => `bundle.${keyid}.sigstore.json`

/** True for the name of a bundle in a report folder. */
export const isBundleName = (name: string): boolean => /^bundle\.[^/]*\.sigstore\.json$/.test(name)

/**
 * One signature of an envelope as a Sigstore bundle 0.3: public key material by hint, no transparency log, no
 * timestamp. A bundle holds exactly one DSSE signature, hence one bundle a key; hint and DSSE keyid are equal.
 */
export const bundleBytes = (envelope: Envelope, keyid: string): Buffer => {
  const signatures = envelope.signatures.filter((signature) => signature.keyid === keyid)
  const bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: keyid }, tlogEntries: [] },
    dsseEnvelope: envelopeJson({ ...envelope, signatures }),
  }
  return Buffer.from(`${JSON.stringify(bundle)}\n`, "utf8")
}
