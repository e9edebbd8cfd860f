import type { TreeHead } from "../attest/index.ts"
import { type Control, type Judged, type Naming, outcomeBits, unordered, verdictTable } from "../controls/index.ts"
import { type EvidenceStore, recordColumns } from "../evidence/index.ts"
import { findingId } from "../findings/identity.ts"
import type { Baseline } from "../findings/status.ts"
import { threadRowsMin, writeHere, writeInThread } from "./file-thread.ts"
import { type OutcomeRows, OutcomesFile, type OutcomesFileSettings } from "./outcomes-file.ts"

/** Where records name recordings (level 0) and contacts (1), as their schemas say: nearly every unit is about one of these. */
const named: ReadonlyArray<readonly [level: 0 | 1, table: string, column: string]> = [...recordColumns].flatMap(([kind, columns]) => columns.flatMap(({ name, type, names }) =>
  names === "recording" || names === "contact" ? [[names === "recording" ? 0 : 1, kind, type.endsWith("[]") ? `unnest(${name})` : name] as const] : []))

/** Controls in one 64-bit word, four bits each. */
const perWord = 16

/** Outcomes that settle a finding: nobody need wait for its unit to be judged again. */
const settled = [outcomeBits.pass, outcomeBits.notApplicable].join(", ")

const outcomeNames = ["fail", "notApplicable", "pass", "unverifiable"]

/** `"control":"fail+pass",…` of the words of bits that the units of one subject came out as. */
const spelled = (words: ReadonlyArray<string>, controls: ReadonlyArray<string>): string =>
  controls.flatMap((control, index) => {
    const bits = Number((BigInt(words[Math.floor(index / perWord)] ?? "0") >> BigInt(4 * (index % perWord))) & 15n)
    return bits === 0 ? [] : [`"${control}":"${outcomeNames.filter((_, bit) => (bits & (1 << bit)) !== 0).join("+")}"`]
  }).join(",")

/**
 * What came of every unit of every control: a line a recording, so that one can be shown to have been judged and passed;
 * a line a contact for units of no recording. Units of neither (a grant, a source) are told by the populations that the core states.
 */
export class Outcomes {
  readonly #store: EvidenceStore
  readonly #controls: ReadonlyArray<Control>
  /** Chosen so that no two subjects have the same key. */
  #salt = 0
  #failedBefore: ReadonlySet<string> = new Set()

  readonly #factsOf: (control: Control) => Promise<void>

  /** For these controls, in their order; `factsOf` makes again what a control reads and what went once nothing seemed to need it. */
  constructor(store: EvidenceStore, controls: ReadonlyArray<Control>, factsOf: (control: Control) => Promise<void>) {
    this.#store = store
    this.#controls = controls
    this.#factsOf = factsOf
  }

