/** An estate that grows night by night: what is late, corrected, withdrawn, held, asked for, opened, rewritten, listed anew or gone. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { simulate } from "../../src/simulate/index.ts"

export type Written = Readonly<Record<string, unknown>> & { readonly kind: string }

/** Numbers from 0 to below 1, the same for the same seed. */
export type Chance = () => number

/** A small generator (mulberry32), so that an estate is the same for the same seed. */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const firstDay = Date.parse("2026-06-01T00:00:00Z")
const day = 86_400_000

/** As-of of a night: midnight, UTC, counted from 1 June 2026. */
export const asOfNight = (night: number): string => new Date(firstDay + night * day).toISOString().replace(".000Z", "Z")

const hoursBefore = (night: number, hours: number): string => new Date(firstDay + night * day - hours * 3_600_000).toISOString().replace(".000Z", "Z")

const timeFields = ["recordedAt", "at", "startedAt", "seenAt", "createdAt", "receivedAt"] as const

/** The first night that could know a record; 1 for what has no time of its own. */
const nightOf = (record: Written): number => {
  const text = timeFields.map((field) => record[field]).find((value) => typeof value === "string")
  const time = record.kind === "transcript" ? (record["turns"] as ReadonlyArray<{ readonly at: string }>)[0]?.at : text
  return typeof time === "string" ? Math.max(1, Math.ceil((Date.parse(time) - firstDay) / day)) : 1
}

const recordsOf = (folder: string): ReadonlyArray<Written> =>
  readdirSync(folder).flatMap((part) => readFileSync(join(folder, part), "utf8").trimEnd().split("\n")).map((line) => JSON.parse(line) as Written)

const sourcesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== "keys").map((entry) => entry.name)

const asNdjson = (records: ReadonlyArray<unknown>): string => records.map((record) => `${JSON.stringify(record)}\n`).join("")

/** The second pack, in force from the middle of the month: other terms, so that old and new acts are judged differently. */
const newerPolicy = (text: string): string => text.replace('version: "1"\n', 'version: "2"\n').replace(/^from: .*$/m, "from: 2026-06-16T00:00:00Z").replace("stopWithin: PT30S", "stopWithin: PT5S").replace("handledContact: P30D", "handledContact: P3D")

/** An estate on disk to which nights are added one by one. */
export class Nightly {
  readonly folder: string
  /** Where objects go that storage no longer has. */
  readonly vault: string
  readonly #chance: Chance
  readonly #bySource = new Map<string, ReadonlyArray<{ readonly record: Written; readonly night: number }>>()
  readonly #roster: ReadonlyArray<Written>
  /** Names of objects that are gone, as reports write them. */
  readonly gone: Array<string> = []

