import { type Control, estatesOf, readCases, runEstate } from "../controls/index.ts"
import type { Summary } from "../report/summary.ts"

/**
 * Runs every control's cases before anything is judged with it. Cases with the same policy and as-of are one estate.
 */
export const selfTest = async (controls: ReadonlyArray<Control>): Promise<Summary["trust"]["selfTest"]> => {
  const estates = estatesOf(controls.flatMap(readCases))
  const failed = new Set<string>()
  let cases = 0
  for (const estate of estates) {
    for (const result of await runEstate(estate)) {
      cases += 1
      if (result.problems.length > 0) failed.add(`${result.control} (case ${result.name})`)
    }
  }
  return { cases, failed: [...failed].sort() }
}
