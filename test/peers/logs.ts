import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"
import type { Summary } from "../../src/report/summary.ts"
import type { CanonicalRecord } from "./records.ts"
import { ndjson } from "./records.ts"

/** A foreign log, one object, with the source's settings beside id and uri as YAML flow members. */
export type ForeignLog = { readonly id: string; readonly text: string; readonly settings: string }

/** Runs the audit over foreign logs and the records that they are judged with, names in clear; `only` names the controls. */
export const auditLogs = async (options: { readonly logs: ReadonlyArray<ForeignLog>; readonly records: ReadonlyArray<CanonicalRecord>; readonly access: string; readonly only: string; readonly asOf: string }): Promise<{ readonly findings: ReadonlyArray<Finding>; readonly summary: Summary }> => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-peer-logs-"))
  try {
    mkdirSync(join(folder, "keys"))
    for (const { id, text } of options.logs) writeFileSync(join(folder, `${id}.log`), text)
    writeFileSync(join(folder, "records.ndjson"), options.records.map((record) => `${JSON.stringify(record)}\n`).join(""))
    writeFileSync(join(folder, "policy.yaml"), `policy: peers\nversion: "1"\nfrom: 2015-01-01T00:00:00Z\naccess: ${options.access}\n`)
    writeFileSync(join(folder, "pipeline.yaml"), `pipeline: peers
policy: policy.yaml
sources:
  - {id: records, uri: records.ndjson, provides: [contact, recording, staff, assignment, grant]}
${options.logs.map(({ id, settings }) => `  - {id: ${id}, uri: ${id}.log, ${settings}}`).join("\n")}
report: {out: reports, failOn: never, identities: clear, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
signing: {keys: [keys/pipeline.pem], create: missing}
`)
    const { folder: report, summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: options.asOf, only: options.only }, env: { EARSHOT_FORMATS: "csv" } })
    return { findings: ndjson(readFileSync(join(report, "findings.ndjson"), "utf8")) as ReadonlyArray<Finding>, summary }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
