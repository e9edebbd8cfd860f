import { describe, expect, it } from "vitest"
import { type Case, defaultAsOf, readCatalogue, runEstate } from "../../src/controls/index.ts"
import { verdictsOf } from "./oracle.ts"
import { recordsOf, roster, storiesOf } from "./world.ts"

const catalogue = await readCatalogue([], (id) => id.startsWith("consent/"))

/** Seeds of CI; a failure names the seed, and EARSHOT_SEED judges another one. */
const seeds = process.env["EARSHOT_SEED"] === undefined ? [1, 2, 3, 4, 5] : [Number(process.env["EARSHOT_SEED"])]
const size = 600

describe("consent controls agree with a slow, obvious reading of the contract", () => {
  for (const seed of seeds) {
    it(`over ${size} random contacts of seed ${seed}`, { timeout: 120_000 }, async () => {
      const stories = storiesOf(seed, size)
      const verdicts = verdictsOf(stories)
      const records = [...roster, ...stories.flatMap(recordsOf)] as unknown as Case["records"]
      const controls = catalogue.filter(({ id }) => verdicts[id] !== undefined)
      const members = controls.map((control, index) => ({ suffix: "", entry: { name: `seed-${seed}`, control, records: index === 0 ? records : [], expect: verdicts[control.id] ?? [] } }))
      expect(members).toHaveLength(Object.keys(verdicts).length)
      const results = await runEstate({ asOf: defaultAsOf, policies: [{}], provides: undefined, sources: [], members })
      expect(results.flatMap((result) => result.problems.map((problem) => `${result.control}: ${problem}`))).toEqual([])
      // Every control of the numbered list must have fired somewhere, or the comparison shows nothing of it.
      const fired = controls.filter(({ id }) => (verdicts[id] ?? []).some(({ outcome }) => outcome === "fail"))
      expect(fired.map(({ id }) => id)).toEqual(controls.map(({ id }) => id))
    })
  }
})
