/** Hands objects to reading threads and gathers what they report. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { readObject, type ReadingTask } from "./reading.ts"
import { ReadingQueue } from "./queue.ts"
import type { FromWorker, ToWorker, WorkerSettings } from "./readingWorker.ts"
import type { ReadingOptions } from "./readSources.ts"
import type { ObjectReport, StagedFile } from "./source.ts"
import { Stage, StageFailure } from "./stage.ts"
import { Stores, type StoreSettings } from "./stores.ts"

type Settings = StoreSettings & Pick<ReadingOptions, "stageDir" | "threads" | "onFile" | "onProgress" | "signal">

/** What the threads made. */
export type ThreadsResult = { readonly objects: ReadonlyArray<ObjectReport>; readonly files: ReadonlyArray<StagedFile> }

/** Below this a thread takes longer to start than the reading does. */
const threadBytesMin = 4 * 1024 * 1024

/** Gathers reports and files, and tells the caller about them. */
class Gathering {
  readonly objects: Array<ObjectReport> = []
  readonly files: Array<StagedFile> = []
  readonly #settings: Settings
  readonly #total: { readonly objects: number; readonly bytes: number }
  #bytesRead = 0

  constructor(tasks: ReadonlyArray<ReadingTask>, settings: Settings) {
    this.#settings = settings
    this.#total = { objects: tasks.length, bytes: tasks.reduce((sum, task) => sum + task.listed.bytes, 0) }
  }

  read(bytes: number): void {
    this.#bytesRead += bytes
    this.#tell()
  }

  file(file: StagedFile): void {
    this.files.push(file)
    this.#settings.onFile?.(file)
  }

  report(report: ObjectReport): void {
    this.objects.push(report)
    this.#tell()
  }

  result(): ThreadsResult {
    this.objects.sort((left, right) => left.objectNumber - right.objectNumber)
    return { objects: this.objects, files: this.files }
  }

  #tell(): void {
    this.#settings.onProgress?.({ objects: this.#total.objects, objectsRead: this.objects.length, bytes: this.#total.bytes, bytesRead: this.#bytesRead })
  }
}

/** The worker's file beside this one, or in its room where the program is bundled. */
const workerFile = (): URL => {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js"
  const beside = new URL(`./readingWorker.${extension}`, import.meta.url)
  return existsSync(fileURLToPath(beside)) ? beside : new URL(`./sources/readingWorker.${extension}`, import.meta.url)
}

const readHere = async (tasks: ReadonlyArray<ReadingTask>, settings: Settings): Promise<ThreadsResult> => {
  const gathering = new Gathering(tasks, settings)
  const stores = new Stores(settings)
  const stage = new Stage(settings.stageDir, 0, (file) => gathering.file(file))
  const { signal } = settings
  try {
    const context = {
      stage, stageDir: settings.stageDir, baseFolder: settings.baseFolder,
      storeOf: (uri: string) => stores.of(uri), progress: (bytes: number) => gathering.read(bytes),
      ...(signal === undefined ? {} : { signal })
    }
    const queue = new ReadingQueue(tasks)
    for (let batch = queue.take(); batch.length > 0; batch = queue.take()) {
      if (batch.length > 1) stores.fetchAhead(batch.map((task) => task.listed), signal)
      for (const task of batch) {
        signal?.throwIfAborted()
        gathering.report(await readObject(task, context))
      }
    }
    signal?.throwIfAborted()
  } finally {
    stage.close()
    stores.close()
  }
  return gathering.result()
}

const serveThread = (thread: Worker, queue: ReadingQueue, gathering: Gathering): Promise<void> => new Promise((resolve, reject) => {
  thread.on("message", (message: FromWorker) => {
    switch (message.type) {
      case "ready": return thread.postMessage({ tasks: queue.take() } satisfies ToWorker, [])
      case "bytes": return gathering.read(message.bytes)
      case "file": return gathering.file(message.file)
      case "report": return gathering.report(message.report)
      case "failed": return reject(new StageFailure(message.sentence))
      case "done": return resolve()
    }
  })
  thread.on("error", reject)
  thread.on("exit", () => reject(new StageFailure("A reading thread ended before its work was done.")))
})

const stopped = (signal: AbortSignal | undefined): Promise<never> => new Promise((_, reject) => {
  const stop = (): void => reject(signal?.reason instanceof Error ? signal.reason : new StageFailure("The reading was stopped."))
  if (signal?.aborted === true) stop()
  else signal?.addEventListener("abort", stop, { once: true })
})

/** Reads the objects in as many threads as are of use; small work is done here. */
export const readInThreads = async (tasks: ReadonlyArray<ReadingTask>, settings: Settings): Promise<ThreadsResult> => {
  const bytes = tasks.reduce((sum, task) => sum + task.listed.bytes, 0)
  if (bytes < threadBytesMin) return readHere(tasks, settings)
  const gathering = new Gathering(tasks, settings)
  const queue = new ReadingQueue(tasks)
  const count = Math.max(1, Math.min(settings.threads, tasks.length))
  const file = workerFile()
  const threads = Array.from({ length: count }, (_, worker) => new Worker(file, {
    workerData: {
      stageDir: settings.stageDir, worker, baseFolder: settings.baseFolder, ...(settings.s3 === undefined ? {} : { s3: settings.s3 })
    } satisfies WorkerSettings
  }))
  try {
    await Promise.race([Promise.all(threads.map((thread) => serveThread(thread, queue, gathering))), stopped(settings.signal)])
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
  return gathering.result()
}
