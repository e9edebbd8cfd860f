/** A reading thread: takes objects and parts one after the other, announces files and reports. */
import { parentPort, workerData } from "node:worker_threads"
import { cut, type Cut, type Part, type PartRead, readPart } from "./parts.ts"
import type { Work } from "./queue.ts"
import { readObject } from "./reading.ts"
import { Stage } from "./stage.ts"
import { type StoreSettings, Stores } from "./stores.ts"
import type { ObjectReport, StagedFile } from "./source.ts"

/** What a thread is given when it starts. */
export type WorkerSettings = StoreSettings & { readonly stageDir: string; readonly worker: number }

/** To a thread: what to do next; null when there is no more. */
export type ToWorker = { readonly work: Work | null }

/** From a thread. `ready` asks for work; `failed` ends the reading; `part` and `cut` tell of an object that is cut, `partRead` of one of its parts. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "bytes"; readonly bytes: number }
  | { readonly type: "file"; readonly file: StagedFile }
  | { readonly type: "report"; readonly report: ObjectReport }
  | { readonly type: "part"; readonly objectNumber: number; readonly part: Part }
  | { readonly type: "cut"; readonly objectNumber: number; readonly cut: Cut | undefined }
  | { readonly type: "partRead"; readonly objectNumber: number; readonly place: number; readonly read: PartRead }
  | { readonly type: "failed"; readonly sentence: string }
  | { readonly type: "done" }

const serve = (settings: WorkerSettings, port: NonNullable<typeof parentPort>): void => {
  const tell = (message: FromWorker): void => port.postMessage(message, [])
  const { stageDir, baseFolder, worker } = settings
  const stage = new Stage(stageDir, worker, (file) => tell({ type: "file", file }))
  const stores = new Stores(settings)
  const context = { stage, stageDir, baseFolder, storeOf: (uri: string) => stores.of(uri), progress: (bytes: number) => tell({ type: "bytes", bytes }) }
  let parts = 0
  const does = async (work: Work): Promise<void> => {
    switch (work.type) {
      case "objects": {
        if (work.tasks.length > 1) stores.fetchAhead(work.tasks.map((task) => task.listed))
        for (const task of work.tasks) tell({ type: "report", report: await readObject(task, context) })
        return
      }
      case "cut": {
        const { objectNumber } = work.task
        return tell({ type: "cut", objectNumber, cut: await cut(work.task, baseFolder, work.partBytes, (part) => tell({ type: "part", objectNumber, part })) })
      }
      case "part": {
        const { task: { objectNumber }, part: { place } } = work
        tell({ type: "partRead", objectNumber, place, read: await readPart(work.task, work.part, `${worker}-${parts++}`, context) })
      }
    }
  }
  const take = async ({ work }: ToWorker): Promise<void> => {
    if (work === null) {
      stage.close()
      stores.close()
      tell({ type: "done" })
      port.close()
      return
    }
    await does(work)
    tell({ type: "ready" })
  }
  port.on("message", (message: ToWorker) => {
    take(message).catch((problem: unknown) => tell({ type: "failed", sentence: problem instanceof Error ? problem.message : "Reading failed." }))
  })
  tell({ type: "ready" })
}

if (parentPort !== null) serve(workerData as WorkerSettings, parentPort)
