import { exitCodes } from "../run/exit-codes.ts"
import { sayIfChanged } from "./as-stated.ts"
import { onReport, requireReport } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot diff REPORT REPORT`: what is new, persisting, resolved, reopened, waived, lapsed, not judged again; 1 where anything is new, reopened or newly lapsed. */
export const diffVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("diff <earlier> <later>").description("Compare two reports.").option("--json", "one JSON object a line")
    .addHelpText("after", examples("earshot diff reports/2026-11-21T02-00-00Z-1a2b3c4d reports/2026-11-22T02-00-00Z-5e6f7a8b", "earshot diff reports/2026-11-21T02-00-00Z-1a2b3c4d reports/2026-11-22T02-00-00Z-5e6f7a8b --json"))
    .action((earlier: string, later: string, flags: { readonly json?: boolean }) => work(async () => {
      const { differences, diffReports } = await import("../findings/diff.ts")
      const changes = await onReport(earlier, environment, (before) => onReport(later, environment, async (after) => {
        for (const [folder, report] of [[before, earlier], [after, later]] as const) await sayIfChanged(requireReport(folder), report, terminal)
        return diffReports(before, after)
      }))
      if (flags.json === true) for (const change of changes) terminal.out(JSON.stringify(change))
      else {
        for (const difference of differences) {
          const own = changes.filter((change) => change.difference === difference)
          terminal.out(`${difference}: ${own.length}`)
          if (difference !== "persisting") for (const change of own) terminal.out(`  ${change.severity.padEnd(8)} ${change.id} ${change.control}: ${change.sentence}`)
        }
      }
      return changes.some(({ fresh }) => fresh) ? exitCodes.findings : exitCodes.success
    }))
}
