import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { parseEnvelope, readStatement } from "../attest/index.ts"
import { resolveConfiguration } from "../pipeline/index.ts"
import type { Summary } from "../report/summary.ts"
import { linesOf } from "./inputs.ts"
import { runAudit } from "./run.ts"
import { type RunEdges, systemEdges } from "./services.ts"
import type { RunObserver } from "./settings.ts"
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

/**
 * Runs the audit of a report again, as of the same time, from the same sources, into a folder that is thrown away.
 * `same`: equal trees of findings, inputs and outcomes; `cannot`: objects that it was made from are gone.
 */
export const replay = async (report: string, pipelineFile: string | undefined, environment: Readonly<Record<string, string | undefined>>, observer: RunObserver, signal: AbortSignal, edges: RunEdges = systemEdges): Promise<Replay> => {
  const before = factsOf(report)
  const summary = summaryOf(report)
  const stated = (before["pipeline"] as { readonly file?: string } | undefined)?.file
  const file = pipelineFile ?? (stated === undefined ? undefined : resolve(report, stated))
  if (file === undefined || !existsSync(file)) return { result: "cannot", moved: ["the pipeline file is not where it was; name it with --pipeline"] }
  const out = mkdtempSync(join(tmpdir(), "earshot-replay-"))
  try {
    const { values } = resolveConfiguration({ file, flags: { asOf: summary.run.asOf, out }, env: environment, cwd: process.cwd() })
    const settings = { ...settingsFrom(values, edges.now()), evidence: { ...values.evidence, store: ":memory:" }, replayed: true }
    const again = await runAudit(settings, observer, signal, edges)
    const [old, now] = [await inputsOf(report), await inputsOf(again.folder)]
    const gone = [...old].filter(([place]) => !now.has(place)).map(([place]) => `${place} is gone`)
    const changed = [...old].filter(([place, sha256]) => now.has(place) && now.get(place) !== sha256).map(([place]) => `${place} changed`)
    const added = [...now.keys()].filter((place) => !old.has(place)).map((place) => `${place} is new`)
    const moved = [...gone, ...changed, ...added, ...differing(before, factsOf(again.folder))]
    const same = JSON.stringify(again.summary.merkle) === JSON.stringify(summary.merkle)
    return { result: gone.length > 0 ? "cannot" : same ? "same" : "differs", moved }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}
