/**
 * `node test/bench/audit.ts [--contacts 50000] [--rounds 3] [--keep DIR]` after `npm run build`: a first night with everything
 * (validate, hash, quarantine, store, judge, report, sign), interleaved with a script written by hand that reads the same files
 * and answers the same core questions with no validation. Medians; ratios matter, not seconds. Also: a second night on an
 * unchanged estate, a third with one record in a hundred more, and `--help`.
 */
import { closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { cost, type Cost } from "./processes.ts"

const { values } = parseArgs({ options: { contacts: { type: "string", default: "50000" }, rounds: { type: "string", default: "3" }, keep: { type: "string" } } })

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url))
const handwritten = fileURLToPath(new URL("handwritten.ts", import.meta.url))
const asOf = "2026-07-01T00:00:00Z"

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

const median = (numbers: ReadonlyArray<number>): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

const wanted = async (what: string, running: Promise<Cost>): Promise<Cost> => {
  const done = await running
  if (done.code !== 0) throw new Error(`${what} ended with ${String(done.code)}:\n${done.stderr}`)
  return done
}

const objectsOf = (estate: string): ReadonlyArray<string> => readdirSync(estate, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ndjson") && entry.name !== "labels.ndjson" && entry.parentPath !== estate && !entry.parentPath.includes("reports"))
  .map((entry) => join(entry.parentPath, entry.name))

/** Takes the last hundredth of each object away, from a line's beginning on, and gives what puts it back as objects of its own. */
const holdBack = (estate: string): (() => void) => {
  const held = objectsOf(estate).map((file, place) => {
    const { size } = statSync(file)
    const tail = Buffer.alloc(Math.ceil(size / 100))
    const handle = openSync(file, "r+")
    readSync(handle, tail, 0, tail.length, size - tail.length)
    const from = tail.indexOf(10) + 1
    ftruncateSync(handle, size - tail.length + from)
    closeSync(handle)
    const aside = join(estate, ".held")
    mkdirSync(aside, { recursive: true })
    writeFileSync(join(aside, `${place}`), tail.subarray(from))
    return { from: join(aside, `${place}`), to: file.replace(/\.ndjson$/, "-late.ndjson"), bytes: tail.length - from }
  })
  return () => { for (const { from, to, bytes } of held) if (bytes > 0) renameSync(from, to) }
}

const bytesBelow = (estate: string): number => objectsOf(estate).reduce((sum, file) => sum + statSync(file).size, 0)

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

type Told = { readonly totals: { readonly read: number }; readonly timings: Readonly<Record<string, number>> }

const newestSummary = (estate: string): Told => {
  const newest = readdirSync(join(estate, "reports")).filter((name) => name.startsWith("20")).sort().at(-1) ?? ""
  return JSON.parse(readFileSync(join(estate, "reports", newest, "summary.json"), "utf8")) as Told
}

const estate = values.keep ?? mkdtempSync(join(tmpdir(), "earshot-bench-"))
try {
  if (!existsSync(join(estate, "pipeline.yaml"))) await wanted("simulate", cost(tmpdir(), main, "simulate", "--contacts", values.contacts, "--seed", "1", "--out", estate))
  const putBack = holdBack(estate)
  const bytes = bytesBelow(estate)
  const nights: Array<Cost> = []
  const scripts: Array<Cost> = []
  for (let round = 0; round < Number(values.rounds); round += 1) {
    rmSync(join(estate, ".earshot"), { recursive: true, force: true })
    rmSync(join(estate, "reports"), { recursive: true, force: true })
    scripts.push(await wanted("the script", cost(estate, handwritten, estate, asOf, join(estate, ".answers.json"))))
    nights.push(await wanted("the audit", cost(estate, main, "run", "pipeline.yaml", "--as-of", asOf)))
    say(`round ${round + 1}: audit ${nights.at(-1)?.seconds.toFixed(1)} s, script ${scripts.at(-1)?.seconds.toFixed(1)} s`)
  }
  const { totals, timings } = newestSummary(estate)
  const again = await wanted("the second night", cost(estate, main, "run", "pipeline.yaml", "--as-of", asOf))
  putBack()
  const more = await wanted("the third night", cost(estate, main, "run", "pipeline.yaml", "--as-of", asOf))
  const help = await wanted("--help", cost(estate, main, "--help"))
  const audit = median(nights.map(({ seconds }) => seconds))
  const script = median(scripts.map(({ seconds }) => seconds))
  say(`contacts ${values.contacts}, records ${totals.read}, ${megabytes(bytes)} of NDJSON`)
  say(`first night ${audit.toFixed(1)} s, script by hand ${script.toFixed(1)} s, ratio ${(audit / script).toFixed(2)}`)
  say(`${(bytes / 1e6 / audit).toFixed(1)} MB/s, ${Math.round(totals.read / audit)} records/s`)
  say(`peak memory of all processes: audit ${megabytes(Math.max(...nights.map(({ peakBytes }) => peakBytes)))}, script ${megabytes(Math.max(...scripts.map(({ peakBytes }) => peakBytes)))}`)
  say(`stages: ${Object.entries(timings).map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)} s`).join(", ")}`)
  say(`second night, nothing new: ${again.seconds.toFixed(1)} s; third, one record in a hundred new: ${more.seconds.toFixed(1)} s`)
  say(`--help: ${help.seconds.toFixed(2)} s`)
} finally {
  if (values.keep === undefined) rmSync(estate, { recursive: true, force: true })
}
