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

/** The last line on stderr: the code and what it means. */
export const exitSentence = (code: ExitCode): string => {
  switch (code) {
    case 0: return "exit 0: nothing that fails the run."
    case 1: return "exit 1: there are findings at or above the threshold."
    case 2: return "exit 2: the audit could not be completed or can't be trusted."
    case 3: return "exit 3: the command line or a configuration file is wrong."
    case 4: return "exit 4: a signature, digest or proof does not verify."
  }
}
