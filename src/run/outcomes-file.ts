import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { finished } from "node:stream/promises"
import { constants, createGzip, type Gzip } from "node:zlib"
import { headOf, merkleRoot, saltedParts, saltsUnder, type TreeHead } from "../attest/index.ts"
import { namesUnder, type Pseudonymiser } from "../findings/pseudonyms.ts"

/** What outcomes.ndjson.gz is written with. */
export type OutcomesFileSettings = {
  /** Where the report is being built. */
  readonly folder: string
  /** Without it people stand there by their names. */
  readonly pseudonymKey: Uint8Array | undefined
  readonly idKey: Uint8Array
  /** Every different set of outcomes, as the members of a JSON object: few sets are different, so that rows name theirs by its place here. */
  readonly patterns: ReadonlyArray<string>
}

/** Rows by columns: level (0 a recording, 1 a contact), its id and the place of its outcomes among the patterns. */
export type OutcomeRows = { readonly levels: ReadonlyArray<number>; readonly subjects: ReadonlyArray<string>; readonly places: ReadonlyArray<number> }

/** Lines are packed in pieces of about as many bytes. */
const pieceBytes = 1 << 18

/** How a line ends: its salt of 64 digits. */
const endBytes = ',"salt":""}\n'.length + 64

/** outcomes.ndjson.gz while it is written: a line a subject, as RFC 8785 writes it, which is what its leaf is made of; its salt comes after. */
export class OutcomesFile {
  readonly #gzip: Gzip
  readonly #written: Promise<void>
  readonly #names: Pseudonymiser
  readonly #saltOf: (id: string) => string
  readonly #tree = merkleRoot()
  readonly #leaf = saltedParts(this.#tree)
  /** The line of a recording up to its id, and that of a contact after it, by pattern. */
  readonly #before: ReadonlyArray<Buffer>
  readonly #after: ReadonlyArray<Buffer>
  #piece = Buffer.allocUnsafe(pieceBytes)
  #filled = 0

  constructor({ folder, pseudonymKey, idKey, patterns }: OutcomesFileSettings) {
    this.#names = namesUnder(pseudonymKey)
    this.#saltOf = saltsUnder(idKey)
    this.#before = patterns.map((outcomes) => Buffer.from(`{"outcomes":{${outcomes}},"recordingId":`))
    this.#after = patterns.map((outcomes) => Buffer.from(`,"outcomes":{${outcomes}}}`))
    this.#gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: pieceBytes })
    const file = createWriteStream(join(folder, "outcomes.ndjson.gz"))
    this.#written = finished(this.#gzip.pipe(file))
    // A failure is thrown by the next piece or the end; until then it must not count as nobody's.
    this.#written.catch(() => undefined)
  }

  #line(level: number, subject: string, place: number): void {
    const name = this.#names.scrub(subject)
    const isRecording = level === 0
    const salt = this.#saltOf(`${isRecording ? "recordingId" : "contactId"}\0${name}`)
    const outcomes = (isRecording ? this.#before : this.#after)[place]
    if (outcomes === undefined) throw new RangeError(`there is no pattern ${place}`)
    const line = this.#leaf(isRecording ? [outcomes, JSON.stringify(name), "}"] : ['{"contactId":', JSON.stringify(name), outcomes], salt)
    if (this.#filled + line.length + endBytes > this.#piece.length) this.#pack(line.length + endBytes)
    this.#piece.set(line, this.#filled)
    // The salt takes the place of the closing brace.
    this.#filled += line.length - 1
    this.#filled += this.#piece.write(`,"salt":"${salt}"}\n`, this.#filled, "latin1")
  }

  /** Gives the piece away, which is packed beside this thread, and begins another for at least as many bytes. */
  #pack(least: number): void {
    this.#gzip.write(this.#piece.subarray(0, this.#filled))
    this.#piece = Buffer.allocUnsafe(Math.max(pieceBytes, least))
    this.#filled = 0
  }

  /** Writes the lines of rows, in their order; waits where packing does not keep up. */
  async take({ levels, subjects, places }: OutcomeRows): Promise<void> {
    for (const [row, subject] of subjects.entries()) this.#line(levels[row] ?? 0, subject, places[row] ?? -1)
    if (this.#gzip.writableNeedDrain) await Promise.race([this.#written, new Promise<void>((resolve) => { this.#gzip.once("drain", resolve) })])
  }

  /** Ends the file and gives the head of its tree. */
  async close(): Promise<TreeHead> {
    this.#gzip.end(this.#piece.subarray(0, this.#filled))
    await this.#written
    return headOf(this.#tree)
  }
}
