import { randomBytes } from "node:crypto"
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { loadSecret, openSigners, readChain, type Signer, type StatedRun, type VerifyingKey, writeCheckpoint, writeFailure } from "../attest/index.ts"
import { type Control, readCatalogue } from "../controls/index.ts"
import { EvidenceStore } from "../evidence/index.ts"
import { clearNames, pseudonymous } from "../findings/pseudonyms.ts"
import { publicIdKey } from "../findings/identity.ts"
import type { Summary } from "../report/summary.ts"
import { isRemote } from "../sources/index.ts"
import { readBaseline } from "./baseline.ts"
import { ingest } from "./ingest.ts"
import { judgeAll } from "./judge.ts"
import { stateGateAnswers } from "./gate-answers.ts"
import { stateLogs } from "./log-statements.ts"
import { stateOwnReads } from "./own-reads.ts"
import { readRecordings } from "./recording-bytes.ts"
import { listStorage } from "./storage-listings.ts"
import { clearBuilding, nextTurn, type StartedRun, takeChain, type Turn } from "./ledger.ts"
import { selectControls } from "./selection.ts"
import { selfTest } from "./selftest.ts"
import { runToS3 } from "./run-to-s3.ts"
import type { RunObserver, RunSettings } from "./settings.ts"
import { writeReport } from "./write-report.ts"

/** What came of a run that wrote its report. */
export type RunResult = { readonly folder: string; readonly summary: Summary; readonly signed: boolean; readonly statement: string; readonly notes: ReadonlyArray<string>; /** Public halves of the keys that signed. */ readonly keys: ReadonlyArray<VerifyingKey>; /** Where it was put in S3; `folder` is the copy on this machine. */ readonly published?: string }

/** Edges of the run: the clock and the source of run ids. */
export type RunEdges = { readonly now: () => Date; readonly runId: () => string; /** Told the number of the run before anything is judged; a failure ends the run. */ readonly claimed?: (started: Omit<StartedRun, "pid" | "processStart">) => Promise<void> }

/** The real clock and random ids. */
export const systemEdges: RunEdges = { now: () => new Date(), runId: () => randomBytes(4).toString("hex") }

const secretOr = async (reference: string | undefined, otherwise: Uint8Array): Promise<Uint8Array> => reference === undefined ? otherwise : (await loadSecret(reference)).secret

const loadSigners = (settings: RunSettings): Promise<ReadonlyArray<Signer>> =>
  openSigners({ keys: settings.signingKeys, ...settings.devices }, { passphrase: process.env["EARSHOT_KEY_PASSPHRASE"] })

/** `2026-11-22T02-00-00Z`: sorts by time and is a name on every file system. */
const folderTime = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(":", "-")

const statedRun = (settings: RunSettings, id: string, startedAt: Date, full: boolean, trustworthy: boolean, turn: Turn | undefined): StatedRun => ({
  id, pipeline: settings.pipeline, asOf: settings.asOf, startedAt: startedAt.toISOString(), full, trustworthy,
  ...(turn === undefined ? {} : { sequence: turn.sequence, ...(turn.previousStatement === undefined ? {} : { previousStatement: turn.previousStatement }) }),
  ...(settings.schedule === undefined ? {} : { schedule: settings.schedule })
})

const stateFailure = async (settings: RunSettings, run: StatedRun, stage: string, reason: string, signers: ReadonlyArray<Signer>, failedAt: Date, startedAt: Date): Promise<void> => {
  const { out } = settings.report
  const building = join(out, `.building-${run.id}`)
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true })
  await writeFailure({ folder: building, run, failure: { stage, reason, failedAt: failedAt.toISOString() }, signers })
  renameSync(building, join(out, `${folderTime(startedAt)}-${run.id}`))
}

const stateDead = async (settings: RunSettings, dead: StartedRun, signers: ReadonlyArray<Signer>, now: Date): Promise<void> => {
  const { entries } = await readChain(settings.report.out)
  // It may have died after its report was renamed into place: then nothing is missing.
  if (entries.some((entry) => entry.sequence === dead.sequence)) return
  const startedAt = new Date(dead.startedAt)
  await stateFailure(settings, { ...statedRun({ ...settings, asOf: dead.asOf }, dead.id, startedAt, true, false, dead) }, "died", "The run ended without a report; its number is stated by the next run.", signers, now, startedAt)
}

