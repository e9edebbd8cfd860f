import { createReadStream } from "node:fs"
import { basename, join, relative, sep } from "node:path"
import { createInterface } from "node:readline"
import type { Command } from "commander"
import type { OutcomesRead, VerifyingKey } from "../attest/index.ts"
import type { Summary } from "../report/summary.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { asCalled } from "./called.ts"
import { isStored } from "./reports.ts"
import { progressOn, type Terminal } from "./terminal.ts"
import { type Context, examples, type Verb } from "./verb.ts"

type QuarantineLine = { readonly object: string; readonly line?: number; readonly pointer?: string; readonly sentence: string }

const many = (count: number, one: string, several = `${one}s`): string => `${count.toLocaleString("en-US")} ${count === 1 ? one : several}`

const changesLine = ({ run, counts: { byStatus, resolved, notReassessed } }: Summary): string => {
  const of = (...statuses: ReadonlyArray<string>): number => statuses.reduce((sum, status) => sum + (byStatus[status] ?? 0), 0)
  const fresh = of("new", "reopened", "lapsed")
  const compared = run.previousStatement !== undefined || of("persisting", "waived", "closed") + resolved + notReassessed > 0
  return compared ? `New since the last trusted run: ${fresh}; still there: ${of("persisting")}; resolved: ${resolved}.` : "There is no earlier trusted run to compare with, so everything counts as new."
}

/** The end of a run as a compliance officer reads it. */
export const summaryLines = (summary: Summary, rejected: ReadonlyArray<string> = []): ReadonlyArray<string> => {
  const { trust, totals, counts, causes } = summary
  const judged = summary.controls.reduce((sum, control) => sum + control.population - control.notApplicable, 0)
  const unsure = summary.controls.reduce((sum, control) => sum + control.unverifiable, 0)
  const open = causes.filter((cause) => cause.kind === "finding" && cause.open > 0)
  return [
    "",
    trust.trustworthy ? "This audit can be trusted." : "THIS AUDIT CANNOT BE TRUSTED:",
    ...trust.problems.map((problem) => `  - ${problem}`),
    ...(summary.run.full ? [] : ["Only some controls were asked (--only, --skip), so this is no baseline, stands in no chain and decides no deletion."]),
    `Read ${many(totals.read, "record")} from ${many(totals.objects, "object")} of ${many(summary.sources.length, "source")}; ${many(totals.rejected, "record")} did not fit and ${totals.rejected === 1 ? "is" : "are"} in quarantine${totals.rejected === 0 ? "" : " (quarantine.ndjson says why)"}${rejected.length === 0 ? "." : ", for instance:"}`,
    ...rejected.map((line) => `  ${line}`),
    `Asked ${many(summary.controls.length, "question")} of ${many(judged, "unit")}; ${many(unsure, "unit")} could not be verified.`,
    `Found ${many(counts.findings, "finding")} (${counts.bySeverity.critical} critical, ${counts.bySeverity.high} high, ${counts.bySeverity.medium} medium, ${counts.bySeverity.low} low) with ${many(open.length, "cause")}, and ${many(counts.leads, "lead")} to look into.`,
    changesLine(summary),
    "",
    ...(open.length === 0 ? [] : ["The gravest causes:", ...open.slice(0, 5).map((cause) => `  ${cause.severity.padEnd(8)} ${String(cause.open).padStart(5)} x ${cause.control}: ${cause.sentence}`), ""])
  ]
}

const shownRejected = 3

/** Where the first records in quarantine stand and what is wrong with them: who wires a source wants to know at once. */
const firstRejected = async (folder: string, rejected: number): Promise<ReadonlyArray<string>> => {
  const lines: Array<string> = []
  if (rejected === 0) return lines
  for await (const text of createInterface({ input: createReadStream(join(folder, "quarantine.ndjson")), crlfDelay: Infinity })) {
    const { object, line, pointer, sentence } = JSON.parse(text) as QuarantineLine
    lines.push(`${object}${line === undefined ? "" : `, line ${line}`}${pointer === undefined || pointer === "" ? "" : `, ${pointer}`}: ${sentence}`)
    if (lines.length === shownRejected) break
  }
  return lines
}

const nextSteps = (folder: string, cwd: string, called: string, example: string | undefined, keys: ReadonlyArray<string>, signed: boolean): ReadonlyArray<string> => {
  const shown = isStored(folder) ? folder : relative(cwd, folder) || basename(folder)
  const key = keys[0] === undefined ? (signed ? " --key PUBLIC-KEY.pem" : "") : ` --key ${relative(cwd, keys[0]).replace(/\.pem$/, ".pub")}`
  return [
    `Report:   ${shown}${isStored(shown) ? "/" : sep}report.html`,
    ...(example === undefined ? [] : [`Explain:  ${called} explain ${example} ${shown}`]),
    `Verify:   ${called} verify ${shown}${key === "" ? " --integrity-only" : key}`
  ]
}

