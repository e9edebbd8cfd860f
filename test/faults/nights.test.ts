/** Many nights on a store that remembers give the bytes of one run that remembers nothing (run-and-report.md, Evidence store). */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"
import type { Summary } from "../../src/report/summary.ts"
import { asOfNight, Nightly } from "./nightly.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-nights-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const linesOf = (report: string, name: string): ReadonlyArray<string> => readFileSync(join(report, `${name}.ndjson`), "utf8").split("\n").filter((line) => line !== "")

const canonical = (line: string): string => {
  const { status: _status, newBecause: _newBecause, due: _due, ...finding } = JSON.parse(line) as Finding
  return JSON.stringify(finding)
}

/** An object that is gone says so, and nothing else of its line is different. */
const withoutGone = (line: string): string => line.replace(',"gone":true', "")

type Promised = { readonly findings: ReadonlyArray<string>; readonly inputs: ReadonlyArray<string>; readonly gone: number; readonly others: Readonly<Record<string, ReadonlyArray<string>>>; readonly merkle: Summary["merkle"]; readonly counts: Summary["counts"]; readonly readNow: number }

const night = async (folder: string, asOf: string): Promise<Promised> => {
  const { folder: report, summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf }, env: { EARSHOT_FORMATS: "csv" } })
  const inputs = linesOf(report, "inputs")
  return {
    findings: linesOf(report, "findings").map(canonical), inputs: inputs.map(withoutGone), gone: inputs.filter((line) => line.includes('"gone":true')).length,
    others: Object.fromEntries(["quarantine", "retention"].map((name) => [name, linesOf(report, name)])), merkle: summary.merkle, counts: summary.counts, readNow: summary.totals.read
  }
}

const same = (nightly: Promised, once: Promised, gone: number): void => {
  expect(nightly.findings).toEqual(once.findings)
  expect(nightly.others).toEqual(once.others)
  expect(nightly.inputs).toEqual(once.inputs)
  expect([nightly.gone, once.gone]).toEqual([gone, 0])
  expect(nightly.merkle.findings).toBe(once.merkle.findings)
  expect(nightly.merkle.outcomes).toBe(once.merkle.outcomes)
  if (gone === 0) expect(nightly.merkle.inputs).toBe(once.merkle.inputs)
}

const nights = Number(process.env["EARSHOT_NIGHTS"] ?? "30")

describe(`${nights} nights`, () => {
  it("give the bytes of one full run as of the last", { timeout: 1_800_000 }, async () => {
    const estate = new Nightly(join(root, "month"), { seed: 7, contacts: 300 })
    const statuses = new Set<string>()
    let last: Promised | undefined
    for (let number = 1; number <= nights; number += 1) {
      estate.add(number)
      last = await night(estate.folder, asOfNight(number))
      for (const status of Object.keys(last.counts.byStatus)) statuses.add(status)
    }
    if (last === undefined) throw new Error("no night ran")
    const gone = estate.gone.length
    const once = await night(estate.restored(join(root, "once")), asOfNight(nights))
    same(last, once, gone)
    expect(last.findings.length).toBeGreaterThan(3 * nights)
    expect([...statuses]).toEqual(expect.arrayContaining(["new", "persisting"]))
    process.stdout.write(`${nights} nights compared: ${last.findings.length} findings, ${last.inputs.length} objects of which ${gone} are gone, ${last.others["quarantine"]?.length ?? 0} in quarantine, ${last.others["retention"]?.length ?? 0} retention lines\n`)
  })
})
