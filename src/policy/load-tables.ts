import { isDeepStrictEqual } from "node:util"
import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api"
import type { Duration } from "../time/index.ts"
import type { Pack } from "./pack.ts"
import { policyTables } from "./tables/index.ts"
import type { Cell, ColumnType, PolicyTable } from "./tables/index.ts"

type Duckdb = typeof import("@duckdb/node-api")

const ddl = ({ table, columns }: PolicyTable): string =>
  `CREATE OR REPLACE TABLE "${table}" (${columns.map(([name, type]) => `"${name}" ${type}`).join(", ")})`

const typesOf = (duckdb: Duckdb): Readonly<Record<ColumnType, DuckDBType>> => ({
  VARCHAR: duckdb.VARCHAR,
  "VARCHAR[]": duckdb.LIST(duckdb.VARCHAR),
  TIMESTAMP: duckdb.TIMESTAMP,
  INTERVAL: duckdb.INTERVAL,
  BOOLEAN: duckdb.BOOLEAN,
  INTEGER: duckdb.INTEGER,
  BIGINT: duckdb.BIGINT,
  DOUBLE: duckdb.DOUBLE,
  "DECIMAL(18,4)": duckdb.DECIMAL(18, 4)
})

const valueOf = (duckdb: Duckdb, cell: Exclude<Cell, null>, type: ColumnType): DuckDBValue => {
  switch (type) {
    case "TIMESTAMP":
      return new duckdb.DuckDBTimestampValue(cell as bigint)
    case "INTERVAL": {
      const { months, days, micros } = cell as Duration
      return new duckdb.DuckDBIntervalValue(months, days, micros)
    }
    case "BIGINT":
      return BigInt(cell as number)
    case "DECIMAL(18,4)":
      return new duckdb.DuckDBDecimalValue(BigInt(Math.round((cell as number) * 10_000)), 18, 4)
    case "VARCHAR[]":
      return new duckdb.DuckDBListValue([...(cell as ReadonlyArray<string>)])
    default:
      return cell as string | number | boolean
  }
}

/** Creates tables of the run (replacing those of that name) and fills them. */
export const writeTables = async (connection: DuckDBConnection, tables: ReadonlyArray<PolicyTable>): Promise<void> => {
  const duckdb = await import("@duckdb/node-api")
  const types = typesOf(duckdb)
  if (tables.length === 0) return
  await connection.run(tables.map(ddl).join(";\n"))
  for (const { table, columns, rows } of tables) {
    if (rows.length === 0) continue
    const appender = await connection.createAppender(table, "main", "memory")
    for (const row of rows) {
      for (const [index, [, type]] of columns.entries()) {
        const cell = row[index] ?? null
        if (cell === null) appender.appendNull()
        else appender.appendValue(valueOf(duckdb, cell, type), types[type])
      }
      appender.endRow()
    }
    appender.closeSync()
  }
}

/** Creates every policy table of the packs as tables of the run; those that came out the same for the packs before stay. */
export const loadPolicyTables = (connection: DuckDBConnection, packs: ReadonlyArray<Pack>, before: ReadonlyArray<Pack> = []): Promise<void> => {
  const there = new Map((before.length === 0 ? [] : policyTables(before)).map(({ table, rows }) => [table, rows]))
  return writeTables(connection, policyTables(packs).filter(({ table, rows }) => !isDeepStrictEqual(rows, there.get(table))))
}
