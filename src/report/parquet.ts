import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Output, Report } from "./output.ts"

const sql = readFileSync(new URL("./parquet.sql", import.meta.url), "utf8")

/** A path as an SQL text; COPY and a table function's names take no bound parameters. */
const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`

/** findings.parquet: every finding a row, for warehouses. One thread, so that the same findings give the same bytes. */
export const parquetOutput = (report: Report): Output => ({
  take: () => undefined,
  finish: async () => {
    const { DuckDBInstance } = await import("@duckdb/node-api")
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" })
    const connection = await instance.connect()
    try {
      await connection.run(sql.replace("$findings", () => quoted(join(report.folder, "findings.ndjson"))).replace("$parquet", () => quoted(join(report.out, "findings.parquet"))))
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  }
})
