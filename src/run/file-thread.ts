import { once } from "node:events"
import { parentPort, Worker } from "node:worker_threads"

/** A file of the report while it is written: takes batches and ends with what they came to. */
export type GrowingFile<Batch, End> = { readonly take: (batch: Batch) => Promise<void> | void; readonly close: () => Promise<End> | End }

/** With fewer rows a thread takes longer to start than the writing does. */
export const threadRowsMin = 20_000

/** In the thread: answers each batch with `undefined` once it is written, and `null` with what the whole came to. A failure ends the thread, which its starter is told. */
export const serveFile = <Batch, End>(file: GrowingFile<Batch, End>): void => {
  const port = parentPort
  port?.on("message", async (batch: Batch | null) => {
    port.postMessage(batch === null ? await file.close() : await file.take(batch), [])
  })
}

/** Writes a file here, for few rows. */
export const writeHere = async <Batch, End>(file: GrowingFile<Batch, End>, batches: AsyncIterable<Batch>): Promise<End> => {
  try {
    for await (const batch of batches) await file.take(batch)
  } catch (failure) {
    await Promise.resolve(file.close()).catch(() => undefined)
    throw failure
  }
  return file.close()
}

/**
 * Writes a file in a thread of its own, so that others are written meanwhile; `worker` is the name of a module beside this one that
 * calls {@link serveFile}. One batch is written while the next is read. Fails with what the thread fails with.
 */
export const writeInThread = async <Batch, End>(worker: string, settings: object, batches: AsyncIterable<Batch>): Promise<End> => {
  const thread = new Worker(new URL(`./${worker}.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url), { workerData: settings })
  const tell = async (batch: Batch | null): Promise<unknown> => {
    thread.postMessage(batch, [])
    return (await once(thread, "message") as ReadonlyArray<unknown>)[0]
  }
  try {
    let told: Promise<unknown> = Promise.resolve()
    for await (const batch of batches) {
      await told
      told = tell(batch)
      // A failure is thrown by the next wait for it; until then it must not count as nobody's.
      told.catch(() => undefined)
    }
    await told
    return await tell(null) as End
  } finally {
    await thread.terminate()
  }
}
