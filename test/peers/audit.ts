import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Finding } from "../../src/findings/finding.ts"
import { resolveConfiguration } from "../../src/pipeline/index.ts"
import type { Population, Summary } from "../../src/report/summary.ts"
import { makeMissingKeys, runAudit, settingsFrom } from "../../src/run/index.ts"
import type { CanonicalRecord } from "./records.ts"
import { ndjson } from "./records.ts"

/** What an audit said, with names in clear, and how many units of a control came out how. */
export type Audited = { readonly findings: ReadonlyArray<Finding>; readonly summary: Summary; readonly population: (control: string) => Population | undefined }

const silent = { stage: () => undefined, progress: () => undefined, log: () => undefined }

const pipelineFile = (policy: string, provides: ReadonlyArray<string>): string => `pipeline: peers
policy: ${JSON.stringify(policy)}
sources:
  - {id: records, uri: records.ndjson, format: canonical, mode: append, provides: [${provides.join(", ")}], minObjects: 1}
evidence: {store: .earshot/evidence.duckdb, memory: 2GB, threads: 2}
report: {out: reports, failOn: never, identities: clear, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
signing: {keys: [keys/pipeline.pem], create: missing}
`

/** Runs the whole audit, from files to findings.ndjson, over records as the only source, judged by a pack of pipelines/policies. */
export const auditRecords = async (pack: string, provides: ReadonlyArray<string>, records: ReadonlyArray<CanonicalRecord>, asOf: string): Promise<Audited> => {
  const out = mkdtempSync(join(tmpdir(), "earshot-peers-"))
  try {
    mkdirSync(join(out, "keys"))
    writeFileSync(join(out, "records.ndjson"), records.map((record) => `${JSON.stringify(record)}\n`).join(""))
    writeFileSync(join(out, "pipeline.yaml"), pipelineFile(join(import.meta.dirname, "../../pipelines/policies", `${pack}.yaml`), provides))
    const env = { EARSHOT_FORMATS: "csv", EARSHOT_THREADS: "1", EARSHOT_STORE: ":memory:" }
    const { values } = resolveConfiguration({ file: join(out, "pipeline.yaml"), flags: { asOf }, env, cwd: out })
    await makeMissingKeys(values)
    const settings = settingsFrom({ ...values, evidence: { ...values.evidence, store: ":memory:" } }, new Date(asOf))
    const { folder, summary } = await runAudit(settings, silent, new AbortController().signal)
    const findings = ndjson(readFileSync(join(folder, "findings.ndjson"), "utf8")) as ReadonlyArray<Finding>
    return { findings, summary, population: (id) => summary.controls.find(({ control }) => control === id) }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
