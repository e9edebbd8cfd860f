import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { VerifyingKey } from "../attest/index.ts"
import { type Control, readCatalogue } from "../controls/index.ts"
import { Evidence } from "../evidence/index.ts"
import { namesUnder } from "../findings/pseudonyms.ts"
import { waiverNotes } from "../findings/waived.ts"
import type { Summary } from "../report/summary.ts"
import { isRemote } from "../sources/index.ts"
import { readBaseline } from "./baseline.ts"
import { stateGateAnswers } from "./gate-answers.ts"
import { makeFolder } from "./folders.ts"
import { ingest } from "./ingest.ts"
import { judgeAll } from "./judge.ts"
import { clearBuilding, nextTurn, takeChain, type Turn } from "./ledger.ts"
import { stateLogs } from "./log-statements.ts"
import { stateOwnReads } from "./own-reads.ts"
import { readRecordings } from "./recording-bytes.ts"
import { runToS3 } from "./run-to-s3.ts"
import { selectControls } from "./selection.ts"
import { selfTest } from "./selftest.ts"
import { attempt, Edges, Keys, makeSteps, type RunEdges, type RunFailure, type Steps, systemEdges } from "./services.ts"
import type { RunObserver, RunSettings } from "./settings.ts"
import { checkpointed, folderTime, stateDead, statedRun, stateFailure } from "./statements.ts"
import { listStorage } from "./storage-listings.ts"
import { writeReport } from "./write-report.ts"

/** What came of a run that wrote its report. */
export type RunResult = {
  readonly folder: string
  readonly summary: Summary
  readonly signed: boolean
  readonly statement: string
  readonly notes: ReadonlyArray<string>
  /** Public halves of the keys that signed. */
  readonly keys: ReadonlyArray<VerifyingKey>
  /** Where it was put in S3; `folder` is the copy on this machine. */
  readonly published?: string
}

type Begun = { readonly id: string; readonly startedAt: Date; readonly full: boolean; readonly turn: Turn | undefined }

/**
 * The audit: reads, judges, reports and signs. The report folder appears whole or not at all; where `report.out` is an
 * `s3://` prefix it is put there, its statement last.
 * Fails with ConfigurationError or AttestError (exit 3), ChainBusy, EvidenceError, StoreFailure and I/O errors (exit 2).
 */
export const runAudit = (settings: RunSettings, observer: RunObserver, signal: AbortSignal, edges: RunEdges = systemEdges): Promise<RunResult> =>
  isRemote(settings.report.out) ? runToS3(settings, observer, signal, edges, runToFolder) : runToFolder(settings, observer, signal, edges)

const runToFolder = (settings: RunSettings, observer: RunObserver, signal: AbortSignal, edges: RunEdges): Promise<RunResult> =>
  Effect.runPromise(auditRun(settings, observer).pipe(Effect.provide(Layer.mergeAll(Edges.layer(edges), Keys.layer(settings)))), { signal })

/** The audit into a folder as an Effect. Interruption ends it within seconds: the store rolls back, what is being built goes, a failure statement takes the number. */
export const auditRun = (settings: RunSettings, told: RunObserver): Effect.Effect<RunResult, RunFailure, Edges | Keys> => Effect.scoped(Effect.gen(function* () {
  const { now, runId, claimed } = yield* Edges
  const { signers } = yield* Keys
  const steps = makeSteps()
  const { out } = settings.report
  const controls = yield* steps.step(async () => selectControls(await readCatalogue(settings.controlFolders), settings))
  const full = settings.only === undefined && settings.skip === undefined && settings.replayed !== true
  const id = runId()
  const observer: RunObserver = { ...told, log: (message, fields) => { told.log(message, { run: id, ...fields }) } }
  observer.log("run started", { pipeline: settings.pipeline, asOf: settings.asOf, full })
  const startedAt = now()
  const started = { id, startedAt: startedAt.toISOString(), pipeline: settings.pipeline, asOf: settings.asOf }
  yield* attempt(() => { makeFolder(out) })
  const chain = yield* Effect.acquireRelease(attempt(() => takeChain(out, started)), (held) => Effect.sync(held.release))
  yield* attempt(() => { clearBuilding(out) })
  const { dead } = chain
  if (dead !== undefined) yield* steps.step(() => stateDead(settings, dead, signers, now()))
  const turn = full ? yield* steps.step(() => nextTurn(out)) : undefined
  if (turn !== undefined) {
    yield* attempt(() => { chain.claim(turn) })
    yield* steps.step(() => claimed?.({ ...started, ...turn }))
  }
  let stage = "start"
  const begun: Begun = { id, startedAt, full, turn }
  const failed = (): Promise<void> =>
    stateFailure(settings, statedRun(settings, id, startedAt, true, false, turn), stage, "The run failed; its log says why.", signers, now(), startedAt).catch(() => undefined)
  return yield* auditInto(settings, controls, watched(observer, steps.signal, (name) => { stage = name }), steps, begun).pipe(
    Effect.provide(Evidence.layer({ path: settings.evidence.store, memory: settings.evidence.memory, threads: settings.evidence.threads }, steps.signal)),
    Effect.onExit((exit) => Exit.isSuccess(exit) || turn === undefined ? Effect.void : Effect.promise(failed))
  )
}))

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
  log: observer.log,
  coreWritten: (folder) => observer.coreWritten?.(folder)
})

