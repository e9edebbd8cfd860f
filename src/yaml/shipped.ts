import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { CORE_SCHEMA, load } from "js-yaml"
import { loadYaml, type Located } from "./load.ts"
import { type JsonSchema, misfits } from "./schema-check.ts"

const valueOf = (text: string, schema: JsonSchema): unknown => {
  try {
    const value: unknown = load(text, { schema: CORE_SCHEMA })
    return misfits(value, schema).length === 0 ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads a file of the installation (a control, its cases, law): without places, which cost six times the reading, since a
 * test has read it with them. Where it does not fit after all it is read as `loadYaml` does, which says what is wrong.
 */
export const loadShipped = <T>(file: string, schema: JsonSchema): Located<T> => {
  const careful = (): Located<T> => loadYaml<T>(file, schema)
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch {
    return careful()
  }
  const value = valueOf(new TextDecoder().decode(bytes), schema)
  if (value === undefined) return careful()
  return { value: value as T, file, sha256: createHash("sha256").update(bytes).digest("hex"), problemAt: (...place) => careful().problemAt(...place) }
}
