/** One thing that is wrong in a file that people wrote; line and column are 1-based. */
export type Problem = {
  /** The file; a flag (`--fail-on`) or environment variable has line 0. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** JSON pointer of the value, "" for the whole document. */
  readonly pointer: string
  /** What is wrong and what to do, without a final position. */
  readonly sentence: string
}

/** `file:line:column: sentence`, as compilers write it, so that editors can jump there. */
export const problemText = (problem: Problem): string =>
  problem.line === 0 ? `${problem.file}: ${problem.sentence}` : `${problem.file}:${problem.line}:${problem.column}: ${problem.sentence}`

/**
 * A file of configuration that cannot be used (exit code 3). Carries every problem
 * found; its own position and sentence are those of the first.
 */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError"
  readonly file: string
  readonly line: number
  readonly column: number
  readonly pointer: string
  readonly sentence: string
  readonly problems: ReadonlyArray<Problem>

  constructor(problems: readonly [Problem, ...ReadonlyArray<Problem>]) {
    super(problems.map(problemText).join("\n"))
    const first = problems[0]
    this.file = first.file
    this.line = first.line
    this.column = first.column
    this.pointer = first.pointer
    this.sentence = first.sentence
    this.problems = problems
  }
}

/** Throws when there are problems, in the order of their places in the file. */
export const refuse = (problems: ReadonlyArray<Problem>): void => {
  const [first, ...rest] = [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
  if (first !== undefined) throw new ConfigurationError([first, ...rest])
}
