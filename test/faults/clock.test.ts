/** A machine's clock that is wrong, jumps back between runs or runs backwards within one: what is judged depends on as-of alone, and the chain keeps its order. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { readChain } from "../../src/attest/index.ts"
import type { Finding } from "../../src/findings/finding.ts"
import { verify } from "../../src/index.ts"
import { resolveConfiguration } from "../../src/pipeline/index.ts"
import { announcedAudit, type RunResult, systemEdges } from "../../src/run/index.ts"
import { simulate } from "../../src/simulate/index.ts"
import { asOf, promised } from "./program.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-clock-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const estate = (name: string): string => {
  const folder = join(root, name)
  simulate({ contacts: 30, seed: 9, out: folder })
  return folder
}

/** A run by a clock; keys are of the estate. */
const night = (folder: string, now: () => Date): Promise<RunResult> => {
  const { values } = resolveConfiguration({ file: join(folder, "pipeline.yaml"), flags: { asOf }, env: { EARSHOT_FORMATS: "csv" }, cwd: folder })
  return announcedAudit(values, { stage: () => undefined, progress: () => undefined, log: () => undefined }, new AbortController().signal, {}, { ...systemEdges, now })
}

const at = (time: string) => (): Date => new Date(time)
const statuses = ({ folder }: RunResult): ReadonlySet<string> => new Set(readFileSync(join(folder, "findings.ndjson"), "utf8").split("\n").filter((line) => line !== "").map((line) => (JSON.parse(line) as Finding).status))
const canonical = (result: RunResult): Readonly<Record<string, unknown>> => {
  const { findings: _statuses, ...rest } = promised(result.folder)
  return rest
}

describe("a clock", () => {
  it("that jumps back between runs or runs backwards in one changes neither what is judged nor the order of the chain", async () => {
    const folder = estate("skewed")
    let falling = Date.parse("2026-07-02T12:00:00Z")
    const first = await night(folder, at("2026-07-03T02:00:00Z"))
    const second = await night(folder, at("2026-07-02T02:00:00Z"))
    const third = await night(folder, () => new Date(falling -= 3_600_000))
    const { entries } = await readChain(join(folder, "reports"))
    expect(entries.map(({ sequence, run, digest }, place) => [sequence, run.previousStatement === entries[place - 1]?.digest, digest])).toEqual([[1, true, first.statement], [2, true, second.statement], [3, true, third.statement]])
    // Each compares with the one before by number, though its folder sorts before.
    expect([...statuses(first)]).toEqual(["new"])
    expect([...statuses(second), ...statuses(third)]).toEqual(["persisting", "persisting"])
    expect([canonical(second), canonical(third)]).toEqual([canonical(first), canonical(first)])
    for (const { summary } of [first, second, third]) {
      expect(summary.trust.problems).toEqual([])
      expect(Object.values(summary.timings).filter((seconds) => seconds < 0)).toEqual([])
      expect(Date.parse(summary.run.finishedAt)).toBeGreaterThanOrEqual(Date.parse(summary.run.startedAt))
    }
    // Verification tells that a clock was wrong, and nothing else: each report is whole.
    const { problems } = await verify({ path: third.folder, keys: [join(folder, "keys", "pipeline.pub")], chain: join(folder, "reports") })
    expect(problems.map(({ sentence }) => sentence).filter((sentence) => !/a clock was wrong/.test(sentence))).toEqual([])
  })

  it("ten years fast or slow judges freshness and versions as of the time it is told", async () => {
    const folder = estate("far")
    writeFileSync(join(folder, "contacts", "part-0002.ndjson"), `${JSON.stringify({ kind: "hold", id: "later", from: "2026-06-01T00:00:00Z", createdAt: "2026-06-01T00:00:00Z", contactIds: ["k"], recordedAt: "2030-01-01T00:00:00Z" })}\n`)
    const fast = await night(folder, at("2036-07-01T02:00:00Z"))
    rmSync(join(folder, ".earshot"), { recursive: true })
    const slow = await night(folder, at("2016-07-01T02:00:00Z"))
    expect(canonical(slow)).toEqual(canonical(fast))
    expect([fast, slow].map(({ summary }) => [summary.trust.trustworthy, summary.totals.ignored])).toEqual([[true, 1], [true, 1]])
  })
})
