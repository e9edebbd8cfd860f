/**
 * Earshot as a library, in plain promises: `import { audit, gate, verify } from "earshot"`. The same as Effect programs is
 * `earshot/effect`.
 */
import { dirname, join, resolve } from "node:path"
import { chainFolder, loadCertificates, loadSecret, loadVerifyingKeys, loadWitnesses, type Verification, verify as verifyPath, type VerifyingKey } from "./attest/index.ts"
import { type Gate, gate as openGate, type GateObject } from "./gate/index.ts"
import { type Invocation, resolveConfiguration } from "./pipeline/index.ts"
import { announcedAudit, type RunObserver, type RunResult, s3FromEnvironment, storedGate, withStoredChain, withStoredReport } from "./run/index.ts"

export { AttestError, type Verification } from "./attest/index.ts"
export { type Gate, type GateAnswer, GateError, type GateObject, readInventory, readObjects } from "./gate/index.ts"
export type { Evidence, Finding, FindingStatus, Severity } from "./findings/finding.ts"
export type { Summary } from "./report/summary.ts"
export type { RunObserver, RunResult } from "./run/index.ts"
export { ConfigurationError } from "./yaml/index.ts"

/** What to audit, and who watches. */
export type AuditOptions = {
  /** Path of the pipeline file. */
  readonly pipeline: string
  /** Settings as the command line names them, in camel case: `{ asOf: "2026-11-01T00:00:00Z", failOn: "critical" }`. */
  readonly flags?: Invocation["flags"]
  /** Environment for `EARSHOT_*` settings; none where it is absent, so that a library call depends on its arguments alone. */
  readonly env?: Invocation["env"]
  /** Folder against which paths of flags are resolved; the process's where it is absent. */
  readonly cwd?: string
  readonly observer?: Partial<RunObserver>
  /** Ends the audit, which then fails with the signal's reason; what is being built is removed before. */
  readonly signal?: AbortSignal
}

const nothing = (): void => undefined

/**
 * Runs a pipeline and writes its signed report, as `earshot run` does.
 * Fails with ConfigurationError or AttestError where the pipeline, a policy or a key is wrong, else with the failure that stopped it.
 * Whether findings fail the run is `summary.exitCode`, whether it can be trusted `summary.trust`.
 */
export const audit = async ({ pipeline, flags = {}, env = {}, cwd = process.cwd(), observer, signal }: AuditOptions): Promise<RunResult> => {
  const { values } = resolveConfiguration({ file: pipeline, flags, env, cwd })
  try {
    return await announcedAudit(values, { stage: nothing, progress: nothing, log: nothing, ...observer }, signal ?? new AbortController().signal, env)
  } catch (failure) {
    signal?.throwIfAborted()
    throw failure
  }
}

/** What to verify, and whose signature counts. */
export type VerifyRequest = {
  /** A report folder, one in S3 (`s3://…`, where `EARSHOT_S3_*` say), or a disclosure. */
  readonly path: string
  /** Files of public keys (PEM); without one only `integrityOnly` can succeed. */
  readonly keys?: ReadonlyArray<string>
  readonly integrityOnly?: boolean
  /** The folder of reports whose chain is checked too. */
  readonly chain?: string
  /** Digest of the newest statement as remembered elsewhere. */
  readonly head?: string
  /** Files of certificates (PEM) that must vouch for time-stamps. */
  readonly timestampRoots?: ReadonlyArray<string>
  /** Witnesses whose cosignatures of the chain are looked for: verifier keys, or files of them. */
  readonly witnesses?: ReadonlyArray<string>
}

const keysOf = async (files: ReadonlyArray<string>): Promise<ReadonlyArray<VerifyingKey>> => {
  const keys = []
  for (const file of files) keys.push(...await loadVerifyingKeys(file))
  return keys
}

/** Verifies a report or a disclosure offline, as `earshot verify` does; `ok` says whether it holds, `problems` name what does not. */
export const verify = async ({ path, keys = [], integrityOnly, chain, head, timestampRoots = [], witnesses = [] }: VerifyRequest): Promise<Verification> =>
  atPath(path, withStoredReport, async (folder) => atPath(chain, withStoredChain, async (chainDir) =>
    verifyPath(folder ?? path, { keys: await keysOf(keys), integrityOnly, chainDir, head, timestampRoots: await loadCertificates(timestampRoots), witnesses: await loadWitnesses(witnesses), now: new Date() })))

/** A path of this machine as it is, one in S3 as a copy. */
const atPath = <A>(path: string | undefined, copied: typeof withStoredReport, work: (path: string | undefined) => Promise<A>): Promise<A> =>
  path?.startsWith("s3://") === true ? copied(path, s3FromEnvironment(process.env), work) : work(path)

/** What a retention job asks before it deletes. */
export type GateQuestion = {
  /** The report folder. */
  readonly report: string
  /** Files of public keys (PEM); a report that none of them signed keeps everything. */
  readonly keys: ReadonlyArray<string>
  /** The objects, in memory or as they come: `readObjects` reads NDJSON, `readInventory` an S3 inventory. */
  readonly objects: AsyncIterable<GateObject> | Iterable<GateObject>
  /** Now, RFC 3339; the clock's where it is absent. */
  readonly asOf?: string
  /** How old the report's as-of may be, ISO 8601; P1D where it is absent. */
  readonly maxAge?: string
  /** A file of holds as they stand now, canonical NDJSON. */
  readonly holds?: string
  /** File of the pipeline's pseudonym key, where the report writes names as pseudonyms. */
  readonly pseudonymKey?: string
  /** Where gate-log.ndjson is kept; the chain folder beside the report where it is absent. */
  readonly log?: string
}

/**
 * Asks a report what may be deleted, as `earshot gate` does: `answers` gives `delete`, `keep` or `hold` for each object and must
 * be read to its end or ended. It fails closed: whatever is unknown or doubtful is kept.
 */
export const gate = async ({ report, keys, objects, asOf, maxAge, holds, pseudonymKey, log }: GateQuestion): Promise<Gate> => {
  const request = {
    keys: await keysOf(keys), objects, asOf: asOf ?? new Date().toISOString(),
    ...(maxAge === undefined ? {} : { maxAge }), ...(holds === undefined ? {} : { holds }),
    ...(pseudonymKey === undefined ? {} : { pseudonymKey: (await loadSecret(pseudonymKey)).secret })
  }
  return report.startsWith("s3://") ? storedGate(report, s3FromEnvironment(process.env), request) : openGate({ ...request, report, outDir: log ?? join(dirname(resolve(report)), chainFolder) })
}
