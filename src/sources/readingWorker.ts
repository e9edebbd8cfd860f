/** A reading thread: takes objects one after the other, announces files and reports. */
import { parentPort, workerData } from "node:worker_threads"
import { readObject, type ReadingTask } from "./reading.ts"
import { Stage } from "./stage.ts"
import { type StoreSettings, Stores } from "./stores.ts"
import type { ObjectReport, StagedFile } from "./source.ts"

/** What a thread is given when it starts. */
export type WorkerSettings = StoreSettings & { readonly stageDir: string; readonly worker: number }

/** To a thread: objects to read one after the other; none when there are no more. */
export type ToWorker = { readonly tasks: ReadonlyArray<ReadingTask> }

/** From a thread. `ready` asks for objects; `failed` ends the reading. */
export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "bytes"; readonly bytes: number }
  | { readonly type: "file"; readonly file: StagedFile }
  | { readonly type: "report"; readonly report: ObjectReport }
  | { readonly type: "failed"; readonly sentence: string }
  | { readonly type: "done" }

const serve = (settings: WorkerSettings, port: NonNullable<typeof parentPort>): void => {
  const tell = (message: FromWorker): void => port.postMessage(message, [])
  const stage = new Stage(settings.stageDir, settings.worker, (file) => tell({ type: "file", file }))
  const stores = new Stores(settings)
  const context = {
    stage, stageDir: settings.stageDir, baseFolder: settings.baseFolder,
    storeOf: (uri: string) => stores.of(uri),
    progress: (bytes: number) => tell({ type: "bytes", bytes })
  }
  const take = async ({ tasks }: ToWorker): Promise<void> => {
    if (tasks.length === 0) {
      stage.close()
      stores.close()
      tell({ type: "done" })
      port.close()
      return
    }
    if (tasks.length > 1) stores.fetchAhead(tasks.map((task) => task.listed))
    for (const task of tasks) tell({ type: "report", report: await readObject(task, context) })
    tell({ type: "ready" })
  }
  port.on("message", (message: ToWorker) => {
    take(message).catch((problem: unknown) => tell({ type: "failed", sentence: problem instanceof Error ? problem.message : "Reading failed." }))
  })
  tell({ type: "ready" })
}

if (parentPort !== null) serve(workerData as WorkerSettings, parentPort)
