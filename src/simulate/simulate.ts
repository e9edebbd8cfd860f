import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { parseInstant } from "../time/index.ts"
import { calendarOf, day, iso } from "./calendar.ts"
import type { Calendar } from "./calendar.ts"
import { ignoreOutputs } from "./init.ts"
import { ordinaryTraffic } from "./ordinary.ts"
import { openParts } from "./parts.ts"
import type { PartWriter } from "./parts.ts"
import { kindsOf, pipelineFile } from "./pipeline-file.ts"
import { uncoveredDay } from "./plants/consent/recorded.ts"
import { plants as everyPlant } from "./plants/index.ts"
import type { Plant } from "./plants/index.ts"
import { policyPack } from "./policy-pack.ts"
import { seeded } from "./random.ts"
import { rosterFor } from "./roster.ts"
import { sourceNames } from "./sources.ts"
import type { SourceName } from "./sources.ts"
import { makeWorld } from "./world.ts"
import type { Label, World } from "./world.ts"

/** What to simulate. */
export type SimulateOptions = {
  /** How many contacts; planted cases alone need about 500, which is the least that comes out with all plants. */
  readonly contacts: number
  /** Any integer; the same seed gives the same bytes. */
  readonly seed: number
  /** Folder to write into; made where it is missing. */
  readonly out: string
  /** RFC 3339: the end of the estate. Default: 2026-07-01T00:00:00Z, so that an estate never depends on the clock. */
  readonly asOf?: string
  /** Whole days before `asOf`; at least 21, default 30. */
  readonly days?: number
  /** Ids of the controls to plant for; default all, an empty list gives an estate in which everything is in order. */
  readonly plants?: ReadonlyArray<string>
}

/** What was written. */
export type Estate = {
  readonly contacts: number
  readonly records: number
  readonly bytes: number
  readonly labels: number
  readonly asOf: string
  /** Records by kind of source folder. */
  readonly sources: Readonly<Record<string, number>>
}

const estateFile = "estate.json"

/** Is a folder free for an estate: not there, empty, or holding an estate that was simulated before? */
export const isFree = (out: string): boolean => {
  if (!existsSync(out)) return true
  if (!statSync(out).isDirectory()) return false
  if (readdirSync(out).length === 0) return true
  try {
    return (JSON.parse(readFileSync(join(out, estateFile), "utf8")) as { readonly synthetic?: unknown } | null)?.synthetic === true
  } catch {
    return false
  }
}

/** Contacts for which everything is planted once more. */
const contactsPerRound = 10_000
const largeEstate = 1000

/** The plants to use, or a sentence about an id that no plant has. */
const chosenPlants = (ids: ReadonlyArray<string> | undefined): ReadonlyArray<Plant> => {
  if (ids === undefined) return everyPlant
  const known = new Set(everyPlant.map((plant) => plant.control))
  for (const id of ids) if (!known.has(id)) throw new RangeError(`Nothing can be planted for "${id}"; choose ids of controls that "earshot controls" lists.`)
  return everyPlant.filter((plant) => ids.includes(plant.control))
}

const calendarFor = (options: SimulateOptions): Calendar => {
  const asOf = parseInstant(options.asOf ?? "2026-07-01T00:00:00Z")
  const days = options.days ?? 30
  if (asOf === undefined) throw new RangeError(`The as-of time is not RFC 3339 with an offset; write it like 2026-07-01T00:00:00Z.`)
  if (!Number.isInteger(options.contacts) || options.contacts < 1) throw new RangeError("The number of contacts must be a whole number of at least 1.")
  if (!Number.isSafeInteger(options.seed)) throw new RangeError("The seed must be a whole number.")
  if (!Number.isInteger(days) || days < 21 || days > 3660) throw new RangeError("The number of days must be a whole number from 21 to 3660.")
  return calendarOf(Number(asOf / 1000n), days)
}

/**
 * Writes a synthetic estate: records of every kind in one folder of NDJSON parts a source, the
 * pipeline and policy to audit them, `labels.ndjson` with every finding and lead that a correct audit
 * makes, and `estate.json` and a README that say that all of it is invented. Streams in bounded memory.
 * Throws RangeError with one sentence for options that make no sense, and what the file system throws.
 */
