/**
 * Delimited files of any record kind. The pipeline says which kind a row is and which column fills
 * which field: `columns: {id: call_id, actor.id: user, parties.0.id: phone, action: =play}`. A dot
 * leads into an object, a number into a list, `=` makes the rest a constant. A column that bears a
 * field's own name fills it where `columns` says nothing of either.
 */
import { brokenRowSentence, rowsOf } from "./delimited.ts"
import { isJson, type Json } from "./document.ts"
import { type Format, type FormatInput, ObjectUnreadable, type Produced } from "./format.ts"
import { isRecordKind, onlyKindOf, type RecordKind, type RecordSchema, recordSchemas } from "../records/index.ts"

/** What separates the values of a list in one cell. */
const listSeparator = /[|;]/

type Column = { readonly path: ReadonlyArray<string>; readonly schema: RecordSchema | undefined; readonly constant: string | undefined; readonly name: string }

/** Schema of a field by its path; undefined for a field that the kind does not have (the border says so). */
const schemaAt = (schema: RecordSchema | undefined, path: ReadonlyArray<string>): RecordSchema | undefined => {
  const [head, ...rest] = path
  if (head === undefined || schema === undefined) return schema
  if (schema.items !== undefined && /^\d+$/.test(head)) return schemaAt(schema.items, rest)
  const { properties = {} } = schema
  return Object.hasOwn(properties, head) ? schemaAt(properties[head], rest) : undefined
}

const columnsOf = (input: FormatInput): { readonly kind: RecordKind; readonly columns: ReadonlyArray<Column> } => {
  const { columns = {}, provides } = input.options
  const kind = input.options["kind"] ?? onlyKindOf(provides)
  if (!isRecordKind(kind)) throw new ObjectUnreadable("A csv source needs `kind` in the pipeline file: the record kind of its rows.")
  const mapped = Object.entries(isJson(columns) ? columns : {}).flatMap(([field, name]): ReadonlyArray<Column> => {
    if (typeof name !== "string") return []
    const path = field.split(".")
    return [{ path, schema: schemaAt(recordSchemas[kind], path), constant: name.startsWith("=") ? name.slice(1) : undefined, name }]
  })
  return { kind, columns: mapped }
}

/** One leads into the other, or they are the same. */
const overlap = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): boolean =>
  left.slice(0, right.length).every((step, index) => step === right[index])

/** Columns that bear the name of a field, where the pipeline says nothing of the column or the field. Objects fill no cell. */
const namesakes = (header: ReadonlyArray<string>, kind: RecordKind, mapped: ReadonlyArray<Column>): ReadonlyArray<Column> =>
  header.flatMap((name): ReadonlyArray<Column> => {
    const path = name.split(".")
    const schema = schemaAt(recordSchemas[kind], path)
    const isSaid = mapped.some((column) => column.name === name || overlap(column.path, path))
    return schema === undefined || name === "kind" || isSaid || schema.type === "object" || schema.items?.type === "object" ? [] : [{ path, schema, constant: undefined, name }]
  })

/** A cell as the field's type; what does not fit stays text, so that the border can say what is wrong. */
const valueOf = (cell: string, schema: RecordSchema | undefined): unknown => {
  const type = schema?.type
  if ((type === "integer" || type === "number") && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell)) return Number(cell)
  if (type === "boolean" && /^(true|false|yes|no|1|0)$/i.test(cell)) return /^(true|yes|1)$/i.test(cell)
  if (type === "array") return cell.split(listSeparator).map((part) => part.trim()).filter((part) => part !== "").map((part) => valueOf(part, schema?.items))
  return schema?.format === "date-time" ? cell.replace(/^(\d{4}-\d\d-\d\d) (\d\d:)/, "$1T$2").replace(/ ?(UTC|GMT)$/i, "Z").replace(/ ([+-]\d\d:\d\d)$/, "$1") : cell
}

const put = (record: Record<string, unknown>, path: ReadonlyArray<string>, value: unknown): void => {
  let target: Record<string, unknown> = record
  path.slice(0, -1).forEach((step, index) => {
    const known = Object.hasOwn(target, step) ? target[step] : undefined
    const next = typeof known === "object" && known !== null ? known : /^\d+$/.test(path[index + 1] ?? "") ? [] : {}
    Object.defineProperty(target, step, { value: next, enumerable: true, writable: true, configurable: true })
    target = next as Record<string, unknown>
  })
  Object.defineProperty(target, path.at(-1) ?? "", { value, enumerable: true, writable: true, configurable: true })
}

async function* read(input: FormatInput): AsyncGenerator<Produced> {
  const { kind, columns: mapped } = columnsOf(input)
  let columns = mapped
  let positions: ReadonlyArray<number> | undefined
  let width = 0
  for await (const { line, cells, broken } of rowsOf(input)) {
    if (positions === undefined) {
      const header = cells.map((cell) => cell.trim())
      width = header.length
      columns = [...mapped, ...namesakes(header, kind, mapped)]
      positions = columns.map((column) => (column.constant === undefined ? header.indexOf(column.name) : -1))
      const missing = columns.find((column, index) => column.constant === undefined && positions?.[index] === -1)
      if (missing !== undefined) throw new ObjectUnreadable(`The file has no column "${missing.name}", which the pipeline's columns name; correct the name or the file.`)
      continue
    }
    if (broken) {
      yield { type: "rejected", line, sentence: brokenRowSentence }
      continue
    }
    if (cells.length !== width) {
      yield { type: "rejected", line, sentence: `The row has ${cells.length} ${cells.length === 1 ? "cell" : "cells"} and the header has ${width}.` }
      continue
    }
    const record: Record<string, unknown> = { kind }
    columns.forEach((column, index) => {
      const cell = column.constant ?? cells[positions?.[index] ?? -1]?.trim() ?? ""
      // An empty cell is an absent field.
      if (cell !== "") put(record, column.path, valueOf(cell, column.schema))
    })
    yield { type: "records", line, records: [record satisfies Json] }
  }
}

/** The csv adapter. Options: `kind`, `columns`, `delimiter` (comma). */
export const csv: Format = { name: "csv", version: 3, read }
