import { exitCodes } from "../run/exit-codes.ts"
import { counted } from "./counted.ts"
import { examples, type Verb } from "./verb.ts"

const keptBecause: Readonly<Record<string, string>> = {
  "not-due": "are not due", held: "are under a hold", "keep-duty": "must still be kept", "request-open": "have an open request against them", doubtful: "have doubtful terms, holds or records",
  "deletion-not-reported": "are due, but no source has reported their deletion (ask the gate, delete them, then purge; or purge with --due)",
  "still-in-storage": "are said to be deleted, but storage still shows them", "evidence-needed": "are needed as evidence by an open finding", chain: "belong to a chain of contacts of which something stays"
}

const because: Readonly<Record<string, string>> = { deleted: "deleted at its source", erasure: "erasure granted", term: "past its term", "delivered-again": "delivered again after a purge" }

/** `earshot purge PIPELINE`: applies retention and erasure to Earshot's own store, and logs that it did. */
export const purgeVerb: Verb = (program, { terminal, environment, cwd, work }) => {
  program.command("purge <pipeline>").description("Apply retention and erasure to the evidence store; reports are legal records and stay.")
    .option("--as-of <time>", "apply them as of this time (RFC 3339)").option("--dry-run", "say what would be removed, and remove nothing")
    .option("--due", "also remove what is due although no source has reported its deletion; the gate keeps such objects from then on").option("--json", "as JSON")
    .addHelpText("after", examples("earshot purge pipelines/nightly.yaml --dry-run", "earshot purge pipelines/nightly.yaml --as-of 2026-11-01T00:00:00Z"))
    .action((pipeline: string, flags: { readonly asOf?: string; readonly dryRun?: boolean; readonly due?: boolean; readonly json?: boolean }) => work(async () => {
      const { resolveConfiguration } = await import("../pipeline/index.ts")
      const { purge, settingsFrom } = await import("../run/index.ts")
      const now = new Date()
      const { values } = resolveConfiguration({ file: pipeline, flags: flags.asOf === undefined ? {} : { asOf: flags.asOf }, env: environment, cwd })
      const { removed, kept, contacts, recordings, log, done } = await purge(settingsFrom(values, now), { dryRun: flags.dryRun === true, due: flags.due === true, now })
      if (flags.json === true) terminal.out(JSON.stringify({ done, contacts, recordings, removed, kept, log }))
      else {
        for (const one of removed) terminal.out(`${one.kind.padEnd(14)} ${String(one.rows).padStart(8)}  ${because[one.because] ?? one.because}`)
        terminal.say(removed.length === 0 ? "There is nothing to remove." : `${done ? "Removed" : "Would remove"} ${counted(contacts, "contact")} with ${counted(recordings, "recording")}, and all records about them.`)
        for (const [reason, count] of Object.entries(kept)) terminal.say(`Kept because they ${keptBecause[reason] ?? reason}: ${counted(count, "recording")}.`)
        terminal.say(done ? `Logged in ${log}. Old reports were not touched.` : "Old reports are never touched.")
      }
      return exitCodes.success
    }))
}
