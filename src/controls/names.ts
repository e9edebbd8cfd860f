import { isRecordKind, type RecordSchema, recordSchemas } from "../records/index.ts"

/** Roles and declared services are named by the policy, so they are the same for every case. */
const shared = (value: string): boolean => value.startsWith("role:") || value.startsWith("svc:")

const rename = (value: unknown, schema: RecordSchema | undefined, suffix: string): unknown => {
  if (schema === undefined) return value
  if (typeof value === "string") {
    const names = schema["x-names"] ?? schema.oneOf?.find((option) => option["x-names"] !== undefined)?.["x-names"]
    return names !== undefined && !shared(value) ? `${value}${suffix}` : value
  }
  if (Array.isArray(value)) return value.map((item) => rename(item, schema.items, suffix))
  if (typeof value === "object" && value !== null) {
    const properties = schema.properties ?? schema.oneOf?.find((option) => option.properties !== undefined)?.properties ?? {}
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rename(item, properties[key], suffix)]))
  }
  return value
}

/** A record whose identifiers (fields marked x-names in the schemas) all carry a suffix, so that cases can share an estate. */
export const suffixed = (record: Readonly<Record<string, unknown>>, suffix: string): Readonly<Record<string, unknown>> =>
  rename(record, isRecordKind(record["kind"]) ? recordSchemas[record["kind"]] : undefined, suffix) as Readonly<Record<string, unknown>>

/** Takes the suffix away from every string inside a value. */
export const unsuffixed = <A>(value: A, suffix: string): A =>
  suffix === "" ? value : JSON.parse(JSON.stringify(value).replaceAll(new RegExp(`${suffix}(?![0-9])`, "g"), "")) as A
