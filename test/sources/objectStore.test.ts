import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { join } from "node:path"
import { expect, it } from "vitest"
import { ObjectStore, sourcesRead } from "../../src/sources/ObjectStore.ts"
import { folderWith, hold } from "./folder.ts"

it("lists and opens files as a service", async () => {
  const folder = folderWith({ "a.ndjson": hold("a") })
  const program = Effect.scoped(Effect.gen(function* () {
    const store = yield* ObjectStore
    const [entry] = yield* store.list("in/*.ndjson")
    const missing = yield* Effect.flip(store.list("none"))
    if (entry === undefined) return []
    const opened = yield* store.open(entry)
    const changed = yield* Effect.flip(Effect.scoped(store.open({ ...entry, etag: "other" })))
    const text = yield* Effect.promise(async () => {
      let read = ""
      for await (const piece of opened.bytes) read += piece.toString("utf8")
      return read
    })
    return [text, missing.reason, changed.reason]
  }))
  expect(await Effect.runPromise(Effect.provide(program, ObjectStore.layer({ baseFolder: folder })))).toEqual([hold("a"), "missing", "changed"])
})

it("stops reading when it is interrupted", async () => {
  const folder = folderWith({ a: Array.from({ length: 60_000 }, (_, index) => hold(`${index}`)).join("\n"), b: Array.from({ length: 60_000 }, (_, index) => hold(`b${index}`)).join("\n") })
  const options = { sources: [{ id: "s", uri: "in" }], baseFolder: folder, stageDir: join(folder, "stage"), threads: 2 }
  const outcome = await Effect.runPromise(Effect.gen(function* () {
    const started = Promise.withResolvers<void>()
    const fiber = yield* Effect.forkChild(sourcesRead({ ...options, onProgress: () => started.resolve() }))
    yield* Effect.promise(() => started.promise)
    yield* Fiber.interrupt(fiber)
    return (yield* Fiber.await(fiber))._tag
  }))
  expect(outcome).toBe("Failure")
  expect((await Effect.runPromise(sourcesRead(options))).objects.map((object) => object.read)).toEqual([60_000, 60_000])
})
