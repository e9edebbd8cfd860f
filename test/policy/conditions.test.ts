import { describe, expect, it } from "vitest"
import { expectationsUnder, loadPack } from "../../src/policy/index.ts"
import { instantOf } from "../../src/time/index.ts"
import { baselineText, packWith, problemsOf } from "./packs.ts"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const facts = { reason: "string", days: "int", share: "double", vip: "bool", since: "timestamp" }

const packOf = (when: string, otherwise: ReadonlyArray<string> | undefined = ["denied"]) =>
  packWith({ decisions: [{ id: "d", facts, versions: [{ version: "1", from: "2024-01-01T00:00:00Z", rules: [{ when, expect: ["granted"] }], ...(otherwise === undefined ? {} : { otherwise }) }] }] })

const judge = (when: string, values: Record<string, unknown>, more: { decision?: Record<string, unknown>; contact?: Record<string, unknown>; at?: string } = {}) => {
  const result = expectationsUnder([packOf(when)])({
    at: instantOf(more.at ?? "2026-01-01T00:00:00Z"), policy: "d", decision: more.decision ?? {}, facts: values, contact: more.contact ?? {}
  })
  return result === undefined ? "nothing" : result.error ?? result.rule
}

describe("conditions", () => {
  it.each([
    ["facts.reason == \"defective\" && facts.days <= 30", { reason: "defective", days: 30 }, "rules[0]"],
    ["facts.reason == \"defective\" && facts.days <= 30", { reason: "defective", days: 31 }, "otherwise"],
    ["facts.share > 1", { share: 1.5 }, "rules[0]"],
    ["facts.share > 1", { share: 2 }, "rules[0]"],
    ["facts.vip", { vip: true }, "rules[0]"],
    ["facts.since < timestamp(\"2026-01-01T00:00:00Z\")", { since: "2025-12-31T23:00:00-02:00" }, "otherwise"],
    ["facts.since < timestamp(\"2026-01-01T00:00:00Z\")", { since: "2025-12-31T23:00:00Z" }, "rules[0]"],
    ["facts.reason in [\"a\", \"b\"]", { reason: "b" }, "rules[0]"],
    ["has(facts.reason)", {}, "otherwise"],
    ["facts.days > 3", {}, "missing-value"],
    ["facts.days > 3", { days: null }, "missing-value"],
    ["facts.days > 3", { days: "four" }, "wrong-type"],
    ["facts.days > 3", { days: 4.5 }, "wrong-type"],
    ["facts.since < timestamp(\"2026-01-01T00:00:00Z\")", { since: "soon" }, "wrong-type"],
    ["facts.days / 0 == 1", { days: 1 }, "not-evaluable"],
    // CEL: an error is absorbed where the other side decides.
    ["facts.days > 3 && false", {}, "otherwise"],
    ["facts.days > 3 && facts.vip", { vip: false }, "otherwise"],
    ["facts.days > 3 || facts.vip", { vip: true }, "rules[0]"],
    ["facts.days > 3 && facts.vip", { vip: true }, "missing-value"]
  ])("%s on %j gives %s", (when, values, outcome) => {
    expect(judge(when, values)).toBe(outcome)
  })

  it("reads contact and decision", () => {
    expect(judge("contact.queue == \"vip\" && decision.amount > 100", {}, { contact: { queue: "vip" }, decision: { amount: 100.5 } })).toBe("rules[0]")
    expect(judge("contact.attributes.tier == \"gold\"", {}, { contact: { attributes: { tier: "gold" } } })).toBe("rules[0]")
    expect(judge("contact.queue == \"vip\"", {})).toBe("missing-value")
  })

  it("never shows facts that are not declared, nor the prototype", () => {
    expect(judge("has(facts.reason)", Object.create({ reason: "inherited" }) as Record<string, unknown>)).toBe("otherwise")
  })

  it("is silent before the version and the pack are in force, and of policies that it does not know", () => {
    expect(judge("facts.vip", { vip: true }, { at: "2023-12-31T23:59:59Z" })).toBe("nothing")
    expect(expectationsUnder([packOf("facts.vip")])({ at: instantOf("2026-01-01T00:00:00Z"), policy: "other", decision: {}, facts: {}, contact: {} })).toBeUndefined()
  })

  it("expects anything when no rule matches and nothing is said for otherwise", () => {
    const pack = packWith({ decisions: [{ id: "d", facts, versions: [{ version: "1", from: "2024-01-01T00:00:00Z", rules: [{ when: "facts.vip", expect: ["granted"] }] }] }] })
    expect(expectationsUnder([pack])({ at: instantOf("2026-01-01T00:00:00Z"), policy: "d", decision: {}, facts: { vip: false }, contact: {} }))
      .toMatchObject({ rule: "otherwise", expect: null, error: null })
  })

  it("uses the version in force then, the later-starting of two", () => {
    const versions = [
      { version: "1", from: "2024-01-01T00:00:00Z", until: "2025-06-01T00:00:00Z", otherwise: ["one"] },
      { version: "2", from: "2025-01-01T00:00:00Z", until: "2025-03-01T00:00:00Z", otherwise: ["two"] }
    ]
    const expected = expectationsUnder([packWith({ decisions: [{ id: "d", versions }] })])
    const at = (time: string) => expected({ at: instantOf(time), policy: "d", decision: {}, facts: {}, contact: {} })?.version
    expect([at("2024-12-31T23:59:59.999999Z"), at("2025-01-01T00:00:00Z"), at("2025-03-01T00:00:00Z"), at("2025-06-01T00:00:00Z")]).toEqual(["1", "2", "1", undefined])
  })
})

