/** What is read and what is said about it: plain values that cross threads. */
import type { RecordKind } from "../records/index.ts"

/** One entry of the pipeline's `sources`; what is not named here are options of its format or of the controls. */
export type SourceSpec = Readonly<Record<string, unknown>> & {
  readonly id: string
  /** `s3://bucket/prefix`, or a path, folder or glob relative to the pipeline file. */
  readonly uri: string
  /** Name of a format, or `auto`; absent: `canonical`. */
  readonly format?: string
  readonly mode?: "append" | "snapshot"
}

/** Where S3 is; credentials come from the default chain only. */
export type S3Settings = { readonly endpoint?: string; readonly region?: string; readonly forcePathStyle?: boolean }

/** An object as its store lists it. */
export type ListedObject = {
  readonly source: string
  /** As reports show it: `s3://bucket/key`, or a path relative to the pipeline file. */
  readonly uri: string
  readonly versionId?: string
  /** The store's tag of this content; of a local file its size, times and inode. */
  readonly etag: string
  readonly bytes: number
  /** A version of an object whose newest version is a delete marker. */
  readonly deleted?: true
  /**
   * Names content, format, its version and the options that it is read with. Equal fingerprints
   * give equal records, so that an object read once need not be read again.
   */
  readonly fingerprint: string
}

/** A statement that an object makes about its log (a CloudTrail digest, say). */
export type ObjectStatement = { readonly name: string; readonly line?: number; readonly pointer?: string; readonly value: Readonly<Record<string, unknown>> }

/**
 * The accounting of one object as far as the border knows it, in source records:
 * read = produced by records that fit + ignored + rejected. Whether what fits is accepted,
 * duplicate, superseded or conflicting is known after loading.
 */
export type ObjectReport = ListedObject & {
  /** Number in this reading: the order of source, uri, version. */
  readonly objectNumber: number
  /** SHA-256 of the bytes as stored, hex; empty where they could not be read. */
  readonly sha256: string
  /** The format that it was read as (never `auto`). */
  readonly format: string
  readonly formatVersion: number
  /** Why it counts as unreadable; all counts are then 0 and nothing of it is staged. */
  readonly unreadable?: string
  readonly read: number
  /** Source records by the reason why they are not for this audit. */
  readonly ignored: Readonly<Record<string, number>>
  readonly rejected: number
  /** Canonical records staged, by kind. */
  readonly produced: Readonly<Partial<Record<RecordKind, number>>>
  /** What could not be carried over, by sentence. */
  readonly notes: Readonly<Record<string, number>>
  readonly statements: ReadonlyArray<ObjectStatement>
  /** Time of a snapshot, RFC 3339, UTC: from the object's metadata or its name. */
  readonly snapshotAt?: string
  /** Of a snapshot with rejected records: digests of what they are about (kind:id), where that is known of all of them. */
  readonly unfit?: ReadonlyArray<string>
}

/** Place and reason of one source record that does not fit; no content. */
export type QuarantineEntry = {
  readonly objectNumber: number
  readonly source: string
  readonly object: string
  readonly versionId?: string
  readonly line?: number
  readonly pointer?: string
  readonly sentence: string
  readonly nearest?: string
}

/** Kinds of staged files: record kinds (transcripts without their turns), and what was heard in turns. */
export type StagedKind = RecordKind | "turn" | "signal"

/**
 * A finished file of staged rows, one JSON object a line:
 * `{"_o": objectNumber, "_l": line, "_p": pointer (absent in NDJSON), "_d": SHA-256 hex, ...record}`.
 * (`_o`, `_l`) is one source record; a foreign one may give several rows. A `turn` or `signal`
 * row has the `_o`, `_l`, `_p` and `_d` of its transcript.
 */
export type StagedFile = {
  readonly kind: StagedKind
  readonly path: string
  readonly bytes: number
  readonly rows: number
  /** Bytes of its longest row. */
  readonly longest: number
  /** Some of its times have an offset from UTC; else all end in `Z`, which is cheaper to load. */
  readonly offsets: boolean
}
