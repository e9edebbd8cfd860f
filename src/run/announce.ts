import { basename } from "node:path"
import { openSigners, type Signer } from "../attest/index.ts"
import { type Environment, failureNotice, noticeOf, type Stage, tellEnd, tellStart, type Telling, type Told } from "../notify/index.ts"
import type { Configuration } from "../pipeline/index.ts"
import { ConfigurationError } from "../yaml/index.ts"
import { exitCodes, exitSentence } from "./exit-codes.ts"
import { makeMissingKeys } from "./missing-keys.ts"
import { runAudit, type RunResult } from "./run.ts"
import { type RunEdges, systemEdges } from "./services.ts"
import type { RunObserver } from "./settings.ts"
import { settingsFrom } from "./settings-from.ts"

/** The stages of a run with their times, for telemetry. */
class Stages {
  readonly #now: () => Date
  readonly #done: Array<Stage> = []
  #open: { readonly name: string; readonly from: number }

  constructor(now: () => Date) {
    this.#now = now
    this.#open = { name: "start", from: now().getTime() }
  }

  enter(name: string): void {
    const at = this.#now().getTime()
    this.#done.push({ ...this.#open, until: at })
    this.#open = { name, from: at }
  }

  get name(): string {
    return this.#open.name
  }

  /** All stages, the open one as if it ended now. */
  all(): ReadonlyArray<Stage> {
    return [...this.#done, { ...this.#open, until: this.#now().getTime() }]
  }
}

const signersOf = ({ notify, signing }: Configuration): Promise<ReadonlyArray<Signer>> =>
  notify.some((channel) => channel.sign === true) ? openSigners({ keys: signing.keys, kms: signing.kms, pkcs11: signing.pkcs11 }, { passphrase: process.env["EARSHOT_KEY_PASSPHRASE"] }) : Promise.resolve([])

/** Failures become notes of the run and lines of its log. */
const noted = (log: RunObserver["log"], all: ReadonlyArray<Told>): ReadonlyArray<string> =>
  all.flatMap(({ channel, problem }) => {
    log("notification", { channel, delivered: problem === undefined, ...(problem === undefined ? {} : { problem }) })
    return problem === undefined ? [] : [`${channel} was not told: ${problem}. The report is whole.`]
  })

/**
 * The audit of a resolved configuration, announced: heartbeats hear that it began, and everybody whom `notify` names hears that it
 * ended, also when it failed. What cannot be told becomes a note of the result; it neither fails the run nor holds up the report.
 * Fails as `runAudit` does, and with ConfigurationError where a policy or waivers file cannot be used.
 */
export const announcedAudit = async (configuration: Configuration, observer: RunObserver, signal: AbortSignal, environment: Environment, edges: RunEdges = systemEdges): Promise<RunResult> => {
  const startedAt = edges.now()
  const stages = new Stages(edges.now)
  const telling = async (): Promise<Telling> => ({ channels: configuration.notify, environment, signers: await signersOf(configuration).catch(() => []), now: edges.now, hurry: signal.aborted })
  // Heartbeats are told before the run begins, and what comes of that is logged as the run's too.
  const run = edges.runId()
  const log: RunObserver["log"] = (message, fields) => { observer.log(message, { run, ...fields }) }
  noted(log, await tellStart({ channels: configuration.notify, environment, signers: [], now: edges.now }))
  try {
    await makeMissingKeys(configuration)
    const result = await runAudit(settingsFrom(configuration, startedAt), { ...observer, stage: (name) => { stages.enter(name); observer.stage(name) } }, signal, { ...edges, runId: () => run })
    const notice = noticeOf({ summary: result.summary, report: basename(result.folder), statement: result.statement }, exitSentence(result.summary.exitCode))
    const notes = noted(log, await tellEnd(await telling(), notice, stages.all(), result.summary))
    return { ...result, notes: [...result.notes, ...notes] }
  } catch (failure) {
    const exitCode = failure instanceof ConfigurationError ? exitCodes.usage : exitCodes.untrustworthy
    const notice = failureNotice({ pipeline: configuration.pipeline, startedAt: startedAt.toISOString(), finishedAt: edges.now().toISOString(), exitCode, stage: stages.name }, exitSentence(exitCode))
    noted(log, await tellEnd(await telling(), notice, stages.all(), undefined))
    throw failure
  }
}
