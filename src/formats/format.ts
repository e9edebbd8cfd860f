/**
 * What an adapter of a foreign format is: bytes of one object in, canonical records out.
 *
 * An adapter is pure: no clock, no network, no files but the object that it is given. It does not
 * validate what it makes and does not count: the border (src/sources) validates every canonical
 * record with the schemas, quarantines, stages and counts.
 */

/** The largest document that `FormatInput.whole` hands over, in bytes after decompression. */
export const documentBytesMax = 512 * 1024 * 1024

/** One line of a text object; `text` is without its line break and never blank. */
export type TextLine = { readonly line: number; readonly text: string }

/** The object that an adapter reads. One of `bytes`, `lines` or `whole` may be called, once. */
export type FormatInput = {
  /** Source id of the pipeline. */
  readonly sourceId: string
  /** URI of the object, for instance `s3://bucket/key` or `file:///…`. */
  readonly uri: string
  /** Version of the object where its store has versions. */
  readonly versionId: string | undefined
  /** The source's whole entry in the pipeline file (`columns`, `decryptionKeys`, `trust`, `digests`, `recordings`, …). */
  readonly options: Readonly<Record<string, unknown>>
  /** The writer's own metadata of the object, names in lower case; empty for a local file. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Absolute folder of the pipeline file: relative paths in `options` start here. */
  readonly baseFolder: string
  /** Decompressed bytes, in pieces of any size. */
  bytes(): AsyncIterable<Uint8Array>
  /**
   * Decompressed text by line (LF or CRLF, BOM removed, blank lines skipped). A line that is too
   * long or not UTF-8 never gets here: the border has quarantined and counted it already.
   */
  lines(): AsyncIterable<TextLine>
  /** All decompressed bytes, BOM removed. Throws `DocumentTooLarge` above `documentBytesMax`. */
  whole(): Promise<Uint8Array>
}

/** Thrown by `FormatInput.whole`; the border turns it into an unreadable object. */
export class DocumentTooLarge extends Error {
  override readonly name = "DocumentTooLarge"
}

/**
 * Thrown by an adapter for an object that cannot be read at all (not the format it is said to be,
 * a broken envelope, a key that is missing): the object counts as unreadable, not as a record.
 * The sentence says what is wrong and what to do and quotes no content.
 */
export class ObjectUnreadable extends Error {
  override readonly name = "ObjectUnreadable"
}

/** Where a source record stands: its line, and the JSON pointer inside the line or document. */
export type Place = {
  /** 1-based line; left out where the format has none (the border then counts source records). */
  readonly line?: number
  /** JSON pointer, for instance `/Records/3`. */
  readonly pointer?: string
}

/**
 * What an adapter yields. The first three stand for exactly one source record each, so that
 * read = records + ignored + rejected; a note or a statement is not a source record.
 */
export type Produced =
  /**
   * One source record as canonical records (any number, each with `kind`). They are validated
   * afterwards: if one does not fit, the whole source record is quarantined.
   */
  | (Place & { readonly type: "records"; readonly records: ReadonlyArray<unknown> })
  /** A source record that is not for this audit; `reason` is a kebab-case code such as `other-bucket`. */
  | (Place & { readonly type: "ignored"; readonly reason: string })
  /** A source record that cannot be understood; the sentence quotes no content. */
  | (Place & { readonly type: "rejected"; readonly sentence: string })
  /** Something that was read but could not be carried over, or a deviation; counted by sentence. */
  | (Place & { readonly type: "note"; readonly sentence: string })
  /** What an object says of the log it belongs to (a CloudTrail digest, say): handed on as plain JSON. */
  | (Place & { readonly type: "statement"; readonly name: string; readonly value: Readonly<Record<string, unknown>> })

/** The beginning of an object, for `auto`. */
export type FormatHead = {
  readonly uri: string
  /** The first 64 KiB at most of the decompressed bytes, as text (BOM removed, bad bytes replaced). */
  readonly text: string
  /** `text` is the whole object. */
  readonly complete: boolean
}

/** An adapter. */
export type Format = {
  /** As the pipeline file says it. */
  readonly name: string
  /** Grows whenever the same bytes would give other records: objects are then read again. */
  readonly version: number
  /** Is the object in this format? Asked in the order of the list in index.ts; must be strict and cheap. */
  readonly detects?: (head: FormatHead) => boolean
  readonly read: (input: FormatInput) => Iterable<Produced> | AsyncIterable<Produced>
}
