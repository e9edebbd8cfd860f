import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join, resolve } from "node:path"
import { parseEnvelope, readStatement, verifyReport } from "../attest/index.ts"
import { readCatalogue } from "../controls/index.ts"
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

const differing = (before: Facts, after: Facts): ReadonlyArray<string> => {
  const moved: Array<string> = []
  for (const [key, name] of [["policiesDigest", "the policy packs"], ["lawDigest", "the law pack"], ["pipeline", "the pipeline file"], ["program", "the program"]] as const) {
    if (digestIn(before[key]) !== digestIn(after[key])) moved.push(`${name} changed`)
  }
  const [old, now] = [before["controls"] as Facts, after["controls"] as Facts]
  for (const id of new Set([...Object.keys(old), ...Object.keys(now)])) if (old[id] !== now[id]) moved.push(`control ${id} changed`)
  return moved
}

const inputsOf = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const inputs = new Map<string, string>()
  for await (const line of linesOf(join(folder, "inputs.ndjson"))) {
    const { source, uri, versionId, sha256 } = JSON.parse(line) as { source: string; uri: string; versionId?: string; sha256: string }
    inputs.set(`${source} ${uri}${versionId === undefined ? "" : `#${versionId}`}`, sha256)
  }
  return inputs
}

const summaryOf = (folder: string): Summary => JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary

const unexplained = "no input, policy, law pack, control or program moved: the pseudonym or id key is another one, or the gate's log and earlier reports no longer lie beside the report"

/** What was made with `--only` or `--skip` asks the same controls again; what a full run asks is the catalogue's matter. */
const controlsAsked = async (before: Facts, folders: ReadonlyArray<string>): Promise<{ readonly only?: string }> => {
  const { full } = before["run"] as { readonly full: boolean }
  if (full) return {}
  const judged = Object.keys(before["controls"] as Facts)
  const there = (await readCatalogue(folders)).map(({ id }) => id).filter((id) => judged.includes(id))
  return there.length === 0 ? {} : { only: there.join(",") }
}

/** What the run of a report saw of its own past; a report that was copied elsewhere has none. */
const pastOf = (report: string, before: Facts): NonNullable<RunSettings["past"]> =>
  ({ folder: dirname(resolve(report)), answers: (before["gateLog"] as { readonly answers?: number } | undefined)?.answers ?? 0 })

/** Is the key where the pipeline says? One in the environment is looked for when it is read. */
const isThere = (key: string): boolean => key.startsWith("env:") || existsSync(key)

/** Which of the keys that names and salts are made with is not there, and what to do. */
const missingKey = ({ pseudonymKey, idKey, identities }: Configuration["report"]): string | undefined => {
  if (identities === "pseudonymous" && pseudonymKey !== undefined && !isThere(pseudonymKey)) return "the pseudonym key cannot be found; name it with --pseudonym-key"
  return idKey !== undefined && !isThere(idKey) ? "the id key cannot be found; put it where the pipeline says" : undefined
}

/**
 * Runs the audit of a report again, as of the same time, from the same sources, into a folder that is thrown away.
 * `same`: equal trees of findings, inputs and outcomes; `cannot`: objects that it was made from are gone, or the report does not
 * agree with itself, or a key that names are made with is not there. Nothing is signed that lasts, so the signing keys may be away.
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
    const values = { ...configured, signing: { ...configured.signing, keys: configured.signing.keys.filter(isThere) }, report: { ...configured.report, ...(pseudonymKey === undefined ? {} : { pseudonymKey: resolve(pseudonymKey) }) } }
    const missing = missingKey(values.report)
    if (missing !== undefined) return { result: "cannot", moved: [missing] }
    const settings = {
      ...settingsFrom(values, edges.now()), ...await controlsAsked(before, values.controls), evidence: { ...values.evidence, store: ":memory:" }, replayed: true, past: pastOf(report, before)
    }
    const again = await runAudit(settings, observer, signal, edges)
    const [old, now] = [await inputsOf(report), await inputsOf(again.folder)]
    const gone = [...old].filter(([place]) => !now.has(place)).map(([place]) => `${place} is gone`)
    const changed = [...old].filter(([place, sha256]) => now.has(place) && now.get(place) !== sha256).map(([place]) => `${place} changed`)
    const added = [...now.keys()].filter((place) => !old.has(place)).map((place) => `${place} is new`)
    const moved = [...gone, ...changed, ...added, ...differing(before, factsOf(again.folder))]
    const same = JSON.stringify(again.summary.merkle) === JSON.stringify(summary.merkle)
    if (gone.length > 0) return { result: "cannot", moved }
    return same ? { result: "same", moved } : { result: "differs", moved: moved.length > 0 ? moved : [unexplained] }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
