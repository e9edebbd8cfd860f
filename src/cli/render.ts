import { exitCodes } from "../run/exit-codes.ts"
import { changedSince } from "./as-stated.ts"
import { onReport, requireReport } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot render REPORT`: every unsigned output again from a stored report, byte-identical; 4 where the report was changed. */
export const renderVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("render <report>").description("Write every unsigned output again from a stored report.").requiredOption("--out <dir>", "folder to write to")
    .option("--anyway", "also where what it is made from was changed since it was stated")
    .addHelpText("after", examples("earshot render reports/2026-11-22T02-00-00Z-1a2b3c4d --out again", "earshot render reports/2026-11-22T02-00-00Z-1a2b3c4d --out /tmp/again"))
    .action((report: string, flags: { readonly out: string; readonly anyway?: boolean }) => work(async () => {
      const { renderAgain } = await import("../report/index.ts")
      const files = await onReport(report, environment, async (folder) => {
        const changed = await changedSince(requireReport(folder), report)
        if (changed !== undefined) terminal.say(changed)
        if (changed === undefined || flags.anyway === true) return renderAgain(folder, flags.out)
        terminal.say("Nothing was written, for it would not be what was signed; --anyway writes it all the same.")
        return undefined
      })
      if (files === undefined) return exitCodes.unverified
      terminal.out(`${flags.out}: ${files.join(", ")}`)
      return exitCodes.success
    }))
}
