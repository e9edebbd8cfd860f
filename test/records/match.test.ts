import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type CanonicalRecord, fits, hadOffset, hadUnusualInstant, matchedAliases, matchedOffset, matchRecord, recordKinds, storedForm, unstoredDigest, withAliases } from "../../src/records/index.ts"
import { anyRecord } from "./arbitrary.ts"

const at = "2026-01-31T09:30:00Z"

/** Ordinary records, such as nearly all are. */
const ordinary: Readonly<Record<string, object>> = {
  contact: { kind: "contact", id: "c1", channel: "voice", startedAt: at, endedAt: "2026-01-31T09:40:00.125Z", parties: [{ id: "p1", role: "customer", jurisdiction: "US-CA", presence: [{ from: at }], minor: false }, { id: "é", role: "agent" }], attributes: { tier: "gold", n: -1.5 } },
  recording: { kind: "recording", id: "r1", contactId: "c1", medium: "audio", startedAt: at, bytes: 840512, sha256: "aB".repeat(32), pauses: [], purposes: ["training"], location: "DE" },
  storedObject: { kind: "storedObject", uri: "s3://b/k", seenAt: at, bytes: 0, encrypted: true },
  consent: { kind: "consent", id: "k1", subject: "p1", status: "given", at, purposes: ["*"], form: "verbal", evidence: { offsetSeconds: 1.5 } },
  event: { kind: "event", id: "e1", contactId: "c1", at, type: "notice-played", attributes: { a: "x", b: 1, c: true } },
  access: { kind: "access", id: "a1", at, actor: { id: "agent-1", type: "user" }, action: "play", uri: "s3://b/k", outcome: "success", country: "DE" },
  grant: { kind: "grant", id: "g1", principal: "role:qa", actions: ["play", "list"], from: at, createdAt: at, breakGlass: true },
  identity: { kind: "identity", subject: "p1", aliases: ["tel:+14155550100", { alias: "crm:1", from: at }, "é"] },
  staff: { kind: "staff", id: "agent-1", aliases: [], employedFrom: at, roles: [{ role: "agent", from: at }] },
  assignment: { kind: "assignment", id: "s1", staff: "agent-1", reason: "legal", from: at, createdAt: at, subjects: ["p1"] },
  decision: { kind: "decision", id: "d1", contactId: "c1", at, staff: "agent-1", subject: "p1", policy: "refunds", outcome: "full", amount: -19.99, facts: { amount: 1, tier: "gold", known: false, none: null } },
  hold: { kind: "hold", id: "h1", from: at, createdAt: at },
  request: { kind: "request", id: "q1", subject: "p1", type: "erasure", receivedAt: at },
  review: { kind: "review", id: "v1", finding: "f1", verdict: "justified", at, by: "agent-2" },
  coverage: { kind: "coverage", source: "s", kinds: ["contact"], from: at, to: at }
}

const matched = (json: string): string | undefined => {
  const bytes = Buffer.from(`..${json}\n..`)
  return matchRecord(bytes, 2, bytes.length - 3)
}

const kept = (json: string): string => {
  const bytes = Buffer.from(`..${json}`)
  return withAliases(bytes, 2, bytes.length, matchedAliases()).toString()
}

/** What the whole border would say, without the matcher: the kind and what is kept. */
const validated = (json: string): readonly [kind: string, record: object] | undefined => {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return undefined
  }
  return fits(value) && !hadUnusualInstant() && unstoredDigest(value) === undefined ? [value.kind, storedForm(value)] : undefined
}

