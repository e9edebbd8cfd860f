/**
 * Bytes into lines, without making strings: LF ends a line, a CR before it belongs to the break, a
 * lone CR does not break. Lines that are too long or not UTF-8 are handed out as rejected and the
 * rest is read on.
 */
import { isUtf8 } from "node:buffer"

/** The longest line, and the longest element of a JSON array, in bytes. */
export const recordBytesMax = 8 * 1024 * 1024

/** What the splitter hands out; `bytes` must not be kept, it is used again. */
export type LineHandler = {
  /** A line that is not blank and is UTF-8: `bytes` from `start` to `end`. `broken` is false for a last line without line break. */
  line(bytes: Buffer, start: number, end: number, line: number, broken: boolean): void
  rejected(line: number, sentence: string): void
}

export const notUtf8Sentence = "The line is not UTF-8; write the file as UTF-8."
export const tooLongSentence = `The line is longer than ${recordBytesMax} bytes; a record that long cannot be read.`

const lineFeed = 10
const carriageReturn = 13

const isBlankByte = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === carriageReturn || byte === 11 || byte === 12

/** Length of the byte order mark at the beginning, 0 or 3. */
export const markLength = (bytes: Uint8Array): number => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0

/** Splits pushed pieces; call `end` once after the last. */
export class LineSplitter {
  readonly #handler: LineHandler
  #pieces: Array<Buffer> = []
  #pending = 0
  #skipping = false
  #line: number
  #atStart: boolean

  /** `line`: number of the first line where the bytes begin inside an object, after a line break. */
  constructor(handler: LineHandler, line?: number) {
    this.#handler = handler
    this.#line = line ?? 1
    this.#atStart = line === undefined
  }

  push(piece: Buffer): void {
    let rest = piece
    if (this.#skipping) {
      const end = rest.indexOf(lineFeed)
      if (end === -1) return
      this.#skipping = false
      this.#line++
      rest = rest.subarray(end + 1)
    }
    const last = rest.lastIndexOf(lineFeed)
    if (last === -1) return this.#keep(rest)
    this.#whole(this.#joined(rest.subarray(0, last + 1)))
    this.#keep(rest.subarray(last + 1))
  }

  /** Bytes are missing here: what was begun is told as one line that does not fit, and a new line begins. */
  breakOff(sentence: string): void {
    if (!this.#skipping) this.#handler.rejected(this.#line, sentence)
    this.#line++
    this.#pieces = []
    this.#pending = 0
    this.#skipping = false
    this.#atStart = false
  }

  end(): void {
    if (this.#skipping) return
    const bytes = this.#joined(Buffer.alloc(0))
    const start = this.#startOf(bytes)
    this.#one(bytes, start, bytes.length, isUtf8(bytes), false)
  }

  #startOf(bytes: Buffer): number {
    if (!this.#atStart || bytes.length === 0) return 0
    this.#atStart = false
    return markLength(bytes)
  }

  #joined(tail: Buffer): Buffer {
    if (this.#pieces.length === 0) return tail
    const bytes = Buffer.concat([...this.#pieces, tail])
    this.#pieces = []
    this.#pending = 0
    return bytes
  }

  #keep(tail: Buffer): void {
    if (tail.length === 0) return
    this.#pieces.push(Buffer.from(tail))
    this.#pending += tail.length
    // Not before it is certain: how the bytes are cut into pieces must not decide.
    const mark = this.#atStart ? 3 : 0
    if (this.#pending <= recordBytesMax + 1 + mark) return
    this.#handler.rejected(this.#line, tooLongSentence)
    this.#pieces = []
    this.#pending = 0
    this.#atStart = false
    this.#skipping = true
  }

  #whole(bytes: Buffer): void {
    const valid = isUtf8(bytes)
    let start = this.#startOf(bytes)
    while (start < bytes.length) {
      const end = bytes.indexOf(lineFeed, start)
      this.#one(bytes, start, end, valid, true)
      this.#line++
      start = end + 1
    }
  }

  #one(bytes: Buffer, from: number, to: number, valid: boolean, broken: boolean): void {
    let start = from
    let end = to > from && bytes[to - 1] === carriageReturn ? to - 1 : to
    const tooLong = end - start > recordBytesMax
    while (start < end && isBlankByte(bytes[start])) start++
    while (start < end && isBlankByte(bytes[end - 1])) end--
    if (start === end && !tooLong) return
    if (tooLong) this.#handler.rejected(this.#line, tooLongSentence)
    else if (valid || isUtf8(bytes.subarray(start, end))) this.#handler.line(bytes, start, end, this.#line, broken)
    else this.#handler.rejected(this.#line, notUtf8Sentence)
  }
}
