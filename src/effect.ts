/**
 * Earshot as a library of Effect programs: `import { audit, gate, verify } from "earshot/effect"`. Interruption ends an
 * audit and removes what it was building, and closes the log of a gate.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as library from "./index.ts"

const reasonOf = (cause: unknown): EarshotFailure["reason"] => {
  if (cause instanceof library.ConfigurationError) return "configuration"
  if (cause instanceof library.AttestError) return "attest"
  return cause instanceof library.GateError ? "gate" : "run"
}

/** What stopped an audit, a verification or a gate; `cause` is the failure itself. */
export class EarshotFailure extends Error {
  readonly _tag = "EarshotFailure"
  override readonly name = "EarshotFailure"
  /** `configuration`: pipeline, policy, waivers, command. `attest`: a key or a signed file. `gate`: its inputs or its log. `run`: everything else. */
  readonly reason: "configuration" | "attest" | "gate" | "run"

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : "an unknown failure", { cause })
    this.reason = reasonOf(cause)
  }
}

/** Interruption waits until the work has put away what it was building, so that the next audit finds the folder of reports free. */
const program = <A>(work: (signal: AbortSignal) => Promise<A>): Effect.Effect<A, EarshotFailure> =>
  Effect.callback<A, EarshotFailure>((resume) => {
    const stopping = new AbortController()
    const settled = work(stopping.signal).then((value) => { resume(Effect.succeed(value)) }, (failure: unknown) => { resume(Effect.fail(new EarshotFailure(failure))) })
    return Effect.promise(() => {
      stopping.abort()
      return settled
    })
  })

/** `audit` of the promise library as an Effect. */
export const audit = (options: Omit<library.AuditOptions, "signal">): Effect.Effect<library.RunResult, EarshotFailure> =>
  program((signal) => library.audit({ ...options, signal }))

/** `verify` of the promise library as an Effect. */
export const verify = (request: library.VerifyRequest): Effect.Effect<library.Verification, EarshotFailure> => program(() => library.verify(request))

/** What a gate thinks of its report, with its answers as a stream. */
export type Gate = Omit<library.Gate, "answers"> & { readonly answers: Stream.Stream<library.GateAnswer, EarshotFailure> }

/** `gate` of the promise library as an Effect; the log is closed when the stream ends, fails or is interrupted. */
export const gate = (question: library.GateQuestion): Effect.Effect<Gate, EarshotFailure> =>
  program(() => library.gate(question)).pipe(Effect.map(({ answers, ...trust }) => ({ ...trust, answers: Stream.fromAsyncIterable(answers, (failure) => new EarshotFailure(failure)) })))
