import { createReadStream, existsSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { chainFolder } from "../attest/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import { gateLogFile, verifyGateLog } from "../gate/index.ts"

/** Names of recordings that hold an address, by the masked name under which the gate logs them. */
const maskedNames = async (store: EvidenceStore, names: Pseudonymiser): Promise<ReadonlyMap<string, string>> => {
  const rows = await store.all(`SELECT DISTINCT uri FROM recording WHERE uri IS NOT NULL AND regexp_matches(uri, '@|%40|\\+|%2B|%2b')`)
  return new Map(rows.map((row) => [names.scrub(String(row["uri"])), String(row["uri"])]))
}

/** Hands the gate's answers to the fact `gateAnswer`; gives sentences where the log of answers does not verify. */
export const stateGateAnswers = async (store: EvidenceStore, out: string, names: Pseudonymiser): Promise<ReadonlyArray<string>> => {
  const folder = join(out, chainFolder)
  const file = join(folder, gateLogFile)
  if (!existsSync(file)) {
    await store.variable("gateAnswers", null)
    return []
  }
  const masked = await maskedNames(store, names)
  const answers: Array<unknown> = []
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line === "") continue
    const { uri, versionId, decision, at, validUntil } = JSON.parse(line) as Readonly<Record<string, string | null>>
    if (typeof uri === "string" && typeof decision === "string") answers.push({ uri: masked.get(uri) ?? uri, versionId, decision, at, validUntil })
  }
  await store.variable("gateAnswers", JSON.stringify(answers))
  return verifyGateLog(folder)
}
