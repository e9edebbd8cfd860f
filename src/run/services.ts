/** What a run needs from outside, as services; and how its promises become steps that can be interrupted. */
import { randomBytes } from "node:crypto"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { loadSecret, openSigners, type Signer } from "../attest/index.ts"
import { publicIdKey } from "../findings/identity.ts"
import type { Lease } from "./claims.ts"
import type { StartedRun } from "./ledger.ts"
import type { RunSettings } from "./settings.ts"

/** The clock, the source of run ids, and how long a claim in S3 lives (as usual where absent). */
export type RunEdges = {
  readonly now: () => Date
  readonly runId: () => string
  readonly lease?: Lease
  /** Told the number of the run before anything is judged; a failure ends the run. */
  readonly claimed?: (started: Omit<StartedRun, "pid" | "processStart">) => Promise<void>
}

/** The real clock and random ids. */
export const systemEdges: RunEdges = { now: () => new Date(), runId: () => randomBytes(4).toString("hex") }

/** A clock that stands still where the machine's is set back: no stage takes less than no time, and no run ends before it began. */
const neverBack = (now: () => Date): (() => Date) => {
  let latest = Number.NEGATIVE_INFINITY
  return () => {
    latest = Math.max(latest, now().getTime())
    return new Date(latest)
  }
}

/** The edges of a run as a service. */
export class Edges extends Context.Service<Edges, RunEdges>()("earshot/run/Edges") {
  static readonly layer = (edges: RunEdges): Layer.Layer<Edges> => Layer.sync(Edges, () => ({ ...edges, now: neverBack(edges.now) }))
}

/** The failures of a run are errors with one sentence for the user: ConfigurationError, AttestError, EvidenceError, StoreFailure and I/O errors. */
export type RunFailure = Error

const asFailure = (failure: unknown): RunFailure => failure instanceof Error ? failure : new Error("The run failed with a defect.", { cause: failure })

/** Plain work that may throw. */
export const attempt = <A>(work: () => A): Effect.Effect<A, RunFailure> => Effect.try({ try: work, catch: asFailure })

const secretOr = async (reference: string | undefined, otherwise: Uint8Array): Promise<Uint8Array> => reference === undefined ? otherwise : (await loadSecret(reference)).secret

/** Signing keys, and the keys of ids and pseudonyms. */
export class Keys extends Context.Service<Keys, {
  readonly signers: ReadonlyArray<Signer>
  readonly idKey: Uint8Array
  readonly pseudonymKey: Uint8Array | undefined
}>()("earshot/run/Keys") {
  /** Reads the keys that the settings name. Fails with AttestError. */
  static readonly layer = (settings: RunSettings): Layer.Layer<Keys, RunFailure> => Layer.effect(Keys, Effect.tryPromise({
    try: async () => Keys.of({
      signers: await openSigners({ keys: settings.signingKeys, ...settings.devices }, { passphrase: process.env["EARSHOT_KEY_PASSPHRASE"] }),
      idKey: await secretOr(settings.report.idKey, publicIdKey),
      pseudonymKey: settings.report.pseudonymKey === undefined ? undefined : (await loadSecret(settings.report.pseudonymKey)).secret
    }),
    catch: asFailure
  }))
}

/** Turns promises into steps of one run that share a signal. */
export type Steps = {
  /** Aborted once the run is interrupted. */
  readonly signal: AbortSignal
  /** A promise as an Effect; interruption aborts the signal and waits until the promise is settled, so that nothing is put away under its hands. */
  readonly step: <A>(work: () => Promise<A> | A) => Effect.Effect<A, RunFailure>
}

/** Steps for one run. */
export const makeSteps = (): Steps => {
  const stopping = new AbortController()
  const step = <A>(work: () => Promise<A> | A): Effect.Effect<A, RunFailure> => Effect.callback<A, RunFailure>((resume) => {
    const settled = Promise.resolve().then(work).then((value) => { resume(Effect.succeed(value)) }, (failure: unknown) => { resume(Effect.fail(asFailure(failure))) })
    return Effect.promise(() => {
      stopping.abort()
      return settled
    })
  })
  return { signal: stopping.signal, step }
}
