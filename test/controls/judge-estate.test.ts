import { expect, test } from "vitest"
import type { Control, Fact } from "../../src/controls/index.ts"
import { judgeEstate, judgementColumns } from "../../src/controls/index.ts"
import { EvidenceStore } from "../../src/evidence/index.ts"

const fact = (name: string, needs: ReadonlyArray<string>): Fact =>
  ({ name, needs, make: (store) => store.run(`CREATE TABLE ${name} AS ${needs.length === 0 ? "SELECT 1 AS n" : `SELECT n + 1 AS n FROM ${needs.join(" NATURAL JOIN ")}`}`) })

const control = (id: string, reads: ReadonlyArray<string>): Control => {
  const columns = judgementColumns.map(([name, type]) => (name === "unit" ? `'${id}-' || n AS unit` : name === "outcome" ? "'pass' AS outcome" : `NULL::${type} AS "${name}"`)).join(", ")
  return {
    id, family: "policy", folder: id, sha256: "", custom: false, title: id, question: id, unit: id, severity: "low", reasons: {}, remedy: id, citations: [], needs: [],
    reads, sql: `SELECT ${columns} FROM ${reads.join(" NATURAL JOIN ")}`
  }
}

test("a fact goes once nothing that waits reads it, but not one that is read after the judging", async () => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 2 })
  try {
    const facts = [fact("base", []), fact("shared", ["base"]), fact("told", ["base"]), fact("unasked", ["told"])]
    const controls = [control("policy/first", ["shared"]), control("policy/second", ["shared", "base"])]
    const held: Array<ReadonlyArray<string>> = []
    const tables = async (): Promise<ReadonlyArray<string>> => (await store.all("SELECT table_name AS name FROM duckdb_tables() WHERE table_name IN ('base', 'shared', 'told', 'unasked') ORDER BY ALL")).map(({ name }) => String(name))
    const judged = await judgeEstate([store], { facts, controls, kept: ["told", "unasked"], subjectKey: (id) => `hash(${id})`, named: () => false, judgedOne: async () => { held.push(await tables()) }, progress: () => undefined })
    expect(judged.map(({ control: { id }, counts }) => [id, counts.pass])).toEqual([["policy/first", 1], ["policy/second", 0]])
    expect(held).toEqual([["base", "shared"], ["base", "shared"]])
    expect(await tables()).toEqual(["told", "unasked"])
  } finally {
    store.close()
  }
})
