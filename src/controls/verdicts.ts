import type { EvidenceStore } from "../evidence/index.ts"
import type { Control, Outcome } from "./catalogue.ts"
import { ControlError, type Counts, judgementColumns, queryFails, summed, typed, unitTorn, unitTwice } from "./evaluate.ts"
import { unordered } from "./facts.ts"

/** The temp table of a connection that holds what came of each unit of the control judged last. */
export const verdictTable = "verdict"

/** Each outcome's bit in the column `outcome`. */
export const outcomeBits: Readonly<Record<Outcome, number>> = { fail: 1, notApplicable: 2, pass: 4, unverifiable: 8 }

/** How units are told apart and which of them by name. */
export type Naming = {
  /** SQL of the number of a recording's or a contact's id, given as SQL. */
  readonly subjectKey: (id: string) => string
  /** Whether the units of a control are needed by name, whatever came of them. */
  readonly named: (control: Control) => boolean
}

/** What a unit is about: recordings first, and contacts only where there is none. */
const subject = `coalesce(recordingId::VARCHAR, contactId::VARCHAR)`

/**
 * Runs a control's query into the temp table `verdict`. Nearly all units pass or are none of the control's business, and of those
 * only numbers are kept: unit (hash), level (0 recording, 1 contact) and subject (key), outcome (a bit) and the reason;
 * `name` is the unit's where it is asked for, and `failure` has the one whole row of a unit that fails.
 */
export const findVerdicts = async (lane: EvidenceStore, control: Control, { subjectKey, named }: Naming): Promise<void> => {
  const bit = Object.entries(outcomeBits).map(([outcome, value]) => `WHEN '${outcome}' THEN ${value}`).join(" ")
  const whole = judgementColumns.map(([name, type]) => `"${name}" := "${name}"::${type}`).join(", ")
  const columns = {
    unit: "CASE WHEN unit IS NOT NULL THEN hash(unit::VARCHAR) END",
    name: named(control) ? "unit::VARCHAR" : "NULL::VARCHAR",
    level: "CASE WHEN recordingId IS NOT NULL THEN 0 ELSE 1 END::UTINYINT",
    subject: `CASE WHEN ${subject} IS NOT NULL THEN ${subjectKey(subject)} END`,
    outcome: `CASE outcome::VARCHAR ${bit} ELSE 0 END::UTINYINT`,
    reason: "reason::VARCHAR",
    failure: `CASE WHEN outcome::VARCHAR = 'fail' THEN [struct_pack(${whole})] END`
  }
  const selected = Object.entries(columns).map(([name, value]) => `${value} AS ${name}`).join(", ")
  try {
    await lane.run(`CREATE OR REPLACE TEMP TABLE ${verdictTable} AS SELECT ${selected} FROM (${unordered(control.sql)}\n)`)
  } catch (cause) {
    throw queryFails(control, cause)
  }
}

/** A rule of the contract is broken, or two units have one hash: says which by asking the control again. */
const checkUnits = async (lane: EvidenceStore, control: Control): Promise<void> => {
  const [torn] = await lane.all(`SELECT bool_or(again) AS again FROM (SELECT unit IS NULL OR count(*) > count(DISTINCT (outcome, reason)) AS again FROM (${typed(control)}) GROUP BY unit HAVING count(*) > 1 OR unit IS NULL)`)
  if (torn?.["again"] !== null) throw torn?.["again"] === true ? unitTwice(control) : unitTorn(control)
}

/** Counts the units of `verdict` and checks the contract: units unique, outcomes known, every reason documented. */
export const countVerdicts = async (lane: EvidenceStore, control: Control): Promise<Counts> => {
  const words = Object.entries(outcomeBits).map(([outcome, value]) => `WHEN ${value} THEN '${outcome}'`).join(" ")
  const groups = await lane.all(`SELECT CASE outcome ${words} END AS outcome, reason, units FROM (SELECT outcome, reason, count(*)::INTEGER AS units FROM ${verdictTable} GROUP BY ALL) ORDER BY ALL`)
  if (groups.some(({ outcome }) => outcome === null)) {
    const [unknown] = await lane.all(`SELECT outcome FROM (${typed(control)}) WHERE outcome IS NULL OR outcome NOT IN (${Object.keys(outcomeBits).map((outcome) => `'${outcome}'`).join(", ")}) ORDER BY outcome LIMIT 1`)
    throw new ControlError(`${control.id} returns the outcome ${String(unknown?.["outcome"])}; it must be pass, fail, unverifiable or notApplicable.`)
  }
  const counts = summed(control, groups.map(({ outcome, reason, units }) => ({ outcome: String(outcome), reason: reason as string | null, units: Number(units) })))
  const [all] = await lane.all(`SELECT count(DISTINCT unit)::INTEGER AS units FROM ${verdictTable}`)
  if (all?.["units"] !== counts.population) await checkUnits(lane, control)
  return counts
}

/** Keeps the failures of `verdict` in the table `failed`, with the control's place in the catalogue. */
export const keepFailures = (lane: EvidenceStore, place: number): Promise<void> =>
  lane.run(`INSERT INTO failed SELECT ${place}, ${judgementColumns.map(([name]) => `f."${name}"`).join(", ")} FROM (SELECT failure[1] AS f FROM ${verdictTable} WHERE outcome = ${outcomeBits.fail})`)
