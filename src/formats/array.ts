/** The elements of one JSON array, cut out of the bytes as they come, whatever its size. */
import { isUtf8 } from "node:buffer"
import { notUtf8Sentence, recordBytesMax } from "./lines.ts"

/** What the cutter hands out; `index` is 0-based. */
export type ElementHandler = {
  element(bytes: Buffer, start: number, end: number, index: number): void
  rejected(index: number, sentence: string): void
}

const tooLongSentence = `The element is longer than ${recordBytesMax} bytes; a record that long cannot be read.`

const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13

/** Cuts pushed pieces, the first of which begins after the opening bracket; call `end` once after the last. */
export class ArrayCutter {
  readonly #handler: ElementHandler
  #kept: Array<Buffer> = []
  #keptBytes = 0
  #index = 0
  #depth = 0
  #inText = false
  #escaped = false
  #begun = false
  #tooLong = false
  #afterComma = false
  #closed = false
  #trailing = false

  constructor(handler: ElementHandler) {
    this.#handler = handler
  }

  push(piece: Buffer): void {
    let start = 0
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (this.#inText) {
        if (this.#escaped) this.#escaped = false
        else if (byte === 92) this.#escaped = true
        else if (byte === 34) this.#inText = false
        continue
      }
      if (this.#closed) {
        this.#afterEnd(byte)
        continue
      }
      if (this.#depth === 0 && (byte === 44 || byte === 93)) {
        this.#element(piece, start, at, byte === 44)
        this.#closed = byte === 93
        start = at + 1
        continue
      }
      if (byte === 34) this.#inText = true
      else if (byte === 123 || byte === 91) this.#depth++
      else if ((byte === 125 || byte === 93) && this.#depth > 0) this.#depth--
      if (!this.#begun && !isSpace(byte)) {
        this.#begun = true
        start = at
      }
    }
    if (this.#begun) this.#keep(piece.subarray(start))
  }

  /** Bytes are missing here: nothing after it can be told apart, so the array ends. */
  breakOff(sentence: string): void {
    if (!this.#closed) this.#handler.rejected(this.#index, sentence)
    this.#closed = true
    this.#trailing = true
    this.#inText = false
    this.#begun = false
  }

  end(): void {
    if (!this.#closed) this.#handler.rejected(this.#index, "The file ends before its array is closed: it is cut off.")
  }

  #afterEnd(byte: number): void {
    if (this.#trailing || isSpace(byte)) return
    this.#trailing = true
    this.#handler.rejected(this.#index, "There is more after the end of the array; write one array, or one record a line.")
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length
    if (this.#keptBytes > recordBytesMax) {
      this.#tooLong = true
      this.#kept = []
    } else this.#kept.push(Buffer.from(bytes))
  }

  #element(piece: Buffer, start: number, end: number, comma: boolean): void {
    if (!this.#begun) {
      // `[]` has no element; `[1,]` and `[,1]` have one that is missing.
      if (comma || this.#afterComma) this.#handler.rejected(this.#index++, "An element of the array is missing between two commas or before its end.")
    } else if (this.#tooLong || this.#keptBytes + end - start > recordBytesMax) this.#handler.rejected(this.#index++, tooLongSentence)
    else if (this.#kept.length === 0) this.#hand(piece, start, end)
    else {
      const whole = Buffer.concat([...this.#kept, piece.subarray(start, end)])
      this.#hand(whole, 0, whole.length)
    }
    this.#kept = []
    this.#keptBytes = 0
    this.#begun = false
    this.#tooLong = false
    this.#afterComma = comma
  }

  #hand(bytes: Buffer, start: number, end: number): void {
    let last = end
    while (last > start && isSpace(bytes[last - 1] ?? 0)) last--
    if (isUtf8(bytes.subarray(start, last))) this.#handler.element(bytes, start, last, this.#index++)
    else this.#handler.rejected(this.#index++, notUtf8Sentence.replace("line", "element"))
  }
}