  constructor(root: string, options: { readonly seed: number; readonly contacts: number }) {
    this.folder = join(root, "estate")
    this.vault = join(root, "vault")
    this.#chance = chanceOf(options.seed)
    simulate({ contacts: options.contacts, seed: options.seed, out: this.folder })
    this.#roster = recordsOf(join(this.folder, "workforce"))
    for (const source of sourcesOf(this.folder)) {
      // Consent and cases arrive late more often than the rest.
      const late = ["consent", "cases"].includes(source) ? 0.4 : 0.1
      const records = recordsOf(join(this.folder, source)).map((record) => ({ record, night: nightOf(record) + (this.#chance() < late ? Math.floor(this.#chance() * 9) : 0) }))
      this.#bySource.set(source, source === "workforce" ? [] : records)
      for (const part of readdirSync(join(this.folder, source))) rmSync(join(this.folder, source, part))
    }
    const pipeline = readFileSync(join(this.folder, "pipeline.yaml"), "utf8")
      .replace("uri: workforce/\n    format: canonical\n    mode: append", "uri: workforce/\n    format: canonical\n    mode: snapshot")
      .replace("allowRejected: 0.001", "allowRejected: 0.5").replace("provides: [hold, request]", "provides: [hold, request, review]\n    authority: reviews").replaceAll("    minObjects: 1\n", "")
    writeFileSync(join(this.folder, "pipeline.yaml"), pipeline)
  }

  #pick<A>(items: ReadonlyArray<A>): A | undefined {
    return items[Math.floor(this.#chance() * items.length)]
  }

  #known(source: string, kind: string, night: number): ReadonlyArray<Written> {
    return (this.#bySource.get(source) ?? []).filter((one) => one.night < night && one.record.kind === kind).map(({ record }) => record)
  }

  #write(source: string, name: string, records: ReadonlyArray<unknown>): void {
    const file = join(this.folder, source, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${existsSync(file) ? readFileSync(file, "utf8") : ""}${asNdjson(records)}`)
  }

  /** What happens in a night: new records, late ones, versions of old ones, and edits of what lies there. */
  add(night: number): void {
    for (const [source, records] of this.#bySource) {
      const own = records.filter((one) => one.night === night).map(({ record }) => record)
      if (own.length > 0) this.#write(source, `${asOfNight(night).slice(0, 10)}.ndjson`, own)
    }
    this.#happenings(night)
    if (night % 6 === 1) this.#write("workforce", `${asOfNight(night).slice(0, 10)}.ndjson`, this.#roster.filter((_, index) => index % 29 !== Math.floor(night / 6) + 1))
    if (night === 16) this.#changePolicy()
    if (night > 2) this.#edit(night)
  }

  #happenings(night: number): void {
    const name = `${asOfNight(night).slice(0, 10)}.ndjson`
    const at = hoursBefore(night, 2)
    const contact = this.#pick(this.#known("contacts", "contact", night))
    const recording = this.#pick(this.#known("contacts", "recording", night))
    if (contact === undefined || recording === undefined) return
    const outsider = (contact["parties"] as ReadonlyArray<{ readonly id: string; readonly role: string }>).find(({ role }) => role === "customer")
    const subject = outsider?.id ?? "cust-0000001"
    const agent = this.#pick(this.#roster.filter(({ kind }) => kind === "staff"))?.["id"]
    this.#write("consent", name, [{ kind: "consent", id: `night-${night}`, subject, status: this.#chance() < 0.7 ? "withdrawn" : "given", at, purposes: ["*"], form: "electronic", recordedAt: at }])
    this.#write("access-log", name, [{ kind: "access", id: `night-${night}`, at, actor: { id: agent, type: "user" }, action: "play", recordingId: recording["id"], outcome: "success", ip: "10.0.0.9" }])
    const cases: Array<unknown> = []
    const hold = { kind: "hold", createdAt: hoursBefore(night - (night % 5), 3), from: hoursBefore(night - (night % 5), 3) }
    if (night % 5 === 0) cases.push({ ...hold, id: `night-${night}`, contactIds: [contact["id"]], recordedAt: at })
    // The hold of four nights ago is lifted.
    if (night % 5 === 4 && night > 5) cases.push({ ...hold, id: `night-${night - 4}`, contactIds: [contact["id"]], until: at, recordedAt: at })
    if (night % 3 === 0) cases.push({ kind: "request", id: `night-${night}`, subject, type: night % 2 === 0 ? "erasure" : "restriction", receivedAt: at, recordedAt: at })
    if (night % 3 === 2 && night > 3) cases.push({ kind: "request", id: `night-${night - 2}`, subject, type: night % 2 === 0 ? "erasure" : "restriction", receivedAt: hoursBefore(night - 2, 2), completedAt: at, outcome: "granted", recordedAt: at })
    if (cases.length > 0) this.#write("cases", name, cases)
    if (night % 4 === 0) this.#write("contacts", name, [{ ...contact, language: "fr", recordedAt: at }, { ...recording, deletedAt: at, recordedAt: at }])
    if (night % 7 === 0) this.#write("contacts", name, [{ ...contact, language: "es" }, recording])
    if (night % 6 === 0) this.#write("consent", name, [{ kind: "event", id: `night-${night}`, contactId: contact["id"], at, type: "transfered" }])
  }

  #changePolicy(): void {
    const file = join(this.folder, "policy.yaml")
    const text = readFileSync(file, "utf8")
    writeFileSync(join(this.folder, "policy-2.yaml"), newerPolicy(text))
    writeFileSync(file, text.replace(/^(from: .*)$/m, "$1\nuntil: 2026-06-16T00:00:00Z"))
    const pipeline = join(this.folder, "pipeline.yaml")
    writeFileSync(pipeline, readFileSync(pipeline, "utf8").replace("policy: policy.yaml", "policy: [policy.yaml, policy-2.yaml]"))
  }

  /** One object of the past is rewritten, cut, written again as it was, replaced under the same name, renamed or gone. */
  #edit(night: number): void {
    const source = this.#pick(["contacts", "consent", "access-log", "cases", "decisions", "workforce", "inventory", "identities"]) ?? "consent"
    const parts = readdirSync(join(this.folder, source)).sort()
    const part = this.#pick(parts.slice(0, -1))
    if (part === undefined) return
    const file = join(this.folder, source, part)
    const lines = readFileSync(file, "utf8").trimEnd().split("\n")
    const turn = night % 6
    if (turn === 0) writeFileSync(file, `${lines.join("\n")}\n`)
    else if (turn === 1) writeFileSync(file, `${lines.filter((_, index) => index % 5 !== 2).join("\n")}\n`)
    else if (turn === 2) writeFileSync(file, `${[...lines].reverse().join("\n")}\n`)
    else if (turn === 3) writeFileSync(file, `${lines.join("\n")}\n{"kind":"consent","id":"cut of`)
    else if (turn === 4) renameSync(file, join(this.folder, source, `${part.replace(".ndjson", "")}-again-${night}.ndjson`))
    else this.#lose(source, part)
    if (turn === 4) this.#put(source, part, lines)
  }

  /** A renamed object: what had the old name is gone, and its records came again under another. */
  #put(source: string, part: string, lines: ReadonlyArray<string>): void {
    mkdirSync(join(this.vault, source), { recursive: true })
    writeFileSync(join(this.vault, source, part), `${lines.join("\n")}\n`)
    this.gone.push(`${source}/${part}`)
  }

  #lose(source: string, part: string): void {
    this.#put(source, part, readFileSync(join(this.folder, source, part), "utf8").trimEnd().split("\n"))
    rmSync(join(this.folder, source, part))
  }

  /** The estate as it would stand had nothing gone: same keys, no store, no reports. */
  restored(to: string): string {
    cpSync(this.folder, to, { recursive: true, filter: (path) => !path.includes(".earshot") && !path.includes("reports") })
    for (const name of this.gone) cpSync(join(this.vault, name), join(to, name))
    return to
  }
}
