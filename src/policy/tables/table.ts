import { parseDuration } from "../../time/index.ts"
import type { Duration, Instant } from "../../time/index.ts"
import type { Pack } from "../pack.ts"

/** Column types of the policy tables. TIMESTAMP is UTC. */
export type ColumnType = "VARCHAR" | "VARCHAR[]" | "TIMESTAMP" | "INTERVAL" | "BOOLEAN" | "INTEGER" | "BIGINT" | "DOUBLE" | "DECIMAL(18,4)"

/** A value of a policy table: an Instant in TIMESTAMP columns, a Duration in INTERVAL columns. */
export type Cell = string | number | boolean | Instant | Duration | ReadonlyArray<string> | null

/** A table ready to be written, rows in a fixed order. */
export type PolicyTable = {
  readonly table: string
  readonly columns: ReadonlyArray<readonly [name: string, type: ColumnType]>
  readonly rows: ReadonlyArray<ReadonlyArray<Cell>>
}

type Row = Readonly<Record<string, Cell | undefined>>

/** A table and how its rows follow from the packs; a column that a row leaves out is NULL. */
export type TableDefinition = {
  readonly table: string
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly rowsOf: (packs: ReadonlyArray<Pack>) => ReadonlyArray<Row>
}

/** A table whose rows belong to one pack each: packKey is its first column. */
export const perPack = (table: string, columns: Readonly<Record<string, ColumnType>>, rowsOf: (pack: Pack) => ReadonlyArray<Row>): TableDefinition => ({
  table,
  columns: { packKey: "VARCHAR", ...columns },
  rowsOf: (packs) => packs.flatMap((pack) => rowsOf(pack).map((row) => ({ packKey: pack.packKey, ...row })))
})

/** The definition applied to the packs. */
export const tableOf = (definition: TableDefinition, packs: ReadonlyArray<Pack>): PolicyTable => {
  const names = Object.keys(definition.columns)
  return {
    table: definition.table,
    columns: Object.entries(definition.columns),
    rows: definition.rowsOf(packs).map((row) => names.map((name) => row[name] ?? null))
  }
}

/** A duration that the schema has checked; undefined stays undefined (NULL). */
export const durationOf = (text: string | undefined): Duration | undefined => (text === undefined ? undefined : parseDuration(text))

/** The same with zero for absent. */
export const durationOrZero = (text: string | undefined): Duration => durationOf(text) ?? { months: 0, days: 0, micros: 0n }

/** Minutes since midnight of a checked `HH:MM`; 24:00 is 1440. */
export const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
