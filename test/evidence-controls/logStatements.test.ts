import { describe, expect, it } from "vitest"
import { judged, outcomes } from "../retention/estate.ts"

const statement = (name: string, state: string, changes: Readonly<Record<string, unknown>> = {}) =>
  ({ objectNumber: 0, source: "records", name, state, from: "2026-06-29T09:00:00Z", until: "2026-06-29T10:00:00Z", ...changes })

const access = (id: string, at: string) => ({ kind: "access", id, at, actor: { id: "agent-1", type: "user" }, action: "view", contactId: "k1", outcome: "success" })

describe("evidence/log-tampered", () => {
  it("tells objects that verify from those that do not or were moved", async () => {
    const rows = await judged("evidence/log-tampered", { records: [], variables: { logStatements: [statement("a.json.gz", "valid"), statement("b.json.gz", "invalid", { detail: "its digest differs" }), statement("c.json.gz", "moved"), statement("d.json.gz", "missing")] } })
    expect(outcomes(rows)).toEqual([["records|a.json.gz", "pass", null], ["records|b.json.gz", "fail", "does-not-verify"], ["records|c.json.gz", "fail", "moved"]])
    expect(rows[1]?.details).toMatchObject({ name: "b.json.gz", detail: "its digest differs" })
  })

  it("believes the worst that is said of one object", async () => {
    const rows = await judged("evidence/log-tampered", { records: [], variables: { logStatements: [statement("a.json.gz", "valid"), statement("a.json.gz", "invalid")] } })
    expect(outcomes(rows)).toEqual([["records|a.json.gz", "fail", "does-not-verify"]])
  })
})

describe("evidence/log-gap", () => {
  const records = [access("a1", "2026-06-29T09:00:00Z"), access("a2", "2026-06-29T12:00:00Z")]
  const estate = { records, asOf: "2026-06-29T12:30:00Z", source: { maxSilence: "2 hours" } }

  it("reports missing digests and stretches in which the log was off", async () => {
    const rows = await judged("evidence/log-gap", { records, variables: { logStatements: [statement("digest-9", "missing"), statement("digest-10", "gap")] } })
    expect(outcomes(rows)).toEqual([["records|digest|digest-10", "fail", "missing-digest"], ["records|digest|digest-9", "fail", "missing-digest"]])
  })

  it("takes an empty digest for silence, and a digest that does not verify for nothing", async () => {
    expect(outcomes(await judged("evidence/log-gap", estate))[0]?.[2]).toBe("silence")
    expect(outcomes(await judged("evidence/log-gap", { ...estate, variables: { logStatements: [statement("digest-9", "valid")] } }))).toEqual([["records", "pass", null]])
    expect(outcomes(await judged("evidence/log-gap", { ...estate, variables: { logStatements: [statement("digest-9", "invalid")] } }))[0]?.[2]).toBe("silence")
  })

  it("finds a silence out of the log's own rhythm", async () => {
    const start = Date.parse("2026-06-01T00:00:00Z")
    const regular = Array.from({ length: 300 }, (_, number) => access(`b${number}`, new Date(start + number * 1_800_000).toISOString()))
    const whole = { records: regular, asOf: "2026-06-30T00:00:00Z" }
    expect(outcomes(await judged("evidence/log-gap", whole))).toEqual([["records", "pass", null]])
    const within = { ...whole, records: regular.filter((_, index) => index < 100 || index > 101) }
    expect(outcomes(await judged("evidence/log-gap", within))).toEqual([["records", "pass", null]])
    const beyond = { ...whole, records: regular.filter((_, index) => index < 100 || index > 102) }
    expect(outcomes(await judged("evidence/log-gap", beyond)).map(([, outcome, reason]) => [outcome, reason])).toEqual([["fail", "silence"]])
  })
})
