/** Quarantine entries of one object into a file of its own; the files are joined in the order of the objects. */
import { closeSync, openSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { QuarantineEntry } from "./source.ts"
import { staging } from "./stage.ts"

const bufferCharacters = 64 * 1024

/** Where the entries of an object, or of a part of it, stand in a stage folder. */
export const quarantinePath = (stageDir: string, objectNumber: number, part?: number): string =>
  join(stageDir, `quarantine.${objectNumber}${part === undefined ? "" : `.${part}`}.ndjson`)

/** Makes no file where nothing is quarantined. */
export class QuarantineFile {
  readonly #path: string
  #descriptor: number | undefined
  #pending = ""

  constructor(stageDir: string, objectNumber: number, part?: number) {
    this.#path = quarantinePath(stageDir, objectNumber, part)
  }

  add(entry: QuarantineEntry): void {
    this.#pending += `${JSON.stringify(entry)}\n`
    if (this.#pending.length > bufferCharacters) this.#flush()
  }

  close(): void {
    this.#flush()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  /** Forgets all entries. */
  drop(): void {
    this.#pending = ""
    this.close()
    rmSync(this.#path, { force: true })
  }

  #flush(): void {
    if (this.#pending === "") return
    const text = this.#pending
    const descriptor = this.#descriptor ??= staging(() => openSync(this.#path, "w", 0o600))
    staging(() => writeFileSync(descriptor, text))
    this.#pending = ""
  }
}
