import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { initialPipeline, initialPolicy, initialRecords, initialWaivers } from "./init-files.ts"

const ignored = "# Private keys, the evidence store and reports stay out of version control.\nkeys/\n.earshot/\nreports/\n"

/**
 * Writes a new pipeline folder to start from: pipeline.yaml, policy.yaml and waivers.yaml with
 * comments, a few sample records, and a .gitignore. Returns the files, relative to `out`.
 * A file that exists already is an error (code EEXIST) before anything is overwritten.
 */
export const initPipeline = (out: string): ReadonlyArray<string> => {
  const files: ReadonlyArray<readonly [string, string]> = [
    ["pipeline.yaml", initialPipeline],
    ["policy.yaml", initialPolicy],
    ["waivers.yaml", initialWaivers],
    ["records/sample.ndjson", initialRecords],
    [".gitignore", ignored]
  ]
  mkdirSync(join(out, "records"), { recursive: true })
  for (const [file, text] of files) writeFileSync(join(out, file), text, { flag: "wx" })
  return files.map(([file]) => file)
}

/** Writes the .gitignore of a folder whose runs leave keys, a store and reports beside the pipeline. */
export const ignoreOutputs = (out: string): void => writeFileSync(join(out, ".gitignore"), ignored)