describe("conditions are type-checked when the pack is loaded", () => {
  it.each([
    ["facts.resaon == \"x\"", "the condition reads \"resaon\", which is not declared; did you mean \"reason\"?"],
    ["fact.reason == \"x\"", "the condition reads \"fact\", which is not declared; did you mean \"facts\"?"],
    ["contact.queu == \"x\"", "the condition reads \"queu\", which is not declared; did you mean \"queue\"?"],
    ["facts.days == \"x\"", "the condition does not fit its types: no such overload: int == string"],
    ["facts.days + 1", "the condition gives int, but must give true or false (bool)"],
    ["facts.days <", "the condition is not valid CEL: unexpected token: EOF"]
  ])("%s", (when, sentence) => {
    expect(problemsOf(() => packOf(when))).toEqual([expect.stringContaining(sentence)])
  })

  it("names the line and column inside the YAML", () => {
    const file = join(mkdtempSync(join(tmpdir(), "earshot-cel-")), "p.yaml")
    writeFileSync(file, baselineText.replace("facts.daysSincePurchase > 90", "facts.daySincePurchase > 90"))
    const lines = baselineText.split("\n")
    const line = lines.findIndex((text) => text.includes("facts.daysSincePurchase > 90")) + 1
    const column = lines[line - 1]!.indexOf("daysSincePurchase > 90") + 1
    expect(problemsOf(() => loadPack(file))).toEqual([`${file}:${line}:${column}: the condition reads "daySincePurchase", which is not declared; did you mean "daysSincePurchase"?`])
  })

  it("refuses a pattern that would hang the audit, and one that is not written out", () => {
    expect(problemsOf(() => packOf('facts.reason.matches("^(a+)+$")'))).toEqual([expect.stringContaining("repeats a group")])
    expect(problemsOf(() => packOf('facts.reason.matches("^" + facts.reason)'))).toEqual([expect.stringContaining("written out")])
    expect(() => packOf('facts.reason.matches("^R-[0-9]+$")')).not.toThrow()
  })

  it("gives no answer where a text is too long for a pattern", () => {
    expect(judge('facts.reason.matches("^R-[0-9]+$")', { reason: "R-1" })).toBe("rules[0]")
    expect(judge('facts.reason.matches("^R-[0-9]+$")', { reason: `R-${"1".repeat(500)}` })).toBe("not-evaluable")
    expect(judge('facts.reason.startsWith("R")', { reason: `R-${"1".repeat(500)}` })).toBe("rules[0]")
  })

  it("refuses a condition that would hang the load", () => {
    expect(problemsOf(() => packOf("!".repeat(5000) + "facts.vip"))).toEqual([expect.stringContaining("is not valid CEL")])
  })
})
