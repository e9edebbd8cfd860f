import { createHash, hash } from "node:crypto"
import { createReadStream, type ReadStream } from "node:fs"
import { stat } from "node:fs/promises"

/** Bytes of a SHA-256 digest. */
export const digestBytes = 32

/**
 * Writes the SHA-256 of bytes, or of the UTF-8 form of a text, into a buffer at a place. The digest comes as a text of one sign
 * a byte: `node:crypto` makes that three times as fast as a buffer.
 */
export const sha256Into = (bytes: Uint8Array | string, target: Buffer, at: number): void => { target.write(hash("sha256", bytes, "binary"), at, "latin1") }

/** SHA-256 of bytes or of the UTF-8 form of a text. */
export const sha256 = (bytes: Uint8Array | string): Buffer => Buffer.from(hash("sha256", bytes, "binary"), "latin1")

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const sha256Hex = (bytes: Uint8Array | string): string => hash("sha256", bytes, "hex")

/** Bytes of a block of SHA-256. */
const block = 64

/** The two blocks of a key, RFC 2104, at the beginning of buffers for what is hashed with them. */
const keyBlocks = (key: Uint8Array, inner: Buffer, outer: Buffer): void => {
  const short = key.length > block ? sha256(key) : key
  inner.fill(0x36, 0, block)
  outer.fill(0x5c, 0, block)
  for (let at = 0; at < short.length; at++) {
    const byte = short[at] ?? 0
    inner[at] = byte ^ 0x36
    outer[at] = byte ^ 0x5c
  }
}

/** Where the two inputs of an HMAC are put together: the key's block, then the text or the inner digest. Grows with the texts. */
let inner = Buffer.alloc(4096)
const outer = Buffer.alloc(block + digestBytes)

/**
 * HMAC-SHA-256 of bytes or of the UTF-8 form of a text, RFC 2104: H(key ^ opad || H(key ^ ipad || text)). Made of single digests,
 * since `createHmac` makes a key object each time, which costs ten times as much; every name and line of a report needs one.
 */
export const hmac = (key: Uint8Array, bytes: Uint8Array | string): Buffer => {
  const length = typeof bytes === "string" ? Buffer.byteLength(bytes) : bytes.length
  if (block + length > inner.length) inner = Buffer.alloc(2 * (block + length))
  keyBlocks(key, inner, outer)
  if (typeof bytes === "string") inner.write(bytes, block, "utf8")
  else inner.set(bytes, block)
  sha256Into(inner.subarray(0, block + length), outer, block)
  return sha256(outer)
}

/** The same as {@link hmac} in hexadecimal digits for many texts under one key, whose blocks are made once. */
export const hmacUnder = (key: Uint8Array): ((text: string) => string) => {
  let texts = Buffer.alloc(1024)
  const digests = Buffer.alloc(block + digestBytes)
  keyBlocks(key, texts, digests)
  return (text) => {
    // A UTF-16 unit makes three bytes at most.
    if (block + 3 * text.length > texts.length) texts = Buffer.concat([texts.subarray(0, block)], 2 * (block + 3 * text.length))
    sha256Into(texts.subarray(0, block + texts.write(text, block, "utf8")), digests, block)
    return sha256Hex(digests)
  }
}

/** The most that is read of a file at a time; bytes. */
const chunkMax = 1 << 20

/** A file as a stream in chunks that are no longer than it: most files of a report are small, and big buffers keep the collector of garbage busy. Fails as `node:fs` does. */
export const openStream = async (path: string): Promise<ReadStream> => createReadStream(path, { highWaterMark: Math.min(Math.max((await stat(path)).size, 1), chunkMax) })

/** Digest and size in bytes of a file, read once as a stream, so that its size does not matter. Fails as `node:fs` does. */
export const sha256File = async (path: string): Promise<{ readonly sha256: string; readonly bytes: number }> => {
  const digest = createHash("sha256")
  let bytes = 0
  for await (const chunk of await openStream(path)) {
    const part = chunk as Buffer
    digest.update(part)
    bytes += part.length
  }
  return { sha256: digest.digest("hex"), bytes }
}

/** True for 64 lower-case hexadecimal digits. */
export const isSha256Hex = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{64}$/.test(text)
