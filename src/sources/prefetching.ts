/** Small objects are fetched together, since each would otherwise wait for the one before. */
import type { OpenObject, Store, StoreEntry } from "./store.ts"

/** An object of at most so many bytes is worth fetching ahead. */
export const prefetchBytesMax = 1024 * 1024
/** So many are fetched at once. */
export const prefetchObjectsMax = 16

const whole = async (opened: OpenObject): Promise<OpenObject> => {
  const pieces: Array<Buffer> = []
  try {
    for await (const piece of opened.bytes) pieces.push(piece)
  } finally {
    await opened.close()
  }
  return { ...opened, bytes: handed(pieces), close: async () => undefined }
}

async function* handed(pieces: ReadonlyArray<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces
}

const nameOf = (entry: StoreEntry): string => JSON.stringify([entry.uri, entry.versionId ?? null, entry.etag])

/** A store whose `open` answers from what was fetched ahead. */
export class Prefetching implements Store {
  readonly #store: Store
  readonly #fetched = new Map<string, Promise<OpenObject>>()

  constructor(store: Store) {
    this.#store = store
  }

  /** Begins to fetch; a failure is told to whoever opens the object. */
  fetch(entry: StoreEntry, signal?: AbortSignal): void {
    const fetching = this.#store.open(entry, signal).then(whole)
    fetching.catch(() => undefined)
    this.#fetched.set(nameOf(entry), fetching)
  }

  list(...given: Parameters<Store["list"]>): AsyncIterable<StoreEntry> {
    return this.#store.list(...given)
  }

  open(entry: StoreEntry, signal?: AbortSignal): Promise<OpenObject> {
    const fetched = this.#fetched.get(nameOf(entry))
    this.#fetched.delete(nameOf(entry))
    return fetched ?? this.#store.open(entry, signal)
  }

  again(entry: StoreEntry): Promise<StoreEntry | undefined> {
    return this.#store.again(entry)
  }

  close(): void {
    this.#fetched.clear()
    this.#store.close()
  }
}
