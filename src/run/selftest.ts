import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { builtIn, type CaseEstate, type Control, estatesOf, readCases, runEstates } from "../controls/index.ts"
import type { Summary } from "../report/summary.ts"
import { programDigest } from "./program.ts"

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

/** Everything that the outcome of a self-test follows from, as one digest: the program with its facts, the controls, their cases and what cases share. */
const digestOf = (controls: ReadonlyArray<Control>): string => {
  const digest = createHash("sha256").update(programDigest()).update(readFileSync(join(builtIn, "controls", "baseline.policy.yaml")))
  for (const control of controls) digest.update(`\0${control.id}\0${control.sha256}\0`).update(readFileSync(join(control.folder, "cases.yaml")))
  return digest.digest("hex")
}

/** Self-tests of this process by what they tested: a service that audits many pipelines need not test the same again. */
const done = new Map<string, Promise<Summary["trust"]["selfTest"]>>()

/** Runs every control's cases before anything is judged with it; a control whose case fails can't be relied on. */
export const selfTest = (controls: ReadonlyArray<Control>): Promise<Summary["trust"]["selfTest"]> => {
  const digest = digestOf(controls)
  const testing = done.get(digest) ?? runCases(controls)
  done.set(digest, testing)
  testing.catch(() => done.delete(digest))
  return testing
}

const runCases = async (controls: ReadonlyArray<Control>): Promise<Summary["trust"]["selfTest"]> => {
  const [shared, ...others] = chosen(estatesOf(controls.flatMap(readCases)), controls)
  // The many small estates take about as long as the large one.
  const results = (await Promise.all([runEstates(shared === undefined ? [] : [shared]), runEstates(others)])).flat()
  const failed = new Set(results.filter(({ problems }) => problems.length > 0).map(({ control, name }) => `${control} (case ${name})`))
  return { cases: results.length, failed: [...failed].sort() }
}
