import { exitCodes } from "../run/exit-codes.ts"
import { onReport, requireReport } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot render REPORT`: every unsigned output again from a stored report, byte-identical. */
export const renderVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("render <report>").description("Write every unsigned output again from a stored report.").requiredOption("--out <dir>", "folder to write to")
    .addHelpText("after", examples("earshot render reports/2026-11-22T02-00-00Z-1a2b3c4d --out again", "earshot render reports/2026-11-22T02-00-00Z-1a2b3c4d --out /tmp/again"))
    .action((report: string, flags: { readonly out: string }) => work(async () => {
      const { renderAgain } = await import("../report/index.ts")
      const files = await onReport(report, environment, (folder) => renderAgain(requireReport(folder), flags.out))
      terminal.out(`${flags.out}: ${files.join(", ")}`)
      return exitCodes.success
    }))
}
