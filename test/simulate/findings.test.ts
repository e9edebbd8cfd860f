import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { readCatalogue } from "../../src/controls/index.ts"
import type { Summary } from "../../src/report/summary.ts"
import { resolveConfiguration } from "../../src/pipeline/index.ts"
import { makeMissingKeys, runAudit, settingsFrom } from "../../src/run/index.ts"
import { simulate } from "../../src/simulate/index.ts"
import type { SimulateOptions } from "../../src/simulate/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-findings-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

type Named = { readonly control: string; readonly contactId?: string; readonly recordingId?: string; readonly party?: string; readonly staff?: string }

const named = ({ control, contactId = "", recordingId = "", party = "", staff = "" }: Named): string => [control, contactId, recordingId, party, staff].join(" ")

const linesOf = (file: string): ReadonlyArray<Named> => readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Named)

const silent = { stage: () => undefined, progress: () => undefined, log: () => undefined }

/** Simulates an estate, audits it as of its end with names in clear, and returns what was planted and what was found. */
const audit = async (name: string, options: Omit<SimulateOptions, "out" | "seed">, asOf?: string): Promise<{ planted: ReadonlyArray<string>; found: ReadonlyArray<string>; summary: Summary }> => {
  const out = join(root, name)
  const estate = simulate({ ...options, seed: 11, out })
  const env = { EARSHOT_IDENTITIES: "clear", EARSHOT_FORMATS: "csv", EARSHOT_THREADS: "1", EARSHOT_STORE: ":memory:" }
  const { values } = resolveConfiguration({ file: join(out, "pipeline.yaml"), flags: { asOf: asOf ?? estate.asOf }, env, cwd: out })
  await makeMissingKeys(values)
  const { folder, summary } = await runAudit(settingsFrom({ ...values, evidence: { ...values.evidence, store: ":memory:" } }, new Date(estate.asOf)), silent, new AbortController().signal)
  const controls = await readCatalogue()
  const known = new Set(controls.map((control) => control.id))
  const planted = linesOf(join(out, "labels.ndjson")).filter((label) => known.has(label.control))
  return { planted: planted.map(named).sort(), found: linesOf(join(folder, "findings.ndjson")).map(named).sort(), summary }
}

describe("an audit of a synthetic estate", () => {
  it("finds everything that is planted and nothing else, and can be trusted", { timeout: 120_000 }, async () => {
    const { planted, found, summary } = await audit("planted", { contacts: 2000 })
    expect(found).toEqual(planted)
    expect(planted.length).toBeGreaterThan(30)
    expect(summary.trust.problems).toEqual([])
    expect(summary.controls.reduce((sum, control) => sum + control.unverifiable, 0)).toBeGreaterThan(3)
    expect(summary.totals).toMatchObject({ rejected: 1, unreadable: 0 })
  })

  it("finds the same a year later: nothing falls due after the estate's end", { timeout: 120_000 }, async () => {
    const { planted, found } = await audit("later", { contacts: 1000 }, "2027-07-01T00:00:00Z")
    expect(found).toEqual(planted)
  })

  it("is silent where nothing is planted", { timeout: 120_000 }, async () => {
    const { planted, found, summary } = await audit("clean", { contacts: 2000, plants: [] })
    expect(planted).toEqual([])
    expect(found).toEqual([])
    expect(summary.trust.trustworthy).toBe(true)
  })
})
