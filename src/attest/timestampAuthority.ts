import { randomBytes, X509Certificate } from "node:crypto"
import { readFile } from "node:fs/promises"
import { AttestError } from "./AttestError.ts"
import { checkTimestamp, keptResponse, timestampRequest } from "./timestamp.ts"

/** Asks for a time-stamp of a signature and gives the response to keep beside it. */
export type TimestampAuthority = (signature: Uint8Array) => Promise<Buffer>

/** How patient one is with an authority, and whose certificates must vouch for it (none: any authority will do). */
export type AuthorityOptions = { readonly timeoutMs?: number; readonly roots?: ReadonlyArray<X509Certificate> }

/** Larger answers than this are refused. */
const answerBytesMax = 1 << 20

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g

/** Loads the certificates of PEM files: what time-stamps must chain to. Fails (`key`) where one cannot be read. */
export const loadCertificates = async (files: ReadonlyArray<string>): Promise<ReadonlyArray<X509Certificate>> => {
  const certificates: Array<X509Certificate> = []
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => "")
    const blocks = text.match(pemCertificate) ?? []
    try {
      certificates.push(...blocks.map((block) => new X509Certificate(block)))
    } catch {
      throw new AttestError("key", `The certificate ${file} cannot be read: give a file in PEM.`)
    }
    if (blocks.length === 0) throw new AttestError("key", `The certificate ${file} cannot be read: give a file in PEM.`)
  }
  return certificates
}

/**
 * A time-stamping authority over HTTP (RFC 3161 §3.4). The only part of this room that uses the network, and only to
 * the given address; only a digest leaves the machine. Fails (`proof`) where the authority refuses, its answer does not
 * hold, or none of the given roots vouches for it.
 */
export const timestampAuthority = (url: string, { timeoutMs = 20_000, roots = [] }: AuthorityOptions = {}): TimestampAuthority => async (signature) => {
  const name = new URL(url).origin
  const nonce = randomBytes(8)
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40
  let answer: Buffer
  try {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/timestamp-query" }, body: new Uint8Array(timestampRequest(signature, nonce)), signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw new AttestError("proof", `The time-stamping authority ${name} answered with status ${response.status}.`)
    answer = Buffer.from(await response.arrayBuffer())
  } catch (error) {
    throw error instanceof AttestError ? error : new AttestError("proof", `The time-stamping authority ${name} cannot be reached: check signing.timestamp and the network.`)
  }
  if (answer.length > answerBytesMax) throw new AttestError("proof", `The time-stamping authority ${name} answered with more than ${answerBytesMax} bytes.`)
  const kept = keptAnswer(answer, name)
  if (!kept.includes(nonce)) throw new AttestError("proof", `The time-stamping authority ${name} answered another request.`)
  const { trusted } = checkTimestamp(kept, signature, roots)
  if (roots.length > 0 && !trusted) throw new AttestError("proof", `The time-stamping authority ${name} is vouched for by none of signing.timestamp.certificates.`)
  return kept
}

/** What else than a time-stamp an address may answer with, a page of a proxy say. */
const keptAnswer = (answer: Buffer, name: string): Buffer => {
  try {
    return keptResponse(answer)
  } catch (error) {
    throw error instanceof AttestError && error.reason === "proof" ? error : new AttestError("proof", `The time-stamping authority ${name} answered with something else than a time-stamp.`)
  }
}
