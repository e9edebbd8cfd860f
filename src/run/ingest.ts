import { createReadStream, existsSync, rmSync } from "node:fs"
import { createInterface } from "node:readline"
import { createKnownObjects, createRunTables, createStoredTables, type EvidenceStore, forgetObjects, type KnownObject, knownObjects, loadStaged, markGone, type ObjectRow, rememberObjects, settleRecords, type SourceRow } from "../evidence/index.ts"
import { FingerprintSet, type ObjectReport, readSources, type SourceListing, type SourceSpec, type StagedFile } from "../sources/index.ts"
import { parseDuration } from "../time/index.ts"
import type { RunObserver, RunSettings } from "./settings.ts"

/** What stands in the store after reading: every object that contributes, in the order of the report. */
export type Ingested = {
  readonly objects: ReadonlyArray<ObjectReport & { readonly gone: boolean }>
  readonly listings: ReadonlyArray<SourceListing>
  /** How many objects were read now; the others were read before. */
  readonly readNow: number
}

/** Loads staged files one after the other while others are still being written. */
class Loader {
  readonly #store: EvidenceStore
  #queue: Promise<void> = Promise.resolve()
  #failure: unknown

  constructor(store: EvidenceStore) {
    this.#store = store
  }

  /** Queues a file; it is removed once it is loaded. */
  add(file: StagedFile): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#failure !== undefined) return
      try {
        await loadStaged(this.#store, file.kind, [file.path], file)
        rmSync(file.path, { force: true })
      } catch (failure) {
        this.#failure = failure
      }
    })
  }

  /** Waits for all; fails with the first failure. */
  async finish(): Promise<void> {
    await this.#queue
    if (this.#failure !== undefined) throw this.#failure
  }
}

const interval = (text: unknown): string | undefined => {
  const duration = typeof text === "string" ? parseDuration(text) : undefined
  return duration === undefined ? undefined : `${duration.months} months ${duration.days} days ${duration.micros} microseconds`
}

const sourceRow = (spec: SourceSpec): SourceRow => ({
  ...(spec as unknown as SourceRow),
  format: spec.format ?? "canonical",
  mode: spec.mode ?? "append",
  freshWithin: interval(spec["freshWithin"]),
  maxSilence: interval(spec["maxSilence"]),
  matchWithin: interval(spec["matchWithin"])
})

const order = (sources: ReadonlyArray<SourceSpec>) => {
  const place = new Map(sources.map((source, index) => [source.id, index]))
  return (a: ObjectReport, b: ObjectReport): number =>
    (place.get(a.source) ?? 0) - (place.get(b.source) ?? 0) || (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0) || ((a.versionId ?? "") < (b.versionId ?? "") ? -1 : 1)
}

const rememberQuarantine = async (store: EvidenceStore, file: string): Promise<void> => {
  if (!existsSync(file)) return
  let batch: Array<string> = []
  let place = 0
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await store.run(`INSERT INTO knownQuarantine SELECT (e->>'objectNumber')::INTEGER, (e->>'place')::BIGINT, e FROM (SELECT unnest(?::VARCHAR::JSON[]) AS e)`, [`[${batch.join(",")}]`])
    batch = []
  }
  for await (const line of createInterface({ input: createReadStream(file) })) {
    batch.push(`{"place":${place++},${line.slice(1)}`)
    if (batch.length >= 1000) await flush()
  }
  await flush()
}

const snapshots = async (store: EvidenceStore, specs: ReadonlyArray<SourceSpec>, objects: ReadonlyArray<ObjectReport>): Promise<void> => {
  const modes = new Map(specs.map((spec) => [spec.id, spec.mode]))
  for (const object of objects) {
    if (modes.get(object.source) !== "snapshot" || object.snapshotAt === undefined) continue
    for (const kind of Object.keys(object.produced)) {
      // A row of a full list was written no later than the list; without this, two lists would be a conflict.
      await store.run(`UPDATE "stored_${kind}" SET recordedAt = ?::VARCHAR::TIMESTAMPTZ::TIMESTAMP WHERE objectNumber = ?::INTEGER AND recordedAt IS NULL`, [object.snapshotAt, object.objectNumber])
    }
  }
}

const runTables = async (store: EvidenceStore, settings: RunSettings, objects: Ingested["objects"]): Promise<void> => {
  const rows = objects.map((object, rank): ObjectRow => ({
    objectNumber: object.objectNumber, rank, source: object.source, uri: object.uri, versionId: object.versionId, bytes: object.bytes, sha256: object.sha256, format: object.format,
    unreadable: object.unreadable, snapshotAt: object.snapshotAt, unfit: object.unfit, gone: object.gone, read: object.read, rejected: object.rejected, ignored: Object.values(object.ignored).reduce((sum, lines) => sum + lines, 0)
  }))
  await createRunTables(store, settings.asOf, settings.sources.map(sourceRow), rows)
}

