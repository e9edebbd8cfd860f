/** The thread that writes retention.ndjson: takes batches of rows and answers each with `undefined`; none end the file, answered with the totals. */
import { parentPort, workerData } from "node:worker_threads"
import { RetentionFile, type RetentionFileSettings } from "./retention-file.ts"

if (parentPort !== null) {
  const port = parentPort
  const file = new RetentionFile(workerData as RetentionFileSettings)
  port.on("message", (rows: ReadonlyArray<string>) => {
    if (rows.length > 0) file.take(rows)
    port.postMessage(rows.length > 0 ? undefined : file.close())
  })
}
