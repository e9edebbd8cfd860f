/** Hands objects to reading threads and gathers what they report. */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Worker } from "node:worker_threads"
import { CutObject, dropPart, type Part, type PartRead } from "./parts.ts"
import { readObject, type ReadingTask } from "./reading.ts"
import { ReadingQueue } from "./queue.ts"
import type { FromWorker, ToWorker, WorkerSettings } from "./readingWorker.ts"
import type { ReadingOptions } from "./readSources.ts"
import type { ObjectReport, StagedFile } from "./source.ts"
import { Stage, StageFailure } from "./stage.ts"
import { Stores, type StoreSettings } from "./stores.ts"

type Settings = StoreSettings & Pick<ReadingOptions, "stageDir" | "threads" | "partBytesMin" | "onFile" | "onProgress" | "signal">

/** What the threads made. */
export type ThreadsResult = {
  readonly objects: ReadonlyArray<ObjectReport>
  readonly files: ReadonlyArray<StagedFile>
  /** Of objects that were read in parts: files of their quarantine, in order, by object number. */
  readonly quarantine: ReadonlyMap<number, ReadonlyArray<string>>
}

/** Below this a thread takes longer to start than the reading does. */
const threadBytesMin = 4 * 1024 * 1024

/** A smaller part costs more in files than another thread saves. */
const partBytesMin = 12 * 1024 * 1024

/** Gathers reports and files, and tells the caller about them. */
class Gathering {
  readonly objects: Array<ObjectReport> = []
  readonly files: Array<StagedFile> = []
  readonly quarantine = new Map<number, ReadonlyArray<string>>()
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
    return { objects: this.objects, files: this.files, quarantine: this.quarantine }
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
    const queue = new ReadingQueue(tasks, 1, partBytesMin)
    for (let work = queue.take(); work?.type === "objects"; work = queue.take()) {
      if (work.tasks.length > 1) stores.fetchAhead(work.tasks.map((task) => task.listed), signal)
      for (const task of work.tasks) {
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

/** Gives work to threads as it comes up; a thread that finds none waits, for a large object may be cut meanwhile. */
class Dispatcher {
  readonly #queue: ReadingQueue
  readonly #gathering: Gathering
  readonly #stageDir: string
  readonly #cut = new Map<number, CutObject>()
  readonly #idle: Array<Worker> = []
  #busy = 0

  constructor(queue: ReadingQueue, gathering: Gathering, stageDir: string) {
    this.#queue = queue
    this.#gathering = gathering
    this.#stageDir = stageDir
  }

  /** Serves a thread until there is nothing more to do. */
  serve(thread: Worker): Promise<void> {
    this.#busy++
    return new Promise((resolve, reject) => {
      thread.on("message", (message: FromWorker) => {
        switch (message.type) {
          case "ready": return this.#ready(thread)
          case "bytes": return this.#gathering.read(message.bytes)
          case "file": return this.#gathering.file(message.file)
          case "report": return this.#gathering.report(message.report)
          case "part": return this.#part(message.objectNumber, message.part)
          case "cut": return this.#changed(message.objectNumber, (object) => object.cut(message.cut))
          case "partRead": return this.#partRead(message.objectNumber, message.place, message.read)
          case "failed": return reject(new StageFailure(message.sentence))
          case "done": return resolve()
        }
      })
      thread.on("error", reject)
      thread.on("exit", () => reject(new StageFailure("A reading thread ended before its work was done.")))
    })
  }

  #ready(thread: Worker): void {
    this.#busy--
    this.#idle.push(thread)
    this.#give()
  }

  /** Work for those who wait; the end for all, once nobody is busy and nothing is left. */
  #give(): void {
    while (this.#idle.length > 0) {
      const work = this.#queue.take()
      if (work === undefined) break
      if (work.type === "cut") this.#cut.set(work.task.objectNumber, new CutObject(work.task, this.#stageDir))
      this.#busy++
      this.#idle.pop()?.postMessage({ work } satisfies ToWorker, [])
    }
    if (this.#busy === 0) for (const thread of this.#idle.splice(0)) thread.postMessage({ work: null } satisfies ToWorker, [])
  }

  #part(objectNumber: number, part: Part): void {
    const object = this.#cut.get(objectNumber)
    if (object === undefined || object.hasFailed) return
    this.#queue.part(object.task, part)
    this.#give()
  }

  #partRead(objectNumber: number, place: number, read: PartRead): void {
    if (this.#cut.has(objectNumber)) this.#changed(objectNumber, (object) => object.read(place, read))
    // Its object is read in one piece already.
    else dropPart(this.#stageDir, objectNumber, place, read)
  }

  #changed(objectNumber: number, change: (object: CutObject) => void): void {
    const object = this.#cut.get(objectNumber)
    if (object === undefined) return
    change(object)
    const whole = object.whole()
    if (whole !== undefined) {
      for (const file of whole.files) this.#gathering.file(file)
      this.#gathering.quarantine.set(objectNumber, whole.quarantine)
      this.#gathering.report(whole.report)
    }
    if (object.hasFailed) this.#queue.uncut(object.task)
    if (whole !== undefined || object.hasFailed) this.#cut.delete(objectNumber)
  }
}

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
  const queue = new ReadingQueue(tasks, settings.threads, settings.partBytesMin ?? partBytesMin)
  const count = Math.max(1, queue.hasLarge ? settings.threads : Math.min(settings.threads, tasks.length))
  const dispatcher = new Dispatcher(queue, gathering, settings.stageDir)
  const file = workerFile()
  const threads = Array.from({ length: count }, (_, worker) => new Worker(file, {
    workerData: {
      stageDir: settings.stageDir, worker, baseFolder: settings.baseFolder, ...(settings.s3 === undefined ? {} : { s3: settings.s3 })
    } satisfies WorkerSettings
  }))
  try {
    await Promise.race([Promise.all(threads.map((thread) => dispatcher.serve(thread))), stopped(settings.signal)])
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
  return gathering.result()
}
