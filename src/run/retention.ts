import { once } from "node:events"
import { join } from "node:path"
import { Worker } from "node:worker_threads"
import type { Control } from "../controls/index.ts"
import { EvidenceError, type EvidenceStore } from "../evidence/index.ts"
import { preservedFindings, retentionRows } from "../gate/index.ts"
import type { RetentionTotals } from "../report/summary.ts"
import { RetentionFile, type RetentionFileSettings } from "./retention-file.ts"

/** With fewer recordings a thread takes longer to start than the writing does. */
const threadRowsMin = 20_000

const writeHere = async (store: EvidenceStore, settings: RetentionFileSettings): Promise<RetentionTotals> => {
  const file = new RetentionFile(settings)
  try {
    for await (const rows of retentionRows(store)) file.take(rows)
  } catch (failure) {
    file.close()
    throw failure
  }
  return file.close()
}

const writeInThread = async (store: EvidenceStore, settings: RetentionFileSettings): Promise<RetentionTotals> => {
  const thread = new Worker(new URL(`./retentionWorker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url), { workerData: settings })
  const tell = async (rows: ReadonlyArray<string>): Promise<unknown> => {
    thread.postMessage(rows, [])
    return (await once(thread, "message") as ReadonlyArray<unknown>)[0]
  }
  try {
    let told: Promise<unknown> = Promise.resolve()
    for await (const rows of retentionRows(store)) {
      await told
      told = tell(rows)
      // A failure is thrown by the next wait for it; until then it must not count as nobody's.
      told.catch(() => undefined)
    }
    await told
    return await tell([]) as RetentionTotals
  } finally {
    await thread.terminate()
  }
}

/**
 * Writes retention.ndjson: the decision for every recording, with the open findings of the folder that need it as evidence.
 * Many are written in a thread of their own, so that other files are written meanwhile.
 */
export const writeRetention = async (store: EvidenceStore, controls: ReadonlyArray<Pick<Control, "id" | "preserves">>, { folder, pseudonymKey }: Omit<RetentionFileSettings, "preserved">): Promise<RetentionTotals> => {
  const settings = { folder, pseudonymKey, preserved: await preservedFindings(join(folder, "findings.ndjson"), controls) }
  const [decided] = await store.all("SELECT count(*)::INTEGER AS recordings FROM retentionDecision")
  const recordings = Number(decided?.["recordings"])
  const totals = await (recordings < threadRowsMin ? writeHere : writeInThread)(store, settings)
  // A retention job deletes by this file: it must not end early without a word.
  if (Object.values(totals).reduce((sum, one) => sum + one.recordings, 0) !== recordings) throw new EvidenceError("retention.ndjson did not become whole; run again.")
  return totals
}
