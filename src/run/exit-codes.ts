/** The exit codes of every verb, and what they mean: the one place that knows. */
export const exitCodes = {
  success: 0,
  findings: 1,
  untrustworthy: 2,
  usage: 3,
  unverified: 4
} as const

/** A number of `exitCodes`. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const meanings: Readonly<Record<ExitCode, string>> = {
  0: "nothing that fails the run",
  1: "there are findings at or above the threshold",
  2: "the audit could not be completed or can't be trusted",
  3: "the command line or a configuration file is wrong",
  4: "a signature, digest or proof does not verify"
}

/** What a verb that is no audit means by a code. */
const verbMeanings: Readonly<Record<string, Partial<Record<ExitCode, string>>>> = {
  diff: { 0: "nothing is new", 1: "the later report holds something new, reopened or lapsed", 2: "the reports could not be compared" },
  gate: { 0: "every object was answered", 2: "everything is kept, for the report can't be relied on or the gate could not answer" },
  replay: { 0: "the same inputs give the same report", 1: "the replay differs", 2: "it cannot be replayed" },
  doctor: { 0: "nothing that would fail a run", 2: "something would fail a run" },
  verify: { 0: "it verifies" },
  purge: { 2: "the store could not be purged" }
}

/** The last line on stderr: the code and what it means, for `run` or the verb named. */
export const exitSentence = (code: ExitCode, verb = "run"): string => {
  const others: Partial<Record<ExitCode, string>> = verb === "run" ? {} : { 0: "done", 2: "it could not be completed" }
  return `exit ${code}: ${verbMeanings[verb]?.[code] ?? others[code] ?? meanings[code]}.`
}