  /** Makes the run's tables, and the stored one that remembers which units ever failed. What the baseline found counts also where the store was made anew. */
  async begin(baseline: Baseline | undefined, idKey: Uint8Array): Promise<void> {
    await this.#store.run(`CREATE TABLE IF NOT EXISTS stored.failedUnit (control VARCHAR, unit VARCHAR);
      CREATE OR REPLACE TABLE unitOutcome (level UTINYINT, "key" UBIGINT, control USMALLINT, outcomes UTINYINT);
      CREATE OR REPLACE TABLE judgedAgain (control VARCHAR, unit VARCHAR, outcome UTINYINT);
      CREATE OR REPLACE TABLE foundBefore (control VARCHAR, subject VARCHAR)`)
    await this.#nameSubjects()
    const remembered = new Set((await this.#store.all("SELECT control, unit FROM failedUnit")).map((row) => findingId(idKey, String(row["control"]), String(row["unit"]))))
    // Findings whose units this store never saw fail (it is new, or in memory): their units are looked for among those of their subject.
    const found = [...(baseline?.findings ?? [])].flatMap(([id, { control, subject }]) => remembered.has(id) ? [] : [{ control, subject }])
    await this.#store.run(`INSERT INTO foundBefore SELECT DISTINCT f.control, f.subject FROM (SELECT unnest(from_json(?::VARCHAR::JSON, '[{"control": "VARCHAR", "subject": "VARCHAR"}]')) AS f)`, [JSON.stringify(found)])
    this.#failedBefore = new Set((await this.#store.all("SELECT control FROM failedUnit UNION SELECT control FROM foundBefore")).map((row) => String(row["control"])))
  }

  /** Recordings and contacts by a number: many controls judge each, and names kept for every outcome would fill the memory. */
  async #nameSubjects(): Promise<void> {
    for (;; this.#salt++) {
      await this.#store.run(`CREATE OR REPLACE TABLE subjectName AS SELECT level, subject, hash(subject, ${this.#salt}) AS "key"
        FROM (${named.map(([level, table, column]) => `SELECT ${level}::UTINYINT AS level, ${column} AS subject FROM stored_${table}`).join(" UNION ")}) WHERE subject IS NOT NULL`)
      const [same] = await this.#store.all(`SELECT 1 AS one FROM subjectName GROUP BY level, "key" HAVING count(*) > 1 LIMIT 1`)
      if (same === undefined) return
    }
  }

  /** Adds the names of subjects that stand in no record (a control of the pipeline's own may make some), by asking their controls again. */
  async #nameOthers(): Promise<void> {
    const rows = await this.#store.all(`SELECT DISTINCT control FROM unitOutcome SEMI JOIN (FROM subjectOutcome ANTI JOIN subjectName USING (level, "key")) USING (level, "key") ORDER BY control`)
    for (const { control: place } of rows) {
      const control = this.#controls[Number(place)]
      if (control === undefined) continue
      await this.#factsOf(control)
      await this.#store.run(`INSERT INTO subjectName SELECT DISTINCT s.level, s.subject, hash(s.subject, ${this.#salt})
        FROM (SELECT CASE WHEN recordingId IS NOT NULL THEN 0 ELSE 1 END AS level, coalesce(recordingId::VARCHAR, contactId::VARCHAR) AS subject FROM (${unordered(control.sql)}\n)) s
        WHERE s.subject IS NOT NULL AND (s.level, s.subject) NOT IN (SELECT (level, subject) FROM subjectName)`)
    }
  }

  /** How units are numbered and named for these outcomes, once they are begun. */
  get naming(): Naming {
    return { subjectKey: (id) => `hash(${id}, ${this.#salt})`, named: (control) => this.#failedBefore.has(control.id) }
  }

  /** Keeps what the control just judged on that connection found; its place is the one among the controls. */
  async add(lane: EvidenceStore, { control, counts }: Judged, place: number): Promise<void> {
    await lane.run(`INSERT INTO unitOutcome SELECT level, subject, ${place}, outcome FROM ${verdictTable} WHERE subject IS NOT NULL`)
    if (this.#failedBefore.has(control.id)) await lane.run(`INSERT INTO judgedAgain SELECT '${control.id}', name, outcome FROM ${verdictTable} SEMI JOIN (SELECT unit FROM failedUnit WHERE control = '${control.id}') f ON f.unit = name WHERE outcome IN (${settled})
      UNION SELECT '${control.id}', name, outcome FROM ${verdictTable} v SEMI JOIN (SELECT CASE WHEN subject IS NOT NULL THEN ${this.naming.subjectKey("subject")} END AS "key" FROM foundBefore WHERE control = '${control.id}') f ON v.subject IS NOT DISTINCT FROM f."key" WHERE outcome IN (${settled})`)
    if (counts.fail > 0) await lane.run(`INSERT INTO failedUnit SELECT '${control.id}', unit FROM (SELECT failure[1].unit AS unit FROM ${verdictTable} WHERE outcome = ${outcomeBits.fail}) WHERE unit NOT IN (SELECT unit FROM failedUnit WHERE control = '${control.id}')`)
  }

  /**
   * Gathers the outcomes of each subject, once everything is judged, and gives every different set of them spelled out.
   * A row for each unit of each control goes here, so that what sorts after it has the room.
   */
  async gather(): Promise<ReadonlyArray<string>> {
    const words = Array.from({ length: Math.ceil(this.#controls.length / perWord) }, (_, word) => `w${word}`)
    if (words.length === 0) return []
    const columns = words.map((name, word) => `coalesce(bit_or(outcomes::UBIGINT << (4 * (control % ${perWord}))::UBIGINT) FILTER (control // ${perWord} = ${word}), 0) AS ${name}`)
    await this.#store.run(`CREATE OR REPLACE TABLE subjectOutcome AS SELECT level, "key", ${columns.join(", ")} FROM unitOutcome GROUP BY level, "key"`)
    await this.#nameOthers()
    await this.#store.run(`DROP TABLE unitOutcome;
      CREATE OR REPLACE TABLE outcomePattern AS SELECT *, (row_number() OVER () - 1)::INTEGER AS pattern FROM (SELECT DISTINCT ${words.join(", ")} FROM subjectOutcome)`)
    const rows = await this.#store.all(`SELECT ${words.join(", ")} FROM outcomePattern ORDER BY pattern`)
    return rows.map((row) => spelled(words.map((word) => String(row[word])), this.#controls.map(({ id }) => id)))
  }

  async *#rows(): AsyncGenerator<OutcomeRows> {
    for await (const [levels = [], subjects = [], places = []] of this.#store.columns(`SELECT level, n.subject, pattern FROM subjectOutcome NATURAL JOIN outcomePattern JOIN subjectName n USING (level, "key") ORDER BY level, n.subject`)) {
      yield { levels, subjects, places } as OutcomeRows
    }
  }

  /** Writes outcomes.ndjson.gz of what was gathered: recordings first, then contacts, each in order of their ids; gives the head of its tree. */
  async write(settings: OutcomesFileSettings): Promise<TreeHead> {
    if (settings.patterns.length === 0) return new OutcomesFile(settings).close()
    const [gathered] = await this.#store.all("SELECT count(*)::INTEGER AS subjects FROM subjectOutcome")
    return Number(gathered?.["subjects"]) < threadRowsMin ? writeHere(new OutcomesFile(settings), this.#rows()) : writeInThread("outcomesWorker", settings, this.#rows())
  }

  /** Of findings that are missing now, those whose unit was judged again and passes, and those whose unit the question no longer touches. */
  async stillJudged(missing: ReadonlyArray<string>, baseline: Baseline | undefined, judged: ReadonlySet<string>, idKey: Uint8Array): Promise<{ readonly passing: ReadonlyArray<string>; readonly notApplicable: ReadonlyArray<string> }> {
    if (baseline === undefined || missing.length === 0) return { passing: [], notApplicable: [] }
    const asked = new Set(missing)
    const outcomes = new Map<string, unknown>()
    // One at a time: in a store that remembers nothing they may be all units of a control.
    for await (const [controls = [], units = [], found = []] of this.#store.columns("SELECT control, unit, outcome FROM judgedAgain")) {
      for (const [row, unit] of units.entries()) {
        const control = String(controls[row])
        const id = judged.has(control) ? findingId(idKey, control, String(unit)) : ""
        if (asked.has(id)) outcomes.set(id, found[row])
      }
    }
    return { passing: missing.filter((id) => outcomes.get(id) === outcomeBits.pass), notApplicable: missing.filter((id) => outcomes.get(id) === outcomeBits.notApplicable) }
  }

  /** Drops the run's tables. */
  async end(): Promise<void> {
    await this.#store.run(`DROP TABLE IF EXISTS unitOutcome; DROP TABLE IF EXISTS subjectName; DROP TABLE IF EXISTS subjectOutcome; DROP TABLE IF EXISTS outcomePattern; DROP TABLE IF EXISTS judgedAgain; DROP TABLE IF EXISTS foundBefore`)
  }
}
