import { type CaseEstate, type Control, estatesOf, readCases, runEstate } from "../controls/index.ts"
import type { Summary } from "../report/summary.ts"

/**
 * The estates that a run tests itself with: the largest, which all cases under the baseline policy share, then those of
 * controls that have no case in it, and all of custom controls. The rest (other policies, sources of their own) are the tests'.
 */
const chosen = (estates: ReadonlyArray<CaseEstate>, controls: ReadonlyArray<Control>): ReadonlyArray<CaseEstate> => {
  const bySize = [...estates].sort((a, b) => b.members.length - a.members.length)
  const covered = new Set<string>()
  const custom = new Set(controls.filter((control) => control.custom).map((control) => control.id))
  return bySize.filter((estate, index) => {
    const ids = estate.members.map(({ entry }) => entry.control.id)
    const wanted = index === 0 || ids.some((id) => custom.has(id) || !covered.has(id))
    if (wanted) for (const id of ids) covered.add(id)
    return wanted
  })
}

/** Runs every control's cases before anything is judged with it; a control whose case fails can't be relied on. */
export const selfTest = async (controls: ReadonlyArray<Control>): Promise<Summary["trust"]["selfTest"]> => {
  const failed = new Set<string>()
  let cases = 0
  for (const estate of chosen(estatesOf(controls.flatMap(readCases)), controls)) {
    for (const result of await runEstate(estate)) {
      cases += 1
      if (result.problems.length > 0) failed.add(`${result.control} (case ${result.name})`)
    }
  }
  return { cases, failed: [...failed].sort() }
}
