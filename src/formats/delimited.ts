/** Rows of a delimited file, streamed. */
import { Readable } from "node:stream"
import { type FormatInput, ObjectUnreadable } from "./format.ts"

/** A row; `line` is its last line, 1-based. */
export type Row = { readonly line: number; readonly cells: ReadonlyArray<string> }

/** The largest row, in characters. */
const rowCharactersMax = 1024 * 1024

/** Rows of the object. Throws ObjectUnreadable where quotes never end or a row is too large. */
export async function* rowsOf(input: FormatInput): AsyncGenerator<Row> {
  const { parse } = await import("csv-parse")
  const delimiter = typeof input.options["delimiter"] === "string" ? input.options["delimiter"] : ","
  const parser = Readable.from(input.bytes()).pipe(parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: rowCharactersMax }))
  try {
    for await (const each of parser) {
      const { record, info } = each as { readonly record: ReadonlyArray<string>; readonly info: { readonly lines: number } }
      yield { line: info.lines, cells: record }
    }
  } catch (problem) {
    if (problem instanceof Error && "code" in problem && String(problem.code).startsWith("CSV_")) throw new ObjectUnreadable(`The file is not well-formed delimited text (${String(problem.code)}); check its quotes and the source's delimiter.`)
    throw problem
  }
}
