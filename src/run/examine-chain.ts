import { existsSync } from "node:fs"
import { verifyChain } from "../attest/index.ts"
import { isRemote } from "../sources/index.ts"
import { type Examination, ok, warning } from "./examination.ts"
import type { RunSettings } from "./settings.ts"
import { withStoredChain } from "./stored-reports.ts"

const examineAt = async (dir: string, settings: RunSettings, now: Date): Promise<ReadonlyArray<Examination>> => {
  const { entries, problems } = await verifyChain({ dir, keys: [], integrityOnly: true, now })
  const newest = entries.at(-1)
  if (newest === undefined) return [settings.schedule === undefined ? ok("nights", "No run is in the chain yet.") : warning("nights", `No run is in the chain yet, and the schedule is "${settings.schedule}".`)]
  const untold = newest.run.schedule === undefined && settings.schedule === undefined ? [warning("nights", "The pipeline states no schedule, so a night that never ran cannot be told; add schedule.")] : []
  const told = `Number ${newest.sequence} of the chain started at ${newest.run.startedAt}${newest.kind === "report" ? "" : " and failed"}`
  const last = newest.kind === "report" ? ok("last run", `${told}.`) : warning("last run", `${told}; its log says why.`)
  return [last, ...untold, ...problems.map(({ sentence }) => warning("nights", sentence)), ...(problems.length === 0 && untold.length === 0 ? [ok("nights", "No scheduled run is missing, and the chain is whole.")] : [])]
}

/** Nights that never ran, by the schedule that each run stated, and whatever else is wrong with the chain of reports. */
export const examineChain = async (settings: RunSettings, now: Date): Promise<ReadonlyArray<Examination>> => {
  const { out } = settings.report
  try {
    if (isRemote(out)) return await withStoredChain(out, settings.s3 ?? {}, (copy) => examineAt(copy, settings, now))
    return existsSync(out) ? await examineAt(out, settings, now) : [ok("nights", "No run is in the chain yet.")]
  } catch (error) {
    return [warning("nights", error instanceof Error ? error.message : `The chain of ${out} cannot be read.`)]
  }
}
