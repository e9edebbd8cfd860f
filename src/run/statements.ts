import { mkdirSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import { digestsOf, readChain, type Signer, type StatedRun, writeCheckpoint, writeFailure } from "../attest/index.ts"
import type { StartedRun, Turn } from "./ledger.ts"
import type { RunSettings } from "./settings.ts"

/** `2026-11-22T02-00-00Z`: sorts by time and is a name on every file system. */
export const folderTime = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z").replaceAll(":", "-")

/** The run as its statement tells it. */
export const statedRun = (settings: RunSettings, id: string, startedAt: Date, full: boolean, trustworthy: boolean, turn: Turn | undefined): StatedRun => ({
  id, pipeline: settings.pipeline, asOf: settings.asOf, startedAt: startedAt.toISOString(), full, trustworthy,
  ...(turn === undefined ? {} : { sequence: turn.sequence, ...(turn.previousStatement === undefined ? {} : { previousStatement: turn.previousStatement }) }),
  ...(settings.schedule === undefined ? {} : { schedule: settings.schedule })
})

/** Puts a signed failure statement in the place of the report. */
export const stateFailure = async (settings: RunSettings, run: StatedRun, stage: string, reason: string, signers: ReadonlyArray<Signer>, failedAt: Date, startedAt: Date, name = `${folderTime(startedAt)}-${run.id}`): Promise<void> => {
  const { out } = settings.report
  const building = join(out, `.building-${run.id}`)
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true })
  await writeFailure({ folder: building, run, failure: { stage, reason, failedAt: failedAt.toISOString() }, signers })
  renameSync(building, join(out, name))
}

/** States the failure of a run that died holding a number. One that died elsewhere may have put half a report under its own name. */
export const stateDead = async (settings: RunSettings, dead: StartedRun, signers: ReadonlyArray<Signer>, now: Date): Promise<void> => {
  const { entries } = await readChain(settings.report.out)
  // It may have died after its report was renamed into place: then nothing is missing.
  if (entries.some((entry) => entry.sequence === dead.sequence)) return
  const startedAt = new Date(dead.startedAt)
  const run = statedRun({ ...settings, asOf: dead.asOf }, dead.id, startedAt, true, false, dead)
  const name = `${folderTime(startedAt)}-${dead.id}${dead.elsewhere === true ? "-died" : ""}`
  await stateFailure(settings, run, "died", "The run ended without a report; its number is stated by the next run.", signers, now, startedAt, name)
}

/** Writes the chain's checkpoint. The report stands already, so that a failure here is told and undoes nothing. */
export const checkpointed = async (settings: RunSettings, signers: ReadonlyArray<Signer>): Promise<ReadonlyArray<string>> => {
  const { out } = settings.report
  try {
    const { entries } = await readChain(out)
    const { refused } = await writeCheckpoint({ dir: out, origin: `earshot/${settings.pipeline.replaceAll(/[\s+]/g, "-")}`, digests: digestsOf(entries), signers })
    return refused === undefined ? [] : [refused]
  } catch (failure) {
    return [`The checkpoint of the chain was not written (${(failure as NodeJS.ErrnoException).code ?? "unknown"}); the report is whole.`]
  }
}
