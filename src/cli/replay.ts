import { exitCodes } from "../run/exit-codes.ts"
import { onReport, requireReport } from "./reports.ts"
import { progressOn } from "./terminal.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot replay REPORT`: the same inputs again; 0 same, 1 differs, 2 cannot. */
export const replayVerb: Verb = (program, { terminal, environment, signal, work }) => {
  program.command("replay <report>").description("Run a report's audit again from the same inputs and compare.").option("--pipeline <file>", "the pipeline file, where it has moved").option("--pseudonym-key <file>", "pseudonym key that the report was made with, where the pipeline's is away")
    .addHelpText("after", examples("earshot replay reports/2026-11-22T02-00-00Z-1a2b3c4d", "earshot replay reports/2026-11-22T02-00-00Z-1a2b3c4d --pipeline pipelines/nightly.yaml"))
    .action((report: string, flags: { readonly pipeline?: string; readonly pseudonymKey?: string }) => work(async () => {
      const { replay } = await import("../run/index.ts")
      const shown = await progressOn(terminal)
      try {
        const { result, moved } = await onReport(report, environment, (folder) => replay(requireReport(folder), flags.pipeline, environment, shown, signal, undefined, flags.pseudonymKey))
        shown.stop()
        terminal.out(result)
        for (const sentence of moved) terminal.out(`  ${sentence}`)
        return result === "same" ? exitCodes.success : result === "differs" ? exitCodes.findings : exitCodes.untrustworthy
      } finally {
        shown.stop()
      }
    }))
}