/** Seconds in each stage, by the run's clock; the last one is still open. */
const timedStages = (observer: RunObserver, now: () => Date): { readonly observer: RunObserver; readonly timings: Readonly<Record<string, number>> } => {
  const timings: Record<string, number> = {}
  let last = { name: "start", at: now().getTime() }
  const stage = (name: string): void => {
    const at = now().getTime()
    timings[last.name] = (timings[last.name] ?? 0) + (at - last.at) / 1000
    last = { name, at }
    observer.stage(name)
  }
  return { observer: { ...observer, stage }, timings }
}

/** A folder of the run's own, made where asked, and gone with its scope unless it was renamed into place. */
const ownFolder = (path: string, make: boolean) => Effect.acquireRelease(
  attempt(() => { if (make) mkdirSync(path, { recursive: true, mode: 0o700 }) }),
  () => Effect.sync(() => { if (existsSync(path)) rmSync(path, { recursive: true, force: true }) })
)

const auditInto = (settings: RunSettings, controls: ReadonlyArray<Control>, watching: RunObserver, { signal, step }: Steps, begun: Begun) => Effect.scoped(Effect.gen(function* () {
  const store = yield* Evidence
  const { now } = yield* Edges
  const { signers, idKey, pseudonymKey: ownKey } = yield* Keys
  const { out, identities } = settings.report
  const keys = signers.map((signer) => signer.key)
  const pseudonymKey = identities === "clear" ? undefined : ownKey
  const names = namesUnder(pseudonymKey)
  const { observer, timings } = timedStages(watching, now)
  const building = join(out, `.building-${begun.id}`)
  const stageDir = settings.evidence.store === ":memory:" ? `${building}-staged` : join(dirname(settings.evidence.store), "staged")
  yield* ownFolder(building, true)
  yield* ownFolder(stageDir, false)
  yield* attempt(() => { observer.stage("read") })
  // Nothing is put away under it but its own stores, so that a run that is stopped need not wait for it.
  const testing = yield* Effect.forkScoped(Effect.tryPromise({ try: () => selfTest(controls), catch: (failure) => failure as RunFailure }))
  const { ingested, problems } = yield* step(async () => {
    const listings = await listStorage(settings, observer, signal)
    const read = await ingest(store, { ...settings, sources: listings.sources }, stageDir, observer, signal)
    await stateLogs(store, settings, read)
    const objects = [...read.objects, ...await readRecordings(store, settings, observer, signal)]
    const answerProblems = await stateGateAnswers(store, settings, names)
    await stateOwnReads(store, settings, names, keys)
    observer.stage("self-test")
    return { ingested: { ...read, objects }, problems: [...listings.problems, ...answerProblems] }
  })
  const selfTested = yield* Fiber.join(testing)
  return yield* step(async () => {
    observer.stage("judge")
    const baseline = await readBaseline(out, keys)
    const judged = await judgeAll({ store, settings, controls, pseudonymKey, idKey, baseline, folder: building, observer, full: begun.full })
    observer.stage("report")
    const folder = join(out, `${folderTime(begun.startedAt)}-${begun.id}`)
    const written = await writeReport({
      store, settings, folder: building, finalFolder: folder, ingested, judged, names, idKey, signers, controls, selfTested, baseline, problems, timings, finishedAt: now,
      coreWritten: () => observer.coreWritten?.(building),
      run: (trustworthy) => statedRun(settings, begun.id, begun.startedAt, begun.full, trustworthy, begun.turn)
    })
    chmodSync(building, 0o755)
    renameSync(building, folder)
    const { summary } = written
    observer.log("report written", { findings: summary.counts.findings, leads: summary.counts.leads, trustworthy: summary.trust.trustworthy, exitCode: summary.exitCode })
    const notes = begun.turn === undefined ? [] : await checkpointed(settings, signers)
    return { folder, ...written, signed: signers.length > 0, keys, notes: [...summary.trust.notes ?? [], ...waiverNotes(summary.waivers), ...notes] }
  })
}))
