import { afterAll, describe, expect, it } from "vitest"
import { type Case, type CaseResult, CaseStore, estatesOf, readCases, readCatalogue } from "../src/controls/index.ts"

const controls = await readCatalogue()
const cases = controls.flatMap(readCases)

const store = await CaseStore.open()
afterAll(() => { store.close() })

/** Every estate runs once, whichever of its cases is asked for first. */
const results = new Map<string, Promise<ReadonlyArray<CaseResult>>>()
const estates = estatesOf(cases)
const estateOf = new Map(estates.flatMap((estate, index) => estate.members.map(({ entry }) => [`${entry.control.id} ${entry.name}`, index] as const)))

const resultOf = async (entry: Case): Promise<CaseResult | undefined> => {
  const index = estateOf.get(`${entry.control.id} ${entry.name}`) ?? -1
  const estate = estates[index]
  if (estate === undefined) return undefined
  const key = String(index)
  const running = results.get(key) ?? store.judge(estate)
  results.set(key, running)
  return (await running).find((result) => result.control === entry.control.id && result.name === entry.name)
}

for (const control of controls) {
  const own = cases.filter((entry) => entry.control.id === control.id)
  describe(control.id, () => {
    it("has cases with names of their own", () => {
      expect(own.length).toBeGreaterThan(0)
      expect(new Set(own.map((entry) => entry.name)).size).toBe(own.length)
    })
    for (const entry of own) {
      it(entry.name, async () => {
        const result = await resultOf(entry)
        expect(result?.problems).toEqual([])
      })
    }
    it("reaches every reason that it documents", async () => {
      const reached = new Set<string>()
      for (const entry of own) for (const reason of (await resultOf(entry))?.reasons ?? []) reached.add(reason)
      expect(Object.keys(control.reasons).filter((reason) => !reached.has(reason))).toEqual([])
    })
  })
}
