import { afterAll, expect, it } from "vitest"
import { CaseStore, estatesOf, readCases, readCatalogue } from "../../src/controls/index.ts"

const controls = await readCatalogue([], (id) => id === "consent/recorded-after-refusal" || id === "retention/overdue")
const estates = estatesOf(controls.flatMap(readCases))
const store = await CaseStore.open()
afterAll(() => { store.close() })

const problems = async (of: (typeof estates)[number]): Promise<ReadonlyArray<string>> => (await store.judge(of)).flatMap((result) => result.problems)

it("an estate that cannot be judged is a problem of each of its cases, and leaves nothing to the next", async () => {
  const [whole] = [...estates].sort((a, b) => b.members.length - a.members.length)
  const alone = estates.find(({ members }) => members[0]?.suffix === "") ?? whole
  if (whole === undefined || alone === undefined) throw new Error("no cases")
  expect(await problems(whole)).toEqual([])
  const broken = whole.members.map(({ entry, suffix }) => ({ suffix, entry: { ...entry, records: [...entry.records, { kind: "hold", id: `h${suffix}` }] } }))
  const told = await store.judge({ ...whole, members: broken })
  expect(told).toHaveLength(whole.members.length)
  expect(new Set(told.flatMap((result) => result.problems))).toEqual(new Set([expect.stringMatching(/a record does not fit: hold/)]))
  expect(await problems(alone)).toEqual([])
  expect(await problems(whole)).toEqual([])
})

it("a case whose expectation is wrong is told with what came", async () => {
  const [estate] = estates
  const wrong = estate?.members.map(({ entry, suffix }) => ({ suffix, entry: { ...entry, expect: [{ outcome: "fail", reason: "never" }] } }))
  if (estate === undefined || wrong === undefined) throw new Error("no cases")
  for (const result of await store.judge({ ...estate, members: wrong })) expect(result.problems[0]).toMatch(/"reason":"never".*did not come/)
})
