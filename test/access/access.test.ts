import { describe, expect, it } from "vitest"
import { type Control, readCatalogue, runEstate } from "../../src/controls/index.ts"
import { type Estate, randomEstate, recordsOf } from "./estate.ts"
import { oracle } from "./oracle.ts"

const asOf = "2026-06-30T00:00:00Z"
const limits = { bulk: 2, denials: 1 }
const policy = { access: { bulk: { actions: ["play", "download", "export"], within: "PT1H", max: limits.bulk }, denials: { within: "PT1H", max: limits.denials } } }

/** Judges an estate by every control at once; each control's `expect` is what the oracle says. */
const differences = async (controls: ReadonlyArray<Control>, estate: Estate): Promise<ReadonlyArray<string>> => {
  const said = oracle(estate, Date.parse(asOf), limits)
  const members = controls.filter(({ id }) => said.has(id.slice("access/".length))).map((control, index) => ({
    suffix: "",
    entry: { name: "random", control, policy, records: index === 0 ? recordsOf(estate) : [], expect: said.get(control.id.slice("access/".length)) ?? [] }
  }))
  const results = await runEstate({ asOf, policies: [policy], provides: undefined, sources: [], members })
  return results.flatMap(({ control, problems }) => problems.map((problem) => `${control}: ${problem}`))
}

describe("the access controls against a slow and literal reading of the contract", () => {
  for (let seed = 1; seed <= Number(process.env["EARSHOT_SEEDS"] ?? 8); seed++) {
    it(`agree on estate ${seed}`, async () => {
      const controls = await readCatalogue([], (id) => id.startsWith("access/"))
      expect(await differences(controls, randomEstate(seed))).toEqual([])
    })
  }
})
