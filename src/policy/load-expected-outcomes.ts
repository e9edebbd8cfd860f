import type { DuckDBConnection } from "@duckdb/node-api"
import { contactFields, decisionFields } from "./condition-inputs.ts"
import { expectationsUnder } from "./expected-outcomes.ts"
import type { DecisionInput, Expectation } from "./expected-outcomes.ts"
import { writeTables } from "./load-tables.ts"
import type { Pack } from "./pack.ts"

type Fields = Readonly<Record<string, string>>

/** The fields of a row as a JSON column, times as RFC 3339 in UTC; NULL fields are left out by the reader. */
const jsonColumn = (alias: string, fields: Fields): string => {
  const parts = Object.entries(fields).map(([name, type]) => {
    const column = `${alias}."${name}"`
    return `'${name}', ${type === "google.protobuf.Timestamp" ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')` : column}`
  })
  return `CAST(json_object(${parts.join(", ")}) AS VARCHAR)`
}

/** Reads what the conditions need and no more: a join with every contact is only made where a condition reads one. */
const selectDecisions = (readsContact: boolean, readsDecision: boolean): string => `
  SELECT d.id, epoch_us(d."at"), d.policy, CAST(d.facts AS VARCHAR),
    ${readsDecision ? jsonColumn("d", decisionFields) : "'{}'"},
    ${readsContact ? `CASE WHEN c.id IS NULL THEN '{}' ELSE ${jsonColumn("c", contactFields)} END` : "'{}'"}
  FROM decision d ${readsContact ? "LEFT JOIN contact c ON c.id = d.contactId" : ""}
  ORDER BY d.id`

const reads = (packs: ReadonlyArray<Pack>, what: "readsContact" | "readsDecision"): boolean =>
  packs.some((pack) => pack.decisions.some((decision) => decision.versions.some((version) => version.rules.some((rule) => rule[what]))))

type Row = readonly [id: string, at: bigint, policy: string, facts: string | null, decision: string, contact: string]

const objectOf = (json: string | null): Readonly<Record<string, unknown>> =>
  (json === null ? {} : JSON.parse(json) ?? {}) as Readonly<Record<string, unknown>>

const inputOf = ([, at, policy, facts, decision, contact]: Row): DecisionInput =>
  ({ at, policy, facts: objectOf(facts), decision: objectOf(decision), contact: objectOf(contact) })

/** Each distinct expectation once, with a number: many thousand decisions share a few dozen. */
class Expectations {
  readonly #numbers = new Map<string, number>()
  readonly all: Array<Expectation> = []

  numberOf(expectation: Expectation): number {
    const { packKey, policy, version, rule, error } = expectation
    const key = JSON.stringify([packKey, policy, version, rule, error])
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push(expectation) - 1
  }
}

/** Decisions held before they are appended; bounds the rows that cross at once. */
const batchRows = 100_000

const appendNumbers = async (connection: DuckDBConnection, ids: ReadonlyArray<string>, numbers: ReadonlyArray<number>): Promise<void> => {
  const appender = await connection.createAppender("expectedOutcomeNumber", "main", "temp")
  for (const [index, id] of ids.entries()) {
    appender.appendVarchar(id)
    appender.appendInteger(numbers[index]!)
    appender.endRow()
  }
  appender.closeSync()
}

const judge = async (connection: DuckDBConnection, packs: ReadonlyArray<Pack>, expectations: Expectations): Promise<{ ids: Array<string>; numbers: Array<number> }> => {
  const expectationOf = expectationsUnder(packs)
  const ids: Array<string> = []
  const numbers: Array<number> = []
  const result = await connection.stream(selectDecisions(reads(packs, "readsContact"), reads(packs, "readsDecision")))
  for await (const rows of result.yieldRows()) {
    for (const row of rows as unknown as ReadonlyArray<Row>) {
      const expectation = expectationOf(inputOf(row))
      if (expectation === undefined) continue
      ids.push(row[0])
      numbers.push(expectations.numberOf(expectation))
    }
  }
  return { ids, numbers }
}

/**
 * Reads the tables `decision` (and `contact` where a condition needs it), evaluates the conditions of the
 * decision policies in force, and creates the temp table `expectedOutcome` with one row a decision that has one.
 */
export const loadExpectedOutcomes = async (connection: DuckDBConnection, packs: ReadonlyArray<Pack>): Promise<void> => {
  const expectations = new Expectations()
  const { ids, numbers } = await judge(connection, packs, expectations)
  await writeTables(connection, [
    { table: "expectedOutcomeNumber", columns: [["decisionId", "VARCHAR"], ["number", "INTEGER"]], rows: [] },
    {
      table: "expectation",
      columns: [["number", "INTEGER"], ["packKey", "VARCHAR"], ["policy", "VARCHAR"], ["version", "VARCHAR"], ["rule", "VARCHAR"], ["expect", "VARCHAR[]"], ["error", "VARCHAR"]],
      rows: expectations.all.map((one, number) => [number, one.packKey, one.policy, one.version, one.rule, one.expect, one.error])
    }
  ])
  for (let start = 0; start < ids.length; start += batchRows) {
    await appendNumbers(connection, ids.slice(start, start + batchRows), numbers.slice(start, start + batchRows))
  }
  await connection.run(`
    CREATE OR REPLACE TEMP TABLE expectedOutcome AS
    SELECT n.decisionId, e.packKey, e.policy, e.version, e.rule, e.expect, e.error
    FROM expectedOutcomeNumber n JOIN expectation e ON e.number = n.number
    ORDER BY n.decisionId;
    DROP TABLE expectedOutcomeNumber;
    DROP TABLE expectation`)
}
