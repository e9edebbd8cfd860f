import { closeSync, openSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** An NDJSON file of the report folder, written in pieces; mode 0600 until the folder is renamed. */
export class Lines {
  readonly #handle: number
  #pending: Array<string> = []
  #bytes = 0

  constructor(folder: string, name: string) {
    this.#handle = openSync(join(folder, name), "wx", 0o644)
  }

  /** Adds lines; joined writes, since one write a line costs more than making it. */
  write(lines: ReadonlyArray<string>): void {
    for (const line of lines) {
      this.#pending.push(line)
      this.#bytes += line.length
      if (this.#bytes > 4_000_000) this.#flush()
    }
  }

  #flush(): void {
    // Not writeSync: on a disk that fills up it writes a part of what it was given and says so only by a number.
    if (this.#pending.length > 0) writeFileSync(this.#handle, `${this.#pending.join("\n")}\n`)
    this.#pending = []
    this.#bytes = 0
  }

  /** Writes what is left and closes. */
  close(): void {
    this.#flush()
    closeSync(this.#handle)
  }
}
