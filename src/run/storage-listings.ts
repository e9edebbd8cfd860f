import { closeSync, mkdirSync, openSync, renameSync, writeFileSync } from "node:fs"
import { dirname, join, relative, sep } from "node:path"
import { type SourceSpec, type StorageDetail, storageState, StoreFailure } from "../sources/index.ts"
import type { RunObserver, RunSettings } from "./settings.ts"

/** The sources with each listing in the place of its prefix, and sentences about listings that could not be had. */
export type Listings = { readonly sources: ReadonlyArray<SourceSpec>; readonly problems: ReadonlyArray<string> }

const folderOf = ({ evidence, baseFolder }: RunSettings): string => join(evidence.store === ":memory:" ? join(baseFolder, ".earshot") : dirname(evidence.store), "listings")

/** Writes one listing as canonical records; the number of objects about which storage would not answer. */
const writeListing = async (spec: SourceSpec, file: string, settings: RunSettings, signal: AbortSignal): Promise<{ readonly objects: number; readonly unasked: number }> => {
  const building = `${file}.building`
  const out = openSync(building, "w", 0o600)
  let [objects, unasked] = [0, 0]
  try {
    const detail = (spec["detail"] ?? "head") as StorageDetail
    for await (const { unasked: refused, ...state } of storageState(spec.uri, { detail, versions: spec["versions"] === true, baseFolder: settings.baseFolder, signal, ...(settings.s3 === undefined ? {} : { s3: settings.s3 }) })) {
      // Storage is asked while the run is made, so what it says is of the run's time.
      writeFileSync(out, `${JSON.stringify({ kind: "storedObject", ...state, seenAt: settings.asOf, recordedAt: settings.asOf })}\n`)
      objects += 1
      if (refused === true) unasked += 1
    }
  } finally {
    closeSync(out)
  }
  renameSync(building, file)
  return { objects, unasked }
}

/**
 * Asks storage about the sources of format `listing` and hands each answer on as a file of canonical records beside the
 * evidence store, which is then read, digested and stated among the inputs like any other. The last listing replaces the one
 * before. A listing that fails is a problem of the run: what storage holds is then not known.
 */
export const listStorage = async (settings: RunSettings, observer: RunObserver, signal: AbortSignal): Promise<Listings> => {
  const folder = folderOf(settings)
  const sources: Array<SourceSpec> = []
  const problems: Array<string> = []
  for (const spec of settings.sources) {
    if (spec.format !== "listing") {
      sources.push(spec)
      continue
    }
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const file = join(folder, `${spec.id.replaceAll(/[^\w.-]/g, "_")}.ndjson`)
    const { format: _format, versions: _versions, provides, ...rest } = spec
    sources.push({ ...rest, uri: relative(settings.baseFolder, file).split(sep).join("/"), format: "canonical", provides: [...new Set([...(provides as ReadonlyArray<string> | undefined ?? []), "storedObject"])] })
    try {
      const { objects, unasked } = await writeListing(spec, file, settings, signal)
      observer.log("storage listed", { source: spec.id, objects, unasked })
      if (unasked > 0) problems.push(`Storage would not say how ${unasked} of ${objects} objects of the source ${spec.id} are protected; permit HeadObject there, or set detail: list.`)
    } catch (failure) {
      if (!(failure instanceof StoreFailure)) throw failure
      // What an earlier night was told must not stand for tonight's answer.
      writeFileSync(file, "", { mode: 0o600 })
      problems.push(`The source ${spec.id} could not be listed: ${failure.message}`)
    }
  }
  return { sources, problems }
}
