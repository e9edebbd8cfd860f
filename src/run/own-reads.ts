import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { checkSignatures, type Envelope, parseEnvelope, readStatement, runOf, sha256File, statementFile, type VerifyingKey } from "../attest/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { RunSettings } from "./settings.ts"

/** An earlier signed report whose list of inputs can be relied on. Times are RFC 3339. */
type SignedInputs = { readonly file: string; readonly from: string; readonly until: string }

const signedBy = (envelope: Envelope, keys: ReadonlyArray<VerifyingKey>): boolean => {
  const checks = checkSignatures(envelope, keys)
  return checks.some(({ state }) => state === "verified") && checks.every(({ state }) => state !== "invalid")
}

/** The inputs of a report, if one of the pipeline's own keys signed its statement and the files that are used here are as signed. */
const signedInputs = async (folder: string, keys: ReadonlyArray<VerifyingKey>): Promise<SignedInputs | undefined> => {
  const envelope = parseEnvelope(readFileSync(join(folder, statementFile)), statementFile)
  const statement = readStatement(envelope, statementFile)
  const run = runOf(statement)
  if (run === undefined || !signedBy(envelope, keys)) return undefined
  for (const name of ["inputs.ndjson", "summary.json"]) {
    const stated = statement.subject.find((subject) => subject.name === name)
    if (stated === undefined || (await sha256File(join(folder, name))).sha256 !== stated.digest.sha256) return undefined
  }
  const { run: { finishedAt } } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as { run: { finishedAt: string } }
  // A run that was told to stand in the past read between then and now, as far as anybody can tell.
  return { file: join(folder, "inputs.ndjson"), from: Date.parse(run.asOf) < Date.parse(run.startedAt) ? run.asOf : run.startedAt, until: finishedAt }
}

const reportFolders = (out: string): ReadonlyArray<string> =>
  readdirSync(out, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && existsSync(join(out, entry.name, statementFile))).map(({ name }) => join(out, name)).sort()

/** Makes `ownRead(uri, shown)`: what audit principals read, and as reports show its name. */
const listReads = async (store: EvidenceStore, principals: ReadonlyArray<string>, names: Pseudonymiser): Promise<number> => {
  await store.run(`CREATE OR REPLACE TABLE ownRead AS SELECT DISTINCT coalesce(a.uri, r.uri) AS uri, coalesce(a.uri, r.uri) AS shown
    FROM access a LEFT JOIN recording r ON r.id = a.recordingId
    WHERE coalesce(a.uri, r.uri) IS NOT NULL AND a.outcome = 'success' AND a.actor.id IN (SELECT unnest(from_json(?::VARCHAR::JSON, '["VARCHAR"]')))`, [JSON.stringify(principals)])
  for (const row of await store.all(`SELECT uri FROM ownRead WHERE regexp_matches(uri, '@|%40|\\+|%2B|%2b')`)) {
    await store.run("UPDATE ownRead SET shown = ?::VARCHAR WHERE uri = ?::VARCHAR", [names.scrub(String(row["uri"])), String(row["uri"])])
  }
  const [count] = await store.all("SELECT count(*)::INTEGER AS reads FROM ownRead")
  return Number(count?.["reads"] ?? 0)
}

/**
 * Hands to the fact `auditedObject` what Earshot itself read: objects in the inputs of earlier reports that the pipeline's
 * own keys signed, with the time of the run that read them. A report that does not verify explains nothing.
 */
export const stateOwnReads = async (store: EvidenceStore, settings: RunSettings, names: Pseudonymiser, keys: ReadonlyArray<VerifyingKey>): Promise<void> => {
  await store.variable("auditedObjects", null)
  const principals = [...new Set(settings.packs.flatMap((pack) => pack.content.access?.auditPrincipals ?? []))]
  if (principals.length === 0 || keys.length === 0 || await listReads(store, principals, names) === 0) return
  await store.run(`CREATE OR REPLACE TABLE ownInput (uri VARCHAR, "from" VARCHAR, until VARCHAR)`)
  for (const folder of reportFolders(settings.past?.folder ?? settings.report.out)) {
    const signed = await signedInputs(folder, keys).catch(() => undefined)
    if (signed === undefined) continue
    await store.run(`INSERT INTO ownInput SELECT DISTINCT r.uri, ?::VARCHAR, ?::VARCHAR
      FROM read_json(?::VARCHAR, format = 'newline_delimited', columns = {uri: 'VARCHAR', unreadable: 'VARCHAR'}) i JOIN ownRead r ON r.shown = i.uri WHERE i.unreadable IS NULL`, [signed.from, signed.until, signed.file])
  }
  const [read] = await store.all(`SELECT to_json(list({uri: o.uri, "from": o."from", until: o.until} ORDER BY o.uri, o."from", o.until))::VARCHAR AS objects FROM ownInput o`)
  await store.variable("auditedObjects", (read?.["objects"] ?? null) as string | null)
}
