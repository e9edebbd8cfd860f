import type { DuckDBConnection } from "@duckdb/node-api"
import { contactFields, decisionFields } from "./condition-inputs.ts"
import { expectationOf, versionsInForce } from "./expected-outcomes.ts"
import type { Expectation, VersionInForce } from "./expected-outcomes.ts"
import { writeTables } from "./load-tables.ts"
import type { Pack } from "./pack.ts"

type Fields = Readonly<Record<string, string>>

/** The fields of a row as JSON text, times as RFC 3339 in UTC; the reader leaves NULL fields out. */
const jsonColumn = (alias: string, fields: Fields): string => {
  const parts = Object.entries(fields).map(([name, type]) => {
    const column = `${alias}."${name}"`
    return `'${name}', ${type === "google.protobuf.Timestamp" ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')` : column}`
  })
  return `CAST(json_object(${parts.join(", ")}) AS VARCHAR)`
}

/**
 * The versions that decide, the distinct inputs that their conditions see, and which decision has which.
 * Decisions alike in all that is read cross to the conditions once, and a contact is joined only where one is read.
 */
const gather = (readsContact: boolean, readsDecision: boolean): string => `
  CREATE OR REPLACE TABLE decisionInput AS
  SELECT d.id, p.period, CAST(d.facts AS VARCHAR) AS facts,
    ${readsDecision ? jsonColumn("d", decisionFields) : "'{}'"} AS decision,
    ${readsContact ? `CASE WHEN c.id IS NULL THEN '{}' ELSE ${jsonColumn("c", contactFields)} END` : "'{}'"} AS contact
  FROM decision d
  JOIN decisionPeriod p ON p.policy = d.policy AND d."at" >= p."from" AND (p.until IS NULL OR d."at" < p.until)
  ${readsContact ? "LEFT JOIN contact c ON c.id = d.contactId" : ""};
  CREATE OR REPLACE TABLE conditionInput AS
  SELECT row_number() OVER (ORDER BY period, facts, decision, contact)::INTEGER - 1 AS input, *
  FROM (SELECT DISTINCT period, facts, decision, contact FROM decisionInput)`

const spread = `
  CREATE OR REPLACE TABLE expectedOutcome AS
  SELECT d.id AS decisionId, e.packKey, e.policy, e.version, e.rule, e.expect, e.error
  FROM decisionInput d
  JOIN conditionInput i ON i.period = d.period AND i.facts IS NOT DISTINCT FROM d.facts AND i.decision = d.decision AND i.contact = d.contact
  JOIN inputExpectation x ON x.input = i.input
  JOIN expectation e ON e.expectation = x.expectation
  ORDER BY d.id;
  DROP TABLE decisionInput;
  DROP TABLE conditionInput;
  DROP TABLE inputExpectation;
  DROP TABLE expectation;
  DROP TABLE decisionPeriod`

const reads = (periods: ReadonlyArray<VersionInForce>, what: "readsContact" | "readsDecision"): boolean =>
  periods.some(({ version }) => version.rules.some((rule) => rule[what]))

type Row = readonly [period: number, facts: string | null, decision: string, contact: string]

const objectOf = (json: string | null): Readonly<Record<string, unknown>> =>
  (json === null ? {} : JSON.parse(json) ?? {}) as Readonly<Record<string, unknown>>

/** Each distinct expectation once, with a number: many thousand inputs share a few dozen. */
class Expectations {
  readonly #numbers = new Map<string, number>()
  readonly all: Array<Expectation> = []

  numberOf(expectation: Expectation, period: number): number {
    const key = `${period} ${expectation.rule} ${expectation.error}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push(expectation) - 1
  }
}

/** Evaluates the distinct inputs in order; the answer's place is the input's number. */
const evaluate = async (connection: DuckDBConnection, periods: ReadonlyArray<VersionInForce>, expectations: Expectations): Promise<ReadonlyArray<number>> => {
  const answers: Array<number> = []
  const result = await connection.stream("SELECT period, facts, decision, contact FROM conditionInput ORDER BY input")
  for await (const rows of result.yieldRows()) {
    for (const [period, facts, decision, contact] of rows as unknown as ReadonlyArray<Row>) {
      const content = { facts: objectOf(facts), decision: objectOf(decision), contact: objectOf(contact) }
      answers.push(expectations.numberOf(expectationOf(periods[period]!, content), period))
    }
  }
  return answers
}

/**
 * Reads the tables `decision` (and `contact` where a condition needs it), evaluates the conditions of the
 * decision policies in force, and creates the temp table `expectedOutcome` with one row a decision that has one.
 */
export const loadExpectedOutcomes = async (connection: DuckDBConnection, packs: ReadonlyArray<Pack>): Promise<void> => {
  const periods = versionsInForce(packs)
  await writeTables(connection, [{
    table: "decisionPeriod",
    columns: [["period", "INTEGER"], ["policy", "VARCHAR"], ["from", "TIMESTAMP"], ["until", "TIMESTAMP"]],
    rows: periods.map(({ policy, from, until }, period) => [period, policy, from, until])
  }])
  await connection.run(gather(reads(periods, "readsContact"), reads(periods, "readsDecision")))
  const expectations = new Expectations()
  const answers = await evaluate(connection, periods, expectations)
  await writeTables(connection, [
    { table: "inputExpectation", columns: [["input", "INTEGER"], ["expectation", "INTEGER"]], rows: answers.map((expectation, input) => [input, expectation]) },
    {
      table: "expectation",
      columns: [["expectation", "INTEGER"], ["packKey", "VARCHAR"], ["policy", "VARCHAR"], ["version", "VARCHAR"], ["rule", "VARCHAR"], ["expect", "VARCHAR[]"], ["error", "VARCHAR"]],
      rows: expectations.all.map((one, number) => [number, one.packKey, one.policy, one.version, one.rule, one.expect, one.error])
    }
  ])
  await connection.run(spread)
}
