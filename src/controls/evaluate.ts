import type { EvidenceStore, Row } from "../evidence/index.ts"
import type { Control, Outcome } from "./catalogue.ts"
import { unordered } from "./facts.ts"

/** A row of a control's query, as every control returns it. */
export type Judgement = {
  readonly unit: string
  readonly at: string | null
  readonly contactId: string | null
  readonly recordingId: string | null
  readonly party: string | null
  readonly staff: string | null
  readonly outcome: Outcome
  readonly reason: string | null
  readonly severity: string | null
  readonly cause: string | null
  readonly packKey: string | null
  readonly ruleRef: string | null
  readonly law: ReadonlyArray<{ readonly jurisdiction: string; readonly version: string; readonly citation: string }> | null
  readonly evidence: ReadonlyArray<{ readonly kind: string; readonly id: string }> | null
  readonly contrary: ReadonlyArray<{ readonly kind: string; readonly id: string }> | null
  readonly searched: ReadonlyArray<string> | null
  readonly details: Readonly<Record<string, unknown>> | null
}

/** The columns of every control's query, in order, with their types. */
export const judgementColumns: ReadonlyArray<readonly [string, string]> = [
  ["unit", "VARCHAR"], ["at", "TIMESTAMP"], ["contactId", "VARCHAR"], ["recordingId", "VARCHAR"], ["party", "VARCHAR"], ["staff", "VARCHAR"],
  ["outcome", "VARCHAR"], ["reason", "VARCHAR"], ["severity", "VARCHAR"], ["cause", "VARCHAR"], ["packKey", "VARCHAR"], ["ruleRef", "VARCHAR"],
  ["law", "STRUCT(jurisdiction VARCHAR, version VARCHAR, citation VARCHAR)[]"], ["evidence", "STRUCT(kind VARCHAR, id VARCHAR)[]"],
  ["contrary", "STRUCT(kind VARCHAR, id VARCHAR)[]"], ["searched", "VARCHAR[]"], ["details", "JSON"]
]

/** Counts of one control; population is the sum of the four outcomes. */
export type Counts = {
  readonly population: number
  readonly pass: number
  readonly fail: number
  readonly unverifiable: number
  readonly notApplicable: number
  /** Units by `<outcome>:<reason>`. */
  readonly reasons: Readonly<Record<string, number>>
}

/** A control's query broke its contract; the sentence names the control, what it returned and where. */
export class ControlError extends Error {
  override readonly name = "ControlError"
}

/** A control's query, typed, with the columns of the contract. */
export const typed = (control: Control): string =>
  `SELECT ${judgementColumns.map(([name, type]) => `"${name}"::${type} AS "${name}"`).join(", ")} FROM (${unordered(control.sql)}\n)`

/** What DuckDB says of a control's query. */
export const queryFails = (control: Control, cause: unknown): ControlError =>
  new ControlError(`The query of ${control.id} fails; read control.sql in ${control.folder}. ${cause instanceof Error ? cause.message : ""}`, { cause })

/** The rows of a control's query that meet a condition on its columns, each as JSON text, in the order of units: for the few of a small estate. */
export const judgedTexts = async (store: EvidenceStore, control: Control, condition = "true"): Promise<ReadonlyArray<string>> => {
  try {
    return (await store.all(`SELECT to_json(j)::VARCHAR AS "row" FROM (${typed(control)}) j WHERE ${condition} ORDER BY unit`)).map((row) => row["row"] as string)
  } catch (cause) {
    throw queryFails(control, cause)
  }
}

/** How many units came out alike. */
type Group = { readonly outcome: string; readonly reason: string | null; readonly units: number }

/** The sum of the groups; fails where an outcome is unknown or its reason not documented. */
export const summed = (control: Control, groups: ReadonlyArray<Group>): Counts => {
  const totals: Record<Outcome, number> = { pass: 0, fail: 0, unverifiable: 0, notApplicable: 0 }
  const reasons: Record<string, number> = {}
  for (const { outcome, reason, units } of groups) {
    if (!Object.hasOwn(totals, outcome)) throw new ControlError(`${control.id} returns the outcome ${outcome}; it must be pass, fail, unverifiable or notApplicable.`)
    if (outcome !== "pass" && (reason === null || control.reasons[reason]?.outcome !== outcome)) {
      throw new ControlError(`${control.id} returns ${outcome} with reason ${String(reason)}, which its control.yaml does not document for that outcome.`)
    }
    totals[outcome as Outcome] += units
    if (reason !== null) reasons[`${outcome}:${reason}`] = units
  }
  return { population: totals.pass + totals.fail + totals.unverifiable + totals.notApplicable, ...totals, reasons }
}

/** The control breaks the contract: a unit comes twice alike, or has no name. */
export const unitTwice = (control: Control): ControlError => new ControlError(`${control.id} returns a unit twice or without a name.`)
/** The control breaks the contract: a unit comes out in two ways. */
export const unitTorn = (control: Control): ControlError => new ControlError(`${control.id} gives one unit two outcomes.`)

/** Counts rows in memory and checks the contract: units unique, outcomes known, every reason documented. */
export const countRows = (control: Control, rows: ReadonlyArray<Judgement>): Counts => {
  const groups = new Map<string, Group>()
  const units = new Map<string | null, string>()
  for (const { unit, outcome, reason } of rows) {
    const key = `${outcome}:${reason}`
    const seen = units.get(unit)
    if (unit === null || seen !== undefined) throw seen === undefined || seen === key ? unitTwice(control) : unitTorn(control)
    units.set(unit, key)
    groups.set(key, { outcome, reason, units: (groups.get(key)?.units ?? 0) + 1 })
  }
  return summed(control, [...groups.values()])
}

const judgementOf = (row: Row): Judgement => ({
  ...(row as unknown as Judgement),
  details: typeof row["details"] === "string" ? JSON.parse(row["details"]) as Record<string, unknown> : null
})

/** Makes the temp table `failed`: the rows that failed, of all controls, with each control's place in the catalogue. */
export const beginFailed = async (store: EvidenceStore): Promise<void> => {
  await store.run(`CREATE OR REPLACE TABLE failed (place INTEGER, ${judgementColumns.map(([name, type]) => `"${name}" ${type}`).join(", ")})`)
}

/** What failed, in batches, in order of control and unit. */
export async function* failedInOrder(store: EvidenceStore): AsyncGenerator<ReadonlyArray<Judgement & { readonly place: number }>> {
  for await (const rows of store.batches("SELECT * FROM failed ORDER BY place, unit")) {
    yield rows.map((row) => ({ ...judgementOf(row), place: Number(row["place"]) }))
  }
}
