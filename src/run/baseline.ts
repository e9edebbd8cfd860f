import { createReadStream, existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { parseEnvelope, readChain, readStatement, type VerifyingKey, verifyReport } from "../attest/index.ts"
import type { Finding } from "../findings/finding.ts"
import { recordingsOf } from "../gate/index.ts"
import { type Baseline, type Earlier, evidenceDigest } from "../findings/status.ts"
import type { Summary } from "../report/summary.ts"

/** Name of the folder of the newest report of the chain that was full and trustworthy. */
export const newestTrusted = async (out: string): Promise<string | undefined> => {
  const { entries } = await readChain(out)
  return entries.findLast((entry) => entry.kind === "report" && entry.run.full && entry.run.trustworthy)?.folder
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")

/**
 * What the last trusted full run found, from its report; undefined for a first run. A report that does not verify with the
 * pipeline's own keys is no baseline: everything counts as new then, since a changed report could hide what is.
 */
export const readBaseline = async (out: string, keys: ReadonlyArray<VerifyingKey>): Promise<Baseline & { readonly folder: string } | undefined> => {
  if (!existsSync(out)) return undefined
  const folder = await newestTrusted(out)
  if (folder === undefined) return undefined
  // Its trees were computed again the night it was written; that its files are those which were signed is what counts now.
  const { ok } = await verifyReport(join(out, folder), { keys, integrityOnly: keys.length === 0, keysFrom: out, trees: false })
  if (!ok) return undefined
  const findings = new Map<string, Earlier>()
  for await (const line of createInterface({ input: createReadStream(join(out, folder, "findings.ndjson")) })) {
    if (line === "") continue
    const finding = JSON.parse(line) as Finding
    const subject = finding.recordingId ?? finding.contactId
    const recordings = recordingsOf(finding)
    findings.set(finding.id, { control: finding.control, cause: finding.cause, ...(recordings.length === 0 ? {} : { recordings }), ...(subject === undefined ? {} : { subject }), status: finding.status, ...(finding.newBecause === undefined ? {} : { newBecause: finding.newBecause }), evidence: evidenceDigest(finding), ...(finding.due === undefined ? {} : { due: finding.due }) })
  }
  const core = readStatement(parseEnvelope(readFileSync(join(out, folder, "core.dsse.json")), "core.dsse.json"), "core.dsse.json")
  const summary = JSON.parse(readFileSync(join(out, folder, "summary.json"), "utf8")) as Summary
  const facts = core.predicate
  for (const { id, ...earlier } of summary.notReassessed ?? []) if (!findings.has(id)) findings.set(id, earlier)
  return {
    folder: join(out, folder), asOf: summary.run.asOf, findings, resolved: new Set(summary.resolved), controls: (facts["controls"] ?? {}) as Readonly<Record<string, string>>,
    policies: text(facts["policiesDigest"]), law: text(facts["lawDigest"])
  }
}
