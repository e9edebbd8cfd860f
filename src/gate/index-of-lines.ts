import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { finished } from "node:stream/promises"
import { EvidenceStore, literal } from "../evidence/index.ts"
import type { GateObject, Match } from "./decide.ts"
import { retentionLineOf } from "./retention-line.ts"

/** An object with all lines of the report that name it. */
export type Asked = { readonly object: GateObject; readonly matches: ReadonlyArray<Match>; readonly masksNames: boolean }

const writeAsked = async (objects: AsyncIterable<GateObject> | Iterable<GateObject>, file: string, pseudonym: ((name: string) => string) | undefined): Promise<void> => {
  const out = createWriteStream(file, { mode: 0o600 })
  // A list that breaks at its first line must not take the folder away under a file that is still being opened.
  await once(out, "open")
  try {
    let place = 0
    for await (const object of objects) {
      const line = JSON.stringify({ place: place++, key: object.uri, masked: pseudonym?.(object.uri), asked: JSON.stringify(object) })
      if (!out.write(`${line}\n`)) await once(out, "drain")
    }
    out.end()
    await finished(out)
  } catch (failure) {
    out.on("error", () => undefined).destroy()
    throw failure
  }
}

const parse = (text: unknown): unknown => {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}

/**
 * Joins objects with the lines of a retention.ndjson by name, in the order asked, in DuckDB inside `folder`:
 * memory stays flat however many there are. `lines` undefined: nothing is known of any object.
 */
export async function* askedWithLines(objects: AsyncIterable<GateObject> | Iterable<GateObject>, lines: string | undefined, pseudonym: ((name: string) => string) | undefined, folder: string): AsyncGenerator<ReadonlyArray<Asked>> {
  const askedFile = join(folder, "asked.ndjson")
  await writeAsked(objects, askedFile, pseudonym)
  const store = await EvidenceStore.open({ path: join(folder, "gate.duckdb"), memory: "1GB", threads: 2 })
  try {
    const limit = "maximum_object_size = 67108864"
    await store.run(`CREATE TABLE asked AS SELECT place, "key", masked, asked FROM read_json(${literal(askedFile)}, format = 'newline_delimited', columns = {place: 'BIGINT', "key": 'VARCHAR', masked: 'VARCHAR', asked: 'VARCHAR'}, ${limit})`)
    await store.run(lines === undefined ? "CREATE TABLE line (line VARCHAR, number BIGINT)"
      : `CREATE TABLE line AS SELECT json::VARCHAR AS line, row_number() OVER () AS number FROM read_ndjson_objects(${literal(lines)}, ${limit})`)
    await store.run(`CREATE TABLE named AS
      SELECT DISTINCT number, coalesce(o->>'uriPseudonym', o->>'uri') AS "key", o->>'uriPseudonym' IS NOT NULL AS masked
      FROM (SELECT number, unnest([line::JSON] || coalesce(from_json(line::JSON->'copies', '["JSON"]'), [])) AS o FROM line) WHERE o->>'uri' IS NOT NULL`)
    yield* grouped(store)
  } finally {
    store.close()
  }
}

async function* grouped(store: EvidenceStore): AsyncGenerator<ReadonlyArray<Asked>> {
  const query = `WITH met AS (
      SELECT a.place, n.number FROM asked a JOIN named n ON NOT n.masked AND n."key" = a."key"
      UNION SELECT a.place, n.number FROM asked a JOIN named n ON n.masked AND n."key" = a.masked
    )
    SELECT a.place, a.asked, m.number, l.line FROM asked a LEFT JOIN met m ON m.place = a.place LEFT JOIN line l ON l.number = m.number ORDER BY a.place, m.number`
  const [masked] = await store.all("SELECT count(*)::INTEGER AS names FROM named WHERE masked")
  const masksNames = masked?.["names"] !== 0
  let open: { place: string; object: GateObject; matches: Array<Match>; masksNames: boolean } | undefined
  for await (const rows of store.batches(query)) {
    const whole: Array<Asked> = []
    for (const row of rows) {
      const place = String(row["place"])
      if (open === undefined || open.place !== place) {
        if (open !== undefined) whole.push(open)
        open = { place, object: parse(row["asked"]) as GateObject, matches: [], masksNames }
      }
      if (row["number"] !== null) open.matches.push({ line: retentionLineOf(parse(row["line"])) })
    }
    if (whole.length > 0) yield whole
  }
  if (open !== undefined) yield [open]
}
