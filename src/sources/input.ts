/** One object's decompressed bytes, as an adapter or the canonical reader wants them. */
import { documentBytesMax, DocumentTooLarge, type FormatHead, type FormatInput, ObjectUnreadable, type TextLine } from "../formats/format.ts"
import { LineSplitter, markLength } from "../formats/lines.ts"
import { broken, type Piece } from "./compression.ts"

const headBytes = 64 * 1024

/** The compressed bytes of a document are broken: what is left of it cannot be trusted. */
export const brokenDocumentSentence = "The compressed bytes are broken or cut off; store the object again."
/** The same of a file of lines, which is read on. */
export const brokenLineSentence = "The compressed bytes are broken or cut off here; the record that begins on this line is lost, perhaps others after it."

/** Bytes whose beginning can be looked at before they are read. */
export class PeekedBytes {
  readonly #rest: AsyncIterator<Piece>
  readonly #head: Array<Piece> = []
  #headBytes = 0
  #complete = false

  constructor(bytes: AsyncIterable<Piece>) {
    this.#rest = bytes[Symbol.asyncIterator]()
  }

  /** The first 64 KiB, or everything where there is less; at most up to a break. */
  async head(uri: string): Promise<FormatHead> {
    while (!this.#complete && this.#headBytes < headBytes && this.#head.at(-1) !== broken) {
      const next = await this.#rest.next()
      if (next.done === true) this.#complete = true
      else {
        this.#head.push(next.value)
        this.#headBytes += next.value === broken ? 0 : next.value.length
      }
    }
    const bytes = Buffer.concat(this.#head.filter((piece) => piece !== broken))
    return { uri, text: bytes.toString("utf8", markLength(bytes), headBytes), complete: this.#complete && bytes.length <= headBytes }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece> {
    yield* this.#head
    if (this.#complete) return
    for (let next = await this.#rest.next(); next.done !== true; next = await this.#rest.next()) yield next.value
  }
}

async function* documentBytes(pieces: AsyncIterable<Piece>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    if (piece === broken) throw new ObjectUnreadable(brokenDocumentSentence)
    yield piece
  }
}

/** Lines as text; what cannot be a line goes to `rejected`. */
export async function* textLines(pieces: AsyncIterable<Piece>, rejected: (line: number, sentence: string) => void): AsyncGenerator<TextLine> {
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
  for await (const piece of pieces) {
    if (piece === broken) splitter.breakOff(brokenLineSentence)
    else splitter.push(piece)
    yield* taken()
  }
  splitter.end()
  yield* taken()
}

const wholeOf = async (pieces: AsyncIterable<Piece>): Promise<Uint8Array> => {
  const kept: Array<Buffer> = []
  let length = 0
  for await (const piece of documentBytes(pieces)) {
    length += piece.length
    if (length > documentBytesMax) throw new DocumentTooLarge()
    kept.push(piece)
  }
  const whole = Buffer.concat(kept)
  return whole.subarray(markLength(whole))
}

/** The input of an adapter over these bytes. */
export const formatInput = (
  about: Pick<FormatInput, "sourceId" | "uri" | "versionId" | "options" | "baseFolder" | "metadata">,
  pieces: AsyncIterable<Piece>,
  rejected: (line: number, sentence: string) => void
): FormatInput => ({
  ...about,
  bytes: () => documentBytes(pieces),
  lines: () => textLines(pieces, rejected),
  whole: () => wholeOf(pieces)
})