export const simulate = (options: SimulateOptions): Estate => {
  const calendar = calendarFor(options)
  const chosen = chosenPlants(options.plants)
  const large = options.contacts >= largeEstate
  const planted = chosen.filter((plant) => large || plant.large !== true)
  mkdirSync(options.out, { recursive: true })
  // The mark comes first, so that a folder that was left half is known for what it is.
  writeFileSync(join(options.out, estateFile), `${JSON.stringify({ synthetic: true })}\n`)
  const writers = new Map<SourceName, PartWriter>(sourceNames.map((source) => [source, openParts(join(options.out, source))]))
  const counts = new Map<SourceName, number>()
  const labels: Array<string> = []
  const world = makeWorld(calendar, seeded(options.seed), rosterFor(calendar, options.contacts), large && planted.length > 0, {
    record: (source, line) => {
      counts.set(source, (counts.get(source) ?? 0) + 1)
      writers.get(source)?.line(line)
    },
    label: (label: Label) => labels.push(JSON.stringify(label))
  })
  for (const row of world.roster.records) world.write(row)
  stateCoverage(world)
  if (world.large) misspell(world)
  runTraffic(world, options.contacts, planted)
  for (const writer of writers.values()) writer.close()
  writeFileSync(join(options.out, "labels.ndjson"), labels.map((line) => `${line}\n`).join(""))
  const sources = Object.fromEntries(sourceNames.map((source) => [source, counts.get(source) ?? 0]))
  const estate: Estate = {
    contacts: world.contacts(), records: [...counts.values()].reduce((sum, count) => sum + count, 0),
    bytes: [...writers.values()].reduce((sum, writer) => sum + writer.bytes(), 0), labels: labels.length, asOf: iso(calendar.asOf), sources
  }
  describe(options, calendar, planted, estate)
  return estate
}

/** Ordinary contacts until there are enough, with the plants spread evenly among them. */
const runTraffic = (world: World, contacts: number, planted: ReadonlyArray<Plant>): void => {
  const rounds = Math.max(1, Math.round(contacts / contactsPerRound))
  const repeated = planted.filter((plant) => plant.once !== true)
  const total = planted.length + repeated.length * (rounds - 1)
  const ordinary = ordinaryTraffic(world)
  // The share planted runs a little ahead of the share written, so that the last plants do not overshoot the number of contacts.
  for (let done = 0; done < total || world.contacts() < contacts; ) {
    if (done < total && (world.contacts() >= contacts || done <= (1.4 * total * world.contacts()) / contacts)) {
      const plant = done < planted.length ? planted[done] : repeated[(done - planted.length) % repeated.length]
      plant?.plant(world)
      done += 1
    } else ordinary(contacts - world.contacts())
  }
}

/** Every source vouches for its whole period; the consent export leaves out one Sunday where cases are planted in it. */
const stateCoverage = (world: World): void => {
  const from = iso(world.calendar.start - 1000 * day)
  const to = iso(world.calendar.asOf)
  for (const source of sourceNames) {
    const kinds = kindsOf(source)
    if (source !== "consent" || !world.large) world.write({ kind: "coverage", source, kinds, from, to })
    else {
      const hole = uncoveredDay(world)
      world.write({ kind: "coverage", source, kinds, from, to: iso(hole) })
      world.write({ kind: "coverage", source, kinds, from: iso(hole + day), to })
    }
  }
}

/** One event with a misspelt field: quarantined, within what the consent source is allowed. */
const misspell = (world: World): void =>
  world.line("consent", JSON.stringify({ kind: "event", id: "event-misspelt", contactId: "contact-0000001", at: iso(world.at(0)), type: "transferred", recordedat: iso(world.at(0)) }))

const describe = (options: SimulateOptions, calendar: Calendar, planted: ReadonlyArray<Plant>, estate: Estate): void => {
  const policies = planted.flatMap((plant) => (plant.policy === undefined ? [] : [plant.policy(calendar.start)]))
  writeFileSync(join(options.out, "policy.yaml"), policyPack(calendar, policies))
  writeFileSync(join(options.out, "pipeline.yaml"), pipelineFile())
  const about = { synthetic: true, seed: options.seed, from: iso(calendar.start), ...estate, planted: planted.map((plant) => plant.control).sort() }
  writeFileSync(join(options.out, estateFile), `${JSON.stringify(about, undefined, 2)}\n`)
  writeFileSync(join(options.out, "README.md"), readme(options, estate))
  ignoreOutputs(options.out)
}

/** The command that makes the same estate again. */
const command = ({ contacts, seed, asOf, days, plants }: SimulateOptions): string =>
  ["earshot simulate", `--contacts ${contacts}`, `--seed ${seed}`, ...(asOf === undefined ? [] : [`--as-of ${asOf}`]), ...(days === undefined ? [] : [`--days ${days}`]),
    ...(plants === undefined ? [] : [`--plants ${plants.length === 0 ? "none" : plants.join(",")}`])].join(" ")

const readme = (options: SimulateOptions, estate: Estate): string => `# A synthetic estate

Everything in this folder is invented: the company, the people, the contacts, the telephone numbers (from ranges kept for fiction) and the addresses (under .example).
It was made by \`${command(options)}\`; the same command gives the same bytes again.

${estate.contacts} contacts, ${estate.records} records up to ${estate.asOf}. ${options.plants?.length === 0 ? "All of them are in order: nothing is planted." : "Most of them are in order; among them violations are planted, with near misses beside them."}
\`labels.ndjson\` lists every finding and lead that an audit as of that time must make, and no others: \`{control, contactId, recordingId, party, staff}\`.

    npx earshot run pipeline.yaml --as-of ${estate.asOf}
`
