/**
 * Writes src/records/types.ts from schemas/records: `node src/records/generate.ts`.
 * A test compares the committed file with what this makes.
 */
import { writeFileSync } from "node:fs"
import { compile } from "json-schema-to-typescript"
import { recordKinds, recordSchemas } from "./kinds.ts"

const typeName = (kind: string): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Record`

const options = {
  additionalProperties: false,
  bannerComment: "",
  enableConstEnums: false,
  format: false,
  // Bounds on lengths would become tuples, which help nobody who reads a list.
  ignoreMinAndMaxItems: true,
  strictIndexSignatures: true
}

/** The text of types.ts. */
export const typesOfRecords = async (): Promise<string> => {
  const parts = ["// Made by src/records/generate.ts from schemas/records; do not edit.\n"]
  for (const kind of recordKinds) {
    const schema: Record<string, unknown> = { ...recordSchemas[kind], title: typeName(kind) }
    delete schema["anyOf"]
    delete schema["oneOf"]
    parts.push(await compile(schema, typeName(kind), options))
  }
  parts.push(`/** Any canonical record. */\nexport type CanonicalRecord =\n${recordKinds.map((kind) => `  | ${typeName(kind)}`).join("\n")}\n`)
  return parts.join("\n")
}

if (import.meta.main) writeFileSync(new URL("types.ts", import.meta.url), await typesOfRecords())
