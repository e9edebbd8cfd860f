import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { UsageError } from "./failure.ts"

/** A report folder, or a sentence that says it is none. */
export const requireReport = (folder: string): string => {
  if (!existsSync(join(folder, "findings.ndjson")) || !existsSync(join(folder, "summary.json"))) throw new UsageError(`${folder} is not a report folder; name one that holds findings.ndjson and summary.json.`)
  return folder
}

/** The newest report below an out folder. */
export const newestReport = (out: string): string => {
  const reports = existsSync(out) ? readdirSync(out).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name) && existsSync(join(out, name, "findings.ndjson"))).sort() : []
  const newest = reports.at(-1)
  if (newest === undefined) throw new UsageError(`There is no report below ${out}; name the report folder.`)
  return join(out, newest)
}
