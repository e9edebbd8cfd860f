import { describe, expect, it } from "vitest"
import { type Case, defaultAsOf, readCatalogue, runEstate } from "../../src/controls/index.ts"
import { expectedOf } from "./oracle.ts"
import { worldOf } from "./world.ts"

const controls = await readCatalogue([], (id) => id.startsWith("policy/"))

/** Seeds of CI; a failure names the world, and EARSHOT_SEED judges another one. */
const seeds = process.env["EARSHOT_SEED"] === undefined ? [1, 2, 3, 4] : [Number(process.env["EARSHOT_SEED"])]
const size = 250

describe("policy controls agree with a slow, obvious reading of the contract", () => {
  for (const seed of seeds) {
    it(`in the random world ${seed}`, async () => {
      const world = worldOf(seed, size)
      const expected = expectedOf(world)
      const records = [...world.staff, ...world.identities, ...world.contacts, ...world.steps, ...world.decisions] as unknown as Case["records"]
      const members = controls.filter((control) => expected[control.id] !== undefined)
        .map((control) => ({ suffix: "", entry: { name: `world-${seed}`, control, records: control.id === "policy/approval-invalid" ? records : [], expect: expected[control.id] ?? [] } }))
      expect(members).toHaveLength(Object.keys(expected).length)
      const results = await runEstate({ asOf: defaultAsOf, policies: [{}], provides: undefined, sources: [], members })
      expect(results.flatMap((result) => result.problems.map((problem) => `${result.control}: ${problem}`))).toEqual([])
      expect(new Set(Object.values(expected).flat().map((one) => one.outcome)).size).toBe(4)
    })
  }
})
