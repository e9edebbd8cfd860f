/** The evidence store as a service, for programs that are Effects. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { EvidenceError, EvidenceStore, type StoreOptions } from "./store.ts"

const evidenceError = (problem: unknown): EvidenceError =>
  problem instanceof EvidenceError ? problem : new EvidenceError("The evidence store failed with a defect.", { cause: problem })

/** An open evidence store. */
export class Evidence extends Context.Service<Evidence, EvidenceStore>()("earshot/evidence/Evidence") {
  /** Opens the store, and closes it with the scope; `signal` stops what it is doing. */
  static readonly layer = (options: StoreOptions, signal: AbortSignal): Layer.Layer<Evidence, EvidenceError> => Layer.effect(Evidence, Effect.gen(function* () {
    const store = yield* Effect.acquireRelease(Effect.tryPromise({ try: () => EvidenceStore.open(options), catch: evidenceError }), (opened) => Effect.sync(() => { opened.close() }))
    const interrupt = (): void => { store.interrupt() }
    yield* Effect.acquireRelease(Effect.sync(() => { signal.addEventListener("abort", interrupt) }), () => Effect.sync(() => { signal.removeEventListener("abort", interrupt) }))
    return store
  }))
}
