import { existsSync } from "node:fs"
import { dirname } from "node:path"
import { generateKeys } from "../attest/index.ts"
import type { Configuration } from "../pipeline/index.ts"

/** Makes the keys of a pipeline that asks for it (`signing.create: missing`, as the quickstart does); never overwrites one. */
export const makeMissingKeys = async ({ signing, report }: Configuration): Promise<void> => {
  if (signing.create !== "missing") return
  const named = [...signing.keys, report.pseudonymKey, report.idKey].filter((key) => key !== undefined && !key.startsWith("env:"))
  for (const folder of new Set(named.filter((key) => !existsSync(key as string)).map((key) => dirname(key as string)))) {
    await generateKeys({ out: folder, at: new Date(), onlyMissing: true })
  }
}
