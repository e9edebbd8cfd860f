import { createHash, hash } from "node:crypto"
import { createReadStream } from "node:fs"

/** SHA-256 of bytes or of the UTF-8 form of a text. */
export const sha256 = (bytes: Uint8Array | string): Buffer => hash("sha256", bytes, "buffer")

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const sha256Hex = (bytes: Uint8Array | string): string => hash("sha256", bytes, "hex")

/** Bytes of a block of SHA-256. */
const block = 64

/**
 * HMAC-SHA-256 under one key, RFC 2104: H(key ^ opad || H(key ^ ipad || text)). Made of single digests, since `createHmac` makes
 * a key object each time, which costs ten times as much as the digests do; every name and line of a report needs one.
 */
export const hmacUnder = (key: Uint8Array): (bytes: Uint8Array | string) => Buffer => {
  const filled = Buffer.alloc(block)
  filled.set(key.length > block ? sha256(key) : key)
  const inner = filled.map((byte) => byte ^ 0x36)
  const outer = Buffer.alloc(block + 32)
  outer.set(filled.map((byte) => byte ^ 0x5c))
  return (bytes) => {
    outer.set(sha256(Buffer.concat([inner, typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes])), block)
    return sha256(outer)
  }
}

/** HMAC-SHA-256 (RFC 2104) of bytes or of the UTF-8 form of a text. */
export const hmac = (key: Uint8Array, bytes: Uint8Array | string): Buffer => hmacUnder(key)(bytes)

/** Digest and size in bytes of a file, read once as a stream, so that its size does not matter. Fails as `node:fs` does. */
export const sha256File = async (path: string): Promise<{ readonly sha256: string; readonly bytes: number }> => {
  const digest = createHash("sha256")
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const part = chunk as Buffer
    digest.update(part)
    bytes += part.length
  }
  return { sha256: digest.digest("hex"), bytes }
}

/** True for 64 lower-case hexadecimal digits. */
export const isSha256Hex = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{64}$/.test(text)
