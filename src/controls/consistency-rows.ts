import type { EvidenceStore, Row } from "../evidence/index.ts"
import { funnelLimits, proportionLimits } from "../statistics/index.ts"

/** A row for the pictures and totals of consistency; `kind` says which. */
export type ConsistencyRow = Readonly<Record<string, unknown>> & { readonly kind: "unit" | "group" | "limit" | "stratum" | "trend" | "beyondRule" | "concentration" }

/** Facts that the rows are drawn from, where controls of the run needed them. */
export const consistencyTables: ReadonlyArray<string> = ["unitDeviation", "groupDisparity", "limitCluster", "concentration", "likeCaseStratum", "decisionContext", "statisticsSetting"]

/** Strata and pairs shown, the gravest first; the findings list them all. */
const strataMax = 50

const time = (value: unknown): string => `${String(value).slice(0, 10)}T${String(value).slice(11, 19) || "00:00:00"}Z`
const numbers = (row: Row, names: ReadonlyArray<string>): Record<string, number | null> => Object.fromEntries(names.map((name) => [name, row[name] === null || row[name] === undefined ? null : Number(row[name])]))
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6

/** Rows of a table that the run may not have made, because no control that reads it was chosen. */
const rowsOf = async (store: EvidenceStore, table: string, query: string): Promise<ReadonlyArray<Row>> =>
  (await store.all(`SELECT 1 AS one FROM duckdb_tables() WHERE table_name = ?::VARCHAR`, [table])).length > 0 ? store.all(query) : []

const unitRow = (row: Row, person: (name: string) => string): ConsistencyRow => {
  const counts = numbers(row, ["cases", "favourable", "expected", "ratio", "adjustedZ", "p", "q", "tests", "fdr", "tau2", "phi", "shrunkRate", "probabilityMaterial"])
  const cases = Number(row["cases"])
  const expectedRate = Number(row["expected"]) / cases
  const limits = row["tau2"] === null ? {} : Object.fromEntries(Object.entries(funnelLimits).map(([name, k]) => {
    const { lower, upper } = proportionLimits(expectedRate, cases, Number(row["tau2"]), k)
    return [name, [rounded(lower), rounded(upper)]]
  }))
  return {
    kind: "unit", policy: row["policy"], period: row["period"], startsAt: time(row["startsAt"]), attribute: row["attribute"],
    unit: row["attribute"] === "staff" ? person(String(row["unit"])) : row["unit"], ...counts, rate: rounded(Number(row["favourable"]) / cases), expectedRate: rounded(expectedRate), limits, outcome: row["outcome"], reason: row["reason"]
  }
}

const units = async (store: EvidenceStore, person: (name: string) => string): Promise<ReadonlyArray<ConsistencyRow>> => {
  // Units with fewer cases than the policy shows are counted by their controls and not drawn.
  const rows = await rowsOf(store, "unitDeviation", `SELECT d.*, s.period, s.fdr FROM unitDeviation d JOIN statisticsSetting s ON s.packKey = d.packKey
    WHERE d.cases >= s.suppressBelow ORDER BY d.packKey, d.policy, d.startsAt, d.attribute, d.unit`)
  return rows.map((row) => unitRow(row, person))
}

const groups = async (store: EvidenceStore): Promise<ReadonlyArray<ConsistencyRow>> => {
  const rows = await rowsOf(store, "groupDisparity", `SELECT d.*, s.period, s.fdr FROM groupDisparity d JOIN statisticsSetting s ON s.packKey = d.packKey
    WHERE d.cases >= s.suppressBelow AND d.restCases >= s.suppressBelow ORDER BY d.packKey, d.policy, d.startsAt, d.attribute, d.value`)
  return rows.map((row) => ({
    kind: "group", policy: row["policy"], period: row["period"], startsAt: time(row["startsAt"]), attribute: row["attribute"], group: row["value"], test: row["method"],
    ...numbers(row, ["cases", "favourable", "restCases", "restFavourable", "strata", "p", "q", "tests", "fdr", "odds", "oddsLower", "oddsUpper", "impact", "impactLower", "impactUpper", "pooledOdds", "pooledP", "homogeneityP", "needed"]),
    paradox: row["paradox"] ?? null, outcome: row["outcome"], reason: row["reason"]
  }))
}

