import { describe, expect, it } from "vitest"
import { coverageOf, coverageSentence } from "../../src/report/framework-coverage.ts"
import { Gravest } from "../../src/report/gravest.ts"
import { bar } from "../../src/report/html/pictures.ts"
import { markdownText } from "../../src/report/markdown.ts"
import { checksOf, DueBook, verdictOf } from "../../src/report/page-one.ts"
import { bytes, count, number, percent } from "../../src/report/words.ts"
import { csvCell } from "../../src/report/csv.ts"
import type { Population } from "../../src/report/summary.ts"
import { finding, summary } from "./example.ts"

type Item = { readonly lane: string; readonly from: string }
type Timeline = { readonly rowsOf: (items: ReadonlyArray<Item>) => ReadonlyArray<Item>; readonly windowOf: (items: ReadonlyArray<Item>, at: string) => { readonly low: number; readonly high: number } }

/** The page's own module, which has no types. */
const { rowsOf, windowOf } = await import(new URL("../../src/report/html/browser/timeline.js", import.meta.url).href) as Timeline

describe("numbers", () => {
  it.each([[0, 5, "0 %"], [5, 5, "100 %"], [1, 100_000, "under 0.01 %"], [99_999, 100_000, "over 99.99 %"], [1, 3, "33.3 %"], [1, 200, "0.50 %"], [0, 0, "none"]])("%d of %d is %s", (part, whole, text) => {
    expect(percent(part, whole)).toBe(text)
  })
  it("are grouped, and their nouns agree", () => {
    expect([number(1_234_567), count(1, "finding"), count(2, "query"), bytes(4_399_563)]).toEqual(["1,234,567", "1 finding", "2 queries", "4.4 MB"])
  })
})

describe("page one", () => {
  it("puts distrust before findings", () => {
    const whole = summary({ trust: { trustworthy: false, problems: ["A source is stale."], selfTest: { cases: 3, failed: ["a/b"] }, signed: false } })
    expect(verdictOf(whole).headline).toBe("This audit cannot be trusted")
    expect(checksOf(whole).filter(({ state }) => state === "bad").map(({ topic }) => topic)).toEqual(["Self-test", "Signature"])
  })
  it("says of the freshness only what was tested", () => {
    expect(checksOf(summary()).find(({ topic }) => topic === "Freshness")?.sentence).toMatch(/^This audit left out the question of how old the sources may be\. The newest/)
    const told = (pass: number, notApplicable: number, fail = 0): string => {
      const [first] = summary().controls
      const freshness = checksOf(summary({ controls: [{ ...first, control: "evidence/source-stale", population: 1, pass, fail, notApplicable, unverifiable: 0 } as Population] })).find(({ topic }) => topic === "Freshness")
      return `${freshness?.state ?? ""}: ${freshness?.sentence ?? ""}`
    }
    expect(told(1, 0)).toMatch(/^good: No source is older than the pipeline allows\. The newest/)
    expect(told(0, 1)).toMatch(/^note: The pipeline sets no limit of age \(freshWithin\) for its sources, so none was tested\. The newest/)
    expect(told(0, 0, 1)).toMatch(/^bad: 1 source delivered nothing for longer than allowed/)
  })
  it("sorts what is due by owner, leaves out what nobody has to do", () => {
    const book = new DueBook("2026-06-30T00:00:00Z")
    book.add(finding(1, { due: "2026-06-30T00:00:00Z" }))
    book.add(finding(2, { due: "2026-07-07T00:00:00Z", owner: "security" }))
    book.add(finding(3, { due: "2026-08-07T00:00:00Z", owner: "security" }))
    book.add(finding(4, { status: "waived" }))
    book.add(finding(5, { kind: "lead" }))
    expect(book.sorted()).toEqual([{ owner: "privacy-office", overdue: 1, week: 0, later: 0, undated: 0, next: "2026-06-30T00:00:00Z" }, { owner: "security", overdue: 0, week: 1, later: 1, undated: 0, next: "2026-07-07T00:00:00Z" }])
  })
})

describe("frameworks", () => {
  it("count what was judged, and no lead as a failure", () => {
    const whole = summary()
    const [gdpr] = whole.frameworks ?? []
    if (gdpr === undefined) throw new Error("the example has no framework")
    const covered = coverageOf(gdpr, whole)
    expect(covered.map(({ judged, failed, missing }) => [judged, failed, missing])).toEqual([[8, 2, ["access/untrained"]], [4, 0, []], [0, 0, []]])
    expect(coverageSentence(gdpr, covered)).toContain("Of the 3 requirements listed here, 2 were tested in this run and 1 has failures. Nothing was judged of: art. 30.")
  })
})

describe("the gravest", () => {
  it("are kept in their order when the rest is dropped", () => {
    const kept = new Gravest<number>(3)
    for (const [index, severity] of (["low", "high", "medium", "critical", "low", "medium"] as const).entries()) kept.add(severity, () => index)
    expect([kept.values(), kept.seen]).toEqual([[1, 2, 3], 6])
  })
})

describe("a bar", () => {
  it("shows every part that is not nought and never more than the whole", () => {
    const widths = [...bar([{ kind: "fail", value: 1 }, { kind: "pass", value: 99_999 }, { kind: "unverifiable", value: 0 }]).text.matchAll(/class="(?:fail|pass|unverifiable)" x="[\d.]+" y="0" width="([\d.]+)"/g)].map((match) => Number(match[1]))
    expect(widths).toHaveLength(2)
    expect(Math.min(...widths)).toBeGreaterThan(5)
    expect(widths.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(1000)
  })
})

describe("a timeline", () => {
  it("shows the contact, with its lanes in order, and leaves what is far off to the edges", () => {
    const items = finding(1).details["timeline"] as ReadonlyArray<Item>
    expect(rowsOf(items).map(({ lane }) => lane)).toEqual(["party", "recording", "consent", "access"])
    const { low, high } = windowOf(items, "2026-06-05T10:00:00Z")
    expect([low > Date.parse("2026-06-05T09:58:00Z"), high < Date.parse("2026-06-05T10:07:00Z")]).toEqual([true, true])
  })
})

describe("text for other programs", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|cmd"])("makes %j no formula", (cell) => {
    expect(csvCell(cell)).toMatch(/^"'/)
  })
  it.each([["[a](b)", String.raw`\[a\](b)`], ["# no heading", String.raw`\# no heading`], ["1. no list", String.raw`1\. no list`], ["0.1.0", "0.1.0"], ["a|b", String.raw`a\|b`], ["snake_case_id", "snake_case_id"], ["_x_", String.raw`\_x\_`]])("writes %j as Markdown %j", (plain, markdown) => {
    expect(markdownText(plain)).toBe(markdown)
  })
})
