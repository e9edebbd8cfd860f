/** One object's decompressed bytes, as an adapter or the canonical reader wants them. */
import { documentBytesMax, DocumentTooLarge, type FormatHead, type FormatInput, type TextLine } from "../formats/format.ts"
import { LineSplitter, markLength } from "../formats/lines.ts"

const headBytes = 64 * 1024

/** Bytes whose beginning can be looked at before they are read. */
export class PeekedBytes {
  readonly #rest: AsyncIterator<Buffer>
  #head: Buffer = Buffer.alloc(0)
  #complete = false

  constructor(bytes: AsyncIterable<Buffer>) {
    this.#rest = bytes[Symbol.asyncIterator]()
  }

  /** The first 64 KiB, or everything where there is less. What breaks here breaks again when it is read. */
  async head(uri: string): Promise<FormatHead> {
    while (!this.#complete && this.#head.length < headBytes) {
      const next = await this.#rest.next()
      if (next.done === true) this.#complete = true
      else this.#head = Buffer.concat([this.#head, next.value])
    }
    const shown = this.#head.subarray(markLength(this.#head), headBytes)
    return { uri, text: shown.toString("utf8"), complete: this.#complete && this.#head.length <= headBytes }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      if (this.#head.length > 0) yield this.#head
      if (this.#complete) return
      for (let next = await this.#rest.next(); next.done !== true; next = await this.#rest.next()) yield next.value
    } finally {
      await this.#rest.return?.()
    }
  }
}

/** Lines as text; what cannot be a line goes to `rejected`. */
export async function* textLines(bytes: AsyncIterable<Buffer>, rejected: (line: number, sentence: string) => void): AsyncGenerator<TextLine> {
  let ready: Array<TextLine> = []
  const splitter = new LineSplitter({
    line: (piece, start, end, line) => ready.push({ line, text: piece.toString("utf8", start, end) }),
    rejected
  })
  const taken = (): Array<TextLine> => {
    const lines = ready
    ready = []
    return lines
  }
  for await (const piece of bytes) {
    splitter.push(piece)
    yield* taken()
  }
  splitter.end()
  yield* taken()
}

const wholeOf = async (bytes: AsyncIterable<Buffer>): Promise<Uint8Array> => {
  const pieces: Array<Buffer> = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > documentBytesMax) throw new DocumentTooLarge()
    pieces.push(piece)
  }
  const whole = Buffer.concat(pieces)
  return whole.subarray(markLength(whole))
}

/** The input of an adapter over these bytes. */
export const formatInput = (
  about: Pick<FormatInput, "sourceId" | "uri" | "versionId" | "options" | "baseFolder">,
  bytes: AsyncIterable<Buffer>,
  rejected: (line: number, sentence: string) => void
): FormatInput => ({
  ...about,
  bytes: () => bytes,
  lines: () => textLines(bytes, rejected),
  whole: () => wholeOf(bytes)
})
