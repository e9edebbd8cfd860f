/** Which store a URI belongs to, and small remote objects fetched ahead. */
import { LocalStore } from "./local.ts"
import { Prefetching } from "./prefetching.ts"
import { S3Store } from "./s3.ts"
import type { S3Settings } from "./source.ts"
import type { Store } from "./store.ts"

/** What stores are made from; plain, so that it crosses threads. */
export type StoreSettings = {
  /** Absolute folder of the pipeline file. */
  readonly baseFolder: string
  readonly s3?: S3Settings
}

/** Is it in S3? */
export const isRemote = (uri: string): boolean => uri.startsWith("s3://")

/** The stores of one thread. */
export class Stores {
  readonly #local: LocalStore
  readonly #remote: Prefetching

  constructor(settings: StoreSettings) {
    this.#local = new LocalStore(settings.baseFolder)
    this.#remote = new Prefetching(new S3Store(settings.s3 ?? {}))
  }

  /** The store of a URI. */
  of(uri: string): Store {
    return isRemote(uri) ? this.#remote : this.#local
  }

  /** Begins to fetch remote objects that will be opened soon; they should be small and few. */
  fetchAhead(entries: ReadonlyArray<Parameters<Store["open"]>[0]>, signal?: AbortSignal): void {
    for (const entry of entries) if (isRemote(entry.uri)) this.#remote.fetch(entry, signal)
  }

  close(): void {
    this.#local.close()
    this.#remote.close()
  }
}
