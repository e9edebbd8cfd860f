/** The standing of one finding from night to night: what waivers and reviews make of it, and when they no longer hold. */
import { expect, it } from "vitest"
import type { Control } from "../../src/controls/index.ts"
import type { CanonicalFinding } from "../../src/findings/finding.ts"
import { type Baseline, type Earlier, evidenceDigest, standing, type Standing, type Standings } from "../../src/findings/status.ts"
import { waiverNotes, waiverState } from "../../src/findings/waived.ts"
import type { Waiver } from "../../src/pipeline/index.ts"

const control = { id: "access/bulk", family: "access", due: "P7D", sha256: "c1", persons: ["agents"] } as unknown as Control
const finding = (sha256 = "e1", at = "2026-06-05T10:00:00Z"): CanonicalFinding =>
  ({ id: "f-1", control: "access/bulk", cause: "access/bulk#many", reason: "many", at, staff: "s1", evidence: [{ kind: "access", id: "a1", sha256 }], details: { agents: ["s2"] } }) as unknown as CanonicalFinding

const settings = (of: Partial<Standings>): Standings => ({ asOf: "2026-06-10T00:00:00Z", baseline: undefined, waivers: [], reviews: [], owners: {}, policies: "p1", law: "l1", ...of })
const baseline = (earlier: Partial<Earlier> | undefined, of: Partial<Baseline> = {}): Baseline => ({
  asOf: "2026-06-09T00:00:00Z", findings: new Map(earlier === undefined ? [] : [["f-1", { control: "access/bulk", status: "persisting", evidence: evidenceDigest(finding()), ...earlier }]]),
  resolved: new Set(), controls: { "access/bulk": "c1" }, policies: "p1", law: "l1", ...of
})
const stand = (of: Partial<Standings>, one = finding()): Standing => standing(settings(of)).stand(one, control)
const waiver = (of: Partial<Waiver>): Waiver => ({ finding: "f-1", owner: "o", reason: "r", expires: "2026-12-31T00:00:00Z", approvedBy: "b", ...of })
const review = { finding: "f-1", at: "2026-06-08T00:00:00Z", people: ["s8", "s9"] }

/** The night after one that ended so, with other evidence where said. */
const after = (night: Standing, sha256 = "e1"): Baseline => baseline({ ...night, evidence: evidenceDigest(finding(sha256)) })

it("says why something is new", () => {
  const earlier = baseline(undefined)
  const because = (of: Partial<Baseline>, at?: string): string | undefined => stand({ baseline: { ...earlier, ...of } }, finding("e1", at)).newBecause
  expect(because({}, "2026-06-09T12:00:00Z")).toBe("record")
  expect(because({}, "2026-06-08T12:00:00Z")).toBe("lateRecord")
  expect(because({ controls: { "access/bulk": "c0" } })).toBe("program")
  expect(because({ policies: "p0" })).toBe("policy")
  expect(because({ law: "l0" })).toBe("law")
  // 23:30 in UTC, written where it is the next day already.
  expect(because({ asOf: "2026-06-09T01:30:00+02:00" }, "2026-06-08T23:40:00Z")).toBe("record")
})

it("reopens what had been resolved, and keeps the due time of what persists", () => {
  expect(stand({ baseline: baseline(undefined, { resolved: new Set(["f-1"]) }) })).toMatchObject({ status: "reopened", newBecause: "lateRecord", due: "2026-06-17T00:00:00Z" })
  expect(stand({ baseline: baseline({ due: "2026-06-12T00:00:00Z" }) })).toEqual({ status: "persisting", due: "2026-06-12T00:00:00Z" })
})

it("lets a review close nothing that came to pass after it and fails again, until somebody looks again", () => {
  const back = stand({ reviews: [review], baseline: baseline(undefined, { resolved: new Set(["f-1"]) }) })
  expect(back).toMatchObject({ status: "reopened", newBecause: "evidenceChanged" })
  expect(stand({ reviews: [review], baseline: after(back) })).toMatchObject({ status: "persisting", newBecause: "evidenceChanged" })
  expect(stand({ reviews: [{ ...review, at: "2026-06-09T12:00:00Z" }], baseline: after(back) }).status).toBe("closed")
})

it("lapses a waiver at its expiry, whatever zone it is written in", () => {
  expect(stand({ waivers: [waiver({ expires: "2026-06-10T01:00:00+02:00" })] })).toMatchObject({ status: "lapsed", newBecause: "expired" })
  expect(stand({ waivers: [waiver({ expires: "2026-06-09T23:00:00-02:00" })] }).status).toBe("waived")
})

