/** What a place that holds objects can do, and how it fails. Plain, so that reading threads can use it. */

/** An object as a store lists it. */
export type StoreEntry = {
  readonly uri: string
  readonly versionId?: string
  readonly etag: string
  readonly bytes: number
  /** A version that can still be read, of an object whose newest version says that it was deleted. */
  readonly deleted?: true
}

/** An object that is open for reading; whoever opens it calls `close`, also after the last byte. */
export type OpenObject = {
  /** May be iterated once. */
  readonly bytes: AsyncIterable<Buffer>
  /** Gives back what is held; may be called twice. */
  close(): Promise<void>
  /** What is being read, which may be newer than what was listed. */
  readonly entry: StoreEntry
  /** The writer's own metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>
}

/** A place that holds objects. Both fail with `StoreFailure`. */
export type Store = {
  /** All objects under a URI, in no particular order; with `versions`, also those that were replaced. */
  list(uri: string, options?: { readonly versions?: boolean; readonly signal?: AbortSignal }): AsyncIterable<StoreEntry>
  /** Opens exactly the content that was listed; `changed` where there is other content now. */
  open(entry: StoreEntry, signal?: AbortSignal): Promise<OpenObject>
  /** What is there now in the place of an entry; undefined where nothing is. */
  again(entry: StoreEntry): Promise<StoreEntry | undefined>
  close(): void
}

/** Why an object or a listing cannot be had. */
export type StoreReason = "missing" | "changed" | "denied" | "taken" | "unavailable"

/** A store's failure; the message is a sentence for the report and quotes no content. */
export class StoreFailure extends Error {
  override readonly name = "StoreFailure"
  readonly reason: StoreReason

  constructor(reason: StoreReason, sentence: string) {
    super(sentence)
    this.reason = reason
  }
}
