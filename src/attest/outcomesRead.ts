import { once } from "node:events"
import { statSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import type { OutcomesRead } from "./leaves.ts"

/** A smaller file is read sooner than a thread starts. */
const threadBytesMin = 2 * 1024 * 1024

/**
 * Reads a large outcomes.ndjson.gz in a thread of its own, so that the pages of a report are written meanwhile; for {@link VerifyOptions}.
 * `undefined` where it is small, not there or not to be read: whoever verifies reads it then.
 */
export const outcomesRead = async (folder: string): Promise<OutcomesRead | undefined> => {
  const where = "outcomes.ndjson.gz"
  const path = join(folder, where)
  try {
    // Not waited for: the pages that are made meanwhile leave no turn in which a thread could be started.
    if (statSync(path).size < threadBytesMin) return undefined
    const thread = new Worker(new URL(`./outcomesReader.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url), { workerData: { path, where } })
    try {
      return (await once(thread, "message") as ReadonlyArray<OutcomesRead>)[0]
    } finally {
      await thread.terminate()
    }
  } catch {
    return undefined
  }
}
