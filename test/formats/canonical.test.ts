import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { CanonicalReader } from "../../src/formats/canonical.ts"
import { recordBytesMax } from "../../src/formats/lines.ts"

type Seen = { readonly line: number; readonly pointer?: string; readonly text?: string; readonly rejected?: string; readonly whole?: boolean }

/** Reads bytes in pieces of a size. */
const readIn = (bytes: Buffer | string, size: number): ReadonlyArray<Seen> => {
  const all = Buffer.from(bytes)
  const seen: Array<Seen> = []
  const at = (pointer: string | undefined) => pointer === undefined ? {} : { pointer }
  const reader = new CanonicalReader({
    record: (piece, start, end, line, pointer, whole) => seen.push({ line, ...at(pointer), text: piece.toString("utf8", start, end), ...(whole ? {} : { whole }) }),
    rejected: (line, pointer, sentence) => seen.push({ line, ...at(pointer), rejected: sentence.split(" ").slice(0, 5).join(" ") })
  })
  for (let start = 0; start < all.length; start += size) reader.push(Buffer.from(all.subarray(start, start + size)))
  reader.end()
  return seen
}

const read = (bytes: Buffer | string): ReadonlyArray<Seen> => {
  const whole = readIn(bytes, 1 << 30)
  for (const size of [1, 2, 3, 7]) if (bytes.length < 10_000) expect(readIn(bytes, size)).toEqual(whole)
  return whole
}

describe("lines", () => {
  it.each([
    ["", []],
    ["\n\r\n  \n\t\n", []],
    ["a\nb\n", [{ line: 1, text: "a" }, { line: 2, text: "b" }]],
    ["a\r\nb\r\n", [{ line: 1, text: "a" }, { line: 2, text: "b" }]],
    ["a\n\n\nb", [{ line: 1, text: "a" }, { line: 4, text: "b", whole: false }]],
    ["\ufeffa\nb\n", [{ line: 1, text: "a" }, { line: 2, text: "b" }]],
    ["\ufeff", []],
    ["a\rb\n", [{ line: 1, text: "a\rb" }]],
    [" a \n", [{ line: 1, text: "a" }]],
    ["a\n\ufeffb\n", [{ line: 1, text: "a" }, { line: 2, text: "\ufeffb" }]]
  ])("reads %j", (text, lines) => expect(read(text)).toEqual(lines))

  it("rejects a line that is not UTF-8 and reads on", () => {
    const bytes = Buffer.concat([Buffer.from("é\n"), Buffer.from([0x61, 0xff, 0x62, 10]), Buffer.from("ü\n"), Buffer.from([0xc3])])
    expect(read(bytes)).toEqual([{ line: 1, text: "é" }, { line: 2, rejected: "The line is not UTF-8;" }, { line: 3, text: "ü" }, { line: 4, rejected: "The line is not UTF-8;" }])
  })

  it("takes a line at the limit, rejects one past it, and reads on", () => {
    const text = (length: number) => `${"x".repeat(length)}\nnext\n`
    for (const size of [1 << 20, 1 << 30]) {
      expect(readIn(text(recordBytesMax), size).map((seen) => [seen.line, seen.text?.length])).toEqual([[1, recordBytesMax], [2, 4]])
      for (const length of [recordBytesMax + 1, recordBytesMax * 2]) {
        expect(readIn(text(length), size)).toEqual([{ line: 1, rejected: "The line is longer than" }, { line: 2, text: "next" }])
      }
      expect(readIn("x".repeat(recordBytesMax * 2), size)).toEqual([{ line: 1, rejected: "The line is longer than" }])
    }
  })

  it("gives the same lines whatever the pieces", () => {
    const piece = fc.constantFrom("a", "\n", "\r", " ", "é", "{", "}", "[", "]", ",", "\"", "\\", "\ufeff", "\u{1f600}")
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (pieces, size) => {
      expect(readIn(pieces.join(""), size)).toEqual(readIn(pieces.join(""), 1 << 30))
    }), { numRuns: 3000, seed: 20261122 })
  })
})

describe("one JSON array", () => {
  it.each([
    ["[]", []],
    [" \n[ ] \n", []],
    [`[{"a":1}]`, [{ line: 1, pointer: "/0", text: `{"a":1}` }]],
    [`\ufeff[\n  {"a": "],}"},\n  {"b": "\\"]"}\n]\n`, [{ line: 1, pointer: "/0", text: `{"a": "],}"}` }, { line: 2, pointer: "/1", text: `{"b": "\\"]"}` }]],
    [`[{"a":[1,{"b":2}]} , 5, "x,y" ,null]`, [
      { line: 1, pointer: "/0", text: `{"a":[1,{"b":2}]}` }, { line: 2, pointer: "/1", text: "5" }, { line: 3, pointer: "/2", text: `"x,y"` }, { line: 4, pointer: "/3", text: "null" }
    ]],
    [`[{"a":1},]`, [{ line: 1, pointer: "/0", text: `{"a":1}` }, { line: 2, pointer: "/1", rejected: "An element of the array" }]],
    [`[{"a":1},{"b`, [{ line: 1, pointer: "/0", text: `{"a":1}` }, { line: 2, pointer: "/1", rejected: "The file ends before its" }]],
    [`[{"a":1}`, [{ line: 1, pointer: "/0", rejected: "The file ends before its" }]],
    [`[{"a":1}] x`, [{ line: 1, pointer: "/0", text: `{"a":1}` }, { line: 2, pointer: "/1", rejected: "There is more after the" }]]
  ])("reads %j", (text, elements) => expect(read(text)).toEqual(elements))

  it("rejects an element that is not UTF-8 or too long and reads on", () => {
    expect(read(Buffer.concat([Buffer.from(`[{"a":"`), Buffer.from([0xff]), Buffer.from(`"},{"b":1}]`)]))).toEqual([
      { line: 1, pointer: "/0", rejected: "The element is not UTF-8;" }, { line: 2, pointer: "/1", text: `{"b":1}` }
    ])
    for (const size of [1 << 20, 1 << 30]) {
      expect(readIn(`[{"a":"${"x".repeat(recordBytesMax)}"},{"b":1}]`, size)).toEqual([
        { line: 1, pointer: "/0", rejected: "The element is longer than" }, { line: 2, pointer: "/1", text: `{"b":1}` }
      ])
    }
  })

  it("is not what a line that begins with a bracket is", () => {
    expect(read(`[1,2]\n{"a":1}\n`)).toEqual([{ line: 1, text: "[1,2]" }, { line: 2, text: `{"a":1}` }])
  })
})

describe("a document over several lines", () => {
  it("is rejected once, and what follows is read", () => {
    const document = JSON.stringify({ a: { b: [1, 2] }, c: "x" }, null, 2)
    expect(read(document)).toEqual([{ line: 1, rejected: "This is one JSON document" }])
    expect(read(`{"x":1}\n${document}\n${document}\n{"y":1}\n`).map((seen) => [seen.line, seen.text])).toEqual([[1, `{"x":1}`], [2, undefined], [11, undefined], [20, `{"y":1}`]])
  })
})
