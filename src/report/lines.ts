import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs"

/**
 * Lines of an NDJSON file of a report, one after the other, in memory of one piece at a time.
 * An absent file has no lines, since a report may lack a kind of output.
 */
export function* linesOf(path: string): Generator<string> {
  if (!existsSync(path)) return
  const handle = openSync(path, "r")
  try {
    const piece = Buffer.alloc(Math.max(1, Math.min(1 << 20, fstatSync(handle).size)))
    let rest: Buffer = Buffer.alloc(0)
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      const bytes: Buffer = Buffer.concat([rest, piece.subarray(0, read)])
      let from = 0
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        if (end > from) yield bytes.toString("utf8", from, end)
        from = end + 1
      }
      rest = bytes.subarray(from)
    }
    if (rest.length > 0) yield rest.toString("utf8")
  } finally {
    closeSync(handle)
  }
}
