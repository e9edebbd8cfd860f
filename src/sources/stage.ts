/** Staged rows into files, one open file a kind. Synchronous: it runs in the reading threads only. */
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { StagedFile, StagedKind } from "./source.ts"

/** A file is closed and announced once it is this long, so that loading overlaps reading. */
const fileBytes = 32 * 1024 * 1024
const bufferBytes = 512 * 1024
/** A buffer begins with this: most kinds of a small source have few rows, and what is not needed still has to be collected. */
const firstBytes = 8 * 1024

/** Staging itself fails (a full disk, say): the reading cannot go on. */
export class StageFailure extends Error {
  override readonly name = "StageFailure"
}

/** Does something with a staged file; a failure is told without its path's content. */
export const staging = <A>(doing: () => A): A => {
  try {
    return doing()
  } catch (problem) {
    const code = problem instanceof Error && "code" in problem ? String(problem.code) : "unknown"
    throw new StageFailure(`The folder for staged records cannot be written (${code}); check its disk and permissions.`, { cause: problem })
  }
}

type Position = { readonly bytes: number; readonly rows: number; readonly longest: number }

class StagedOutput {
  readonly path: string
  readonly offsets: boolean
  readonly #descriptor: number
  #buffer = Buffer.allocUnsafe(firstBytes)
  #fill = 0
  #flushed = 0
  rows = 0
  longest = 0
  /** Where rolling back leads. */
  mark: Position = { bytes: 0, rows: 0, longest: 0 }

  constructor(path: string, offsets: boolean) {
    this.path = path
    this.offsets = offsets
    this.#descriptor = staging(() => openSync(path, "wx", 0o600))
  }

  get bytes(): number {
    return this.#flushed + this.#fill
  }

  /** Writes `prefix`, then the bytes from `start` to `end`, then a line feed. The prefix is ASCII. */
  row(prefix: string, bytes: Buffer, start: number, end: number): void {
    const length = prefix.length + end - start + 1
    if (this.#fill + length > this.#buffer.length) this.#makeRoom(length)
    this.rows++
    if (length > this.longest) this.longest = length
    if (length > bufferBytes) return this.#write(Buffer.concat([Buffer.from(prefix, "latin1"), bytes.subarray(start, end), Buffer.from("\n")]))
    this.#fill += this.#buffer.write(prefix, this.#fill, "latin1")
    this.#fill += bytes.copy(this.#buffer, this.#fill, start, end)
    this.#buffer[this.#fill++] = 10
  }

  flush(): void {
    const fill = this.#fill
    this.#fill = 0
    if (fill > 0) this.#write(this.#buffer.subarray(0, fill))
  }

  rollBack(): void {
    if (this.mark.bytes >= this.#flushed) this.#fill = this.mark.bytes - this.#flushed
    else {
      ftruncateSync(this.#descriptor, this.mark.bytes)
      this.#flushed = this.mark.bytes
      this.#fill = 0
    }
    this.rows = this.mark.rows
    this.longest = this.mark.longest
  }

  close(): void {
    this.flush()
    closeSync(this.#descriptor)
  }

  /** Grows the buffer as long as it may, then empties it. */
  #makeRoom(length: number): void {
    const wanted = this.#fill + length
    if (wanted > bufferBytes) this.flush()
    if (length > bufferBytes || this.#buffer.length === bufferBytes) return
    const larger = Buffer.allocUnsafe(Math.min(bufferBytes, Math.max(wanted, 4 * this.#buffer.length)))
    this.#buffer.copy(larger, 0, 0, this.#fill)
    this.#buffer = larger
  }

  #write(bytes: Buffer): void {
    let at = 0
    staging(() => {
      while (at < bytes.length) at += writeSync(this.#descriptor, bytes, at, bytes.length - at, this.#flushed + at)
    })
    this.#flushed += bytes.length
  }
}

/** The staged files of one reading thread. Rows count once `commit` has been called for their object. */
export class Stage {
  readonly #folder: string
  readonly #worker: number | string
  readonly #announce: (file: StagedFile) => void
  readonly #inUtc = new Map<StagedKind, Array<StagedOutput>>()
  readonly #withOffsets = new Map<StagedKind, Array<StagedOutput>>()
  readonly #made = new Map<StagedKind, number>()

  constructor(folder: string, worker: number | string, announce: (file: StagedFile) => void) {
    this.#folder = folder
    this.#worker = worker
    this.#announce = announce
  }

  /** One row; `bytes` from `start` to `end` are the rest of the object that `prefix` opens. `offset`: a time of it does not end in `Z`. */
  row(kind: StagedKind, prefix: string, bytes: Buffer, start: number, end: number, offset: boolean): void {
    this.#current(kind, offset).row(prefix, bytes, start, end)
  }

  /** Keeps the rows since the last commit and announces the files that are full. */
  commit(): void {
    for (const open of this.#opened()) for (const [kind, outputs] of open) {
      const last = outputs.at(-1)
      const kept = last !== undefined && last.bytes < fileBytes ? [last] : []
      for (const output of outputs) if (!kept.includes(output)) this.#finish(kind, output)
      for (const output of kept) output.mark = { bytes: output.bytes, rows: output.rows, longest: output.longest }
      open.set(kind, kept)
    }
  }

  /** Drops the rows since the last commit. */
  rollBack(): void {
    for (const open of this.#opened()) for (const [kind, outputs] of open) {
      for (const output of outputs) output.rollBack()
      for (const output of outputs.slice(1)) this.#drop(output)
      open.set(kind, outputs.slice(0, 1))
    }
  }

  /** Announces what is left. */
  close(): void {
    for (const open of this.#opened()) {
      for (const [kind, outputs] of open) for (const output of outputs) this.#finish(kind, output)
      open.clear()
    }
  }

  #opened(): ReadonlyArray<Map<StagedKind, Array<StagedOutput>>> {
    return [this.#inUtc, this.#withOffsets]
  }

  #current(kind: StagedKind, offset: boolean): StagedOutput {
    const open = offset ? this.#withOffsets : this.#inUtc
    let outputs = open.get(kind)
    if (outputs === undefined) open.set(kind, outputs = [])
    const last = outputs.at(-1)
    if (last !== undefined && last.bytes < fileBytes) return last
    const number = this.#made.get(kind) ?? 0
    this.#made.set(kind, number + 1)
    last?.flush()
    const output = new StagedOutput(join(this.#folder, `${kind}.${this.#worker}.${number}.ndjson`), offset)
    outputs.push(output)
    return output
  }

  #drop(output: StagedOutput): void {
    output.close()
    rmSync(output.path, { force: true })
  }

  #finish(kind: StagedKind, output: StagedOutput): void {
    if (output.rows === 0) return this.#drop(output)
    output.close()
    this.#announce({ kind, path: output.path, bytes: output.bytes, rows: output.rows, longest: output.longest, offsets: output.offsets })
  }
}