it("lapses a waiver when its evidence changes, and for good, also where it states no digest", () => {
  expect(stand({ waivers: [waiver({ evidence: evidenceDigest(finding()) })] }).status).toBe("waived")
  expect(stand({ waivers: [waiver({ evidence: evidenceDigest(finding("e0")) })] })).toMatchObject({ status: "lapsed", newBecause: "evidenceChanged" })
  const waivers = [waiver({})]
  const first = stand({ waivers })
  const second = stand({ waivers, baseline: after(first) }, finding("e2"))
  const third = stand({ waivers, baseline: after(second, "e2") }, finding("e2"))
  expect([first.status, second.status, third.status]).toEqual(["waived", "lapsed", "lapsed"])
})

it("lets a waiver that holds go before one that has lapsed, and spares the cap of the cause", () => {
  const cause = waiver({ cause: "access/bulk#many", max: 1 })
  const { finding: _, ...ofCause } = cause
  expect(stand({ waivers: [waiver({ expires: "2026-06-01T00:00:00Z" }), ofCause] }).status).toBe("waived")
  const both = standing(settings({ waivers: [ofCause, waiver({})] }))
  expect([both.stand(finding(), control).status, both.stand({ ...finding(), id: "f-2" }, control).status, both.stand({ ...finding(), id: "f-3" }, control).status]).toEqual(["waived", "waived", "new"])
})

it("lets nothing new take the place, under the cap of a cause, of what was waived", () => {
  const { finding: _, ...ofCause } = waiver({ cause: "access/bulk#many", max: 1 })
  const known = (id: string, status: Earlier["status"]): readonly [string, Earlier] => [id, { control: "access/bulk", cause: "access/bulk#many", status, evidence: evidenceDigest(finding()) }]
  const night = (waivers: ReadonlyArray<Waiver>, ...earlier: ReadonlyArray<readonly [string, Earlier]>): ReadonlyArray<string> => {
    const { stand: standNow } = standing(settings({ waivers, baseline: baseline(undefined, { findings: new Map(earlier) }) }))
    return ["f-0", "f-1", "f-2"].map((id) => standNow({ ...finding(), id }, control).status)
  }
  expect(night([ofCause], known("f-2", "waived"))).toEqual(["new", "new", "waived"])
  // Its own waiver has ended, and the place that another has is not free for it.
  expect(night([waiver({ expires: "2026-06-01T00:00:00Z" }), ofCause], known("f-1", "waived"), known("f-2", "waived"))).toEqual(["new", "lapsed", "waived"])
  expect(night([ofCause], known("f-2", "persisting"))).toEqual(["waived", "new", "persisting"])
})

it("warns of a waiver in the fortnight before its end", () => {
  const state = (expires: string): string => waiverState({ expires }, "2026-06-10T00:00:00Z")
  expect([state("2026-06-24T00:00:01Z"), state("2026-06-24T00:00:00Z"), state("2026-06-10T01:00:00Z"), state("2026-06-10T01:00:00+02:00")]).toEqual(["in force", "ends within 14 days", "ends within 14 days", "expired"])
  expect(waiverNotes([{ cause: "access/bulk#many", owner: "o", expires: "2026-06-12T00:00:00Z", state: "ends within 14 days", covers: 3 }, { finding: "f-1", owner: "o", expires: "2026-12-31T00:00:00Z", state: "in force", covers: 1 }])).toEqual([
    "The waiver of access/bulk#many (owner o, covers 3) ends at 2026-06-12T00:00:00Z: renew it or put right what it covers."
  ])
})

it("closes by a review of others, until the evidence changes, and then stays open until somebody looks again", () => {
  const reviews = [review]
  const first = stand({ reviews })
  const second = stand({ reviews, baseline: after(first) }, finding("e2"))
  const third = stand({ reviews, baseline: after(second, "e2") }, finding("e2"))
  const fourth = stand({ reviews, baseline: after(third, "e2") }, finding("e2"))
  expect([first.status, second.status, third.status, fourth.status]).toEqual(["closed", "reopened", "persisting", "persisting"])
  expect(stand({ reviews: [{ ...review, at: "2026-06-09T12:00:00Z" }], baseline: after(fourth, "e2") }, finding("e2")).status).toBe("closed")
})

it("closes nothing by those whom it concerns", () => {
  for (const one of ["s1", "s2"]) expect(stand({ reviews: [{ ...review, people: ["s9", one] }] }).status).toBe("new")
})
