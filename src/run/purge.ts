import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { canonicalJson, loadSecret, openSigners, readChain, sha256Hex, verifyReport } from "../attest/index.ts"
import { allFacts, inOrder, readCatalogue } from "../controls/index.ts"
import { applyPurge, EvidenceError, EvidenceStore, type NeededRecord, type Purgeable, purgeFacts, purgeLines, rewriteStore, selectPurgeable } from "../evidence/index.ts"
import type { Finding } from "../findings/finding.ts"
import { clearNames, type Pseudonymiser, pseudonymous } from "../findings/pseudonyms.ts"
import { stillNeeded } from "../gate/index.ts"
import { loadPolicyTables } from "../policy/index.ts"
import { isRemote } from "../sources/index.ts"
import { openKnown } from "./ingest.ts"
import type { RunSettings } from "./settings.ts"
import { withStoredChain, withStoredReport } from "./stored-reports.ts"

/** Name of the log of purges, beside the store. */
const purgeLogFile = "purge-log.ndjson"

/** What a purge did, or would do. */
export type PurgeResult = Purgeable & { readonly log: string; readonly done: boolean }

const newestIn = async (folder: string, out: string): Promise<string> => {
  const { entries } = existsSync(folder) ? await readChain(folder) : { entries: [] }
  const newest = entries.findLast((entry) => entry.kind === "report" && entry.run.full)
  if (newest === undefined) throw new EvidenceError(`There is no full report in ${out}, so it is not known which evidence is still needed; run the audit, then purge.`)
  return newest.folder
}

/** Works on the newest full report of the chain, here or in S3; it must verify, for it says which evidence is still needed. */
const withNewestReport = async <A>(settings: RunSettings, work: (report: string) => Promise<A>): Promise<A> => {
  const { out } = settings.report
  const signers = await openSigners({ keys: settings.signingKeys, ...settings.devices }, { passphrase: process.env["EARSHOT_KEY_PASSPHRASE"] })
  const verified = async (report: string): Promise<A> => {
    const { ok } = await verifyReport(report, { keys: signers.map((signer) => signer.key), integrityOnly: signers.length === 0 })
    if (!ok) throw new EvidenceError(`The newest report, ${basename(report)}, does not verify, so it is not known which evidence is still needed; nothing was purged.`)
    return work(report)
  }
  if (!isRemote(out)) return verified(join(out, await newestIn(out, out)))
  const s3 = settings.s3 ?? {}
  const folder = await withStoredChain(out, s3, (copy) => newestIn(copy, out))
  return withStoredReport(`${out.replace(/\/+$/, "")}/${folder}`, s3, verified)
}

/** Records that open findings of controls which preserve evidence name, as the report writes their ids. */
const neededByFindings = async (settings: RunSettings, report: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const preserving = new Set((await readCatalogue(settings.controlFolders)).filter((control) => control.preserves && !control.id.startsWith("retention/")).map((control) => control.id))
  const needed = new Map<string, Set<string>>()
  const add = (kind: string, id: string | undefined): void => { if (id !== undefined) needed.set(kind, (needed.get(kind) ?? new Set()).add(id)) }
  for await (const line of createInterface({ input: createReadStream(join(report, "findings.ndjson")) })) {
    if (line === "") continue
    const finding = JSON.parse(line) as Finding
    if (!preserving.has(finding.control) || finding.status === "waived" || finding.status === "closed") continue
    add("contact", finding.contactId)
    add("recording", finding.recordingId)
    for (const { kind, id } of [...finding.evidence, ...finding.contrary]) add(kind, id)
  }
  const { byRecording, byContact } = stillNeeded(JSON.parse(readFileSync(join(report, "summary.json"), "utf8")))
  for (const id of byRecording.keys()) add("recording", id)
  for (const id of byContact.keys()) add("contact", id)
  return needed
}

const addressed = `regexp_matches(id, '@|%40|\\+|%2B|%2b')`

