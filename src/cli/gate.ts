import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { isStored, reportBeside } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly key: ReadonlyArray<string>; readonly objects?: string; readonly inventory?: string; readonly maxAge?: string; readonly holds?: string; readonly pseudonymKey?: string; readonly asOf?: string; readonly batchManifest?: string; readonly tags?: string }

/** Why everything is kept, in sentences; the answers hold the codes. */
const distrustSentences: Readonly<Record<string, string>> = {
  "report-too-old": "Everything is kept: the report was judged longer ago than --max-age allows; ask with the newest report.",
  "report-of-the-future": "Everything is kept: the report is judged as of a later time than now; check the clock, or --as-of.",
  "not-a-full-run": "Everything is kept: the run asked only some controls (--only, --skip or replay); ask with the report of a full run.",
  "run-not-trustworthy": "Everything is kept: the report says of itself that it cannot be trusted; its summary says why.",
  "report-not-verified": "Everything is kept: the report does not verify with the given keys; earshot verify tells more.",
  "not-a-report": "Everything is kept: the folder holds no report of a finished run; name another."
}

/** `earshot gate REPORT --key FILE --objects FILE|-`: may these objects be deleted? Fails closed. */
export const gateVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("gate [report]").description("For a retention job: delete, keep or hold for each object; fails closed.")
    .requiredOption("--key <file...>", "public keys (PEM) that must have signed the report").option("--objects <file>", "NDJSON of {uri, versionId, sha256 or etag}; - for stdin").option("--inventory <manifest>", "an S3 inventory's manifest.json instead")
    .option("--max-age <duration>", "how old the report may be", "P1D").option("--holds <file>", "holds as they stand now (canonical NDJSON)").option("--pseudonym-key <file>", "opens object names that are pseudonyms in the report")
    .option("--as-of <time>", "now, where the clock is not meant (RFC 3339)").option("--batch-manifest <file>", "also write what may be deleted as an S3 Batch Operations manifest")
    .option("--tags <folder>", "also write every decision as object tags for lifecycle rules: PutObjectTagging requests, and manifests and operations for S3 Batch Operations")
    .addHelpText("after", examples("earshot gate reports/2026-11-22T02-00-00Z-1a2b3c4d --key keys/pipeline.pub --objects due.ndjson", "aws s3api list-objects-v2 … | jq -c … | earshot gate reports/2026-11-22T02-00-00Z-1a2b3c4d --key keys/pipeline.pub --objects -"))
    .action((named: string | undefined, flags: Flags) => work(async () => {
      const { report, files } = reportBeside(named, flags.key)
      if ((flags.objects === undefined) === (flags.inventory === undefined)) throw new UsageError("Name either --objects or --inventory.")
      if (!isStored(report) && !existsSync(report)) throw new UsageError(`${report} does not exist; name the report folder.`)
      const { chainFolder, loadSecret, loadVerifyingKeys } = await import("../attest/index.ts")
      const { gate, readInventory, readObjects, storageJobs } = await import("../gate/index.ts")
      const keys = []
      for (const file of files) keys.push(...await loadVerifyingKeys(file))
      const request = {
        keys, objects: flags.inventory === undefined ? readObjects(flags.objects === "-" ? process.stdin : flags.objects ?? "") : readInventory(flags.inventory),
        asOf: flags.asOf ?? new Date().toISOString(), ...(flags.maxAge === undefined ? {} : { maxAge: flags.maxAge }), ...(flags.holds === undefined ? {} : { holds: flags.holds }),
        ...(flags.pseudonymKey === undefined ? {} : { pseudonymKey: (await loadSecret(flags.pseudonymKey)).secret })
      }
      const stored = isStored(report) ? await import("../run/index.ts") : undefined
      const jobs = storageJobs(flags)
      try {
        const opened = stored === undefined ? await gate({ ...request, report, outDir: join(dirname(resolve(report)), chainFolder) }) : await stored.storedGate(report, stored.s3FromEnvironment(environment), request)
        for await (const answer of opened.answers) {
          terminal.out(JSON.stringify(answer))
          jobs.add(answer)
        }
        jobs.finish()
        for (const sentence of [...opened.problems, ...opened.distrust]) terminal.say(distrustSentences[sentence] ?? sentence)
        return opened.verified ? opened.distrust.length > 0 ? exitCodes.untrustworthy : exitCodes.success : exitCodes.unverified
      } catch (failure) {
        jobs.drop()
        throw failure
      }
    }))
}
