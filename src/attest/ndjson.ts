import { createHash } from "node:crypto"
import { createGunzip } from "node:zlib"
import { AttestError } from "./AttestError.ts"
import { openStream } from "./digest.ts"

/** Digest of a file's bytes as stored, and how many lines it held. */
export type ReadLines = { readonly sha256: string; readonly lines: number }

/** A longer line than this is refused, so that a hostile file cannot exhaust the memory. */
const lineBytesMax = 64 * 1024 * 1024

/** Bytes that are unpacked at a time. */
const unpackedBytes = 1 << 18

/** Takes a line without its end, as bytes that are the taker's until it returns, and its 1-based number. */
type TakeLine = (line: Buffer, number: number) => void

/** Cuts chunks into lines; `finish` says whether the last one was complete. */
const lineCutter = (where: string, take: TakeLine) => {
  let rest: Array<Buffer> = []
  let restBytes = 0
  let lines = 0
  return {
    push: (chunk: Buffer): void => {
      let from = 0
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        const tail = chunk.subarray(from, end)
        lines += 1
        take(rest.length === 0 ? tail : Buffer.concat([...rest, tail]), lines)
        rest = []
        restBytes = 0
        from = end + 1
      }
      if (from === chunk.length) return
      rest.push(chunk.subarray(from))
      restBytes += chunk.length - from
      if (restBytes > lineBytesMax) throw new AttestError("format", `${where} line ${lines + 1} is longer than ${lineBytesMax} bytes.`)
    },
    finish: (): number => {
      if (rest.length > 0) throw new AttestError("format", `${where} ends in the middle of line ${lines + 1}.`)
      return lines
    },
  }
}

/**
 * Reads an NDJSON file of this program's own making once, giving every line (1-based) and the digest of its bytes.
 * A name that ends in .gz is decompressed; the digest is that of the file as it stands. `where` names it in errors.
 */
export const readLines = async (path: string, where: string, take: TakeLine): Promise<ReadLines> => {
  const digest = createHash("sha256")
  const file = await openStream(path)
  const cutter = lineCutter(where, take)
  file.on("data", (chunk) => digest.update(chunk))
  // Of small pieces most hold the end of one line and the beginning of the next, which then have to be put together.
  const body = where.endsWith(".gz") ? file.pipe(createGunzip({ chunkSize: unpackedBytes })) : file
  // pipe() does not pass a read error on.
  if (body !== file) file.once("error", (error) => body.destroy(error))
  for await (const chunk of body) cutter.push(chunk as Buffer)
  return { sha256: digest.digest("hex"), lines: cutter.finish() }
}

/** Parses one line that must be a JSON object. */
export const parseLine = (line: string, number: number, where: string): Readonly<Record<string, unknown>> => {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new AttestError("format", `${where} line ${number} is not JSON.`)
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new AttestError("format", `${where} line ${number} is not a JSON object.`)
  return value as Readonly<Record<string, unknown>>
}
