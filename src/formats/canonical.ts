/**
 * Canonical records as bytes: NDJSON or one JSON array, told apart by their first bytes. It finds
 * where each record begins and ends; the border parses, validates and stages it.
 */
import { ArrayCutter } from "./array.ts"
import { LineSplitter, markLength } from "./lines.ts"

/** What the reader hands out; `line` is 1-based (in an array: number of the element), `bytes` must not be kept. */
export type RecordHandler = {
  /** `whole` is false for a last line without line break, which may be cut off. */
  record(bytes: Buffer, start: number, end: number, line: number, pointer: string | undefined, whole: boolean): void
  rejected(line: number, pointer: string | undefined, sentence: string): void
}

const indentedSentence = "This is one JSON document over several lines; write each record on a line of its own, or all of them in one array."

const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13

/** Index of the first byte that is no white space, or -1. */
const firstInk = (bytes: Buffer, from: number): number => {
  for (let at = from; at < bytes.length; at++) if (!isSpace(bytes[at])) return at
  return -1
}

/** Index after the opening bracket of an array of objects; undefined: more bytes are needed; -1: no array. */
const arrayStart = (bytes: Buffer): number | undefined => {
  // The byte order mark may be cut by the pieces.
  if (bytes[0] === 0xef && bytes.length < 3) return undefined
  const open = firstInk(bytes, markLength(bytes))
  if (open === -1) return undefined
  if (bytes[open] !== 91) return -1
  const next = firstInk(bytes, open + 1)
  if (next === -1) return undefined
  return bytes[next] === 123 || bytes[next] === 93 ? open + 1 : -1
}

/** May an object that begins with these bytes be read in parts? An array and an unknown beginning may not. */
export const beginsWithLines = (head: Buffer): boolean => arrayStart(head) === -1

const beginsIndented = (bytes: Buffer, start: number, end: number): boolean => bytes[start] === 123 && end - start === 1

/** Reads pushed pieces; call `end` once after the last. */
export class CanonicalReader {
  readonly #handler: RecordHandler
  #head: Buffer = Buffer.alloc(0)
  #body: LineSplitter | ArrayCutter | undefined
  #indented = false

  /** `line`: number of the first line where the bytes begin inside an object of lines, after a line break. */
  constructor(handler: RecordHandler, line?: number) {
    this.#handler = handler
    if (line !== undefined) this.#body = this.#lines(line)
  }

  /** Is it within a document over several lines? */
  get isInsideDocument(): boolean {
    return this.#indented
  }

  push(piece: Buffer): void {
    if (this.#body !== undefined) return this.#body.push(piece)
    this.#head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece])
    const start = arrayStart(this.#head)
    if (start !== undefined) this.#begin(start)
    else this.#head = Buffer.from(this.#head)
  }

  /** Ends the object. */
  end(): void {
    if (this.#body === undefined) this.#begin(-1)
    this.#body?.end()
  }

  /** Bytes are missing here: what was begun is told once, with the reason. */
  breakOff(sentence: string): void {
    if (this.#body === undefined) this.#begin(-1)
    this.#body?.breakOff(sentence)
    this.#indented = false
  }

  #begin(start: number): void {
    const head = this.#head
    this.#head = Buffer.alloc(0)
    this.#body = start === -1 ? this.#lines() : this.#array()
    this.#body.push(start === -1 ? head : head.subarray(start))
  }

  #lines(first?: number): LineSplitter {
    return new LineSplitter({
      line: (bytes, start, end, line, broken) => {
        if (!this.#insideIndented(bytes, start, end, line)) this.#handler.record(bytes, start, end, line, undefined, broken)
      },
      rejected: (line, sentence) => this.#handler.rejected(line, undefined, sentence)
    }, first)
  }

  #array(): ArrayCutter {
    return new ArrayCutter({
      element: (bytes, start, end, index) => this.#handler.record(bytes, start, end, index + 1, `/${index}`, true),
      rejected: (index, sentence) => this.#handler.rejected(index + 1, `/${index}`, sentence)
    })
  }

  /** An indented document is one thing that does not fit, not one a line. */
  #insideIndented(bytes: Buffer, start: number, end: number, line: number): boolean {
    if (!this.#indented && !beginsIndented(bytes, start, end)) return false
    if (!this.#indented) {
      this.#indented = true
      this.#handler.rejected(line, undefined, indentedSentence)
      return true
    }
    const atMargin = start === 0 || bytes[start - 1] === 10
    const closes = atMargin && bytes[start] === 125
    const nextRecord = atMargin && bytes[start] === 123 && end - start > 1
    if (closes || nextRecord) this.#indented = false
    return !nextRecord
  }
}
