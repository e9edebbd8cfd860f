import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { loadSecret, parseEnvelope, readStatement, verifyReport } from "../attest/index.ts"
import { readCatalogue } from "../controls/index.ts"
import { namesUnder } from "../findings/pseudonyms.ts"
import { type Configuration, resolveConfiguration } from "../pipeline/index.ts"
import type { Summary } from "../report/summary.ts"
import { linesOf } from "./inputs.ts"
import { runAudit } from "./run.ts"
import { type RunEdges, systemEdges } from "./services.ts"
import type { RunObserver, RunSettings } from "./settings.ts"
import { settingsFrom } from "./settings-from.ts"

/** Whether the same inputs give the same report again, and what moved where they do not. */
export type Replay = { readonly result: "same" | "differs" | "cannot"; readonly moved: ReadonlyArray<string> }

type Facts = Readonly<Record<string, unknown>>

const factsOf = (folder: string): Facts => readStatement(parseEnvelope(readFileSync(join(folder, "core.dsse.json")), "core.dsse.json"), "core.dsse.json").predicate

/** A digest stands alone or beside what it is of (a file's place, a version). */
const digestIn = (fact: unknown): unknown => typeof fact === "object" && fact !== null ? (fact as Facts)["sha256"] ?? (fact as Facts)["digest"] : fact

/** What the judging rests on beside inputs and keys, and how sentences call it. */
const foundations = [["policiesDigest", "the policy packs"], ["lawDigest", "the law pack"], ["program", "the program"]] as const

/** A new release changes many controls at once: so many are named. */
const controlsTold = 10

const differing = (before: Facts, after: Facts): ReadonlyArray<string> => {
  const moved: Array<string> = []
  for (const [key, name] of foundations) if (digestIn(before[key]) !== digestIn(after[key])) moved.push(`${name} changed`)
  const [old, now] = [before["controls"] as Facts, after["controls"] as Facts]
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((id) => old[id] !== now[id])
  moved.push(...changed.slice(0, controlsTold).map((id) => `control ${id} changed`))
  if (changed.length > controlsTold) moved.push(`${changed.length - controlsTold} other controls changed`)
  return moved
}

const placeOf = ({ source, uri, versionId }: { readonly source: string; readonly uri: string; readonly versionId?: string }): string => `${source} ${uri}${versionId === undefined ? "" : `#${versionId}`}`

const inputsOf = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const inputs = new Map<string, string>()
  for await (const line of linesOf(join(folder, "inputs.ndjson"))) {
    const input = JSON.parse(line) as { readonly source: string; readonly uri: string; readonly versionId?: string; readonly sha256: string }
    inputs.set(placeOf(input), input.sha256)
  }
  return inputs
}

const summaryOf = (folder: string): Summary => JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary

const unmoved = "findings, inputs and outcomes are the same all the same"

const unexplained = "no input, policy, law pack, control or program moved: the pseudonym or id key is another one, or the gate's log and earlier reports no longer lie beside the report"

/** What was made with `--only` or `--skip` asks the same controls again; what a full run asks is the catalogue's matter. */
const controlsAsked = async (before: Facts, folders: ReadonlyArray<string>): Promise<{ readonly only?: string }> => {
  const { full } = before["run"] as { readonly full: boolean }
  if (full) return {}
  const judged = Object.keys(before["controls"] as Facts)
  const there = (await readCatalogue(folders)).map(({ id }) => id).filter((id) => judged.includes(id))
  return there.length === 0 ? {} : { only: there.join(",") }
}

/** What the run of a report saw of its own past; a report that was copied elsewhere has none. What came since is no input of it; storage is listed as it is. */
const pastOf = async (report: string, before: Facts, { report: { identities, pseudonymKey }, sources }: Configuration): Promise<NonNullable<RunSettings["past"]>> => {
  const names = namesUnder(identities === "clear" || pseudonymKey === undefined ? undefined : (await loadSecret(pseudonymKey)).secret)
  const inputs = await inputsOf(report)
  const listings = new Set(sources.filter(({ format }) => format === "listing").map(({ id }) => id))
  return {
    folder: dirname(resolve(report)), answers: (before["gateLog"] as { readonly answers?: number } | undefined)?.answers ?? 0,
    contributed: ({ uri, ...object }) => listings.has(object.source) || inputs.has(placeOf({ ...object, uri: names.scrub(uri) }))
  }
}

