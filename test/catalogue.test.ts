/** The catalogue as a whole: every control is documented as it is named, and everything that names a control names a real one. */
import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, it } from "vitest"
import { type Control, readCatalogue } from "../src/controls/index.ts"
import { tablesRead } from "../src/evidence/index.ts"
import { eventTypes, recordKinds } from "../src/records/index.ts"
import { plants } from "../src/simulate/plants/index.ts"
import { type JsonSchema, loadYaml } from "../src/yaml/index.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const families = ["access", "consent", "evidence", "policy", "retention"]

const controls = await readCatalogue()
const ids = new Set(controls.map((control) => control.id))

const kinds = new Set<string>([...recordKinds, ...eventTypes])

/** Text of every fact, and of every fact that it reads. */
const facts = new Map(readdirSync(join(root, "pipelines", "facts")).filter((file) => file.endsWith(".sql"))
  .map((file) => [file.slice(0, -".sql".length), readFileSync(join(root, "pipelines", "facts", file), "utf8").trim().replace(/;$/, "")]))
const factReads = new Map<string, ReadonlyArray<string>>()

beforeAll(async () => {
  const reads = await tablesRead([...facts.values()])
  for (const [index, name] of [...facts.keys()].entries()) factReads.set(name, reads[index] ?? [])
})

const behind = (names: ReadonlyArray<string>, seen = new Set<string>()): ReadonlySet<string> => {
  for (const name of names) {
    if (seen.has(name)) continue
    seen.add(name)
    behind(factReads.get(name) ?? [], seen)
  }
  return seen
}

const columns = new Set(["at", "contactId", "recordingId", "party", "staff", "cause", "reason"])

const placeholders = (text: string): ReadonlyArray<string> => [...text.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name.replace(/[|?][^|]+\|[^|]+$/, ""))

const unfilled = (control: Control): ReadonlyArray<string> => {
  const queries = [control.sql, ...[...behind(control.reads)].flatMap((name) => facts.get(name) ?? [])].join("\n")
  const made = new Set(queries.match(/[A-Za-z_][A-Za-z_0-9]*/g))
  const texts = [control.remedy, ...Object.values(control.reasons).flatMap(({ sentence, remedy = "" }) => [sentence, remedy])]
  // What TypeScript computes (statistics) is made from its own tables.
  if (made.has("action")) made.add("did")
  const computed = control.reads.some((table) => !facts.has(table) && /^(consistency|group|limit|unit)[A-Z]/.test(table))
  return computed ? [] : texts.flatMap(placeholders).filter((name) => !columns.has(name) && !made.has(name))
}

describe("every control", () => {
  it("stands in a folder of a known family", () => {
    expect([...new Set(controls.map((control) => control.family))].sort()).toEqual(families)
    expect(controls.filter((control) => !control.folder.endsWith(join("controls", ...control.id.split("/")))).map((control) => control.id)).toEqual([])
    const whole = ["cases.yaml", "control.sql", "control.yaml"]
    expect(controls.filter((control) => readdirSync(control.folder).sort().join() !== whole.join()).map((control) => control.id)).toEqual([])
  })

  it("cites what it rests on, and ends its question and its sentences as such", () => {
    // The policy family judges the organisation by its own pack, the evidence family judges the audit's own sources, and a
    // place that nobody knows is a gap in the records: no law is cited for these.
    const ownRules = (control: Control): boolean => ["policy", "evidence"].includes(control.family) || control.id === "consent/jurisdiction-unknown"
    expect(controls.filter((control) => control.citations.length === 0 && !ownRules(control)).map((control) => control.id)).toEqual([])
    expect(controls.filter((control) => !control.question.trim().endsWith("?")).map((control) => control.id)).toEqual([])
    const open = controls.flatMap((control) => Object.entries(control.reasons).filter(([, { sentence }]) => !/[.!?)]$/.test(sentence.trim())).map(([reason]) => `${control.id} ${reason}`))
    expect(open).toEqual([])
  })

  it("needs and searches record kinds or event types", () => {
    const strange = controls.flatMap((control) => [...control.needs, ...(control.searched ?? [])].filter((name) => !kinds.has(name)).map((name) => `${control.id}: ${name}`))
    expect(strange).toEqual([])
    // Sources and packs are judged as such, whatever records they hold.
    const judgesNoRecords = (control: Control): boolean => control.family === "evidence" || ["policy/approved-after-effect", "policy/versions-overlap"].includes(control.id)
    expect(controls.filter((control) => control.needs.length === 0 && !judgesNoRecords(control)).map((control) => control.id)).toEqual([])
  })

  it("fills its sentences from what its query makes", () => {
    expect(controls.flatMap((control) => unfilled(control).map((name) => `${control.id}: {${name}}`))).toEqual([])
  })

  it("can fail, or says what it leaves open", () => {
    const harmless = controls.filter((control) => !Object.values(control.reasons).some(({ outcome }) => outcome === "fail"))
    expect(harmless.map((control) => control.id)).toEqual([])
  })

  it("names a control that exists where another decides", () => {
    const decided = controls.flatMap((control) => Object.keys(control.reasons).filter((reason) => reason.startsWith("decided-by:")).map((reason) => ({ control, by: reason.slice("decided-by:".length) })))
    expect(decided.filter(({ control, by }) => !ids.has(by) || by === control.id).map(({ control, by }) => `${control.id}: ${by}`)).toEqual([])
  })

  it("is planted in the synthetic estate, unless it makes a run untrustworthy", () => {
    const planted = new Set([...plants.map((plant) => plant.control), "retention/deleted-without-gate"]) // the latter needs the answers of a gate
    expect([...planted].filter((control) => !ids.has(control))).toEqual([])
    expect(controls.filter((control) => control.untrustworthy !== true && !planted.has(control.id)).map((control) => control.id)).toEqual([])
  })

  it("that makes a run untrustworthy is critical evidence", () => {
    const grave = controls.filter((control) => control.untrustworthy === true)
    expect(grave.length).toBeGreaterThan(0)
    expect(grave.filter((control) => control.family !== "evidence" || control.severity !== "critical").map((control) => control.id)).toEqual([])
  })
})

type Framework = { readonly framework: string; readonly requirements: ReadonlyArray<{ readonly ref: string; readonly controls: ReadonlyArray<string> }> }

describe("frameworks", () => {
  const schema = JSON.parse(readFileSync(join(root, "schemas", "framework.schema.json"), "utf8")) as JsonSchema
  const folder = join(root, "pipelines", "frameworks")
  const loaded = readdirSync(folder).filter((file) => file.endsWith(".yaml")).map((file) => loadYaml<Framework>(join(folder, file), schema))

  it("are the ten that the report has a page for, each named as its file", () => {
    expect(loaded.map(({ value }) => value.framework).sort()).toEqual(["bipa", "eprivacy", "eu-ai-act-50", "gdpr", "hipaa", "mifid-sysc10a", "pci-dss", "regulation-f", "tsr", "us-state-consent"])
    expect(loaded.filter(({ file, value }) => basename(file) !== `${value.framework}.yaml`)).toEqual([])
  })

  it("name controls that exist, and each provision once", () => {
    const strange = loaded.flatMap(({ value }) => value.requirements.flatMap(({ ref, controls: named }) => named.filter((id) => !ids.has(id)).map((id) => `${value.framework} ${ref}: ${id}`)))
    expect(strange).toEqual([])
    const twice = loaded.filter(({ value }) => new Set(value.requirements.map(({ ref }) => ref)).size !== value.requirements.length)
    expect(twice.map(({ value }) => value.framework)).toEqual([])
  })
})
