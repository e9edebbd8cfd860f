import { existsSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { UsageError } from "./failure.ts"

type Environment = Readonly<Record<string, string | undefined>>

/** Does it lie in S3? Where S3 is, `EARSHOT_S3_ENDPOINT`, `EARSHOT_S3_REGION` and `EARSHOT_S3_FORCE_PATH_STYLE` say. */
export const isStored = (path: string): boolean => path.startsWith("s3://")

/** `--key FILE REPORT`: the last of the files is the report where no report stands before them. */
export const reportBeside = (report: string | undefined, files: ReadonlyArray<string>): { readonly report: string; readonly files: ReadonlyArray<string> } => {
  const last = files.at(-1)
  if (report !== undefined) return { report, files }
  if (last === undefined || files.length < 2) throw new UsageError("No report is named; give the report folder first.")
  return { report: last, files: files.slice(0, -1) }
}

/** A report folder, or a sentence that says it is none. */
export const requireReport = (folder: string): string => {
  if (!existsSync(join(folder, "findings.ndjson")) || !existsSync(join(folder, "summary.json"))) throw new UsageError(`${folder} is not a report folder; name one that holds findings.ndjson and summary.json.`)
  return folder
}

/** The newest report below an out folder, or under an `s3://` prefix. */
export const newestReport = async (out: string, environment: Environment): Promise<string> => {
  if (isStored(out)) {
    const { newestStored, s3FromEnvironment } = await import("../run/index.ts")
    return named(newestStored(out, s3FromEnvironment(environment)), environment)
  }
  const reports = existsSync(out) ? readdirSync(out).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name) && existsSync(join(out, name, "findings.ndjson"))).sort() : []
  const newest = reports.at(-1)
  if (newest === undefined) throw new UsageError(`There is no report below ${out}; name the report folder.`)
  return join(out, newest)
}

/** Verbs that read no pipeline file go by the environment, which is easily forgotten where S3 is not AWS. */
const whereAsked = (environment: Environment): string => {
  const endpoint = environment["EARSHOT_S3_ENDPOINT"] ?? ""
  return endpoint === "" ? "AWS was asked; for another S3 set EARSHOT_S3_ENDPOINT, and mostly EARSHOT_S3_FORCE_PATH_STYLE=true." : `${endpoint} was asked (EARSHOT_S3_ENDPOINT).`
}

/** What is not there, or may not be read, was named wrongly: exit 3, as for a folder. */
const named = async <A>(work: Promise<A>, environment: Environment): Promise<A> => {
  try {
    return await work
  } catch (failure) {
    if (failure instanceof Error && failure.name === "StoreFailure") failure.message += ` ${whereAsked(environment)}`
    if (failure instanceof Error && failure.name === "StoreFailure" && "reason" in failure && (failure.reason === "missing" || failure.reason === "denied")) throw new UsageError(failure.message)
    throw failure
  }
}

/** Works on a path of this machine as it is, on a report in S3 as a copy that is removed afterwards. */
export const onReport = async <A>(path: string, environment: Environment, work: (folder: string) => Promise<A>): Promise<A> => {
  if (!isStored(path)) return work(path)
  const { s3FromEnvironment, withStoredReport } = await import("../run/index.ts")
  return named(withStoredReport(path, s3FromEnvironment(environment), work), environment)
}

/** The same for the folder of reports whose chain is verified. */
export const onChain = async <A>(dir: string | undefined, environment: Environment, work: (dir: string | undefined) => Promise<A>): Promise<A> => {
  if (dir === undefined || !isStored(dir)) return work(dir)
  const { s3FromEnvironment, withStoredChain } = await import("../run/index.ts")
  return named(withStoredChain(dir, s3FromEnvironment(environment), work), environment)
}
