import { isRecordKind, type RecordSchema, recordSchemas } from "../records/index.ts"

/** Roles and declared services are named by the policy, so they are the same for every case. */
const shared = (value: string): boolean => value.startsWith("role:") || value.startsWith("svc:")

/** Not an identifier, but staff of two cases must not be of one team: they would supervise each other. */
const team = "team"

const rename = (value: unknown, schema: RecordSchema | undefined, suffix: string): unknown => {
  if (schema === undefined) return value
  if (typeof value === "string") {
    const names = schema["x-names"] ?? schema.oneOf?.find((option) => option["x-names"] !== undefined)?.["x-names"]
    return names !== undefined && !shared(value) ? `${value}${suffix}` : value
  }
  if (Array.isArray(value)) return value.map((item) => rename(item, schema.items, suffix))
  if (typeof value === "object" && value !== null) {
    const properties = schema.properties ?? schema.oneOf?.find((option) => option.properties !== undefined)?.properties ?? {}
    const renamed: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value)) renamed[key] = key === team && typeof item === "string" ? `${item}${suffix}` : rename(item, properties[key], suffix)
    return renamed
  }
  return value
}

/** A record whose identifiers (fields marked x-names in the schemas) all carry a suffix, so that cases can share an estate. */
export const suffixed = (record: Readonly<Record<string, unknown>>, suffix: string): Readonly<Record<string, unknown>> =>
  rename(record, isRecordKind(record["kind"]) ? recordSchemas[record["kind"]] : undefined, suffix) as Readonly<Record<string, unknown>>

/** The suffix of the case at a place in its estate. */
export const suffixAt = (place: number): string => `~k${place}`

/** The suffixes in a text; as DuckDB and JavaScript both read it. */
export const suffixPattern = "~k[0-9]+"

/** Takes the suffix away from every place in a text. */
export const unsuffixed = (text: string, suffix: string): string =>
  suffix === "" ? text : text.replaceAll(new RegExp(`${suffix}(?![0-9])`, "g"), "")
