import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import type { EvidenceStore } from "../evidence/index.ts"
import { type ObjectReport, type Store, type StoreEntry, StoreFailure, type StoreReason, Stores } from "../sources/index.ts"
import type { RunObserver, RunSettings } from "./settings.ts"

/** The source under which inputs.ndjson lists recordings whose bytes were read. */
export const readBackSource = "verifyRecordings"

type Bytes = { readonly etag: string; readonly bytes: number; readonly sha256: string }
type Asked = { readonly id: string; readonly uri: string; readonly versionId: string | null; readonly before: ReadonlyArray<Bytes> | null }
type ReadBack = { readonly recordingId: string; readonly sha256?: string; readonly problem?: StoreReason }

const askedQuery = readFileSync(new URL("asked-recordings.sql", import.meta.url), "utf8")
const pageQuery = readFileSync(new URL("asked-page.sql", import.meta.url), "utf8")

/** Objects that are read at once. */
const atOnce = 8

/** Recordings between two looks into the store. */
const pageRows = 256

const hashed = async (store: Store, entry: StoreEntry, signal: AbortSignal): Promise<Bytes> => {
  const hash = createHash("sha256")
  let bytes = 0
  const opened = await store.open(entry, signal)
  try {
    for await (const piece of opened.bytes) {
      hash.update(piece)
      bytes += piece.length
    }
  } finally {
    await opened.close()
  }
  return { etag: entry.etag, bytes, sha256: hash.digest("hex") }
}

type Result = { readonly result: ReadBack; readonly read?: Bytes; readonly fresh?: boolean }

const bytesOf = async (store: Store, { uri, versionId, before }: Asked, signal: AbortSignal): Promise<{ readonly read: Bytes; readonly fresh: boolean }> => {
  // A version never changes; what has none is known by its ETag.
  const now = versionId === null ? await store.again({ uri, etag: "", bytes: 0 }) : undefined
  if (versionId === null && now === undefined) throw new StoreFailure("missing", "It is not there.")
  // Bytes that were read before, at the same version or ETag, are not read again.
  const same = before?.find(({ etag }) => now === undefined || etag === now.etag)
  if (same !== undefined) return { read: same, fresh: false }
  return { read: await hashed(store, now ?? { uri, versionId: versionId ?? "", etag: "", bytes: 0 }, signal), fresh: true }
}

const readOne = async (store: Store, asked: Asked, signal: AbortSignal): Promise<Result> => {
  try {
    const { read, fresh } = await bytesOf(store, asked, signal)
    return { result: { recordingId: asked.id, sha256: read.sha256 }, read, fresh }
  } catch (failure) {
    signal.throwIfAborted()
    if (!(failure instanceof StoreFailure)) throw failure
    return { result: { recordingId: asked.id, problem: failure.reason === "taken" ? "unavailable" : failure.reason } }
  }
}

/** As an input: it is no source of records, so that every count is zero. */
const inputOf = ({ uri, versionId }: Asked, { etag, bytes, sha256 }: Bytes): ObjectReport & { readonly gone: boolean } => ({
  source: readBackSource, uri, ...(versionId === null ? {} : { versionId }), etag, bytes, fingerprint: "", objectNumber: -1, sha256, format: "recording", formatVersion: 1,
  read: 0, ignored: {}, rejected: 0, produced: {}, notes: {}, statements: [], gone: false
})

/** Numbers the recordings to read, in the order of object and version; how many there are. */
const askedRecordings = async (evidence: EvidenceStore): Promise<number> => {
  await evidence.run(askedQuery)
  const [counted] = await evidence.all("SELECT count(*) AS recordings FROM askedRecording")
  return Number(counted?.["recordings"])
}

/** Recordings of one page with what is known of their bytes. */
const page = async (evidence: EvidenceStore, from: number): Promise<ReadonlyArray<Asked>> => await evidence.all(pageQuery, [from, from + pageRows]) as unknown as ReadonlyArray<Asked>

const remember = async (evidence: EvidenceStore, asked: ReadonlyArray<Asked>, results: ReadonlyArray<Result>): Promise<void> => {
  const read = results.flatMap(({ read: bytes, fresh }, place) => bytes !== undefined && fresh === true ? [{ uri: asked[place]?.uri, versionId: asked[place]?.versionId ?? "", ...bytes }] : [])
  await evidence.run(`INSERT INTO stored.knownBytes SELECT unnest(from_json(?::VARCHAR::JSON, '[{"uri": "VARCHAR", "versionId": "VARCHAR", "etag": "VARCHAR", "bytes": "BIGINT", "sha256": "VARCHAR"}]'), max_depth := 2)`, [JSON.stringify(read)])
  await evidence.run(`INSERT INTO readBack SELECT unnest(from_json(?::VARCHAR::JSON, '[{"recordingId": "VARCHAR", "sha256": "VARCHAR", "problem": "VARCHAR"}]'), max_depth := 2)`, [JSON.stringify(results.map(({ result }) => result))])
}

const readPage = async (stores: Stores, asked: ReadonlyArray<Asked>, signal: AbortSignal): Promise<ReadonlyArray<Result>> => {
  const results: Array<Result> = []
  for (let start = 0; start < asked.length; start += atOnce) {
    results.push(...await Promise.all(asked.slice(start, start + atOnce).map((each) => readOne(stores.of(each.uri), each, signal))))
  }
  return results
}

/**
 * Under `verifyRecordings: bytes`, reads every recording that has a digest, an object and no deletion, hashes it, and hands the
 * result to the fact `recordingBytes` in the table `readBack`. Gives what was read as inputs, in the order of object and version.
 */
export const readRecordings = async (evidence: EvidenceStore, settings: RunSettings, observer: RunObserver, signal: AbortSignal): Promise<ReadonlyArray<ObjectReport & { readonly gone: boolean }>> => {
  await evidence.variable("compareRecordings", settings.evidence.verifyRecordings === "none" ? "no" : null)
  if (settings.evidence.verifyRecordings !== "bytes") {
    await evidence.run("DROP TABLE IF EXISTS stored.knownBytes")
    return []
  }
  observer.stage("recordings")
  await evidence.run("CREATE TABLE IF NOT EXISTS stored.knownBytes (uri VARCHAR, versionId VARCHAR, etag VARCHAR, bytes BIGINT, sha256 VARCHAR)")
  // What no recording names any more (erased, purged) is not remembered either.
  await evidence.run("DELETE FROM stored.knownBytes WHERE uri NOT IN (SELECT uri FROM recording WHERE uri IS NOT NULL)")
  const all = await askedRecordings(evidence)
  const stores = new Stores({ baseFolder: settings.baseFolder, ...(settings.s3 === undefined ? {} : { s3: settings.s3 }) })
  const inputs = new Map<string, ObjectReport & { readonly gone: boolean }>()
  try {
    for (let from = 0; from < all; from += pageRows) {
      const asked = await page(evidence, from)
      const results = await readPage(stores, asked, signal)
      await remember(evidence, asked, results)
      results.forEach(({ read }, place) => {
        const each = asked[place]
        if (read !== undefined && each !== undefined) inputs.set(JSON.stringify([each.uri, each.versionId]), inputOf(each, read))
      })
      observer.progress(Math.min(from + pageRows, all), all)
    }
  } finally {
    stores.close()
    await evidence.run("DROP TABLE askedRecording")
  }
  return [...inputs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, input]) => input)
}
