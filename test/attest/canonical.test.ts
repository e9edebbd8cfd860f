import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonicalBytes, canonicalJson } from "../../src/attest/canonical.ts"
import { anySign, anySigns } from "../records/arbitrary.ts"

describe("canonical JSON (RFC 8785)", () => {
  it("writes the example of §3.2.2", () => {
    const value: unknown = JSON.parse(String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`)
    expect(canonicalJson(value)).toBe(String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`)
  })

  it("sorts members by UTF-16 code units as in §3.2.3", () => {
    const value: unknown = JSON.parse(String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`)
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toEqual(["One", "Carriage Return", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"])
  })

  it.each([
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ])("prints the double %s of appendix B as %s", (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, "hex").readDoubleBE())).toBe(text)
  })

  it.each([
    ["NaN", Number.NaN],
    ["an infinity", { a: [Number.POSITIVE_INFINITY] }],
    ["half of a surrogate pair", "\ud800"],
    ["half of a pair in a name", { "\udead": 1 }],
    ["a bigint", 1n],
    ["a date", new Date(0)],
    ["a cycle", (() => { const loop: Array<unknown> = []; loop.push(loop); return loop })()],
  ])("refuses %s", (_what, value) => {
    expect(() => canonicalJson(value)).toThrow(/cannot be written as canonical JSON/)
  })

  it("leaves members without a value out and writes UTF-8", () => {
    expect(canonicalBytes({ b: undefined, a: "é" })).toEqual(Buffer.from('{"a":"é"}', "utf8"))
  })

  it("gives the same text for any order of members, and that text means the same value", () => {
    fc.assert(fc.property(fc.dictionary(fc.oneof(anySigns(), fc.string()), fc.jsonValue({ stringUnit: anySign }), { noNullPrototype: true }), (value) => {
      fc.pre(!JSON.stringify(value).includes(String.raw`\ud`))
      const text = canonicalJson(value)
      const reversed = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonicalJson(reversed)).toBe(text)
      expect(canonicalJson(JSON.parse(text))).toBe(text)
    }), { seed: 20261122 })
  })
})