/** Verbs beside run read no pipeline file: where S3 is not AWS, they have to be told. */
const s3Hint = ({ endpoint, region, forcePathStyle }: { readonly endpoint?: string; readonly region?: string; readonly forcePathStyle?: boolean }, environment: Context["environment"]): ReadonlyArray<string> =>
  endpoint === undefined || (environment["EARSHOT_S3_ENDPOINT"] ?? "") !== "" ? []
    : [`Before:   export EARSHOT_S3_ENDPOINT=${endpoint}${region === undefined ? "" : ` EARSHOT_S3_REGION=${region}`}${forcePathStyle === true ? " EARSHOT_S3_FORCE_PATH_STYLE=true" : ""}`]

/** Verifies the report just written with the public halves of its own keys, as somebody else would. */
const verifyOwn = async (folder: string, keys: ReadonlyArray<VerifyingKey>, outcomes: Promise<OutcomesRead | undefined> | undefined, terminal: Terminal): Promise<boolean> => {
  const { verify } = await import("../attest/index.ts")
  const verification = await verify(folder, { keys, integrityOnly: keys.length === 0, outcomes })
  for (const problem of verification.problems) terminal.say(`${problem.file}: ${problem.sentence}`)
  return verification.ok
}

/** `earshot run PIPELINE`: the audit. */
export const runVerb: Verb = (program, { terminal, environment, cwd, signal, work }) => {
  program.command("run <pipeline>").description("Audit: collect, judge, report, sign.")
    .option("--out <dir>", "folder of reports").option("--as-of <time>", "judge as of this time (RFC 3339)")
    .option("--fail-on <severity>", "low, medium, high, critical or never").option("--fail-on-open", "fail on all that is not waived or closed, not only on what is new").option("--fail-on-leads", "let leads count too")
    .option("--json", "print the summary as JSON on stdout").option("--only <glob>", "judge only these controls (never in the chain)").option("--skip <glob>", "leave these controls out (never in the chain)")
    .option("--log <file>", "write the log (NDJSON) to a file").option("--print-config", "show every setting and where it came from, and stop")
    .addHelpText("after", examples("earshot run pipelines/nightly.yaml", "earshot run pipelines/nightly.yaml --as-of 2026-11-01T00:00:00Z --fail-on critical --json"))
    .action((pipeline: string, _own: unknown, command: Command) => work(async () => {
      const { configurationLines, resolveConfiguration } = await import("../pipeline/index.ts")
      // --verbose belongs to the program too, which takes it wherever it stands.
      const { printConfig, ...settingFlags } = command.optsWithGlobals<Readonly<Record<string, string | boolean>>>()
      const resolved = resolveConfiguration({ file: pipeline, flags: settingFlags, env: environment, cwd })
      const { json, log, verbose } = resolved.values
      if (printConfig === true) {
        for (const line of configurationLines(resolved)) terminal.out(line)
        return exitCodes.success
      }
      const { logTo } = await import("./log.ts")
      const { outcomesRead } = await import("../attest/index.ts")
      const { announcedAudit } = await import("../run/index.ts")
      const shown = await progressOn(terminal)
      const logger = await logTo(log, verbose)
      try {
        let outcomes: ReturnType<typeof outcomesRead> | undefined
        const coreWritten = (folder: string): void => { outcomes ??= outcomesRead(folder) }
        const result = await announcedAudit(resolved.values, { ...shown, log: logger, coreWritten }, signal, environment)
        shown.stage("verify")
        const verified = await verifyOwn(result.folder, result.keys, outcomes, terminal)
        shown.stop()
        if (json) terminal.out(JSON.stringify(result.summary))
        for (const line of summaryLines(result.summary, await firstRejected(result.folder, result.summary.totals.rejected))) terminal.say(line)
        terminal.say(verified ? (result.signed ? "Signed and verified." : "UNSIGNED: no signing key was given; the files agree with each other.") : "The report just written does NOT verify.")
        if (resolved.values.report.failOn === "never" && result.summary.counts.findings > 0) terminal.say("No finding fails this run: report.failOn is never (--fail-on sets another threshold).")
        for (const note of result.notes) terminal.say(`note: ${note}`)
        for (const line of nextSteps(result.published ?? result.folder, cwd, asCalled(environment), result.summary.causes[0]?.example, resolved.values.signing.keys, result.signed)) terminal.say(line)
        if (result.published !== undefined) for (const line of s3Hint(resolved.values.s3 ?? {}, environment)) terminal.say(line)
        return verified ? result.summary.exitCode : exitCodes.unverified
      } finally {
        shown.stop()
      }
    }))
}
