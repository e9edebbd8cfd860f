import { closeSync, openSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Bytes that wait before they are written; one write a line would cost more than making it. */
const pendingMax = 1 << 20

/** A text file written in pieces. */
export class TextFile {
  readonly #handle: number
  #pending: Array<string> = []
  #characters = 0

  constructor(folder: string, name: string) {
    this.#handle = openSync(join(folder, name), "w", 0o644)
  }

  write(text: string): void {
    this.#pending.push(text)
    this.#characters += text.length
    if (this.#characters > pendingMax) this.#flush()
  }

  #flush(): void {
    // Not writeSync: on a disk that fills up it writes a part of what it was given and says so only by a number.
    if (this.#pending.length > 0) writeFileSync(this.#handle, this.#pending.join(""))
    this.#pending = []
    this.#characters = 0
  }

  close(): void {
    this.#flush()
    closeSync(this.#handle)
  }
}
