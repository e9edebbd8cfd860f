import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { chainFolder, parseEnvelope, readChain, readStatement } from "../attest/index.ts"
import { type EvidenceStore, literal } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import { type GateLogHead, gateLogFile, verifyGateLog } from "../gate/index.ts"
import type { RunSettings } from "./settings.ts"

/** Names of recordings that hold an address, with the masked name under which the gate logs them. */
const stateMaskedNames = async (store: EvidenceStore, names: Pseudonymiser): Promise<void> => {
  const rows = await store.all(`SELECT DISTINCT uri FROM recording WHERE uri IS NOT NULL AND regexp_matches(uri, '@|%40|\\+|%2B|%2b')`)
  await store.run("CREATE OR REPLACE TABLE maskedName (masked VARCHAR, uri VARCHAR)")
  for (let start = 0; start < rows.length; start += 1000) {
    const pairs = rows.slice(start, start + 1000).map((row) => ({ uri: String(row["uri"]), masked: names.scrub(String(row["uri"])) }))
    await store.run(`INSERT INTO maskedName SELECT s.masked, s.uri FROM (SELECT unnest(from_json(?::VARCHAR::JSON, '[{"masked": "VARCHAR", "uri": "VARCHAR"}]')) AS s)`, [JSON.stringify(pairs)])
  }
}

/** Where the log ended when earlier runs were stated; a statement that cannot be read names none. */
const statedHeads = async (out: string): Promise<ReadonlyArray<GateLogHead>> => {
  const { entries } = await readChain(out)
  return entries.flatMap(({ folder, kind }) => {
    const core = join(out, folder, "core.dsse.json")
    if (kind !== "report" || !existsSync(core)) return []
    try {
      const stated = readStatement(parseEnvelope(readFileSync(core), "core.dsse.json"), "core.dsse.json").predicate["gateLog"] as Partial<GateLogHead> | undefined
      return typeof stated?.answers === "number" && typeof stated.head === "string" ? [{ answers: stated.answers, head: stated.head }] : []
    } catch {
      return []
    }
  })
}

/**
 * Hands the gate's answers to the fact `gateAnswer`, in the store, so that millions need no memory; gives sentences where the
 * log of answers does not verify, in itself or against the heads that earlier statements name.
 */
export const stateGateAnswers = async (store: EvidenceStore, { past, report }: Pick<RunSettings, "past" | "report">, names: Pseudonymiser): Promise<ReadonlyArray<string>> => {
  const out = past?.folder ?? report.out
  const folder = join(out, chainFolder)
  const file = join(folder, gateLogFile)
  const heads = await statedHeads(out)
  if (existsSync(file)) {
    await stateMaskedNames(store, names)
    // A line that is none is told by the verification below.
    await store.run(`INSERT INTO answeredObject SELECT coalesce(m.uri, l.uri), l.versionId, l.decision, try_cast(l."at" AS TIMESTAMPTZ)::TIMESTAMP, try_cast(l.validUntil AS TIMESTAMPTZ)::TIMESTAMP
      FROM read_json(${literal(file)}, format = 'newline_delimited', ignore_errors = true, columns = {uri: 'VARCHAR', versionId: 'VARCHAR', decision: 'VARCHAR', "at": 'VARCHAR', validUntil: 'VARCHAR', "sequence": 'BIGINT'}) l
      LEFT JOIN maskedName m ON m.masked = l.uri WHERE l.uri IS NOT NULL AND l.decision IS NOT NULL${past === undefined ? "" : ` AND l."sequence" <= ${past.answers}`}`)
  }
  return verifyGateLog(folder, heads)
}
