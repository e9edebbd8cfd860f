import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decide, type GateObject, type RetentionLine } from "../../src/gate/index.ts"
import { instantOf } from "../../src/time/index.ts"
import { dueLine, object, sha } from "./gateReport.ts"

const asking = { asOf: instantOf("2026-06-30T12:00:00Z") }

type Question = { readonly line: RetentionLine; readonly asked: GateObject }

const without = <A extends object, K extends keyof A>(value: A, field: K): Omit<A, K> => {
  const { [field]: left, ...rest } = value
  void left
  return rest
}

/** Each alone must keep what would be deleted. */
const spoilings: ReadonlyArray<readonly [string, "keep" | "hold", (question: Question) => { readonly line: RetentionLine | undefined; readonly asked: GateObject }]> = [
  ["a line that cannot be read", "keep", ({ asked }) => ({ line: undefined, asked })],
  ["another version", "keep", ({ line, asked }) => ({ line, asked: { ...asked, versionId: "v2" } })],
  ["a version that nobody judged", "keep", ({ line, asked }) => ({ line: without(line, "versionId"), asked })],
  ["no version where one was judged", "keep", ({ line, asked }) => ({ line, asked: without(asked, "versionId") })],
  ["other bytes", "keep", ({ line, asked }) => ({ line, asked: { ...asked, sha256: "b".repeat(64) } })],
  ["no checksum asked", "keep", ({ line, asked }) => ({ line, asked: without(asked, "sha256") })],
  ["no checksum judged", "keep", ({ line, asked }) => ({ line: without(line, "sha256"), asked })],
  ["an entity tag that nobody judged", "keep", ({ line, asked }) => ({ line, asked: { ...without(asked, "sha256"), etag: "abc" } })],
  ["another name", "keep", ({ line, asked }) => ({ line, asked: { ...asked, uri: "s3://recordings/r9.wav" } })],
  ["a later deletion date", "keep", ({ line, asked }) => ({ line: { ...line, deleteBy: "2026-06-30T12:00:01Z" }, asked })],
  ["no deletion date", "keep", ({ line, asked }) => ({ line: without(line, "deleteBy"), asked })],
  ["a deletion date that is no time", "keep", ({ line, asked }) => ({ line: { ...line, deleteBy: "June" }, asked })],
  ["a keep duty that is no time", "keep", ({ line, asked }) => ({ line: { ...line, keepUntil: "2026-06-30" }, asked })],
  ["a doubt", "keep", ({ line, asked }) => ({ line: { ...line, doubts: ["place-unknown"] }, asked })],
  ["an open request", "keep", ({ line, asked }) => ({ line: { ...line, requests: ["q1"] }, asked })],
  ["a keep duty", "hold", ({ line, asked }) => ({ line: { ...line, keepUntil: "2026-07-30T00:00:00Z", keepRule: "us-debt" }, asked })],
  ["an open hold", "hold", ({ line, asked }) => ({ line: { ...line, holds: [{ id: "h1", from: "2026-01-01T00:00:00Z" }] }, asked })],
  ["a hold that has not begun", "hold", ({ line, asked }) => ({ line: { ...line, holds: [{ id: "h1", from: "2026-08-01T00:00:00Z", until: "2026-09-01T00:00:00Z" }] }, asked })],
  ["a hold whose end is no time", "keep", ({ line, asked }) => ({ line: { ...line, holds: [{ id: "h1", from: "2026-01-01T00:00:00Z", until: "soon" }] }, asked })],
  ["a finding that needs it", "hold", ({ line, asked }) => ({ line: { ...line, openFindings: ["f-1"] }, asked })]
]

describe("one decision", () => {
  it("deletes what is due by a rule, by its own date or by an erasure", () => {
    expect(decide(object, [{ line: dueLine() }], asking)).toEqual({ decision: "delete", reasons: ["due:qa-audio"] })
    const undated = without(without(dueLine(), "deleteBy"), "deleteRule")
    expect(decide(object, [{ line: { ...undated, erasures: ["q1"] } }], asking)).toEqual({ decision: "delete", reasons: ["due:erasure:q1"] })
    expect(decide(object, [{ line: dueLine({ deleteBy: "2026-06-30T12:00:00Z" }) }], asking).decision).toBe("delete")
    expect(decide(object, [{ line: dueLine({ keepUntil: "2026-06-30T12:00:00Z" }) }], asking).decision).toBe("delete")
    expect(decide(object, [{ line: dueLine({ holds: [{ id: "h1", from: "2026-01-01T00:00:00Z", until: "2026-06-30T12:00:00Z" }] }) }], asking).decision).toBe("delete")
    expect(decide({ uri: object.uri, versionId: "v1", etag: "abc" }, [{ line: dueLine({ etag: "abc" }) }], asking).decision).toBe("delete")
  })

  it("says that no rule matches", () => {
    const undated = without(without(dueLine(), "deleteBy"), "deleteRule")
    expect(decide(object, [{ line: undated }], asking)).toEqual({ decision: "keep", reasons: ["no-rule"] })
  })

  it.each(spoilings)("never deletes with %s", (_, expected, spoil) => {
    const { line, asked } = spoil({ line: dueLine(), asked: object })
    expect(decide(asked, [{ line }], asking).decision).toBe(expected)
  })

  it("never deletes when anything is spoilt, whatever else is said, in any recording of the object", () => {
    const line = fc.record({
      deleteBy: fc.constantFrom("2020-01-01T00:00:00Z", "2026-06-30T12:00:00Z"), erasures: fc.constantFrom<ReadonlyArray<string>>([], ["q1"]),
      holds: fc.constantFrom<NonNullable<RetentionLine["holds"]>>([], [{ id: "h0", from: "2020-01-01T00:00:00Z", until: "2021-01-01T00:00:00Z" }]), keepUntil: fc.constantFrom("2021-01-01T00:00:00Z", "2026-06-30T12:00:00Z"),
      sha256: fc.constantFrom(sha, sha.toUpperCase())
    })
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.nat(), fc.constantFrom(...spoilings), (changes, at, [, , spoil]) => {
      const lines = changes.map((change) => dueLine(change))
      expect(decide(object, lines.map((one) => ({ line: one })), asking).decision).toBe("delete")
      const place = at % lines.length
      // An erasure makes it due whatever its date.
      const spoilt = spoil({ line: { ...(lines[place] ?? dueLine()), erasures: [] }, asked: object })
      const all = lines.map((one, index) => ({ line: index === place ? spoilt.line : one }))
      expect(decide(spoilt.asked, all, asking).decision).not.toBe("delete")
    }), { seed: 20261122 })
  })
})
