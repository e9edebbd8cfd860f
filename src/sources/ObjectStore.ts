/** The edge of this room as a service: objects wherever they are, for programs that are Effects. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { type ReadingOptions, type ReadingResult, readSources } from "./readSources.ts"
import { StageFailure } from "./stage.ts"
import { type OpenObject, type StoreEntry, StoreFailure } from "./store.ts"
import { Stores, type StoreSettings } from "./stores.ts"

const storeFailure = (problem: unknown): StoreFailure =>
  problem instanceof StoreFailure ? problem : new StoreFailure("unavailable", `The store failed with a defect (${problem instanceof Error ? problem.name : typeof problem}).`)

const stageFailure = (problem: unknown): StageFailure =>
  problem instanceof StageFailure ? problem : new StageFailure(`Reading failed with a defect (${problem instanceof Error ? problem.name : typeof problem}).`, { cause: problem })

const collect = async (entries: AsyncIterable<StoreEntry>): Promise<ReadonlyArray<StoreEntry>> => {
  const found: Array<StoreEntry> = []
  for await (const entry of entries) found.push(entry)
  return found
}

/** Lists and opens objects in S3 and in folders; failures are `StoreFailure` with a reason. */
export class ObjectStore extends Context.Service<ObjectStore, {
  /** All objects under a URI, a path or a pattern, in no particular order. */
  readonly list: (uri: string, options?: { readonly versions?: boolean }) => Effect.Effect<ReadonlyArray<StoreEntry>, StoreFailure>
  /** Opens exactly the content that was listed; it is closed with the scope. */
  readonly open: (entry: StoreEntry) => Effect.Effect<OpenObject, StoreFailure, Scope.Scope>
}>()("earshot/sources/ObjectStore") {
  /** Real stores. `baseFolder` is where relative paths begin; S3 credentials come from the default chain. */
  static readonly layer = (settings: StoreSettings) => Layer.effect(ObjectStore, Effect.gen(function* () {
    const stores = yield* Effect.acquireRelease(Effect.sync(() => new Stores(settings)), (made) => Effect.sync(() => made.close()))
    return ObjectStore.of({
      list: (uri, options) => Effect.tryPromise({ try: (signal) => collect(stores.of(uri).list(uri, { ...options, signal })), catch: storeFailure }),
      open: (entry) => Effect.acquireRelease(
        Effect.tryPromise({ try: (signal) => stores.of(entry.uri).open(entry, signal), catch: storeFailure }),
        (opened) => Effect.promise(() => opened.close())
      )
    })
  }))
}

/** `readSources` as an Effect: interruption stops the reading threads. */
export const sourcesRead = (options: Omit<ReadingOptions, "signal">): Effect.Effect<ReadingResult, StageFailure> =>
  Effect.tryPromise({ try: (signal) => readSources({ ...options, signal }), catch: stageFailure })
