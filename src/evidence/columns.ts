import { readFileSync, readdirSync } from "node:fs"

/** One column of a record table: the schema's field and its DuckDB type. */
export type Column = {
  readonly name: string
  readonly type: string
  /** What its value, or each of its values, names: recording, contact, … */
  readonly names?: string
}

type Schema = {
  readonly type?: string | ReadonlyArray<string>
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
  readonly items?: Schema
  readonly oneOf?: ReadonlyArray<Schema>
  readonly const?: string
  readonly "x-stored"?: boolean
  readonly "x-names"?: string
}

const folder = new URL("../../schemas/records/", import.meta.url)

/** Aliases may be strings in a record; the border writes them as objects. */
const aliasType = `STRUCT("alias" VARCHAR, "from" TIMESTAMP, "until" TIMESTAMP)`

const typeOf = (schema: Schema, path: string): string => {
  if (schema.oneOf !== undefined) return aliasType
  switch (schema.type) {
    case "string":
      return schema.format === "date-time" ? "TIMESTAMP" : "VARCHAR"
    case "boolean":
      return "BOOLEAN"
    case "integer":
      return "BIGINT"
    case "number":
      // Money is summed, so it must not drift.
      return path === "decision.amount" ? "DECIMAL(18,4)" : "DOUBLE"
    case "array":
      return `${typeOf(schema.items ?? {}, path)}[]`
    case "object":
      if (schema.properties === undefined) return "JSON"
      return `STRUCT(${Object.entries(schema.properties).map(([name, field]) => `"${name}" ${typeOf(field, `${path}.${name}`)}`).join(", ")})`
    default:
      throw new Error(`schemas/records: no column type for ${path}`)
  }
}

/** How a kind without an id of its own is told apart. */
export const madeIds: Readonly<Record<string, string>> = {
  identity: `subject`,
  storedObject: `uri || coalesce('#' || versionId, '')`,
  transcript: `contactId || coalesce('/' || recordingId, '')`,
  coverage: `source || '/' || md5(to_json({k: list_sort(kinds), f: "from", t: "to", q: list_sort(queues), s: list_sort(sites)})::VARCHAR)`
}

/** The time of the act a record speaks of; later than as-of means that it does not exist yet. */
export const actTimes: Readonly<Record<string, string>> = {
  contact: "startedAt", recording: "startedAt", storedObject: "seenAt", consent: "at", event: "at", access: "at", grant: "createdAt",
  assignment: "createdAt", decision: "at", hold: "createdAt", request: "receivedAt", review: "at"
}

const load = (): ReadonlyMap<string, ReadonlyArray<Column>> => {
  const kinds = new Map<string, ReadonlyArray<Column>>()
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".schema.json")) continue
    const kind = file.slice(0, -".schema.json".length)
    const schema = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Schema
    const columns = Object.entries(schema.properties ?? {})
      .filter(([name, field]) => name !== "kind" && name !== "turns" && field["x-stored"] !== false)
      .map(([name, field]): Column => {
        const names = field["x-names"] ?? field.items?.["x-names"]
        return { name, type: typeOf(field, `${kind}.${name}`), ...(names === undefined ? {} : { names }) }
      })
    kinds.set(kind, columns)
  }
  return kinds
}

/** Record kinds in alphabetical order with their columns, derived from schemas/records/. */
export const recordColumns: ReadonlyMap<string, ReadonlyArray<Column>> = load()

/** What the reader of transcripts keeps of them: who spoke when, and signals; never text. */
export const transcriptColumns: ReadonlyMap<string, ReadonlyArray<Column>> = new Map([
  ["turn", [
    { name: "contactId", type: "VARCHAR" }, { name: "recordingId", type: "VARCHAR" }, { name: "partyId", type: "VARCHAR" },
    { name: "at", type: "TIMESTAMP" }, { name: "until", type: "TIMESTAMP" }, { name: "turn", type: "INTEGER" }
  ]],
  ["signal", [
    { name: "contactId", type: "VARCHAR" }, { name: "recordingId", type: "VARCHAR" }, { name: "partyId", type: "VARCHAR" },
    { name: "at", type: "TIMESTAMP" }, { name: "until", type: "TIMESTAMP" }, { name: "type", type: "VARCHAR" }, { name: "turn", type: "INTEGER" }
  ]]
])
