import type { Command } from "commander"
import type { ExitCode } from "../run/exit-codes.ts"
import type { Terminal } from "./terminal.ts"

/** What a verb gets beside its own arguments. */
export type Context = {
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly signal: AbortSignal
  /** Runs the verb's work; its exit code becomes the process's. */
  readonly work: (work: () => Promise<ExitCode>) => Promise<void>
}

/** Adds one verb to the program; heavy rooms are imported when it runs, so that --help is quick. */
export type Verb = (program: Command, context: Context) => void

/** Two worked examples, as every verb's help ends. */
export const examples = (...lines: ReadonlyArray<string>): string => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`
