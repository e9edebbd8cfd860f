import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { compile } from "json-schema-to-typescript"
import type { JSONSchema } from "json-schema-to-typescript"
import { expect } from "vitest"

const root = join(import.meta.dirname, "../..")

/** Descriptions stay in the schema: the generated types are read by the compiler only. */
const withoutDescriptions = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutDescriptions)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([key, inner]) => key !== "description" || typeof inner !== "string").map(([key, inner]) => [key, withoutDescriptions(inner)]))
}

const typesOf = async (name: string): Promise<string> => {
  const schema = withoutDescriptions(JSON.parse(readFileSync(join(root, "schemas", `${name}.schema.json`), "utf8"))) as JSONSchema
  const text = await compile(schema, String(schema.title), {
    additionalProperties: false, bannerComment: "", ignoreMinAndMaxItems: true, style: { semi: false, printWidth: 140 }
  })
  const banner = `// Generated from schemas/${name}.schema.json. Do not edit: UPDATE_TYPES=1 npx vitest run test/${name}/types.test.ts\n`
  return banner + text.replaceAll(/\n? *\/\*\*\n \*? ?[\s\S]*?\*\//g, "")
}

/** The types in a file are what the schema gives; with UPDATE_TYPES set they are written first. */
export const generatedMatches = async (name: string, file: string): Promise<void> => {
  const text = await typesOf(name)
  if (process.env["UPDATE_TYPES"] !== undefined) writeFileSync(join(root, file), text)
  expect(readFileSync(join(root, file), "utf8")).toBe(text)
}
