import { DuckDBInstance } from "@duckdb/node-api"
import type { DuckDBConnection } from "@duckdb/node-api"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { loadExpectedOutcomes, loadPolicyTables, packFromValue } from "../../src/policy/index.ts"
import { baseline, packWith } from "./packs.ts"

let connection: DuckDBConnection

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect()
})

afterAll(() => connection.closeSync())

const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()

describe("policy tables", () => {
  it("hold the baseline pack", async () => {
    await loadPolicyTables(connection, [packFromValue(baseline(), "baseline.yaml")])
    expect(await rows("SELECT count(*) FROM law")).toEqual([["89"]])
    expect(await rows(`SELECT packKey, "from", until FROM packPeriod`)).toEqual([["northwind@2026.11", "2020-01-01 00:00:00", null]])
    expect(await rows(`SELECT TIMESTAMP '2024-02-29' + standingValidity, grace, handledContact FROM pack`)).toEqual([
      ["2026-02-28 00:00:00", { months: 0, days: 0, micros: "2000000" }, { months: 0, days: 30, micros: "0" }]
    ])
    expect(await rows(`SELECT role, "limit" FROM packAuthority ORDER BY "limit"`)).toEqual([["agent", "100.0000"], ["supervisor", "500.0000"], ["manager", "5000.0000"]])
    expect(await rows(`SELECT fromMinute, toMinute, days[1] FROM packHours`)).toEqual([[420, 1200, "mon"]])
    expect(await rows(`SELECT id, "delete", keep IS NULL, queues FROM packRetention ORDER BY ordinal`)).toEqual([
      ["qa-audio", { months: 12, days: 0, micros: "0" }, true, null],
      ["us-debt", null, false, ["collections"]]
    ])
    expect(await rows("SELECT network FROM packNetwork ORDER BY 1")).toHaveLength(3)
  })

  it("leave absent settings NULL, tolerances zero, and the cautious defaults stated", async () => {
    await loadPolicyTables(connection, [packWith()])
    const zero = { months: 0, days: 0, micros: "0" }
    expect(await rows("SELECT grace, opening, stopWithin, clockTolerance, session, handledContact, maxUnverifiable, timezone, unknownJurisdiction, noticeToMonitored, len(explanations) FROM pack"))
      .toEqual([[zero, zero, zero, zero, null, null, null, "UTC", "all-party", false, "5"]])
    expect(await rows("SELECT count(*) FROM packRole")).toEqual([["0"]])
  })

  it("keep cents, lists of courses and several packs apart", async () => {
    const decisions = [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", authority: { limits: { agent: 0.07 } } }] }]
    const own = [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", authority: { currency: "USD", limits: { agent: 1 }, limitsFor: [{ queues: ["a", "b"], limits: { agent: 2 } }, { queues: ["a"], currency: "EUR", limits: { agent: 3 } }] } }] }]
    await loadPolicyTables(connection, [packWith({ decisions: own })])
    expect(await rows(`SELECT part, scope, queue, currency, "limit" FROM packAuthority ORDER BY "limit", queue`)).toEqual([
      [null, null, null, "USD", "1.0000"], [0, "a, b", "a", "USD", "2.0000"], [0, "a, b", "b", "USD", "2.0000"], [1, "a, EUR", "a", "EUR", "3.0000"]
    ])
    const training = [{ course: "a", roles: ["agent"] }, { course: "b", roles: ["agent"] }]
    await loadPolicyTables(connection, [packWith({ decisions, access: { training } }), packWith({ version: "2", from: "2025-01-01T00:00:00Z" })])
    expect(await rows(`SELECT packKey, "limit" FROM packAuthority`)).toEqual([["p@1", "0.0700"]])
    expect(await rows("SELECT course FROM packTraining ORDER BY 1")).toEqual([["a"], ["b"]])
    expect(await rows("SELECT packKey, count(*) FROM law GROUP BY 1 ORDER BY 1")).toEqual([["p@1", "89"], ["p@2", "89"]])
    expect(await rows("SELECT subdivided FROM lawCountry WHERE country IN ('US', 'AU', 'EU', 'DE') ORDER BY country")).toEqual([[true], [false], [true], [true]])
  })
})

describe("expected outcomes", () => {
  const facts = { days: "int" }
  const versions = [{ version: "1", from: "2024-01-01T00:00:00Z", rules: [{ when: "facts.days > 90 && contact.queue == \"refunds\"", expect: ["denied"] }], otherwise: ["granted"] }]

  it("are one row a decision whose policy has a version in force", async () => {
    await connection.run(`
      CREATE OR REPLACE TEMP TABLE contact (id VARCHAR, channel VARCHAR, direction VARCHAR, startedAt TIMESTAMP, queuedAt TIMESTAMP, answeredAt TIMESTAMP, endedAt TIMESTAMP,
        previousContactId VARCHAR, queue VARCHAR, site VARCHAR, businessUnit VARCHAR, campaign VARCHAR, language VARCHAR, attributes JSON);
      INSERT INTO contact (id, queue) VALUES ('k1', 'refunds'), ('k2', NULL);
      CREATE OR REPLACE TEMP TABLE decision (id VARCHAR, contactId VARCHAR, "at" TIMESTAMP, staff VARCHAR, subject VARCHAR, policy VARCHAR, policyVersion VARCHAR, outcome VARCHAR,
        amount DECIMAL(18,4), currency VARCHAR, facts JSON, reasonCode VARCHAR);
      INSERT INTO decision (id, contactId, "at", policy, facts) VALUES
        ('d1', 'k1', '2025-01-01', 'd', '{"days": 91}'), ('d2', 'k1', '2025-01-01', 'd', '{"days": 90}'), ('d3', 'k2', '2025-01-01', 'd', '{"days": 91}'),
        ('d4', 'gone', '2025-01-01', 'd', '{"days": 1}'), ('d5', 'k1', '2025-01-01', 'd', '{}'), ('d6', 'k1', '2023-01-01', 'd', '{"days": 1}'), ('d7', 'k1', '2025-01-01', 'other', '{}')`)
    await loadExpectedOutcomes(connection, [packWith({ decisions: [{ id: "d", facts, versions }] })])
    expect(await rows("SELECT decisionId, packKey, policy, version, rule, expect, error FROM expectedOutcome ORDER BY decisionId")).toEqual([
      ["d1", "p@1", "d", "1", "rules[0]", ["denied"], null],
      ["d2", "p@1", "d", "1", "otherwise", ["granted"], null],
      ["d3", "p@1", "d", "1", "rules[0]", null, "missing-value"],
      ["d4", "p@1", "d", "1", "otherwise", ["granted"], null],
      ["d5", "p@1", "d", "1", "rules[0]", null, "missing-value"]
    ])
  })

  it("read amounts and times of the decision", async () => {
    const rules = [{ when: "decision.amount >= 10.25 && decision.at < timestamp(\"2025-06-01T00:00:00Z\")", expect: ["denied"] }]
    await connection.run(`UPDATE decision SET amount = 10.25 WHERE id = 'd1'`)
    await loadExpectedOutcomes(connection, [packWith({ decisions: [{ id: "d", facts, versions: [{ ...versions[0], rules }] }] })])
    expect(await rows("SELECT rule, error FROM expectedOutcome WHERE decisionId IN ('d1', 'd2') ORDER BY decisionId")).toEqual([["rules[0]", null], ["rules[0]", "missing-value"]])
  })

  it("are an empty table when no pack has decision policies", async () => {
    await loadExpectedOutcomes(connection, [packWith()])
    expect(await rows("SELECT count(*) FROM expectedOutcome")).toEqual([["0"]])
  })
})