/** The same records as the store names them: an id that holds an address stands masked in the report. */
const neededRecords = async (store: EvidenceStore, needed: ReadonlyMap<string, ReadonlySet<string>>, names: Pseudonymiser): Promise<ReadonlyArray<NeededRecord>> => {
  const records: Array<NeededRecord> = []
  for (const [kind, ids] of needed) {
    for (const id of ids) records.push({ kind, id })
    if (!["contact", "recording", "access", "consent", "event", "decision", "transcript", "storedObject"].includes(kind)) continue
    for (const row of await store.all(`SELECT id FROM "${kind}" WHERE ${addressed}`)) if (ids.has(names.scrub(String(row["id"])))) records.push({ kind, id: String(row["id"]) })
  }
  return records
}

/** Brings the file beside the store up to what the store says was done: a purge that died after its transaction is logged by the next. */
const writeLog = async (store: EvidenceStore, file: string): Promise<void> => {
  const lines = await purgeLines(store)
  const text = existsSync(file) ? readFileSync(file, "utf8") : ""
  const whole = text.slice(0, text.lastIndexOf("\n") + 1)
  const written = whole.split("\n").slice(0, -1)
  if (written.some((line, index) => line !== lines[index])) throw new EvidenceError(`${file} is not the log that the store has kept: lines were changed, removed or put in; move it to a safe place and find out who wrote to it.`)
  const handle = openSync(file, "a", 0o600)
  try {
    // A line that a dying process broke off is written again.
    const missing = lines.slice(written.length).map((line) => `${line}\n`).join("")
    writeFileSync(handle, text.length > whole.length ? missing.slice(text.length - whole.length) : missing)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Applies retention and erasure to the evidence store, under the policy packs in force at `settings.asOf`.
 *
 * Removed are, chain of contacts by chain: contacts and recordings that were deleted at their source, whose erasure was granted,
 * or that are past their term, with all records about them (docs/evidence-store.md says which). A recording that is due but whose
 * deletion no source has reported stays unless `due` is given, because the gate could no longer let the retention job delete it.
 * Never removed: what a hold, a keep duty or an open request covers, what an open finding that preserves evidence names, whatever is
 * doubtful, and reports. Purging again removes nothing new. Times are UTC.
 * Fails with EvidenceError where the newest report does not say what is needed, or the store or its log cannot be used.
 */
export const purge = async (settings: RunSettings, options: { readonly dryRun: boolean; readonly due: boolean; readonly now: Date }): Promise<PurgeResult> => {
  if (settings.evidence.store === ":memory:" || !existsSync(settings.evidence.store)) throw new EvidenceError(`There is no evidence store at ${settings.evidence.store}; nothing was purged.`)
  const names = settings.report.identities === "clear" || settings.report.pseudonymKey === undefined ? clearNames : pseudonymous((await loadSecret(settings.report.pseudonymKey)).secret)
  const log = join(dirname(settings.evidence.store), purgeLogFile)
  const needed = await withNewestReport(settings, (report) => neededByFindings(settings, report))
  const store = await EvidenceStore.open({ path: settings.evidence.store, memory: settings.evidence.memory, threads: settings.evidence.threads })
  try {
    await openKnown(store, settings)
    await writeLog(store, log)
    await loadPolicyTables(store.connection, settings.packs)
    for (const fact of inOrder(await allFacts(settings.packs), purgeFacts)) await fact.make(store)
    const found = await selectPurgeable(store, await neededRecords(store, needed, names), options.due)
    const done = !options.dryRun && found.removed.length > 0
    if (done) {
      const { removed, contacts, recordings, kept } = found
      await applyPurge(store, (sequence, previous) => canonicalJson({
        sequence, previous: previous === undefined ? "0".repeat(64) : sha256Hex(previous), at: options.now.toISOString(), asOf: settings.asOf, pipeline: settings.pipeline,
        policies: settings.packs.map((pack) => `${pack.policy}@${pack.version}`), contacts, recordings, removed, kept
      }))
      await writeLog(store, log)
      await rewriteStore(store)
    }
    return { ...found, log, done }
  } finally {
    store.close()
  }
}
