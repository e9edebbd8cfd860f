import { readFileSync } from "node:fs"
import { Command, CommanderError } from "commander"
import { type ExitCode, exitCodes, exitSentence } from "../run/exit-codes.ts"
import { asCalled } from "./called.ts"
import { controlsVerb } from "./controls.ts"
import { diffVerb } from "./diff.ts"
import { discloseVerb } from "./disclose.ts"
import { doctorVerb } from "./doctor.ts"
import { explainVerb } from "./explain.ts"
import { gateVerb } from "./gate.ts"
import { initVerb } from "./init.ts"
import { keygenVerb } from "./keygen.ts"
import { purgeVerb } from "./purge.ts"
import { renderVerb } from "./render.ts"
import { replayVerb } from "./replay.ts"
import { runVerb } from "./run.ts"
import { signVerb } from "./sign.ts"
import { simulateVerb } from "./simulate.ts"
import { processTerminal } from "./terminal.ts"
import { validateVerb } from "./validate.ts"
import { waiveVerb } from "./waive.ts"
import type { Context, Verb } from "./verb.ts"
import { verifyVerb } from "./verify.ts"

const verbs: ReadonlyArray<Verb> = [runVerb, validateVerb, controlsVerb, explainVerb, verifyVerb, signVerb, discloseVerb, diffVerb, gateVerb, replayVerb, waiveVerb, renderVerb, doctorVerb, keygenVerb, initVerb, simulateVerb, purgeVerb]

const version = (): string => (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version

/** How long a run that was asked to stop may take to put things away, in milliseconds. */
const patience = 20_000

/** SIGINT and SIGTERM end a run cleanly: what is being built is removed, the store rolls back. */
const stopSignal = (): { readonly signal: AbortSignal; readonly dispose: () => void } => {
  const controller = new AbortController()
  const stop = (): void => {
    controller.abort()
    // What does not come to rest is ended: a run that is killed leaves nothing half, and the next one goes on.
    setTimeout(() => { process.exit(exitCodes.untrustworthy) }, patience).unref()
  }
  process.once("SIGINT", stop)
  process.once("SIGTERM", stop)
  return { signal: controller.signal, dispose: () => { process.off("SIGINT", stop); process.off("SIGTERM", stop) } }
}

/** Parses the command line, runs the verb and gives the exit code; the last line on stderr says what it means. */
export const runCommandLine = async (argv: ReadonlyArray<string>): Promise<ExitCode> => {
  const terminal = processTerminal()
  const { signal, dispose } = stopSignal()
  let code: ExitCode = exitCodes.success
  const verbose = argv.includes("--verbose")
  let verb: string | undefined
  const context: Context = {
    terminal, environment: process.env, cwd: process.cwd(), signal,
    work: async (work) => {
      try {
        code = await work()
      } catch (failure) {
        const { explainFailure } = await import("./failure.ts")
        if (signal.aborted) terminal.say("Stopped as asked; nothing half-written was left.")
        code = signal.aborted ? exitCodes.untrustworthy : explainFailure(failure, terminal, verbose)
      }
      terminal.say(exitSentence(code, verb))
    }
  }
  const program = new Command("earshot")
    .description("Audits stored call and chat records for privacy compliance and emits signed reports.")
    .version(version()).option("--verbose", "log to stderr, and show where a failure came from")
    .showSuggestionAfterError().exitOverride().configureOutput({ writeOut: (text) => { process.stdout.write(text) }, writeErr: (text) => { process.stderr.write(text) } })
  for (const verb of verbs) verb(program, context)
  for (const command of program.commands) command.option("--verbose", "log to stderr, and show where a failure came from").exitOverride().showSuggestionAfterError()
  program.hook("preAction", (_program, command) => { verb = command.name() })
  try {
    await program.parseAsync([...argv])
  } catch (failure) {
    if (!(failure instanceof CommanderError)) throw failure
    if (failure.exitCode === 0) return exitCodes.success
    if (failure.code !== "commander.help") terminal.say(`${asCalled(process.env)} ${program.commands.some((command) => command.name() === argv[2]) ? `${argv[2] ?? ""} ` : ""}--help shows what can be said, with examples.`)
    terminal.say(exitSentence(exitCodes.usage))
    return exitCodes.usage
  } finally {
    dispose()
  }
  // All is put away; a self-test that is still going on must not keep the process.
  if (signal.aborted) process.exit(code)
  return code
}
