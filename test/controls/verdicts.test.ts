import { describe, expect, it } from "vitest"
import { type Control, failedInOrder, judgementColumns } from "../../src/controls/index.ts"
import { beginFailed } from "../../src/controls/evaluate.ts"
import { countVerdicts, findVerdicts, keepFailures } from "../../src/controls/verdicts.ts"
import { EvidenceStore } from "../../src/evidence/index.ts"

/** A control that gives these rows; columns that a row leaves out are NULL. */
const giving = (...rows: ReadonlyArray<Readonly<Record<string, string>>>): Control => ({
  id: "own/control", family: "own", folder: "own/control", sha256: "", custom: true, title: "Own", question: "Is it?", unit: "a thing", severity: "low", remedy: "None.", citations: [], needs: [], reads: [],
  reasons: { bad: { outcome: "fail", sentence: "Bad." }, unseen: { outcome: "unverifiable", sentence: "Unseen." } },
  sql: rows.map((row) => `SELECT ${judgementColumns.map(([name]) => `${row[name] ?? "NULL"} AS "${name}"`).join(", ")}`).join(" UNION ALL ")
})

const one = { unit: "'u1'", contactId: "'k1'", outcome: "'pass'" }
const failing = { unit: "'u2'", recordingId: "'r1'", contactId: "'k1'", outcome: "'fail'", reason: "'bad'", at: "TIMESTAMP '2026-01-02 03:04:05'", evidence: "[{kind: 'recording', id: 'r1'}]", details: `'{"late": 3}'::JSON` }

const inStore = async <A>(use: (store: EvidenceStore) => Promise<A>): Promise<A> => {
  const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
  try {
    return await use(store)
  } finally {
    store.close()
  }
}

const counted = (control: Control) => inStore(async (store) => {
  await findVerdicts(store, control, { subjectKey: (id) => `hash(${id})`, named: () => false })
  return countVerdicts(store, control)
})

describe("verdicts", () => {
  it("counts units by outcome and reason", async () => {
    const counts = await counted(giving(one, failing, { unit: "'u3'", outcome: "'unverifiable'", reason: "'unseen'" }, { unit: "'u4'", outcome: "'unverifiable'", reason: "'unseen'" }))
    expect(counts).toEqual({ population: 4, pass: 1, fail: 1, unverifiable: 2, notApplicable: 0, reasons: { "fail:bad": 1, "unverifiable:unseen": 2 } })
  })

  it("keeps a failing unit's row whole", () => inStore(async (store) => {
    await beginFailed(store)
    await findVerdicts(store, giving(one, failing), { subjectKey: (id) => `hash(${id})`, named: () => false })
    await keepFailures(store, 7)
    const rows = []
    for await (const batch of failedInOrder(store)) rows.push(...batch)
    expect(rows).toEqual([{
      place: 7, unit: "u2", at: "2026-01-02 03:04:05", contactId: "k1", recordingId: "r1", party: null, staff: null, outcome: "fail", reason: "bad", severity: null, cause: null, packKey: null, ruleRef: null,
      law: null, evidence: [{ kind: "recording", id: "r1" }], contrary: null, searched: null, details: { late: 3 }
    }])
  }))

  it("refuses a control that breaks the contract, and says how", async () => {
    await expect(counted(giving(one, one))).rejects.toThrow("own/control returns a unit twice or without a name.")
    await expect(counted(giving(one, { outcome: "'pass'" }))).rejects.toThrow("own/control returns a unit twice or without a name.")
    await expect(counted(giving(one, { ...one, outcome: "'fail'", reason: "'bad'" }))).rejects.toThrow("own/control gives one unit two outcomes.")
    await expect(counted(giving(one, { ...failing, outcome: "'perhaps'" }))).rejects.toThrow("own/control returns the outcome perhaps; it must be pass, fail, unverifiable or notApplicable.")
    await expect(counted(giving(one, { unit: "'u2'" }))).rejects.toThrow("own/control returns the outcome null;")
    await expect(counted(giving(one, { ...failing, reason: "'worse'" }))).rejects.toThrow("own/control returns fail with reason worse, which its control.yaml does not document for that outcome.")
    await expect(counted({ ...giving(one), sql: "SELECT 1 AS unit" })).rejects.toThrow(/The query of own\/control fails; read control.sql in own\/control\./)
  })
})
