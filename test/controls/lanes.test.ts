import { expect, test } from "vitest"
import { inLanes } from "../../src/controls/lanes.ts"
import { EvidenceStore } from "../../src/evidence/index.ts"

const withLanes = async (use: (lanes: ReadonlyArray<EvidenceStore>) => Promise<void>): Promise<void> => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 2 })
  try {
    await use([store, await store.beside(), await store.beside()])
  } finally {
    store.close()
  }
}

test("each task runs after what it needs, and every connection sees what the others made", () => withLanes(async (lanes) => {
  const make = (name: string, needs: ReadonlyArray<string>, sql: string) => ({ name, needs, work: (lane: EvidenceStore) => lane.run(`CREATE TABLE ${name} AS ${sql}`) })
  const steps = Array.from({ length: 20 }, (_, step) => make(`t${step}`, step === 0 ? [] : [`t${step - 1}`, "record"], step === 0 ? "SELECT 1 AS n" : `SELECT n + 1 AS n FROM t${step - 1}`))
  const sides = Array.from({ length: 20 }, (_, side) => make(`s${side}`, [`t${side}`], `SELECT n * 10 AS n FROM t${side}`))
  await inLanes(lanes, [...sides, ...steps])
  const [sum] = await (lanes[2] as EvidenceStore).all(`SELECT sum(n)::INTEGER AS total FROM (${Array.from({ length: 20 }, (_, side) => `FROM s${side}`).join(" UNION ALL ")})`)
  expect(sum).toEqual({ total: 2100 })
}))

test("the first failure is the one told, after every connection is quiet, and nothing begins after it", () => withLanes(async (lanes) => {
  const begun: Array<string> = []
  const task = (name: string, needs: ReadonlyArray<string>, sql: string) => ({ name, needs, work: (lane: EvidenceStore) => {
    begun.push(name)
    return lane.run(sql)
  } })
  await expect(inLanes(lanes.slice(1), [task("wrong", [], "SELECT nothing"), task("long", [], "CREATE TABLE long AS SELECT sum(hash(range)) AS n FROM range(9000000)"), task("after", ["long"], "SELECT 1")])).rejects.toThrow(/nothing/)
  expect(begun).toEqual(["wrong", "long"])
  expect(await (lanes[0] as EvidenceStore).all("SELECT count(*)::INTEGER AS n FROM long")).toEqual([{ n: 1 }])
}))

test("needs that go in a circle are a failure, never a wait", () => withLanes(async (lanes) => {
  const work = (): Promise<void> => Promise.resolve()
  await expect(inLanes(lanes, [{ name: "a", needs: ["b"], work }, { name: "b", needs: ["a"], work }])).rejects.toThrow(/a, b/)
}))
