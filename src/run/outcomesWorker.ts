/** The thread that writes outcomes.ndjson.gz, see {@link serveFile}. */
import { workerData } from "node:worker_threads"
import { OutcomesFile, type OutcomesFileSettings } from "./outcomes-file.ts"
import { serveFile } from "./file-thread.ts"

serveFile(new OutcomesFile(workerData as OutcomesFileSettings))
