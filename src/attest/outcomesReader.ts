/** The thread that reads an outcomes file beside the writing of the pages; a failure ends it. */
import { parentPort, workerData } from "node:worker_threads"
import { readWrittenOutcomes } from "./leaves.ts"

if (parentPort !== null) {
  const port = parentPort
  const { path, where } = workerData as { readonly path: string; readonly where: string }
  port.postMessage(await readWrittenOutcomes(path, where), [])
}
