/** Rows of a delimited file, streamed. */
import { isUtf8 } from "node:buffer"
import { pipeline, Readable } from "node:stream"
import { type FormatInput, ObjectUnreadable } from "./format.ts"

/** A row; `line` is its last line, 1-based; `broken`: some of its bytes are not UTF-8, or NUL, so that its cells are not what was written. */
export type Row = { readonly line: number; readonly cells: ReadonlyArray<string>; readonly broken: boolean }

/** What to say of a broken row. */
export const brokenRowSentence = "The row is not UTF-8, or it holds a NUL; write the file as UTF-8."

/** The largest row, in characters. */
const rowCharactersMax = 1024 * 1024
/** More bytes without a line break are no row that will be read. */
const restBytesMax = 8 * rowCharactersMax

const mark = "\0"

/** Lines of which some bytes are not UTF-8, with a NUL in their places: a parser would put in a sign that the file may hold too. */
const marked = (lines: Buffer): Buffer => {
  if (isUtf8(lines)) return lines
  const checked: Array<Buffer> = []
  for (let from = 0; from < lines.length;) {
    const feed = lines.indexOf(10, from)
    const line = lines.subarray(from, feed === -1 ? lines.length : feed + 1)
    checked.push(isUtf8(line) ? line : Buffer.from(line.toString("utf8").replaceAll("\ufffd", mark)))
    from += line.length
  }
  return Buffer.concat(checked)
}

/** The same bytes by whole lines, marked; UTF-16 says so in its first bytes and is left to the parser. */
async function* markedLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  let wide: boolean | undefined
  for await (const piece of bytes) {
    rest = rest.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([rest, piece])
    if (wide === undefined && rest.length >= 2) wide = rest[0] === 0xff && rest[1] === 0xfe
    const end = wide === true || rest.length > restBytesMax ? rest.length : rest.lastIndexOf(10) + 1
    if (end === 0 || wide === undefined) continue
    yield wide ? rest : marked(rest.subarray(0, end))
    rest = Buffer.from(rest.subarray(end))
  }
  if (rest.length > 0) yield marked(rest)
}

/** Rows of the object. Throws ObjectUnreadable where quotes never end or a row is too large. */
export async function* rowsOf(input: FormatInput): AsyncGenerator<Row> {
  const { parse } = await import("csv-parse")
  const delimiter = typeof input.options["delimiter"] === "string" ? input.options["delimiter"] : ","
  // What breaks the bytes off breaks the parser off too, and is thrown below.
  const parser = pipeline(Readable.from(markedLines(input.bytes())), parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: rowCharactersMax }), () => undefined)
  try {
    for await (const each of parser) {
      const { record, info } = each as { readonly record: ReadonlyArray<string>; readonly info: { readonly lines: number } }
      yield { line: info.lines, cells: record, broken: record.some((cell) => cell.includes(mark)) }
    }
  } catch (problem) {
    if (problem instanceof Error && "code" in problem && String(problem.code).startsWith("CSV_")) throw new ObjectUnreadable(`The file is not well-formed delimited text (${String(problem.code)}); check its quotes and the source's delimiter.`)
    throw problem
  }
}
