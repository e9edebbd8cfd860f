import { createHash, createHmac, hash } from "node:crypto"
import { createReadStream } from "node:fs"

/** SHA-256 of bytes or of the UTF-8 form of a text. */
export const sha256 = (bytes: Uint8Array | string): Buffer => hash("sha256", bytes, "buffer")

/** SHA-256 as 64 lower-case hexadecimal digits. */
export const sha256Hex = (bytes: Uint8Array | string): string => hash("sha256", bytes, "hex")

/** HMAC-SHA-256 (RFC 2104) of bytes or of the UTF-8 form of a text. */
export const hmac = (key: Uint8Array, bytes: Uint8Array | string): Buffer => createHmac("sha256", key).update(bytes).digest()

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
