/** `node handwritten.ts ESTATE AS-OF ANSWERS`: runs handwritten.sql on an estate and writes its answers as NDJSON. */
import { readFileSync } from "node:fs"
import { DuckDBInstance } from "@duckdb/node-api"

const [folder = "", asOf = "", answers = ""] = process.argv.slice(2)
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const sql = readFileSync(new URL("handwritten.sql", import.meta.url), "utf8")
  .replaceAll("':answers'", quoted(answers)).replaceAll(":folder", quoted(folder)).replaceAll(":asOf", quoted(asOf))
const connection = await (await DuckDBInstance.create(":memory:", { threads: "2" })).connect()
await connection.run(sql)
const [[count = 0] = []] = (await connection.runAndReadAll("SELECT count(*)::INTEGER FROM answer")).getRows()
process.stdout.write(`${String(count)} answers\n`)
