import type { EvidenceStore, Row } from "../evidence/index.ts"
import type { Pack } from "../policy/index.ts"
import type { Fact } from "./facts.ts"
import { judgeConcentrations } from "./concentration.ts"
import { type Group, type GroupDisparity, judgeGroups } from "./group-disparity.ts"
import { judgeBands } from "./limit-cluster.ts"
import { judgeUnits, type StatisticsSetting, type UnitDeviation } from "./unit-deviation.ts"

/** Column names with their DuckDB types, in the order of the table. */
type Columns = Readonly<Record<string, string>>

/** Counts and statistics carry so many decimals: enough to read, few enough that no two machines differ. */
const decimals = 1e6

const rounded = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : Math.round(value * decimals) / decimals)

/** Small probabilities keep their leading digits. */
const probability = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(6)))

/** Replaces a temp table by these rows; one crossing into DuckDB however many they are. */
const writeRows = async (store: EvidenceStore, table: string, columns: Columns, rows: ReadonlyArray<Readonly<Record<string, unknown>>>): Promise<void> => {
  const selected = Object.keys(columns).map((name) => `r."${name}"`).join(", ")
  await store.run(`CREATE OR REPLACE TABLE "${table}" AS SELECT ${selected} FROM (SELECT unnest(from_json(?::JSON, '${JSON.stringify([columns])}')) AS r)`, [JSON.stringify(rows)])
}