const hasTwin = (json: string): boolean => {
  let keys = 0
  const value: unknown = JSON.parse(json, (_key, item: unknown) => {
    if (typeof item === "object" && item !== null && !Array.isArray(item)) keys += Object.keys(item).length
    return item
  })
  return (json.replaceAll(/"[^"]*"/g, `"`).match(/"\s*:/g)?.length ?? 0) !== keys && value !== undefined
}

describe("matching bytes", () => {
  it.each(Object.keys(ordinary))("knows an ordinary %s, however it is spaced and ordered", (kind) => {
    const sample = { ...ordinary[kind], recordedAt: at }
    expect(matched(JSON.stringify(sample))).toBe(kind)
    const spaced = JSON.stringify(Object.fromEntries(Object.entries(sample).reverse()), null, 1).replaceAll(/\n\s*/g, " ")
    expect(matched(spaced)).toBe(kind)
    expect(matchedOffset()).toBe(false)
  })

  it("knows every kind but the one that is never kept as it came", () => {
    expect(recordKinds.filter((kind) => !(kind in ordinary))).toEqual(["transcript"])
  })

  it("keeps aliases as objects, as validation does", () => {
    const json = JSON.stringify(ordinary["identity"])
    expect(matched(json)).toBe("identity")
    expect(JSON.parse(kept(json))).toEqual(storedForm(ordinary["identity"] as CanonicalRecord))
    expect(matched(JSON.stringify(ordinary["hold"])) === "hold" && matchedAliases()).toEqual([])
    for (const aliases of [[""], [null], [["a"]], [{ alias: "" }], [{ from: at }], "a", undefined]) expect(matched(JSON.stringify({ kind: "identity", subject: "p1", aliases }))).toBeUndefined()
  })

  it("tells times that are not in UTC, as validation does", () => {
    expect(matched(JSON.stringify({ ...ordinary["hold"], until: "2026-02-01T10:30:00+01:00" }))).toBe("hold")
    expect(matchedOffset()).toBe(true)
    expect(fits({ ...ordinary["hold"], until: "2026-02-01T10:30:00+01:00" }) && hadOffset()).toBe(true)
    expect(fits(ordinary["hold"]) && hadOffset()).toBe(false)
  })

  it.each([
    ["a field that is missing", { id: undefined }], ["a field that is unknown", { recordedat: at }], ["an empty id", { id: "" }], ["an empty list", { subjects: [] }], ["no list", { subjects: "p1" }], ["null", { until: null }],
    ["a day that does not exist", { until: "2026-02-29T00:00:00Z" }], ["a leap second", { until: "2026-12-31T23:59:60Z" }], ["lower case", { until: "2026-01-31t09:30:00z" }], ["no offset", { until: "2026-01-31T09:30:00" }],
    ["an empty fraction", { until: "2026-01-31T09:30:00.Z" }], ["the first year", { until: "0001-01-31T09:30:00Z" }], ["an hour too many", { until: "2026-01-31T24:00:00Z" }], ["free text", { reason: "x" }], ["an escape", { id: "\\" }], ["a NUL", { id: "\0" }]
  ])("leaves a record with %s to validation", (_, change) => {
    expect(matched(JSON.stringify({ ...ordinary["hold"], ...change }))).toBeUndefined()
  })

  it.each([
    `{"kind":"hold","id":"h1","id":"h1","from":"${at}","createdAt":"${at}"}`, `{"kind":"hold","id":"h1","from":"${at}","createdAt":"${at}"} x`, `{"kind":"hold","id":"h1","from":"${at}","createdAt":"${at}",}`,
    `{"kind":"hold","id":"h1","from":"${at}","createdAt":"${at}"`, `{"kind":"hold","id":"h1" "from":"${at}","createdAt":"${at}"}`, `{"kind":"event","id":"e","contactId":"c","at":"${at}","type":"payment","attributes":{"a":1,"a":2}}`,
    `{"kind":"storedObject","uri":"u","seenAt":"${at}","bytes":01}`, `{"kind":"storedObject","uri":"u","seenAt":"${at}","bytes":-1}`, `{"kind":"storedObject","uri":"u","seenAt":"${at}","bytes":1.0}`,
    `{"kind":"storedObject","uri":"u","seenAt":"${at}","bytes":1e3}`, `{"kind":"assignment","id":"s1","staff":"a","reason":"legal","from":"${at}","createdAt":"${at}","subjects":["p"],"contactIds":["c"]}`,
    `{"kind":"access","id":"a1","at":"${at}","actor":{"id":"agent-1","type":"user"},"action":"play","outcome":"success"}`, `{"kind":"event","id":"e","contactId":"c","at":"${at}","type":"payment","attributes":{"a":[1]}}`,
    `{"kind":"decision","id":"d1","contactId":"c1","at":"${at}","staff":"agent-1","subject":"p1","policy":"refunds","outcome":"full","amount":1000000000001,"facts":{}}`
  ])("leaves %s to validation", (json) => {
    expect(matched(json)).toBeUndefined()
  })

  it("takes nothing that validation would not keep as it came, whatever is done to a line", () => {
    const line = fc.oneof(fc.constantFrom(...Object.values(ordinary)), anyRecord).map((record) => JSON.stringify(record))
    const byte = fc.constantFrom(..."\"\\{}[]:,0123456789-+.eEtrufalsnZT \tx".split(""), "", "\u0001")
    const damaged = fc.tuple(line, fc.array(fc.tuple(fc.nat(), byte, fc.nat(2)), { maxLength: 3 })).map(([json, changes]) =>
      // A half of a character does not survive as bytes.
      Buffer.from(changes.reduce((text, [where, inserted, removed]) => text.slice(0, where % text.length) + inserted + text.slice(where % text.length + removed), json)).toString())
    let known = 0
    fc.assert(fc.property(damaged, (json) => {
      const kind = matched(json)
      if (kind === undefined) return
      known++
      expect([kind, JSON.parse(kept(json))]).toEqual(validated(json))
      expect(hadOffset()).toBe(matchedOffset())
      expect(hasTwin(json)).toBe(false)
    }), { numRuns: 20_000, seed: 20261122 })
    expect(known).toBeGreaterThan(3000)
  })
})
