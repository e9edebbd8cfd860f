import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { isBundleName } from "./sigstore.ts"

export const coreFile = "core.dsse.json"
export const statementFile = "statement.dsse.json"

/** The files that the core speaks of; each only where the folder has it. */
export const coreSubjectFiles = ["findings.ndjson", "inputs.ndjson", "quarantine.ndjson", "retention.ndjson", "summary.json", "outcomes.ndjson", "outcomes.ndjson.gz"] as const

/** What a folder holds: files by their path with `/`, and whatever is neither file nor folder or an empty folder. */
export type FolderListing = { readonly files: ReadonlyArray<string>; readonly strange: ReadonlyArray<string> }

/** Lists a report folder with its subfolders, sorted by name. Symbolic links are strange, for they lead outside. */
export const listFolder = async (folder: string): Promise<FolderListing> => {
  const files: Array<string> = []
  const strange: Array<string> = []
  const walk = async (prefix: string): Promise<void> => {
    const entries = await readdir(join(folder, prefix), { withFileTypes: true })
    if (entries.length === 0 && prefix !== "") strange.push(prefix)
    for (const entry of entries) {
      const name = prefix === "" ? entry.name : `${prefix}/${entry.name}`
      if (entry.isDirectory()) await walk(name)
      else (entry.isFile() ? files : strange).push(name)
    }
  }
  try {
    await walk("")
  } catch {
    throw new AttestError("notFound", `The report folder ${folder} cannot be read: check the path.`)
  }
  return { files: files.sort(), strange: strange.sort() }
}

/** True for the files that the final statement cannot speak of: itself and the bundles made from it. */
export const isOutsideStatement = (name: string): boolean => name === statementFile || isBundleName(name)
