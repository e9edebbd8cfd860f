import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { type Case, defaultAsOf, readCatalogue, runEstate } from "../../src/controls/index.ts"
import { type Authority, expectedOf, plainAuthority } from "./oracle.ts"
import { worldOf } from "./world.ts"

const controls = await readCatalogue([], (id) => id.startsWith("policy/"))

/** Seeds of CI; a failure names the world, and EARSHOT_SEED judges another one. */
const seeds = process.env["EARSHOT_SEED"] === undefined ? [1, 2, 3, 4] : [Number(process.env["EARSHOT_SEED"])]
const size = 250

const byQueue: Authority = {
  ...plainAuthority,
  limitsFor: [
    { queues: ["sales"], limits: { agent: 300, supervisor: 600 } },
    { currency: "EUR", limits: { agent: 60, supervisor: 300, manager: 4000 } },
    { queues: ["sales", "support"], currency: "GBP", limits: { supervisor: 100 } },
    { queues: ["support"], currency: "EUR", limits: { agent: 40, quality: 100 } }
  ]
}

type Version = { authority: Authority }
const baseline = parse(readFileSync(new URL("../../pipelines/controls/baseline.policy.yaml", import.meta.url), "utf8")) as { readonly decisions: ReadonlyArray<{ readonly versions: ReadonlyArray<Version> }> }
const withAuthority = (authority: Authority) => ({ decisions: baseline.decisions.map((decision) => ({ ...decision, versions: decision.versions.map((version) => ({ ...version, authority })) })) })

describe("policy controls agree with a slow, obvious reading of the contract", () => {
  const worlds = [...seeds.map((seed) => [seed, "limits by role", plainAuthority] as const), ...seeds.slice(0, 2).map((seed) => [seed, "limits by role, queue and currency", byQueue] as const)]
  for (const [seed, words, authority] of worlds) {
    it(`in the random world ${seed} with ${words}`, async () => {
      const world = worldOf(seed, size)
      const expected = expectedOf(world, authority)
      const records = [...world.staff, ...world.identities, ...world.contacts, ...world.steps, ...world.decisions] as unknown as Case["records"]
      const members = controls.filter((control) => expected[control.id] !== undefined)
        .map((control) => ({ suffix: "", entry: { name: `world-${seed}`, control, records: control.id === "policy/approval-invalid" ? records : [], expect: expected[control.id] ?? [] } }))
      expect(members).toHaveLength(Object.keys(expected).length)
      const results = await runEstate({ asOf: defaultAsOf, policies: [withAuthority(authority)], provides: undefined, sources: [], members })
      expect(results.flatMap((result) => result.problems.map((problem) => `${result.control}: ${problem}`))).toEqual([])
      expect(new Set(Object.values(expected).flat().map((one) => one.outcome)).size).toBe(4)
    })
  }
})
