import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"

/** One line of an NDJSON file; `value` undefined: it is not JSON. `number` is 1-based. */
export type NdjsonLine = { readonly number: number; readonly line: string; readonly value: unknown }

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Reads NDJSON line by line; blank lines are passed over. */
export async function* readNdjson(from: string | Readable): AsyncGenerator<NdjsonLine> {
  let number = 0
  for await (const line of createInterface({ input: typeof from === "string" ? createReadStream(from) : from, crlfDelay: Infinity })) {
    number += 1
    if (line.trim() !== "") yield { number, line, value: parsed(line) }
  }
}
