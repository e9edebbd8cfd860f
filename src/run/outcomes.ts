import { hash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { finished } from "node:stream/promises"
import { constants, createGzip } from "node:zlib"
import type { Control } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import { findingId } from "../findings/identity.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { Baseline } from "../findings/status.ts"

/** HMAC-SHA-256 (RFC 2104) of many texts under one key of at most 64 bytes: node:crypto prepares its key anew for each, which costs ten times as much. */
const keyedBy = (key: Uint8Array): (text: string) => string => {
  const block = Buffer.alloc(64)
  Buffer.from(key.length > 64 ? hash("sha256", key, "buffer") : key).copy(block)
  const [inner, outer] = [block.map((byte) => byte ^ 0x36), block.map((byte) => byte ^ 0x5c)]
  return (text) => hash("sha256", Buffer.concat([outer, hash("sha256", Buffer.concat([inner, Buffer.from(text, "utf8")]), "buffer")]), "hex")
}

/** Controls in one 128-bit word, four bits each; the sign bit stays free. */
const perWord = 31

const outcomeNames = ["fail", "notApplicable", "pass", "unverifiable"]

/** `"control":"fail+pass",…` of the words of bits that the units of one subject came out as. */
const spelled = (words: ReadonlyArray<string>, controls: ReadonlyArray<string>): string =>
  controls.flatMap((control, index) => {
    const bits = Number((BigInt(words[Math.floor(index / perWord)] ?? "0") >> BigInt(4 * (index % perWord))) & 15n)
    return bits === 0 ? [] : [`"${control}":"${outcomeNames.filter((_, bit) => (bits & (1 << bit)) !== 0).join("+")}"`]
  }).join(",")

const outcomeLine = (level: number, name: string, outcomes: string, keyed: (text: string) => string): string => {
  const key = level === 0 ? "recordingId" : "contactId"
  return `{"outcomes":{${outcomes}},"${key}":${JSON.stringify(name)},"salt":"${keyed(`${key}\0${name}`)}"}\n`
}

/**
 * What came of every unit of every control: a line a recording, so that one can be shown to have been judged and passed;
 * a line a contact for units of no recording. Units of neither (a grant, a source) are told by the populations that the core states.
 */
export class Outcomes {
  readonly #store: EvidenceStore
  readonly #controls: Array<string> = []

  constructor(store: EvidenceStore) {
    this.#store = store
  }

  /** Makes the temp tables, and the stored one that remembers which units ever failed. */
  async begin(): Promise<void> {
    await this.#store.run(`CREATE TABLE IF NOT EXISTS failedUnit (control VARCHAR, unit VARCHAR);
      CREATE OR REPLACE TEMP TABLE unitOutcome (level UTINYINT, subject VARCHAR, control UTINYINT, outcomes UTINYINT);
      CREATE OR REPLACE TEMP TABLE passingAgain (control VARCHAR, unit VARCHAR)`)
  }

  /** Keeps what the control just judged found. */
  async add(control: Control): Promise<void> {
    const index = this.#controls.push(control.id) - 1
    await this.#store.run(`INSERT INTO unitOutcome
      SELECT CASE WHEN recordingId IS NOT NULL THEN 0 ELSE 1 END AS level, coalesce(recordingId, contactId) AS subject, ${index}, bit_or(CASE outcome WHEN 'fail' THEN 1 WHEN 'notApplicable' THEN 2 WHEN 'pass' THEN 4 ELSE 8 END::UTINYINT)
      FROM judged WHERE coalesce(recordingId, contactId) IS NOT NULL GROUP BY level, subject`)
    await this.#store.run(`INSERT INTO passingAgain SELECT f.control, f.unit FROM failedUnit f JOIN judged j ON j.unit = f.unit WHERE f.control = '${control.id}' AND j.outcome = 'pass'`)
    await this.#store.run(`INSERT INTO failedUnit SELECT '${control.id}', unit FROM judged WHERE outcome = 'fail' AND unit NOT IN (SELECT unit FROM failedUnit WHERE control = '${control.id}')`)
  }

  /** Writes outcomes.ndjson.gz: recordings first, then contacts, each in order of their ids. */
  async write(folder: string, names: Pseudonymiser, idKey: Uint8Array): Promise<void> {
    const gzip = createGzip({ level: constants.Z_BEST_SPEED })
    const file = createWriteStream(join(folder, "outcomes.ndjson.gz"))
    gzip.pipe(file)
    const words = Array.from({ length: Math.ceil(this.#controls.length / perWord) }, (_, word) => word)
    const columns = words.map((word) => `bit_or(outcomes::HUGEINT << (4 * (control % ${perWord}))) FILTER (control // ${perWord} = ${word}) AS w${word}`)
    const known = new Map<string, string>()
    const keyed = keyedBy(idKey)
    if (words.length > 0) {
      for await (const rows of this.#store.batches(`SELECT level, subject, ${columns.join(", ")} FROM unitOutcome GROUP BY level, subject ORDER BY level, subject`)) {
        const lines = rows.map((row) => {
          const bits = words.map((word) => (row[`w${word}`] ?? "0") as string)
          const key = bits.join(" ")
          // Few patterns of outcomes are different, so that each is spelled out once.
          const outcomes = known.get(key) ?? spelled(bits, this.#controls)
          known.set(key, outcomes)
          return outcomeLine(Number(row["level"]), names.scrub(String(row["subject"])), outcomes, keyed)
        })
        if (!gzip.write(lines.join(""))) await new Promise((resolve) => { gzip.once("drain", resolve) })
      }
    }
    gzip.end()
    await finished(file)
  }

  /** Of findings that are missing now, those whose unit was judged again and passes. */
  async stillJudged(missing: ReadonlyArray<string>, baseline: Baseline | undefined, judged: ReadonlySet<string>, idKey: Uint8Array): Promise<ReadonlyArray<string>> {
    if (baseline === undefined || missing.length === 0) return []
    const rows = await this.#store.all(`SELECT DISTINCT control, unit FROM passingAgain ORDER BY ALL`)
    const passing = new Set(rows.filter((row) => judged.has(String(row["control"]))).map((row) => findingId(idKey, String(row["control"]), String(row["unit"]))))
    return missing.filter((id) => passing.has(id))
  }

  /** Drops the temp tables. */
  async end(): Promise<void> {
    await this.#store.run(`DROP TABLE IF EXISTS unitOutcome; DROP TABLE IF EXISTS passingAgain; DROP TABLE IF EXISTS judged`)
  }
}
