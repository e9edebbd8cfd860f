import { createHash } from "node:crypto"
import type { EvidenceStore } from "../evidence/index.ts"
import { type ObjectReport, type Store, type StoreEntry, StoreFailure, type StoreReason, Stores } from "../sources/index.ts"
import type { RunObserver, RunSettings } from "./settings.ts"

/** The source under which inputs.ndjson lists recordings whose bytes were read. */
export const readBackSource = "verifyRecordings"

type Asked = { readonly id: string; readonly uri: string; readonly versionId: string | null }
type Bytes = { readonly etag: string; readonly bytes: number; readonly sha256: string }
type ReadBack = { readonly recordingId: string; readonly sha256?: string; readonly problem?: StoreReason }

/** Objects that are read at once. */
const atOnce = 8

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

/** Bytes that were read before, at the same version or ETag, are not read again. */
const remembered = async (evidence: EvidenceStore, { uri, versionId }: Asked, etag: string | undefined): Promise<Bytes | undefined> => {
  const [row] = await evidence.all(`SELECT etag, bytes::DOUBLE AS bytes, sha256 FROM stored.knownBytes WHERE uri = ?::VARCHAR AND versionId = ?::VARCHAR AND (?::VARCHAR IS NULL OR etag = ?::VARCHAR) LIMIT 1`, [uri, versionId ?? "", etag ?? null, etag ?? null])
  return row === undefined ? undefined : { etag: String(row["etag"]), bytes: Number(row["bytes"]), sha256: String(row["sha256"]) }
}

const bytesOf = async (evidence: EvidenceStore, store: Store, asked: Asked, signal: AbortSignal): Promise<Bytes> => {
  const { uri, versionId } = asked
  // A version never changes; what has none is known by its ETag.
  const now = versionId === null ? await store.again({ uri, etag: "", bytes: 0 }) : undefined
  if (versionId === null && now === undefined) throw new StoreFailure("missing", "It is not there.")
  const before = await remembered(evidence, asked, now?.etag)
  if (before !== undefined) return before
  const read = await hashed(store, now ?? { uri, versionId: versionId ?? "", etag: "", bytes: 0 }, signal)
  await evidence.run("INSERT INTO stored.knownBytes VALUES (?::VARCHAR, ?::VARCHAR, ?::VARCHAR, ?::BIGINT, ?::VARCHAR)", [uri, versionId ?? "", read.etag, read.bytes, read.sha256])
  return read
}

/** As an input: it is no source of records, so that every count is zero. */
const inputOf = ({ uri, versionId }: Asked, { etag, bytes, sha256 }: Bytes): ObjectReport & { readonly gone: boolean } => ({
  source: readBackSource, uri, ...(versionId === null ? {} : { versionId }), etag, bytes, fingerprint: "", objectNumber: -1, sha256, format: "recording", formatVersion: 1,
  read: 0, ignored: {}, rejected: 0, produced: {}, notes: {}, statements: [], gone: false
})

/**
 * Under `verifyRecordings: bytes`, reads every recording that has a digest, an object and no deletion, hashes it, and hands the
 * result to the fact `recordingBytes`. Gives what was read as inputs, in the order of object and version.
 */
export const readRecordings = async (evidence: EvidenceStore, settings: RunSettings, observer: RunObserver, signal: AbortSignal): Promise<ReadonlyArray<ObjectReport & { readonly gone: boolean }>> => {
  await evidence.variable("recordingBytes", null)
  await evidence.variable("compareRecordings", settings.evidence.verifyRecordings === "none" ? "no" : null)
  if (settings.evidence.verifyRecordings !== "bytes") {
    await evidence.run("DROP TABLE IF EXISTS stored.knownBytes")
    return []
  }
  observer.stage("recordings")
  await evidence.run("CREATE TABLE IF NOT EXISTS stored.knownBytes (uri VARCHAR, versionId VARCHAR, etag VARCHAR, bytes BIGINT, sha256 VARCHAR)")
  // What no recording names any more (erased, purged) is not remembered either.
  await evidence.run("DELETE FROM stored.knownBytes WHERE uri NOT IN (SELECT uri FROM recording WHERE uri IS NOT NULL)")
  const all = await evidence.all(`SELECT id, uri, versionId FROM recording WHERE uri IS NOT NULL AND sha256 IS NOT NULL AND deletedAt IS NULL
    AND (starts_with(uri, 's3://') OR NOT regexp_matches(uri, '^[A-Za-z][A-Za-z0-9+.-]*:|^/|(^|/)\\.\\.(/|$)')) ORDER BY uri, versionId NULLS FIRST, id`) as unknown as ReadonlyArray<Asked>
  const stores = new Stores({ baseFolder: settings.baseFolder, ...(settings.s3 === undefined ? {} : { s3: settings.s3 }) })
  const inputs = new Map<string, ObjectReport & { readonly gone: boolean }>()
  const results: Array<ReadBack> = []
  try {
    for (let start = 0; start < all.length; start += atOnce) {
      results.push(...await Promise.all(all.slice(start, start + atOnce).map(async (asked): Promise<ReadBack> => {
        try {
          const read = await bytesOf(evidence, stores.of(asked.uri), asked, signal)
          inputs.set(JSON.stringify([asked.uri, asked.versionId]), inputOf(asked, read))
          return { recordingId: asked.id, sha256: read.sha256 }
        } catch (failure) {
          signal.throwIfAborted()
          if (!(failure instanceof StoreFailure)) throw failure
          return { recordingId: asked.id, problem: failure.reason === "taken" ? "unavailable" : failure.reason }
        }
      })))
      observer.progress(Math.min(start + atOnce, all.length), all.length)
    }
  } finally {
    stores.close()
  }
  await evidence.variable("recordingBytes", JSON.stringify(results))
  return [...inputs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, input]) => input)
}
