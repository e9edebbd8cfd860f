import { randomBytes } from "node:crypto"
import { AttestError } from "./AttestError.ts"
import { checkTimestamp, keptResponse, timestampRequest } from "./timestamp.ts"

/** Asks for a time-stamp of a signature and gives the response to keep beside it. */
export type TimestampAuthority = (signature: Uint8Array) => Promise<Buffer>

/** Larger answers than this are refused. */
const answerBytesMax = 1 << 20

/**
 * A time-stamping authority over HTTP (RFC 3161 §3.4). The only part of this room that uses the network, and only to
 * the given address; only a digest leaves the machine. Fails (`proof`) where the authority refuses or its answer does not hold.
 */
export const timestampAuthority = (url: string, { timeoutMs = 20_000 }: { readonly timeoutMs?: number } = {}): TimestampAuthority => async (signature) => {
  const nonce = randomBytes(8)
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40
  let answer: Buffer
  try {
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/timestamp-query" }, body: new Uint8Array(timestampRequest(signature, nonce)), signal: AbortSignal.timeout(timeoutMs) })
    if (!response.ok) throw new AttestError("proof", `The time-stamping authority ${url} answered with status ${response.status}.`)
    answer = Buffer.from(await response.arrayBuffer())
  } catch (error) {
    throw error instanceof AttestError ? error : new AttestError("proof", `The time-stamping authority ${url} cannot be reached: check signing.timestamp and the network.`)
  }
  if (answer.length > answerBytesMax) throw new AttestError("proof", `The time-stamping authority ${url} answered with more than ${answerBytesMax} bytes.`)
  const kept = keptResponse(answer)
  if (!kept.includes(nonce)) throw new AttestError("proof", `The time-stamping authority ${url} answered another request.`)
  checkTimestamp(kept, signature, [])
  return kept
}
