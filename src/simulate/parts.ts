import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"

/** Bytes at which a part file is closed and the next begun. */
export const partBytes = 64 * 1024 * 1024
const bufferCharacters = 1024 * 1024

/** Writes lines into `<folder>/part-0001.ndjson` and on, each about `partBytes` long, with bounded memory. */
export type PartWriter = {
  readonly line: (text: string) => void
  readonly close: () => void
  /** Bytes written so far, without what is still buffered. */
  readonly bytes: () => number
}

/** Opens a writer; the first part exists afterwards even if no line follows. Parts of an earlier, larger estate are removed. */
export const openParts = (folder: string): PartWriter => {
  mkdirSync(folder, { recursive: true })
  for (const file of readdirSync(folder)) if (/^part-\d{4}\.ndjson$/.test(file)) rmSync(join(folder, file))
  let part = 0
  let file = -1
  let inPart = 0
  let total = 0
  let buffer = ""
  const next = (): void => {
    if (file !== -1) closeSync(file)
    part += 1
    inPart = 0
    file = openSync(join(folder, `part-${String(part).padStart(4, "0")}.ndjson`), "w")
  }
  const flush = (): void => {
    const bytes = Buffer.from(buffer, "utf8")
    buffer = ""
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    inPart += bytes.length
    total += bytes.length
  }
  next()
  return {
    line: (text) => {
      buffer += text
      buffer += "\n"
      if (buffer.length < bufferCharacters) return
      if (inPart >= partBytes) next()
      flush()
    },
    close: () => {
      flush()
      closeSync(file)
    },
    bytes: () => total
  }
}