/** Keys, names and controls of a run, read before anything is written. */
type Prepared = { readonly signers: ReadonlyArray<Signer>; readonly idKey: Uint8Array; readonly pseudonymKey: Uint8Array | undefined; readonly controls: ReadonlyArray<Control>; readonly full: boolean }

const prepare = async (settings: RunSettings): Promise<Prepared> => {
  const signers = await loadSigners(settings)
  const idKey = await secretOr(settings.report.idKey, publicIdKey)
  const pseudonymKey = settings.report.pseudonymKey === undefined ? undefined : (await loadSecret(settings.report.pseudonymKey)).secret
  const catalogue = await readCatalogue(settings.controlFolders)
  const controls = selectControls(catalogue, settings)
  return { signers, idKey, pseudonymKey, controls, full: settings.only === undefined && settings.skip === undefined && settings.replayed !== true }
}

/**
 * The audit: reads, judges, reports and signs. The report folder appears whole or not at all; where `report.out` is an
 * `s3://` prefix it is put there, its statement last.
 * Fails with ConfigurationError or AttestError (exit 3), ChainBusy, EvidenceError, StoreFailure and I/O errors (exit 2).
 */
export const runAudit = (settings: RunSettings, observer: RunObserver, signal: AbortSignal, edges: RunEdges = systemEdges): Promise<RunResult> =>
  isRemote(settings.report.out) ? runToS3(settings, observer, signal, edges, runToFolder) : runToFolder(settings, observer, signal, edges)

const runToFolder = async (settings: RunSettings, told: RunObserver, signal: AbortSignal, edges: RunEdges): Promise<RunResult> => {
  const prepared = await prepare(settings)
  const { out } = settings.report
  const id = edges.runId()
  const observer: RunObserver = { ...told, log: (message, fields) => { told.log(message, { run: id, ...fields }) } }
  observer.log("run started", { pipeline: settings.pipeline, asOf: settings.asOf, full: prepared.full })
  const startedAt = edges.now()
  mkdirSync(out, { recursive: true })
  const chain = takeChain(out, { id, startedAt: startedAt.toISOString(), pipeline: settings.pipeline, asOf: settings.asOf })
  try {
    clearBuilding(out)
    if (chain.dead !== undefined) await stateDead(settings, chain.dead, prepared.signers, edges.now())
    const turn = prepared.full ? await nextTurn(out) : undefined
    if (turn !== undefined) {
      chain.claim(turn)
      await edges.claimed?.({ id, startedAt: startedAt.toISOString(), pipeline: settings.pipeline, asOf: settings.asOf, ...turn })
    }
    let stage = "start"
    const watching = watched(observer, signal, (name) => { stage = name })
    try {
      return await auditInto(settings, prepared, watching, signal, edges, { id, startedAt, turn })
    } catch (failure) {
      if (turn !== undefined) await stateFailure(settings, statedRun(settings, id, startedAt, true, false, turn), stage, "The run failed; its log says why.", prepared.signers, edges.now(), startedAt).catch(() => undefined)
      throw failure
    }
  } finally {
    chain.release()
  }
}

/** Writes the chain's checkpoint. The report stands already, so that a failure here is told and undoes nothing. */
const checkpointed = async (settings: RunSettings, signers: ReadonlyArray<Signer>): Promise<ReadonlyArray<string>> => {
  const { out } = settings.report
  try {
    const { entries } = await readChain(out)
    const { refused } = await writeCheckpoint({ dir: out, origin: `earshot/${settings.pipeline.replaceAll(/[\s+]/g, "-")}`, digests: entries.map((entry) => entry.digest), signers })
    return refused === undefined ? [] : [refused]
  } catch (failure) {
    return [`The checkpoint of the chain was not written (${(failure as NodeJS.ErrnoException).code ?? "unknown"}); the report is whole.`]
  }
}

/** Follows the stages, logs them, and stops where the user has asked to stop. */
const watched = (observer: RunObserver, signal: AbortSignal, entered: (stage: string) => void): RunObserver => ({
  stage: (name) => {
    signal.throwIfAborted()
    entered(name)
    observer.log("stage", { stage: name })
    observer.stage(name)
  },
  progress: (done, of) => {
    signal.throwIfAborted()
    observer.progress(done, of)
  },
  log: observer.log
})

