import { createHmac } from "node:crypto"
import type { Signer } from "../attest/index.ts"
import { request } from "./deliver.ts"

/** How a webhook's receiver knows who wrote. */
export type WebhookSigning = { readonly secret?: string; readonly signers: ReadonlyArray<Signer> }

/**
 * Headers of a signed body. `earshot-signature: v1=<hex>` is HMAC-SHA-256 (RFC 2104) under the shared secret of
 * `<earshot-timestamp>.<body>`; `earshot-signature-key: <keyid>=<base64>` is the pipeline key's signature of the same bytes
 * (Ed25519, or ECDSA P-256 with SHA-256 in DER). A receiver refuses a timestamp (seconds since 1970) that is not its own time.
 */
export const signatureHeaders = async (body: string, at: Date, { secret, signers }: WebhookSigning): Promise<Readonly<Record<string, string>>> => {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signed = Buffer.from(`${timestamp}.${body}`, "utf8")
  const byKeys: Array<string> = []
  for (const signer of signers) byKeys.push(`${signer.key.keyid}=${(await signer.sign(signed)).toString("base64")}`)
  return {
    "earshot-timestamp": timestamp,
    ...(secret === undefined ? {} : { "earshot-signature": `v1=${createHmac("sha256", secret).update(signed).digest("hex")}` }),
    ...(byKeys.length === 0 ? {} : { "earshot-signature-key": byKeys.join(", ") })
  }
}

/** Posts a body as JSON, signed at the time of the attempt. @throws Undelivered */
export const postWebhook = async (url: string, body: string, at: Date, signing: WebhookSigning, signal: AbortSignal): Promise<void> =>
  request(url, { method: "POST", headers: { "content-type": "application/json", "user-agent": "earshot", ...(await signatureHeaders(body, at, signing)) }, body }, signal)
