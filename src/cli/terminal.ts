import { exitCodes, exitSentence } from "../run/exit-codes.ts"
import type { RunObserver } from "../run/settings.ts"

/** Where a verb writes: results to stdout, everything else to stderr. */
export type Terminal = {
  readonly out: (text: string) => void
  readonly say: (text: string) => void
  /** A person is watching stderr: progress may be drawn. */
  readonly interactive: boolean
  readonly colour: boolean
}

/** Whoever reads may stop reading (`| head`): the rest is for nobody, and the code stays the verb's own. A crash would say 1: findings. */
const readerGone = (failure: NodeJS.ErrnoException): void => {
  if (failure.code === "EPIPE") return
  process.stderr.write(`The result could not be written to where stdout leads.\n${exitSentence(exitCodes.untrustworthy, "")}\n`)
  process.exit(exitCodes.untrustworthy)
}

/**
 * An id out of a record could steer the terminal that shows it (ESC and its kin): what stands below a space, but for tab and line
 * feed, is shown as `�`. JSON holds none of these raw, so no result for programs changes.
 */
const harmless = (text: string): string => text.replaceAll(/\p{Cc}/gu, (character) => (character < " " && character !== "\n" && character !== "\t" ? "\ufffd" : character))

/** The process's own streams; CI and NO_COLOR are respected. */
export const processTerminal = (environment: Readonly<Record<string, string | undefined>> = process.env): Terminal => {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", readerGone)
  const interactive = process.stderr.isTTY && (environment["CI"] ?? "") === ""
  return {
    out: (text) => { process.stdout.write(`${harmless(text)}\n`) },
    say: (text) => { process.stderr.write(`${harmless(text)}\n`) },
    interactive,
    colour: interactive && (environment["NO_COLOR"] ?? "") === ""
  }
}

const stageNames: Readonly<Record<string, string>> = {
  read: "Reading sources", store: "Storing records", settle: "Settling versions", "self-test": "Testing the controls", judge: "Judging", report: "Writing and signing the report", publish: "Putting the report into S3", verify: "Verifying"
}

/** Shows a run on a terminal as one bar that names its stage; silent elsewhere. */
export const progressOn = async (terminal: Terminal): Promise<RunObserver & { readonly stop: () => void }> => {
  if (!terminal.interactive) return { stage: () => undefined, progress: () => undefined, log: () => undefined, stop: () => undefined }
  const { SingleBar } = await import("cli-progress")
  const bar = new SingleBar({ format: "{stage} [{bar}] {percentage} %", stream: process.stderr, hideCursor: true, clearOnComplete: true, barsize: 30, stopOnComplete: false })
  bar.start(100, 0, { stage: "Starting" })
  return {
    stage: (name) => { bar.update(0, { stage: (stageNames[name] ?? name).padEnd(31) }) },
    progress: (done, of) => { bar.update(of === 0 ? 0 : Math.floor((100 * done) / of)) },
    log: () => undefined,
    stop: () => { bar.stop() }
  }
}
