/**
 * gzip and zstd, told by their first bytes, never by a name. Where a member is broken, what stands
 * before it is kept and reading goes on at the next member.
 */
import type { Transform } from "node:stream"
import { createGunzip, createZstdDecompress } from "node:zlib"

/** Stands in the decompressed bytes where some are lost. */
export const broken: unique symbol = Symbol("broken")

/** Decompressed bytes, or the mark of a break. */
export type Piece = Buffer | typeof broken

/**
 * The engine keeps what it made in the call that fails, so the slice that failed must be fed byte
 * by byte: the object is to be read again with `care` set to `slice`.
 */
export class NeedsCare extends Error {
  override readonly name = "NeedsCare"
  readonly slice: number

  constructor(slice: number) {
    super()
    this.slice = slice
  }
}

/** After a break. */
const carefulBytes = 64
const outputBytes = 256 * 1024

type Engine = Transform & { readonly bytesWritten: number }
type Compression = {
  readonly magic: Buffer
  readonly engine: () => Engine
  /**
   * What is fed at once: of a fixed size, so that a broken stream breaks at the same place every time, and so small that
   * what comes out of it at most (1,032 times as much of gzip, 32,768 times of zstd) fits into memory.
   */
  readonly sliceBytes: number
}

const gzip: Compression = { magic: Buffer.from([0x1f, 0x8b, 0x08]), engine: () => createGunzip({ chunkSize: outputBytes }), sliceBytes: 128 * 1024 }
const zstd: Compression = { magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), engine: () => createZstdDecompress({ chunkSize: outputBytes }), sliceBytes: 4 * 1024 }

const compressionOf = (head: Buffer): Compression | undefined =>
  [gzip, zstd].find(({ magic }) => head.subarray(0, magic.length).equals(magic))

/** Do the bytes of an object that begins so need decompressing? */
export const isCompressed = (head: Buffer): boolean => compressionOf(head) !== undefined

/** One run of the engine over members that follow each other. */
class Inflation {
  readonly #engine: Engine
  #fed = 0
  readonly #failed: Promise<false>
  readonly #ended: Promise<true>
  #made: Array<Buffer> = []

  constructor(engine: Engine) {
    this.#engine = engine
    engine.on("data", (piece: Buffer) => this.#made.push(piece))
    this.#failed = new Promise((resolve) => engine.once("error", () => resolve(false)))
    this.#ended = new Promise((resolve) => engine.once("end", () => resolve(true)))
  }

  /** Feeds bytes; false where the engine refuses them, else how many it left because its last member ended before them. */
  async feed(bytes: Buffer): Promise<number | false> {
    this.#fed += bytes.length
    const written = new Promise<true>((resolve) => this.#engine.write(bytes, (problem) => {
      if (problem === null || problem === undefined) resolve(true)
    }))
    const good = await Promise.race([this.#failed, this.#ended, written])
    return good && this.#fed - this.#engine.bytesWritten
  }

  /** False where the last member is cut off. */
  end(): Promise<boolean> {
    this.#engine.end()
    return Promise.race([this.#failed, this.#ended])
  }

  /** What was made since the last time. */
  taken(): Array<Buffer> {
    const pieces = this.#made
    this.#made = []
    return pieces
  }

  close(): void {
    this.#engine.destroy()
  }
}

async function* inSlices(head: Buffer, rest: AsyncIterator<Buffer>, sliceBytes: number): AsyncGenerator<Buffer> {
  let pending = head
  for (;;) {
    while (pending.length >= sliceBytes) {
      yield pending.subarray(0, sliceBytes)
      pending = pending.subarray(sliceBytes)
    }
    const next = await rest.next()
    if (next.done === true) break
    pending = pending.length === 0 ? next.value : Buffer.concat([pending, next.value])
  }
  if (pending.length > 0) yield pending
}

/** Cuts a slice into steps, so that little is lost when one of them fails. */
const stepsOf = (slice: Buffer, size: number): ReadonlyArray<Buffer> =>
  Array.from({ length: Math.ceil(slice.length / size) }, (_, step) => slice.subarray(step * size, (step + 1) * size))

/** Members with breaks between them. */
class Inflating {
  readonly #compression: Compression
  readonly #care: number | undefined
  #inflation: Inflation | undefined
  /** The last bytes before the next member is found: a magic may lie across slices. */
  #tail: Buffer = Buffer.alloc(0)
  #broke = false

  constructor(compression: Compression, care: number | undefined) {
    this.#compression = compression
    this.#care = care
    this.#inflation = new Inflation(compression.engine())
  }

  async *slice(slice: Buffer, number: number): AsyncGenerator<Piece> {
    const size = number === this.#care ? 1 : this.#broke ? carefulBytes : slice.length
    for (const step of stepsOf(slice, size)) {
      for (let bytes: Buffer | undefined = step; bytes !== undefined && bytes.length > 0;) {
        const fed: Buffer | undefined = this.#inflation === undefined ? this.#sought(bytes) : bytes
        if (fed === undefined || this.#inflation === undefined) break
        const left = await this.#inflation.feed(fed)
        if (left === false && size === slice.length && size > 1 && !this.#broke) throw new NeedsCare(number)
        yield* this.#inflation.taken()
        if (left === false) yield this.#break(fed)
        bytes = left === false || left === 0 ? undefined : this.#next(fed.subarray(fed.length - left))
      }
    }
  }

  /** A member has ended and these bytes are left: another member, or padding. */
  #next(left: Buffer): Buffer | undefined {
    this.#inflation?.close()
    this.#inflation = undefined
    this.#tail = Buffer.alloc(0)
    if (left.every((byte) => byte === 0)) return undefined
    this.#inflation = new Inflation(this.#compression.engine())
    return left
  }

  async *end(): AsyncGenerator<Piece> {
    if (this.#inflation === undefined) return
    const good = await this.#inflation.end()
    yield* this.#inflation.taken()
    if (!good) yield broken
  }

  close(): void {
    this.#inflation?.close()
  }

  #break(bytes: Buffer): typeof broken {
    this.#inflation?.close()
    this.#inflation = undefined
    this.#broke = true
    this.#tail = Buffer.from(bytes.subarray(1))
    return broken
  }

  /** The bytes from the next member on, with an engine for it; undefined while there is none. */
  #sought(step: Buffer): Buffer | undefined {
    const { magic, engine } = this.#compression
    const bytes = Buffer.concat([this.#tail, step])
    const at = bytes.indexOf(magic)
    this.#tail = Buffer.from(bytes.subarray(Math.max(0, bytes.length - magic.length + 1)))
    if (at === -1) return undefined
    this.#inflation = new Inflation(engine())
    return bytes.subarray(at)
  }
}

/** The bytes, decompressed where they are compressed; throws `NeedsCare` at a first break without `care`. */
export async function* decompressed(bytes: AsyncIterable<Buffer>, care: number | undefined): AsyncGenerator<Piece> {
  const iterator = bytes[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 4) {
    const next = await iterator.next()
    if (next.done === true) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  const compression = compressionOf(head)
  if (compression === undefined) {
    if (head.length > 0) yield head
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    return
  }
  const inflating = new Inflating(compression, care)
  try {
    let number = 0
    for await (const slice of inSlices(head, iterator, compression.sliceBytes)) yield* inflating.slice(slice, number++)
    yield* inflating.end()
  } finally {
    inflating.close()
  }
}