/** The outcome of work that cannot be interrupted, unless the user has asked to stop. */
const orStopped = async <A>(work: Promise<A>, signal: AbortSignal): Promise<A> => {
  signal.throwIfAborted()
  let stop = (): void => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = () => { reject(new Error("The audit was stopped as asked.", { cause: signal.reason })) }
    signal.addEventListener("abort", stop)
  })
  return Promise.race([work, stopped]).finally(() => { signal.removeEventListener("abort", stop) })
}

type Begun = { readonly id: string; readonly startedAt: Date; readonly turn: Turn | undefined }

const auditInto = async (settings: RunSettings, prepared: Prepared, observer: RunObserver, signal: AbortSignal, edges: RunEdges, begun: Begun): Promise<RunResult> => {
  const { out, identities } = settings.report
  const building = join(out, `.building-${begun.id}`)
  const stageDir = settings.evidence.store === ":memory:" ? `${building}-staged` : join(dirname(settings.evidence.store), "staged")
  const timings: Record<string, number> = {}
  let last = { name: "start", at: edges.now().getTime() }
  const timed: RunObserver = { ...observer, stage: (name) => {
    const now = edges.now().getTime()
    timings[last.name] = (timings[last.name] ?? 0) + (now - last.at) / 1000
    last = { name, at: now }
    observer.stage(name)
  } }
  mkdirSync(building, { recursive: true, mode: 0o700 })
  const names = identities === "clear" || prepared.pseudonymKey === undefined ? clearNames : pseudonymous(prepared.pseudonymKey)
  const store = await EvidenceStore.open({ path: settings.evidence.store, memory: settings.evidence.memory, threads: settings.evidence.threads })
  const interrupt = (): void => { store.interrupt() }
  signal.addEventListener("abort", interrupt)
  try {
    timed.stage("read")
    const tested = selfTest(prepared.controls)
    tested.catch(() => undefined)
    const listings = await listStorage(settings, timed, signal)
    const read = await ingest(store, { ...settings, sources: listings.sources }, stageDir, timed, signal)
    await stateLogs(store, settings, read)
    const ingested = { ...read, objects: [...read.objects, ...await readRecordings(store, settings, timed, signal)] }
    const problems = [...listings.problems, ...await stateGateAnswers(store, out, names)]
    await stateOwnReads(store, settings, names, prepared.signers.map((signer) => signer.key))
    timed.stage("self-test")
    const selfTested = await orStopped(tested, signal)
    timed.stage("judge")
    const baseline = await readBaseline(out, prepared.signers.map((signer) => signer.key))
    const judged = await judgeAll({ store, settings, controls: prepared.controls, names, idKey: prepared.idKey, baseline, folder: building, observer: timed, full: prepared.full })
    timed.stage("report")
    const folder = join(out, `${folderTime(begun.startedAt)}-${begun.id}`)
    const trusted = await writeReport({
      store, settings, folder: building, finalFolder: folder, ingested, judged, names, idKey: prepared.idKey, signers: prepared.signers, controls: prepared.controls, selfTested, baseline, problems, timings, finishedAt: () => edges.now(),
      run: (trustworthy) => statedRun(settings, begun.id, begun.startedAt, prepared.full, trustworthy, begun.turn)
    })
    chmodSync(building, 0o755)
    renameSync(building, folder)
    observer.log("report written", { findings: trusted.summary.counts.findings, leads: trusted.summary.counts.leads, trustworthy: trusted.summary.trust.trustworthy, exitCode: trusted.summary.exitCode })
    const notes = begun.turn === undefined ? [] : await checkpointed(settings, prepared.signers)
    return { folder, ...trusted, signed: prepared.signers.length > 0, keys: prepared.signers.map((signer) => signer.key), notes: [...trusted.summary.trust.notes ?? [], ...notes] }
  } finally {
    signal.removeEventListener("abort", interrupt)
    store.close()
    rmSync(stageDir, { recursive: true, force: true })
    if (existsSync(building)) rmSync(building, { recursive: true, force: true })
  }
}
