/** The thread that writes retention.ndjson, see {@link serveFile}. */
import { workerData } from "node:worker_threads"
import { serveFile } from "./file-thread.ts"
import { RetentionFile, type RetentionFileSettings } from "./retention-file.ts"

serveFile(new RetentionFile(workerData as RetentionFileSettings))