const limitRows = async (store: EvidenceStore): Promise<ReadonlyArray<ConsistencyRow>> => {
  const rows = await rowsOf(store, "limitCluster", `SELECT c.*, s.period, s.fdr FROM limitCluster c JOIN statisticsSetting s ON s.packKey = c.packKey ORDER BY c.packKey, c.policy, c.startsAt, c.role, c.scope`)
  return rows.map((row) => ({ kind: "limit", policy: row["policy"], period: row["period"], startsAt: time(row["startsAt"]), role: row["role"], ...(row["scope"] === null ? {} : { limitFor: row["scope"] }), ...numbers(row, ["limit", "band", "upper", "lower", "p", "q", "tests", "fdr"]), outcome: row["outcome"], reason: row["reason"] }))
}

/** Pairs that were tested, those nearest to a lead first; what was too little to judge is counted by the controls. */
const concentrations = async (store: EvidenceStore, person: (name: string) => string): Promise<ReadonlyArray<ConsistencyRow>> => {
  const rows = await rowsOf(store, "concentration", `SELECT c.*, s.period, s.fdr FROM concentration c JOIN statisticsSetting s ON s.packKey = c.packKey
    WHERE c.outcome <> 'notApplicable' AND c.ofActor >= s.suppressBelow ORDER BY c.q, c.kind, c.packKey, c.policy, c.startsAt, c.team, c.actor, c.partner LIMIT ${strataMax}`)
  return rows.map((row) => ({
    kind: "concentration", of: row["kind"], policy: row["policy"], period: row["period"], startsAt: time(row["startsAt"]), team: row["team"], staff: person(String(row["actor"])),
    partner: row["kind"] === "approver" ? person(String(row["partner"])) : row["partner"], ...numbers(row, ["together", "ofActor", "ofPartner", "total", "expected", "lift", "p", "q", "tests", "fdr"]), outcome: row["outcome"], reason: row["reason"]
  }))
}

const strata = async (store: EvidenceStore): Promise<ReadonlyArray<ConsistencyRow>> => {
  const rows = await rowsOf(store, "likeCaseStratum", `SELECT policy, version, rule, likeValues, cases, outcomes, disagreement, discordantPairs FROM likeCaseStratum
    WHERE differing ORDER BY discordantPairs DESC, stratum LIMIT ${strataMax}`)
  return rows.map((row) => ({ kind: "stratum", policy: row["policy"], version: row["version"], rule: row["rule"], alike: row["likeValues"], outcomes: (row["outcomes"] as ReadonlyArray<{ outcome: string; cases: unknown }>).map(({ outcome, cases }) => ({ outcome, cases: Number(cases) })), ...numbers(row, ["cases", "disagreement", "discordantPairs"]) }))
}

const trends = async (store: EvidenceStore): Promise<ReadonlyArray<ConsistencyRow>> => {
  const rows = await rowsOf(store, "decisionContext", `SELECT policy, date_trunc('month', "at")::TIMESTAMP AS startsAt, count(*) AS decisions, count(*) FILTER (favourable) AS favourable,
    count(*) FILTER (contradiction = 'favour') AS beyondRule, count(*) FILTER (contradiction = 'against') AS againstCustomer
    FROM decisionContext WHERE version IS NOT NULL GROUP BY ALL ORDER BY policy, startsAt`)
  return rows.map((row) => ({ kind: "trend", policy: row["policy"], period: "month", startsAt: time(row["startsAt"]), ...numbers(row, ["decisions", "favourable", "beyondRule", "againstCustomer"]) }))
}

/** What was granted beyond the rule, approved or not, by policy, team and reason: over-compliance and its cost. */
const beyondRule = async (store: EvidenceStore): Promise<ReadonlyArray<ConsistencyRow>> => {
  const rows = await rowsOf(store, "decisionContext", `SELECT policy, team, coalesce(reasonCode, rule) AS reason, currency, count(*) AS decisions, count(*) FILTER (valid > 0) AS approved, sum(amount)::DOUBLE AS amount
    FROM decisionContext WHERE contradiction = 'favour' GROUP BY ALL ORDER BY policy, team, reason, currency`)
  return rows.map((row) => ({ kind: "beyondRule", policy: row["policy"], team: row["team"], reason: row["reason"], currency: row["currency"], ...numbers(row, ["decisions", "approved", "amount"]) }))
}

/**
 * Rows for the report's pictures and totals of consistency, from what the controls of this run left in the store.
 * People appear as `person` names them.
 */
export const consistencyRows = async (store: EvidenceStore, person: (name: string) => string): Promise<ReadonlyArray<ConsistencyRow>> =>
  [...await units(store, person), ...await groups(store), ...await limitRows(store), ...await concentrations(store, person), ...await strata(store), ...await trends(store), ...await beyondRule(store)]
