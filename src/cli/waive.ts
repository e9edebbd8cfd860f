import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Summary } from "../report/summary.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { sayIfChanged } from "./as-stated.ts"
import { UsageError } from "./failure.ts"
import { newestReport, onReport, requireReport } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly owner: string; readonly reason: string; readonly expires: string; readonly approvedBy: string; readonly max?: string; readonly report?: string; readonly out: string }

/** `earshot waive FINDING|CAUSE`: a waiver entry to review and put into waivers.yaml; nothing is written. */
export const waiveVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("waive <what>").description("Print a waiver entry to review, for a finding (f-…) or a cause.")
    .requiredOption("--owner <who>", "who answers for it").requiredOption("--reason <text>", "why it is accepted").requiredOption("--expires <time>", "until when (RFC 3339)").requiredOption("--approved-by <who>", "the second person who approves")
    .option("--max <n>", "for a cause: how many findings it may cover").option("--report <dir>", "the report that holds it; the newest where absent").option("--out <dir>", "folder of reports", environment["EARSHOT_OUT"] ?? "reports")
    .addHelpText("after", examples(
      "earshot waive f-0123456789abcdef0123456789abcdef --owner privacy-office --reason 'notice repaired on 20 November' --expires 2026-12-31T00:00:00Z --approved-by cco",
      "earshot waive 'consent/notice-language#other-language#notice rec-en 3, es' --owner operations --reason 'translation ordered' --expires 2026-12-31T00:00:00Z --approved-by cco --max 200"))
    .action((what: string, flags: Flags) => work(async () => {
      const { instantOf, parseInstant } = await import("../time/index.ts")
      const expires = parseInstant(flags.expires)
      if (expires === undefined) throw new UsageError("--expires must be a time with an offset, such as 2026-12-31T00:00:00Z.")
      for (const [flag, text] of [["--owner", flags.owner], ["--reason", flags.reason], ["--approved-by", flags.approvedBy]] as const) if (text.trim() === "") throw new UsageError(`${flag} is empty; say it.`)
      if (flags.approvedBy === flags.owner) throw new UsageError("--approved-by must name somebody else than --owner.")
      const isFinding = what.startsWith("f-")
      if (flags.max !== undefined && (isFinding || !/^[1-9]\d*$/.test(flags.max))) throw new UsageError("--max is a whole number and belongs to the waiver of a cause.")
      const report = flags.report ?? await newestReport(flags.out, environment)
      const { findingsOf } = await import("../findings/diff.ts")
      const { evidenceDigest } = await import("../findings/status.ts")
      let evidence: string | undefined
      let covers = 0
      await onReport(report, environment, async (folder) => {
        await sayIfChanged(requireReport(folder), report, terminal)
        const { run } = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary
        if (expires <= instantOf(run.asOf)) throw new UsageError(`--expires is not after ${run.asOf}, as of which ${report} was made, so the waiver would have lapsed already; give a later time.`)
        for await (const finding of findingsOf(folder)) {
          if (isFinding ? finding.id !== what : finding.cause !== what) continue
          covers += 1
          evidence = evidenceDigest(finding)
        }
      })
      if (evidence === undefined) throw new UsageError(`${report} holds no such ${isFinding ? "finding" : "cause"}; look it up in findings.ndjson.`)
      const { stringify } = await import("yaml")
      terminal.out(stringify([{ ...(isFinding ? { finding: what } : { cause: what }), owner: flags.owner, reason: flags.reason, expires: flags.expires, approvedBy: flags.approvedBy, ...(isFinding ? { evidence } : { max: Number(flags.max ?? covers) }) }]).trimEnd())
      if (expires <= instantOf(new Date().toISOString())) terminal.say(`--expires is past: the waiver holds only in runs as of a time before ${flags.expires}.`)
      terminal.say(`Covers ${covers} finding${covers === 1 ? "" : "s"} of ${report}. Review it, then add it to the waivers of the pipeline's waivers file.`)
      return exitCodes.success
    }))
}
