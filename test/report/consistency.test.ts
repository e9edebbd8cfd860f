import { describe, expect, it } from "vitest"
import { beyondRuleSentence, beyondRuleTotals } from "../../src/report/beyond-rule.ts"
import { consistency } from "../../src/report/html/consistency.ts"
import { funnelPicture, ratioPicture } from "../../src/report/html/funnel.ts"
import { trendPicture } from "../../src/report/html/trend.ts"
import { summaryMarkdown } from "../../src/report/summary-markdown.ts"
import { hostile, summary } from "./example.ts"

const shared = { policy: "refunds", period: "quarter", startsAt: "2026-04-01T00:00:00Z", tests: 3, fdr: 0.05 }
const group = { ...shared, kind: "group", attribute: "channel", group: "chat", cases: 150, favourable: 99, restCases: 408, restFavourable: 254, strata: 6, test: "cochran-mantel-haenszel", p: 0.2, q: 0.4, odds: 0.9, oddsLower: 0.77, oddsUpper: 1.06, pooledOdds: 1.84, homogeneityP: 0.002, impact: 1.06, impactLower: 0.92, impactUpper: 1.2, outcome: "pass", reason: null }

const page = (rows: ReadonlyArray<Readonly<Record<string, unknown>>>): string => consistency(summary({ consistency: [...rows] })).text

describe("pictures of consistency", () => {
  it("show totals and like cases side by side, and say where neither stands for the whole", () => {
    const shown = page([{ ...group, paradox: true }])
    expect(shown).toContain("1.84")
    expect(shown).toContain("0.90 (0.77 to 1.06)")
    expect(shown).toContain("paradox: totals and like cases point opposite ways")
    expect(page([{ ...group, paradox: false }])).toContain("strata disagree, no single number stands for them")
    expect(page([{ ...group, paradox: false, homogeneityP: 0.5 }])).not.toContain("no single number stands for them")
  })
  it("print each family of tests with its size and rate", () => {
    expect(page([group, { ...group, attribute: "segment" }, { ...group, policy: "fees", tests: 7 }]).match(/fixed in advance\. [^<]*/)?.[0])
      .toBe("fixed in advance. refunds, quarter from 1 April 2026: 3 tests, leads at q of 0.05 or less; fees, quarter from 1 April 2026: 7 tests, leads at q of 0.05 or less.")
  })
  it("say how much data would have been enough", () => {
    const { kind, attribute, cases } = group
    const { tests: _, ...rest } = shared
    expect(page([{ ...rest, kind, attribute, cases, group: "chat", needed: 388, outcome: "notApplicable", reason: "not-enough-data" }])).toContain("not enough data (about 388 cases on each side would show a ratio of 0.8)")
  })
  it("show pairs by pseudonym and keep hostile text harmless", () => {
    const shown = page([{ ...shared, kind: "concentration", of: "approver", team: hostile, staff: "p-1", partner: "p-2", together: 6, ofActor: 6, ofPartner: 6, total: 12, expected: 3, lift: 2, p: 0.001, q: 0.002, outcome: "fail", reason: "concentrated" }])
    expect(shown).toContain("p-2")
    expect(shown).not.toContain("<img")
  })
  it("total what was granted beyond the rule by policy and currency", () => {
    const row = { kind: "beyondRule", policy: "refunds", team: "blue", reason: "late", currency: "USD", decisions: 2, approved: 1, amount: 0.1 }
    const rows = [row, { ...row, team: "green", amount: 0.2 }, { ...row, currency: "EUR", amount: 5 }]
    expect(beyondRuleTotals(summary({ consistency: rows })).map(beyondRuleSentence)).toEqual([
      "Policy refunds: 2 decisions granted 5.00 EUR beyond the rule; 1 was approved.", "Policy refunds: 4 decisions granted 0.30 USD beyond the rule; 2 were approved."
    ])
    expect(page(rows)).toContain("4 decisions granted 0.30 USD beyond the rule")
    expect(summaryMarkdown(summary({ consistency: rows }), [])).toContain("- Policy refunds: 4 decisions granted 0.30 USD beyond the rule")
    expect(summaryMarkdown(summary(), [])).not.toContain("beyond the rule")
  })
  it("draw units on round numbers, every dot before every range", () => {
    const unit = { cases: 2345, rate: 0.9, expectedRate: 0.5, warning: [0.45, 0.55], alarm: [0.4, 0.6] } as const
    const drawn = funnelPicture([{ ...unit, unit: "west" }, { ...unit, unit: "east", cases: 12, rate: 0.5 }, { unit: "new", cases: 0, rate: 0, expectedRate: 0.5 }], "Refunds").text
    const words = [...drawn.matchAll(/<text[^>]*>([^<]*)</g)].map(([, word]) => word)
    expect(words).toEqual(["0 %", "20 %", "40 %", "60 %", "80 %", "100 %", "0", "500", "1,000", "1,500", "2,000", "2,500", "cases decided", "west", "east", "new"])
    expect(drawn.lastIndexOf("<rect")).toBeLessThan(drawn.indexOf("<circle"))
    expect(drawn.match(/class="dot out"/g)).toHaveLength(1)
    expect(drawn).not.toMatch(/NaN|style=/)
  })
  it("keep ratios within a quarter and four, nought among them", () => {
    const places = [...ratioPicture(0, 0, 9).text.matchAll(/(?:x1|x2|cx)="([\d.]+)"/g)].map(([, place]) => place)
    expect(places).toEqual(["100.0", "100.0", "4.0", "196.0", "4.0"])
  })
  it("name months at round steps, however many there are", () => {
    const named = (count: number) => [...trendPicture(Array.from({ length: count }, (_, n) => ({ month: new Date(Date.UTC(2025, 1 + n)).toISOString().slice(0, 7), share: 0.5 })), "Share").text.matchAll(/>(\d{4}-\d\d)</g)].map(([, month]) => month)
    expect(named(2)).toEqual(["2025-02", "2025-03"])
    expect(named(6)).toEqual(["2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07"])
    expect(named(36)[1]).toBe("2025-07")
    for (let count = 2; count < 130; count++) expect({ count, fits: named(count).length >= 2 && named(count).length <= 13 }).toEqual({ count, fits: true })
  })
  it("draw months as a line that breaks where a month is missing", () => {
    const line = trendPicture(["2025-11", "2025-12", "2026-01", "2026-03"].map((month, index) => ({ month, share: index / 4 })), "Share").text
    expect(line.match(/ d="([^"]+)"/)?.[1]?.replaceAll(/[\d.,]/g, "")).toBe("MLLMZ")
    expect(trendPicture([{ month: "2026-01", share: 1 }], "Share").text).toBe("")
  })
})