/** Rows that belong together: one family of tests each, fixed before anybody looks. */
const families = (rows: ReadonlyArray<Row>, keys: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<Row>> => {
  const found = new Map<string, Array<Row>>()
  for (const row of rows) {
    const key = JSON.stringify(keys.map((name) => row[name]))
    const family = found.get(key)
    if (family === undefined) found.set(key, [row])
    else family.push(row)
  }
  return [...found.values()]
}

const settingOf = (row: Row): StatisticsSetting =>
  ({ fdr: Number(row["fdr"]), minimumGroup: Number(row["minimumGroup"]), minimumEvents: Number(row["minimumEvents"]), material: Number(row["material"]) })

const withSetting = `JOIN statisticsSetting s ON s.packKey = t.packKey`
const settings = "s.fdr, s.minimumGroup, s.minimumEvents, s.material"

const unitColumns: Columns = {
  packKey: "VARCHAR", policy: "VARCHAR", startsAt: "TIMESTAMP", attribute: "VARCHAR", unit: "VARCHAR", cases: "BIGINT", favourable: "BIGINT", expected: "DOUBLE",
  ratio: "DOUBLE", z: "DOUBLE", adjustedZ: "DOUBLE", p: "DOUBLE", q: "DOUBLE", tests: "BIGINT", phi: "DOUBLE", tau2: "DOUBLE", shrunkRate: "DOUBLE", probabilityMaterial: "DOUBLE",
  outcome: "VARCHAR", reason: "VARCHAR"
}

const unitRow = (one: UnitDeviation) => ({
  unit: one.unit, cases: one.cases, favourable: one.favourable, expected: rounded(one.expected), ratio: rounded(one.ratio), z: rounded(one.z), adjustedZ: rounded(one.adjustedZ),
  p: probability(one.p), q: probability(one.q), tests: one.tests, phi: rounded(one.phi), tau2: rounded(one.tau2), shrunkRate: rounded(one.shrunkRate),
  probabilityMaterial: rounded(one.probabilityMaterial), outcome: one.outcome, reason: one.reason
})

const makeUnitDeviation = async (store: EvidenceStore): Promise<void> => {
  const rows = await store.all(`SELECT t.*, ${settings} FROM consistencyUnit t ${withSetting} ORDER BY t.packKey, t.policy, t.startsAt, t.attribute, t.unit`)
  const judged = families(rows, ["packKey", "policy", "startsAt", "attribute"]).flatMap((family) => {
    const { packKey, policy, startsAt, attribute } = family[0] as Row
    const units = family.map((row) => ({ unit: String(row["unit"]), cases: Number(row["cases"]), favourable: Number(row["favourable"]), expected: Number(row["expected"]) }))
    return judgeUnits(units, settingOf(family[0] as Row)).map((one) => ({ packKey, policy, startsAt, attribute, ...unitRow(one) }))
  })
  await writeRows(store, "unitDeviation", unitColumns, judged)
}

const groupColumns: Columns = {
  packKey: "VARCHAR", policy: "VARCHAR", startsAt: "TIMESTAMP", attribute: "VARCHAR", value: "VARCHAR", cases: "BIGINT", favourable: "BIGINT", restCases: "BIGINT", restFavourable: "BIGINT", strata: "BIGINT",
  method: "VARCHAR", statistic: "DOUBLE", p: "DOUBLE", q: "DOUBLE", tests: "BIGINT", odds: "DOUBLE", oddsLower: "DOUBLE", oddsUpper: "DOUBLE", impact: "DOUBLE", impactLower: "DOUBLE", impactUpper: "DOUBLE",
  pooledOdds: "DOUBLE", pooledP: "DOUBLE", homogeneityP: "DOUBLE", paradox: "BOOLEAN", needed: "BIGINT", outcome: "VARCHAR", reason: "VARCHAR"
}

const groupRow = (one: GroupDisparity) => ({
  attribute: one.attribute, value: one.value, cases: one.cases, favourable: one.favourable, restCases: one.restCases, restFavourable: one.restFavourable, strata: one.strata,
  method: one.method, statistic: rounded(one.statistic), p: probability(one.p), q: probability(one.q), tests: one.tests,
  odds: rounded(one.common?.estimate), oddsLower: rounded(one.common?.lower), oddsUpper: rounded(one.common?.upper),
  impact: rounded(one.impact?.estimate), impactLower: rounded(one.impact?.lower), impactUpper: rounded(one.impact?.upper),
  pooledOdds: rounded(one.pooledOdds), pooledP: probability(one.pooledP), homogeneityP: probability(one.homogeneityP), paradox: one.paradox, needed: one.needed, outcome: one.outcome, reason: one.reason
})

const groupsOf = (family: ReadonlyArray<Row>): ReadonlyArray<Group> =>
  families(family, ["attribute", "value"]).map((rows) => ({
    attribute: String(rows[0]?.["attribute"]), value: String(rows[0]?.["value"]),
    cells: rows.map((row) => ({ stratum: Number(row["stratum"]), cases: Number(row["cases"]), favourable: Number(row["favourable"]), restCases: Number(row["restCases"]), restFavourable: Number(row["restFavourable"]) }))
  }))

const makeGroupDisparity = async (store: EvidenceStore): Promise<void> => {
  const rows = await store.all(`SELECT t.*, ${settings} FROM groupCell t ${withSetting} ORDER BY t.packKey, t.policy, t.startsAt, t.attribute, t.value, t.stratum`)
  const judged = families(rows, ["packKey", "policy", "startsAt"]).flatMap((family) => {
    const { packKey, policy, startsAt } = family[0] as Row
    return judgeGroups(groupsOf(family), settingOf(family[0] as Row)).map((one) => ({ packKey, policy, startsAt, ...groupRow(one) }))
  })
  await writeRows(store, "groupDisparity", groupColumns, judged)
}

const limitColumns: Columns = {
  packKey: "VARCHAR", policy: "VARCHAR", startsAt: "TIMESTAMP", role: "VARCHAR", scope: "VARCHAR", limit: "DOUBLE", band: "DOUBLE", upper: "BIGINT", lower: "BIGINT", p: "DOUBLE", q: "DOUBLE", tests: "BIGINT", outcome: "VARCHAR", reason: "VARCHAR"
}

const makeLimitCluster = async (store: EvidenceStore): Promise<void> => {
  const rows = await store.all(`SELECT t.*, ${settings} FROM limitBand t ${withSetting} ORDER BY t.packKey, t.policy, t.startsAt, t.role, t.scope`)
  const judged = families(rows, ["packKey", "policy", "startsAt"]).flatMap((family) => {
    const { packKey, policy, startsAt } = family[0] as Row
    const bands = family.map((row) => ({ role: String(row["role"]), scope: row["scope"], limit: Number(row["limit"]), band: Number(row["band"]), upper: Number(row["upper"]), lower: Number(row["lower"]) }))
    return judgeBands(bands, settingOf(family[0] as Row)).map((one) => ({ packKey, policy, startsAt, ...one, p: probability(one.p), q: probability(one.q) }))
  })
  await writeRows(store, "limitCluster", limitColumns, judged)
}

const concentrationColumns: Columns = {
  kind: "VARCHAR", packKey: "VARCHAR", policy: "VARCHAR", startsAt: "TIMESTAMP", team: "VARCHAR", actor: "VARCHAR", partner: "VARCHAR", together: "BIGINT", ofActor: "BIGINT", ofPartner: "BIGINT", total: "BIGINT",
  expected: "DOUBLE", lift: "DOUBLE", p: "DOUBLE", q: "DOUBLE", tests: "BIGINT", outcome: "VARCHAR", reason: "VARCHAR"
}

const makeConcentration = async (store: EvidenceStore): Promise<void> => {
  const rows = await store.all(`SELECT t.* EXCLUDE (decisionIds), ${settings} FROM concentrationCell t ${withSetting} ORDER BY t.kind, t.packKey, t.policy, t.startsAt, t.team, t.actor, t.partner`)
  const judged = families(rows, ["kind", "packKey", "policy", "startsAt"]).flatMap((family) => {
    const { kind, packKey, policy, startsAt } = family[0] as Row
    const cells = family.map((row) => ({ team: String(row["team"]), actor: String(row["actor"]), partner: String(row["partner"]), together: Number(row["together"]), ofActor: Number(row["ofActor"]), ofPartner: Number(row["ofPartner"]), total: Number(row["total"]) }))
    return judgeConcentrations(cells, settingOf(family[0] as Row)).map((one) =>
      ({ kind, packKey, policy, startsAt, ...one, expected: rounded(one.expected), lift: rounded(one.lift), p: probability(one.p), q: probability(one.q) }))
  })
  await writeRows(store, "concentration", concentrationColumns, judged)
}

/** The facts that a decision policy declares: what it looks at, and all that a comparison may show. */
const makePolicyFact = (packs: ReadonlyArray<Pack>) => (store: EvidenceStore): Promise<void> =>
  writeRows(store, "policyFact", { packKey: "VARCHAR", policy: "VARCHAR", name: "VARCHAR" },
    packs.flatMap((pack) => pack.decisions.flatMap((decision) => Object.keys(decision.facts).sort().map((name) => ({ packKey: pack.packKey, policy: decision.id, name })))))

/**
 * Facts of consistency that SQL alone cannot tell: tests of units, groups, limits and pairs over small aggregates
 * (`consistencyUnit`, `groupCell`, `limitBand`, `concentrationCell`), and the declared facts of each policy.
 */
export const consistencyFacts = (packs: ReadonlyArray<Pack>): ReadonlyArray<Fact> => [
  { name: "policyFact", needs: [], make: makePolicyFact(packs) },
  { name: "unitDeviation", needs: ["consistencyUnit", "statisticsSetting"], make: makeUnitDeviation },
  { name: "groupDisparity", needs: ["groupCell", "statisticsSetting"], make: makeGroupDisparity },
  { name: "limitCluster", needs: ["limitBand", "statisticsSetting"], make: makeLimitCluster },
  { name: "concentration", needs: ["concentrationCell", "statisticsSetting"], make: makeConcentration }
]
