/** Whether what a verb reads of a report is what the report states. The digests alone are asked; who signed is asked by `verify`. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Terminal } from "./terminal.ts"

const hint = "`earshot verify` tells more"

/** Says on stderr where a report was changed, for verbs that read it all the same. */
export const sayIfChanged = async (folder: string, report: string, terminal: Pick<Terminal, "say">): Promise<void> => {
  const changed = await changedSince(folder, report)
  if (changed !== undefined) terminal.say(changed)
}

/**
 * One sentence that names the first file of a report which is not as its statements say: the signed content that findings
 * are explained and pages are rendered from. Undefined where all of it is.
 */
export const changedSince = async (folder: string, report: string): Promise<string | undefined> => {
  const { coreFile, parseEnvelope, readStatement, sha256File, statementFile } = await import("../attest/index.ts")
  const named = new Map<string, string>()
  for (const file of [coreFile, statementFile]) {
    if (!existsSync(join(folder, file))) return `${report} does not verify: ${file} is missing; ${hint}.`
    try {
      for (const { name, digest } of readStatement(parseEnvelope(readFileSync(join(folder, file)), file), file).subject) if (file === coreFile || name === coreFile) named.set(name, digest.sha256)
    } catch {
      return `${report} does not verify: ${file} cannot be read; ${hint}.`
    }
  }
  for (const [name, sha256] of named) {
    if (!existsSync(join(folder, name))) return `${report} does not verify: ${name} is missing; ${hint}.`
    if ((await sha256File(join(folder, name))).sha256 !== sha256) return `${report} does not verify: ${name} was changed since it was stated; ${hint}.`
  }
  return undefined
}