/** Makes the current record tables of what the store holds already, without listing or reading a source. */
export const openKnown = async (store: EvidenceStore, settings: RunSettings): Promise<ReadonlyArray<KnownObject<ObjectReport>>> => {
  await createStoredTables(store)
  await createKnownObjects(store)
  const known = await knownObjects<ObjectReport>(store)
  const gone = new Set(known.filter((object) => object.gone).map((object) => object.objectNumber))
  await runTables(store, settings, known.map((object) => object.report).sort(order(settings.sources)).map((report) => ({ ...report, gone: gone.has(report.objectNumber) })))
  await settleRecords(store)
  return known
}

/** The number of the next object; a list of known ones may be longer than a call takes arguments. */
export const nextNumber = (known: ReadonlyArray<{ readonly objectNumber: number }>): number => 1 + known.reduce((most, { objectNumber }) => Math.max(most, objectNumber), 0)

/**
 * Reads what is new, replaces what changed, keeps what is gone, in one transaction: a run that dies leaves the store as it was.
 * Then makes the current record tables as of the run's time.
 */
export const ingest = async (store: EvidenceStore, settings: RunSettings, stageDir: string, observer: RunObserver, signal: AbortSignal): Promise<Ingested> => {
  await createStoredTables(store)
  await createKnownObjects(store)
  const before = await knownObjects<ObjectReport>(store)
  const ids = new Set(settings.sources.map((source) => source.id))
  const known = new FingerprintSet(before.map((object) => object.fingerprint).values(), before.length)
  // Of a source that is read with its versions, a version that storage has dropped is gone, not replaced.
  const versioned = new Set(settings.sources.filter((source) => source["versions"] === true).map((source) => source.id))
  const placeOf = ({ source, uri, versionId }: { readonly source: string; readonly uri: string; readonly versionId?: string }): string => `${source}\0${uri}${versioned.has(source) ? `\0${versionId ?? ""}` : ""}`
  const unknownPlaces = new Set<string>()
  const unknownDeleted = new Set<string>()
  await store.run("BEGIN TRANSACTION")
  try {
    const loader = new Loader(store)
    const read = await readSources({
      sources: settings.sources, baseFolder: settings.baseFolder, ...(settings.s3 === undefined ? {} : { s3: settings.s3 }), stageDir, threads: settings.evidence.threads,
      ...(settings.past === undefined ? {} : { wanted: settings.past.contributed }), known, onListed: (object, isKnown) => {
        if (isKnown) return known.note(object.fingerprint, object.deleted === true)
        unknownPlaces.add(placeOf(object))
        if (object.deleted === true) unknownDeleted.add(object.fingerprint)
      },
      firstObjectNumber: nextNumber(before),
      onFile: (file) => { loader.add(file) }, onProgress: (progress) => { observer.progress(progress.bytesRead, progress.bytes) }, signal
    })
    observer.stage("store")
    await loader.finish()
    await rememberQuarantine(store, read.quarantineFile)
    // Two known objects never stand in one place, so that only what is new can have taken the place of one that is no longer listed.
    const isStale = (object: KnownObject<ObjectReport>): boolean => !ids.has(object.source) || (!known.isListed(object.fingerprint) && unknownPlaces.has(placeOf(object.report)))
    const stale = before.filter(isStale)
    const kept = before.filter((object) => !isStale(object))
    await forgetObjects(store, stale.map((object) => object.objectNumber))
    // An unreadable object is tried again next time, so it is not remembered as read.
    await rememberObjects(store, read.objects.filter((object) => object.unreadable === undefined).map((report) => ({ objectNumber: report.objectNumber, fingerprint: report.fingerprint, source: report.source, uri: report.uri, report })))
    const gone = [...kept.filter(({ fingerprint }) => !known.isListed(fingerprint) || known.isDeleted(fingerprint)), ...read.objects.filter(({ fingerprint }) => unknownDeleted.has(fingerprint))]
    await markGone(store, gone.map((object) => object.objectNumber))
    await snapshots(store, settings.sources, read.objects)
    await store.run("COMMIT")
    const goneNumbers = new Set(gone.map((object) => object.objectNumber))
    const all = [...kept.map((object) => object.report), ...read.objects].sort(order(settings.sources)).map((object) => ({ ...object, gone: goneNumbers.has(object.objectNumber) }))
    await runTables(store, settings, all)
    observer.stage("settle")
    await settleRecords(store)
    return { objects: all, listings: read.sources, readNow: read.objects.length }
  } catch (failure) {
    await store.run("ROLLBACK").catch(() => undefined)
    throw failure
  }
}
