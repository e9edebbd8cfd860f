import { existsSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "../run/exit-codes.ts"
import { changedSince } from "./as-stated.ts"
import { UsageError } from "./failure.ts"
import { isStored, onReport, requireReport } from "./reports.ts"
import type { Terminal } from "./terminal.ts"
import { examples, type Verb } from "./verb.ts"

/** Puts what is missing back into the report folder itself; true where every output is as stated. */
const restore = async (folder: string, report: string, terminal: Terminal): Promise<boolean> => {
  const { restoreOutputs } = await import("../report/index.ts")
  const { there, restored, different } = await restoreOutputs(folder)
  terminal.out(`${report}: ${restored.length === 0 ? "nothing was missing" : `written again: ${restored.join(", ")}`}; as stated already: ${there.length === 0 ? "none" : there.join(", ")}`)
  for (const file of different) {
    terminal.say(existsSync(join(folder, file)) ? `${file} is not as ${report} states it, and was left as it is; render all to another folder with --out, and compare.`
      : `${file} was not written: this program makes it otherwise than the one that made ${report}; render it with that version, or with --out to another folder.`)
  }
  return different.length === 0
}

/** `earshot render REPORT`: every unsigned output again from a stored report, byte-identical; 4 where the report was changed. */
export const renderVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("render <report>").description("Write every unsigned output again from a stored report: those that are missing, or all of them into another folder.").option("--out <dir>", "folder to write all of them to; without it those that are missing come back into the report, and nothing is overwritten")
    .option("--anyway", "with --out: also where what it is made from was changed since it was stated")
    .addHelpText("after", examples("earshot render reports/2026-11-22T02-00-00Z-1a2b3c4d", "earshot render reports/2026-11-22T02-00-00Z-1a2b3c4d --out /tmp/again"))
    .action((report: string, flags: { readonly out?: string; readonly anyway?: boolean }) => work(async () => {
      const { renderAgain } = await import("../report/index.ts")
      const { out } = flags
      if (out === undefined && isStored(report)) throw new UsageError("A report in S3 is not written to again; name a folder with --out.")
      if (out === undefined && flags.anyway === true) throw new UsageError("--anyway goes with --out: nothing that was not stated is put into a report.")
      const done = await onReport(report, environment, async (folder) => {
        const changed = await changedSince(requireReport(folder), report)
        if (changed !== undefined) terminal.say(changed)
        if (changed === undefined && out === undefined) return restore(folder, report, terminal)
        if (out !== undefined && (changed === undefined || flags.anyway === true)) {
          terminal.out(`${out}: ${(await renderAgain(folder, out)).join(", ")}`)
          return true
        }
        terminal.say(`Nothing was written, for it would not be what was signed${out === undefined ? "." : "; --anyway writes it all the same."}`)
        return false
      })
      return done ? exitCodes.success : exitCodes.unverified
    }))
}