/** Is the key where the pipeline says? One in the environment is looked for when it is read. */
const isThere = (key: string): boolean => key.startsWith("env:") || existsSync(key)

/** Which of the keys that names and salts are made with is not there, and what to do. */
const missingKey = ({ pseudonymKey, idKey, identities }: Configuration["report"]): string | undefined => {
  if (identities === "pseudonymous" && pseudonymKey !== undefined && !isThere(pseudonymKey)) return "the pseudonym key cannot be found; name it with --pseudonym-key"
  return idKey !== undefined && !isThere(idKey) ? "the id key cannot be found; put it where the pipeline says" : undefined
}

type Made = { readonly folder: string; readonly facts: Facts; readonly summary: Summary }

const compared = async (before: Made, after: Made): Promise<Replay> => {
  const [old, now] = [await inputsOf(before.folder), await inputsOf(after.folder)]
  const gone = [...old.keys()].filter((place) => !now.has(place)).map((place) => `${place} is gone`)
  const changed = [...old].filter(([place, sha256]) => now.has(place) && now.get(place) !== sha256).map(([place]) => `${place} changed`)
  const added = [...now.keys()].filter((place) => !old.has(place)).map((place) => `${place} is new`)
  const moved = [...gone, ...changed, ...added, ...differing(before.facts, after.facts)]
  // A pipeline file may change in what no outcome rests on: threads, outputs, whom to tell.
  const pipeline = digestIn(before.facts["pipeline"]) === digestIn(after.facts["pipeline"]) ? [] : ["the pipeline file changed"]
  if (gone.length > 0) return { result: "cannot", moved: [...moved, ...pipeline] }
  const same = JSON.stringify(after.summary.merkle) === JSON.stringify(before.summary.merkle)
  if (same) return moved.length === 0 ? { result: "same", moved: pipeline } : { result: "differs", moved: [...moved, ...pipeline, unmoved] }
  return { result: "differs", moved: moved.length + pipeline.length > 0 ? [...moved, ...pipeline] : [unexplained] }
}

/**
 * Runs the audit of a report again, as of the same time, from the same sources, into a folder that is thrown away.
 * `same`: equal trees of findings, inputs and outcomes, judged by the same policies, law, controls and program; what storage got
 * since does not count. `differs`: one of these moved, even where nothing came of it. `cannot`: objects that it was made from are
 * gone, or the report does not agree with itself, or a key that names are made with is not there. Nothing is signed that lasts, so
 * the signing keys may be away.
 */
export const replay = async (report: string, pipelineFile: string | undefined, environment: Readonly<Record<string, string | undefined>>, observer: RunObserver, signal: AbortSignal, edges: RunEdges = systemEdges, pseudonymKey?: string): Promise<Replay> => {
  const [broken] = (await verifyReport(report, { keys: [], integrityOnly: true })).problems
  if (broken !== undefined) return { result: "cannot", moved: [`the report was changed since it was made: ${broken.sentence}`] }
  const before = factsOf(report)
  const summary = summaryOf(report)
  const stated = (before["pipeline"] as { readonly file?: string } | undefined)?.file
  const file = pipelineFile ?? (stated === undefined ? undefined : resolve(report, stated))
  if (file === undefined || !existsSync(file)) return { result: "cannot", moved: ["the pipeline file is not where it was; name it with --pipeline"] }
  const out = mkdtempSync(join(tmpdir(), "earshot-replay-"))
  try {
    const { EARSHOT_ONLY: _only, EARSHOT_SKIP: _skip, ...env } = environment
    const { values: configured } = resolveConfiguration({ file, flags: { asOf: summary.run.asOf, out }, env, cwd: process.cwd() })
    const values = { ...configured, signing: { ...configured.signing, keys: configured.signing.keys.filter(isThere) }, report: { ...configured.report, ...(pseudonymKey === undefined ? {} : { pseudonymKey: pseudonymKey.startsWith("env:") ? pseudonymKey : resolve(pseudonymKey) }) } }
    const missing = missingKey(values.report)
    if (missing !== undefined) return { result: "cannot", moved: [missing] }
    const settings = {
      ...settingsFrom(values, edges.now()), ...await controlsAsked(before, values.controls), evidence: { ...values.evidence, store: ":memory:" }, replayed: true, past: await pastOf(report, before, values)
    }
    const again = await runAudit(settings, observer, signal, edges)
    return await compared({ folder: report, facts: before, summary }, { folder: again.folder, facts: factsOf(again.folder), summary: again.summary })
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
