import { describe, expect, it } from "vitest"
import { packIssues, packPeriods } from "../../src/policy/index.ts"
import { formatInstant } from "../../src/time/index.ts"
import { packWith } from "./packs.ts"

const year = (from: number, until?: number, version = `${from}`) =>
  packWith({ version, from: `${from}-01-01T00:00:00Z`, ...(until === undefined ? {} : { until: `${until}-01-01T00:00:00Z` }) })

const shown = (list: ReadonlyArray<{ readonly from: bigint; readonly until: bigint | null; readonly packKey?: string }>) =>
  list.map(({ packKey, from, until }) => [packKey, formatInstant(from).slice(0, 4), until === null ? null : formatInstant(until).slice(0, 4)])

describe("the pack in force", () => {
  it("is the only one", () => {
    expect(shown(packPeriods([year(2024)]))).toEqual([["p@2024", "2024", null]])
    expect(packIssues([year(2024)])).toEqual({ overlaps: [], holes: [] })
  })

  it("changes where one ends and the next begins, without overlap or hole", () => {
    const packs = [year(2025, 2026), year(2024, 2025)]
    expect(shown(packPeriods(packs))).toEqual([["p@2024", "2024", "2025"], ["p@2025", "2025", "2026"]])
    expect(packIssues(packs)).toEqual({ overlaps: [], holes: [] })
  })

  it("is the later-starting where two overlap, and the overlap is reported", () => {
    const packs = [year(2024), year(2025, 2026)]
    expect(shown(packPeriods(packs))).toEqual([["p@2024", "2024", "2025"], ["p@2025", "2025", "2026"], ["p@2024", "2026", null]])
    const { overlaps, holes } = packIssues(packs)
    expect([shown(overlaps), overlaps[0]!.names, holes]).toEqual([[[undefined, "2025", "2026"]], ["p@2024", "p@2025"], []])
  })

  it("is nobody's in a hole, and the hole is reported", () => {
    const packs = [year(2026), year(2023, 2024)]
    expect(shown(packPeriods(packs))).toEqual([["p@2023", "2023", "2024"], ["p@2026", "2026", null]])
    expect(shown(packIssues(packs).holes)).toEqual([[undefined, "2024", "2026"]])
  })

  it("does not depend on the order of files, even when two begin together", () => {
    const packs = [year(2024, 2026, "a"), year(2024, 2027, "b"), year(2025, undefined, "c")]
    const expected = shown(packPeriods(packs))
    expect(expected).toEqual([["p@b", "2024", "2025"], ["p@c", "2025", null]])
    for (const order of [[2, 1, 0], [1, 2, 0], [0, 2, 1]]) expect(shown(packPeriods(order.map((index) => packs[index]!)))).toEqual(expected)
  })
})
