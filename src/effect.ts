/**
 * Earshot as a library of Effect programs: `import { audit, verify } from "earshot/effect"`. Interruption ends an audit and
 * removes what it was building.
 */
import * as Effect from "effect/Effect"
import * as library from "./index.ts"

/** What stopped an audit or a verification; `cause` is the failure itself. */
export class EarshotFailure extends Error {
  readonly _tag = "EarshotFailure"
  override readonly name = "EarshotFailure"
  /** `configuration`: pipeline, policy, waivers, command. `attest`: a key or a signed file. `run`: everything else. */
  readonly reason: "configuration" | "attest" | "run"

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : "an unknown failure", { cause })
    this.reason = cause instanceof library.ConfigurationError ? "configuration" : cause instanceof library.AttestError ? "attest" : "run"
  }
}

const program = <A>(work: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, EarshotFailure> =>
  Effect.tryPromise({ try: work, catch: (failure) => new EarshotFailure(failure) })

/** `audit` of the promise library as an Effect. */
export const audit = (options: Omit<library.AuditOptions, "signal">): Effect.Effect<library.RunResult, EarshotFailure> =>
  program((signal) => library.audit({ ...options, signal }))

/** `verify` of the promise library as an Effect. */
export const verify = (request: library.VerifyRequest): Effect.Effect<library.Verification, EarshotFailure> => program(() => library.verify(request))
