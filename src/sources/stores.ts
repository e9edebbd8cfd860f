/** Which store a URI belongs to. */
import { LocalStore } from "./local.ts"
import type { S3Settings } from "./source.ts"
import type { Store } from "./store.ts"

/** What stores are made from; plain, so that it crosses threads. */
export type StoreSettings = {
  /** Absolute folder of the pipeline file. */
  readonly baseFolder: string
  readonly s3?: S3Settings
}

/** The stores of one thread, each made when it is first needed. */
export class Stores {
  readonly #local: LocalStore

  constructor(settings: StoreSettings) {
    this.#local = new LocalStore(settings.baseFolder)
  }

  /** The store of a URI. */
  of(_uri: string): Store {
    return this.#local
  }

  close(): void {
    this.#local.close()
  }
}
