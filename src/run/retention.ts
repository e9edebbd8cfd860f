import { join } from "node:path"
import type { Control } from "../controls/index.ts"
import { EvidenceError, type EvidenceStore } from "../evidence/index.ts"
import { preservedFindings, retentionRows } from "../gate/index.ts"
import type { RetentionTotals } from "../report/summary.ts"
import { threadRowsMin, writeHere, writeInThread } from "./file-thread.ts"
import { RetentionFile, type RetentionFileSettings } from "./retention-file.ts"

/**
 * Writes retention.ndjson: the decision for every recording, with the open findings of the folder that need it as evidence.
 * Many are written in a thread of their own, so that other files are written meanwhile.
 */
export const writeRetention = async (store: EvidenceStore, controls: ReadonlyArray<Pick<Control, "id" | "preserves">>, { folder, pseudonymKey }: Omit<RetentionFileSettings, "preserved">): Promise<RetentionTotals> => {
  const settings = { folder, pseudonymKey, preserved: await preservedFindings(join(folder, "findings.ndjson"), controls) }
  const [decided] = await store.all("SELECT count(*)::INTEGER AS recordings FROM retentionDecision")
  const recordings = Number(decided?.["recordings"])
  const rows = retentionRows(store)
  const totals = await (recordings < threadRowsMin ? writeHere(new RetentionFile(settings), rows) : writeInThread<ReadonlyArray<string>, RetentionTotals>("retentionWorker", settings, rows))
  // A retention job deletes by this file: it must not end early without a word.
  if (Object.values(totals).reduce((sum, one) => sum + one.recordings, 0) !== recordings) throw new EvidenceError("retention.ndjson did not become whole; run again.")
  return totals
}
