import { existsSync } from "node:fs"
import { basename, dirname } from "node:path"
import { generateKeys } from "../attest/index.ts"
import type { Configuration } from "../pipeline/index.ts"
import { ConfigurationError } from "../yaml/index.ts"

/** The names under which keys are made. */
const madeNames = { signing: "pipeline.pem", pseudonym: "pseudonym.key", id: "id.key" } as const

const isMissing = (key: string | undefined): key is string => key !== undefined && !key.startsWith("env:") && !existsSync(key)

/** A key of another name would be made under the usual one, and still be missing. */
const refuseOtherName = (key: string, name: string): void => {
  if (basename(key) === name) return
  throw new ConfigurationError([{ file: key, line: 0, column: 0, pointer: "", sentence: `does not exist, and signing.create: missing makes ${name} only; name the key so, or make it with earshot keygen` }])
}

/** Makes the keys of a pipeline that asks for it (`signing.create: missing`, as the quickstart does); never overwrites one. */
export const makeMissingKeys = async ({ signing, report }: Configuration): Promise<void> => {
  if (signing.create !== "missing") return
  const signingKeys = signing.keys.filter(isMissing)
  for (const key of signingKeys) refuseOtherName(key, madeNames.signing)
  const { pseudonymKey, idKey } = report
  if (isMissing(pseudonymKey)) refuseOtherName(pseudonymKey, madeNames.pseudonym)
  if (isMissing(idKey)) refuseOtherName(idKey, madeNames.id)
  for (const folder of new Set([...signingKeys, pseudonymKey, idKey].filter(isMissing).map((key) => dirname(key)))) {
    await generateKeys({ out: folder, at: new Date(), onlyMissing: true })
  }
}
