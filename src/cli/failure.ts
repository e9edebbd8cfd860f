import { AttestError, type AttestReason } from "../attest/index.ts"
import { GateError } from "../gate/index.ts"
import { type ExitCode, exitCodes } from "../run/exit-codes.ts"
import { ConfigurationError, problemText } from "../yaml/index.ts"
import type { Terminal } from "./terminal.ts"

/** A verb was used wrongly: exit 3. The sentence says what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

const sentencesOf = (failure: unknown): ReadonlyArray<string> => {
  if (failure instanceof ConfigurationError) return failure.problems.map((problem) => problem.line === 0 ? `${problem.file}: ${problem.sentence}` : problemText(problem))
  return [failure instanceof Error ? failure.message : "An unknown failure; run again with --verbose."]
}

/** Full disk and the like, said without a path that could name a person. */
const systemSentences: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full; free room and run again: nothing half-written was left.",
  EACCES: "A file or folder may not be read or written; check the permissions of report.out and evidence.store.",
  EPERM: "A file or folder may not be read or written; check the permissions of report.out and evidence.store.",
  EROFS: "report.out or evidence.store lies on a read-only file system; name another place.",
  EMFILE: "Too many files are open; raise the limit of open files (ulimit -n)."
}

/** A path that was given cannot be what is asked of it: which call of the system said so with which code, and the sentence. */
const misplaced: Readonly<Record<string, string>> = {
  "mkdir EEXIST": "A folder was to be made where a file is; name another place.",
  "mkdir ENOTDIR": "A folder was to be made inside a file; name another place.",
  "mkdir ENOENT": "A folder was to be made where none can be; name another place.",
  "open EEXIST": "A file was to be written where there is one already; name another place.",
  "open EISDIR": "A file was to be written where a folder is; name a file.",
  "read EISDIR": "A file was to be read where a folder is; name a file.",
  "open ENOTDIR": "A file was to be written inside another file; name another place.",
  "open ENOENT": "A file is not there to be read, or its folder is not there to write it into; check the paths, or make the folder."
}

const misplacedSentence = (failure: unknown): string | undefined => {
  const { syscall, code } = failure instanceof Error ? failure as NodeJS.ErrnoException : {}
  return misplaced[`${syscall} ${code}`]
}

/** Nothing was disproved: a key, a name or a place on the command line was wrong. */
const usedWrongly: ReadonlySet<AttestReason> = new Set(["key", "notFound", "exists"])

/** Tells the user what went wrong in one sentence each and gives the exit code. */
export const explainFailure = (failure: unknown, terminal: Terminal, verbose: boolean): ExitCode => {
  const code = failure instanceof Error ? (failure as NodeJS.ErrnoException).code : undefined
  const place = misplacedSentence(failure)
  const system = place ?? (code === undefined ? undefined : systemSentences[code])
  if (system === undefined) for (const sentence of sentencesOf(failure)) terminal.say(sentence)
  else terminal.say(system)
  if (verbose && failure instanceof Error && failure.stack !== undefined) terminal.say(failure.stack)
  if (place !== undefined) return exitCodes.usage
  if (failure instanceof GateError) return failure.reason === "usage" ? exitCodes.usage : exitCodes.untrustworthy
  if (failure instanceof ConfigurationError || failure instanceof UsageError) return exitCodes.usage
  if (failure instanceof AttestError && failure.reason === "signer") return exitCodes.untrustworthy
  if (failure instanceof AttestError) return usedWrongly.has(failure.reason) ? exitCodes.usage : exitCodes.unverified
  return exitCodes.untrustworthy
}
