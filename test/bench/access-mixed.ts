/**
 * `node test/bench/access-mixed.ts [--contacts 5000] [--seed 1]`: how well explanations tell accesses that had a reason from
 * accesses that had none (Fabbri and LeFevre 2011). A synthetic access log, 99 % of it ordinary, is audited alone: shares by
 * template, what remains, what was planted and found. Then as many random rows (random staff, recording and time) are mixed in:
 * recall = share of real rows explained, precision = explained real rows of all that are explained. Rows are successful
 * accesses other than list; planted breaches of explanation count as real rows without a reason.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"
import type { Summary } from "../../src/report/summary.ts"
import { simulate } from "../../src/simulate/index.ts"

const { values } = parseArgs({ options: { contacts: { type: "string", default: "5000" }, seed: { type: "string", default: "1" } } })

type Row = { readonly kind: string; readonly id: string; readonly at: string; readonly action: string; readonly outcome: string; readonly actor: { readonly id: string; readonly type: string }; readonly startedAt: string }
type Named = { readonly control: string; readonly contactId?: string; readonly recordingId?: string; readonly party?: string; readonly staff?: string }

const numbered = ["anonymous", "unknown-actor", "unauthorised-monitoring", "grant-expired", "explanation-backdated", "unexplained"].map((name) => `access/${name}`)
const families = ["access/", "evidence/"]

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(2)} %`
const linesOf = (file: string): ReadonlyArray<unknown> => readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as unknown)
const recordsIn = (estate: string, source: string): ReadonlyArray<Row> => readdirSync(join(estate, source)).sort().flatMap((name) => linesOf(join(estate, source, name)) as ReadonlyArray<Row>)
const named = ({ control, contactId = "", recordingId = "", party = "", staff = "" }: Named): string => [control, contactId, recordingId, party, staff].join(" ")

/** xorshift32: the same random rows for the same seed. */
const dice = (seed: number) => {
  let state = (seed * 2654435761) >>> 0 || 1
  return (below: number): number => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const audited = async (estate: string, only: string, asOf: string): Promise<{ readonly findings: ReadonlyArray<Finding>; readonly summary: Summary }> => {
  rmSync(join(estate, ".earshot"), { recursive: true, force: true })
  const { folder, summary } = await audit({ pipeline: join(estate, "pipeline.yaml"), flags: { asOf, only }, env: { EARSHOT_IDENTITIES: "clear", EARSHOT_FORMATS: "csv" } })
  return { findings: linesOf(join(folder, "findings.ndjson")) as ReadonlyArray<Finding>, summary }
}

const tellAlone = (estate: string, { findings, summary }: Awaited<ReturnType<typeof audited>>, rows: number): void => {
  const { sessions, byTemplate, unexplained } = summary.explanations
  say(`the log alone: ${rows} accesses, ${sessions} sessions`)
  for (const [template, count] of Object.entries(byTemplate).sort(([, a], [, b]) => b - a)) say(`  ${template}: ${percent(count, sessions)}`)
  say(`  nothing explains it: ${unexplained} sessions, ${percent(unexplained, sessions)}`)
  const own = findings.filter(({ control }) => families.some((family) => control.startsWith(family)))
  const labels = (linesOf(join(estate, "labels.ndjson")) as ReadonlyArray<Named>).filter(({ control }) => families.some((family) => control.startsWith(family)))
  const [planted, found] = [new Set(labels.map(named)), new Set(own.map(named))]
  const wrong = own.filter((finding) => !planted.has(named(finding)))
  say(`remaining: ${own.filter(({ kind }) => kind === "finding").length} findings, ${own.filter(({ kind }) => kind === "lead").length} leads`)
  say(`planted: ${planted.size}, found ${[...planted].filter((one) => found.has(one)).length}, wrongly raised ${wrong.filter(({ kind }) => kind === "finding").length} findings and ${wrong.filter(({ kind }) => kind === "lead").length} leads`)
}

const estate = mkdtempSync(join(tmpdir(), "earshot-mixed-"))
try {
  const { asOf } = simulate({ contacts: Number(values.contacts), seed: Number(values.seed), out: estate })
  const isReal = ({ kind, outcome, action }: Row): boolean => kind === "access" && outcome === "success" && action !== "list"
  const real = ["access-log", "storage-log", "desktop-log"].flatMap((source) => recordsIn(estate, source)).filter(isReal)
  tellAlone(estate, await audited(estate, "access/*,evidence/*", asOf), real.length)

  const staff = recordsIn(estate, "workforce").filter(({ kind }) => kind === "staff")
  const recordings = recordsIn(estate, "contacts").filter(({ kind }) => kind === "recording")
  const roll = dice(Number(values.seed))
  const random = real.map((_, index) => {
    const recording = recordings[roll(recordings.length)]
    const since = Date.parse(recording?.startedAt ?? asOf)
    const at = new Date(since + roll(Date.parse(asOf) - since)).toISOString()
    return { kind: "access", id: `random-${index}`, at, actor: { id: staff[roll(staff.length)]?.id, type: "user" }, action: "play", recordingId: recording?.id, outcome: "success" }
  })
  mkdirSync(join(estate, "mixed"))
  writeFileSync(join(estate, "mixed/part-0001.ndjson"), random.map((row) => `${JSON.stringify(row)}\n`).join(""))
  const pipeline = join(estate, "pipeline.yaml")
  writeFileSync(pipeline, readFileSync(pipeline, "utf8").replace("\nevidence:", "\n  - {id: mixed, uri: mixed/, provides: [access]}\nevidence:"))
  const { findings, summary } = await audited(estate, numbered.join(","), asOf)
  const ids = new Set(findings.filter(({ control }) => numbered.includes(control)).flatMap(({ evidence }) => evidence.filter(({ kind }) => kind === "access").map(({ id }) => id)))
  const explainedReal = real.filter(({ id }) => !ids.has(id)).length
  const explainedRandom = random.filter(({ id }) => !ids.has(id)).length
  say(`mixed with ${random.length} random rows:`)
  say(`  real rows explained (recall): ${percent(explainedReal, real.length)}`)
  say(`  random rows unexplained: ${percent(random.length - explainedRandom, random.length)}`)
  say(`  precision: ${percent(explainedReal, explainedReal + explainedRandom)}`)
  say(`  sessions that the records cannot tell (counted as explained): ${summary.explanations.byTemplate["undecided"] ?? 0}`)
} finally {
  rmSync(estate, { recursive: true, force: true })
}
