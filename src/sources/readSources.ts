/** All sources of a pipeline: listed, numbered, read in parallel, staged and counted. */
import { createReadStream, mkdirSync, readdirSync, rmSync } from "node:fs"
import { open } from "node:fs/promises"
import { join } from "node:path"
import { fingerprintOf, readingOf } from "./fingerprint.ts"
import { quarantinePath } from "./quarantine.ts"
import { type ReadingTask } from "./reading.ts"
import { readInThreads, type ThreadsResult } from "./threads.ts"
import type { ListedObject, ObjectReport, S3Settings, SourceSpec, StagedFile } from "./source.ts"
import { staging } from "./stage.ts"
import { StoreFailure } from "./store.ts"
import { Stores } from "./stores.ts"

/** How far the reading is. */
export type ReadingProgress = { readonly objects: number; readonly objectsRead: number; readonly bytes: number; readonly bytesRead: number }

/** What to read and where to put it. */
export type ReadingOptions = {
  readonly sources: ReadonlyArray<SourceSpec>
  /** Absolute folder of the pipeline file. */
  readonly baseFolder: string
  readonly s3?: S3Settings
  /** A folder of its own for staged files; made where it is missing, cleared of staged files of a dead run. */
  readonly stageDir: string
  /** Reading threads, at least 1. */
  readonly threads: number
  /** Local files of lines that are longer than two such parts may be read in parts, by several threads; 12 MiB where it is absent. */
  readonly partBytesMin?: number
  /** Knows the fingerprints of objects that were read before: they are listed, not read. */
  readonly known?: { has(fingerprint: string): boolean }
  /** Only these objects are there, as far as the reading goes; all of them where it is absent. */
  readonly wanted?: (object: ListedObject) => boolean
  /** Told of every object that is there, as the listing comes; a listing is never held whole, for it may be of millions. */
  readonly onListed?: (object: ListedObject, known: boolean) => void
  /** The first object number to give; 1 where it is absent. */
  readonly firstObjectNumber?: number
  /** Told of each staged file when it is whole, so that it can be loaded and removed while others are written. */
  readonly onFile?: (file: StagedFile) => void
  readonly onProgress?: (progress: ReadingProgress) => void
  readonly signal?: AbortSignal
}

/** How a source was listed. */
export type SourceListing = {
  readonly id: string
  readonly objects: number
  readonly bytes: number
  /** Why it could not be listed, or not to its end; a sentence. */
  readonly problem?: string
}

/** What came of it. */
export type ReadingResult = {
  readonly sources: ReadonlyArray<SourceListing>
  /** The ones that were read (or proved unreadable), by object number. */
  readonly objects: ReadonlyArray<ObjectReport>
  readonly files: ReadonlyArray<StagedFile>
  /** NDJSON of `QuarantineEntry`, by object number and place; empty where nothing was rejected. */
  readonly quarantineFile: string
}

const compare = (left: string, right: string): number => left < right ? -1 : left > right ? 1 : 0

const byName = (left: ListedObject, right: ListedObject): number =>
  compare(left.uri, right.uri) || compare(left.versionId ?? "", right.versionId ?? "")

/** Lists a source and keeps what is not known, in the order of uri and version. */
const listSource = async (spec: SourceSpec, stores: Stores, { known, wanted, onListed, signal }: ReadingOptions): Promise<{ listing: SourceListing; unknown: ReadonlyArray<ListedObject> }> => {
  const unknown: Array<ListedObject> = []
  let [objects, bytes] = [0, 0]
  const reading = readingOf(spec)
  let problem: string | undefined
  try {
    for await (const entry of stores.of(spec.uri).list(spec.uri, { versions: spec["versions"] === true, ...(signal === undefined ? {} : { signal }) })) {
      const object: ListedObject = { source: spec.id, ...entry, fingerprint: fingerprintOf(reading, entry) }
      if (wanted?.(object) === false) continue
      const isKnown = known?.has(object.fingerprint) === true
      objects++
      bytes += object.bytes
      onListed?.(object, isKnown)
      if (!isKnown) unknown.push(object)
    }
  } catch (failure) {
    if (!(failure instanceof StoreFailure)) throw failure
    problem = failure.message
  }
  return { listing: { id: spec.id, objects, bytes, ...(problem === undefined ? {} : { problem }) }, unknown: unknown.sort(byName) }
}

const stagedName = /^(?:[A-Za-z]+\.\d+(?:-\d+)?\.\d+|quarantine(?:\.\d+){0,2})\.ndjson$/

const prepareStage = (stageDir: string): void => {
  staging(() => {
    mkdirSync(stageDir, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(stageDir)) if (stagedName.test(name)) rmSync(join(stageDir, name))
  })
}

const joinQuarantine = async (stageDir: string, { objects, quarantine }: ThreadsResult): Promise<string> => {
  const path = join(stageDir, "quarantine.ndjson")
  const out = await open(path, "w", 0o600)
  try {
    for (const object of objects) {
      if (object.rejected === 0) continue
      for (const part of quarantine.get(object.objectNumber) ?? [quarantinePath(stageDir, object.objectNumber)]) {
        for await (const piece of createReadStream(part)) await out.writeFile(piece as Buffer)
        rmSync(part)
      }
    }
  } finally {
    await out.close()
  }
  return path
}

/**
 * Lists every source, reads what is not known, validates, stages and counts it. The result depends
 * neither on the number of threads nor on the order in which objects are read. What is wrong with
 * a source, an object or a record is in the result; it fails with `StageFailure` where the stage
 * cannot be written, and when `signal` stops it.
 */
export const readSources = async (options: ReadingOptions): Promise<ReadingResult> => {
  prepareStage(options.stageDir)
  const settings = { baseFolder: options.baseFolder, ...(options.s3 === undefined ? {} : { s3: options.s3 }) }
  const stores = new Stores(settings)
  const sources: Array<SourceListing> = []
  const tasks: Array<ReadingTask> = []
  let objectNumber = options.firstObjectNumber ?? 1
  try {
    for (const spec of options.sources) {
      const { listing, unknown } = await listSource(spec, stores, options)
      sources.push(listing)
      for (const listed of unknown) tasks.push({ objectNumber: objectNumber++, listed, spec })
    }
  } finally {
    stores.close()
  }
  const read = await readInThreads(tasks, { ...options, ...settings })
  return { sources, objects: read.objects, files: read.files, quarantineFile: await joinQuarantine(options.stageDir, read) }
}
