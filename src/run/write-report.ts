import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { canonicalJson, chainFolder, envelopeBytes, loadCertificates, sha256Hex, type Signer, type StatedRun, type TimestampAuthority, timestampAuthority, treeHeads, type TreeHeads, writeCore, writeFinal } from "../attest/index.ts"
import type { Control } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { Baseline } from "../findings/status.ts"
import { severities } from "../findings/finding.ts"
import type { SourceSummary, Summary } from "../report/summary.ts"
import { renderReport } from "../report/index.ts"
import { gateLogHead } from "../gate/index.ts"
import { instantOf } from "../time/index.ts"
import { waiverState } from "../findings/waived.ts"
import { digestOfLaw, digestOfPolicies } from "./digests.ts"
import { exitCodeOf } from "./exit.ts"
import type { Ingested } from "./ingest.ts"
import { readFrameworks } from "./frameworks.ts"
import { emptySource, writeInputs, writeQuarantine } from "./inputs.ts"
import type { JudgedRun } from "./judge.ts"
import { Lines } from "./outputs.ts"
import { programDigest } from "./program.ts"
import type { RunSettings } from "./settings.ts"
import { accessShares, consistencyOf, coverageOf } from "./shares.ts"
import { controlDigests, populationOf, problemsOf, totalsOf, version } from "./summarise.ts"

type Reporting = {
  readonly store: EvidenceStore
  readonly settings: RunSettings
  /** Where the report is being built. */
  readonly folder: string
  /** Where it will stand. */
  readonly finalFolder: string
  readonly ingested: Ingested
  readonly judged: JudgedRun
  readonly names: Pseudonymiser
  readonly idKey: Uint8Array
  readonly signers: ReadonlyArray<Signer>
  readonly controls: ReadonlyArray<Control>
  readonly selfTested: Summary["trust"]["selfTest"]
  readonly baseline: Baseline | undefined
  /** What else speaks against trusting the run. */
  readonly problems: ReadonlyArray<string>
  readonly timings: Readonly<Record<string, number>>
  readonly finishedAt: () => Date
  /** Told once the core is written. */
  readonly coreWritten: () => void
  readonly run: (trustworthy: boolean) => StatedRun
}

const closed = async (folder: string, name: string, fill: (out: Lines) => Promise<void>): Promise<void> => {
  const out = new Lines(folder, name)
  try {
    await fill(out)
  } finally {
    out.close()
  }
}

const countsOf = (judged: JudgedRun): Summary["counts"] => {
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<(typeof severities)[number], number>
  const byFamily: Record<string, number> = {}
  const byStatus: Record<string, number> = {}
  const byControl: Record<string, number> = {}
  for (const { status, severity, kind, control, count } of judged.standing) {
    byStatus[status] = (byStatus[status] ?? 0) + count
    byControl[control] = (byControl[control] ?? 0) + count
    if (kind === "lead") continue
    bySeverity[severity as keyof typeof bySeverity] += count
    const family = control.slice(0, control.indexOf("/"))
    byFamily[family] = (byFamily[family] ?? 0) + count
  }
  return { findings: judged.findings, leads: judged.leads, bySeverity, byFamily, byControl, byCause: Object.fromEntries(judged.causes.sorted().map((cause) => [cause.cause, cause.findings])), byStatus, resolved: judged.resolvedNow, notReassessed: judged.notReassessedNow }
}

const waiversOf = (settings: RunSettings, judged: JudgedRun): Summary["waivers"] =>
  settings.waivers.map((waiver) => ({
    ...(waiver.finding === undefined ? {} : { finding: waiver.finding }), ...(waiver.cause === undefined ? {} : { cause: waiver.cause }),
    owner: waiver.owner, reason: waiver.reason, expires: waiver.expires, approvedBy: waiver.approvedBy,
    state: waiverState(waiver, settings.asOf), covers: judged.used.get(waiver) ?? 0
  }))

/** Certificates beside the signing keys, as keygen writes them: the PDF's signature carries them. */
const certificatesOf = (settings: RunSettings): ReadonlyArray<string> =>
  settings.signingKeys.map((key) => key.replace(/\.pem$/, ".crt")).filter((file) => file.endsWith(".crt") && existsSync(file)).map((file) => readFileSync(file, "utf8"))

/** Packs judge their own share of what could not be verified; the strictest in force at as-of counts, where none is then the strictest of all. */
const maxUnverifiableOf = ({ packs, asOf }: RunSettings): number => {
  const at = instantOf(asOf)
  const inForce = packs.filter(({ from, until }) => from <= at && (until === null || at < until))
  return Math.min(1, ...(inForce.length === 0 ? packs : inForce).map((pack) => pack.content.maxUnverifiable ?? 1))
}

/** What the report says of itself where the pipeline names no id key. */
const guessable = "The pipeline names no idKey, so salts and ids are made with a fixed constant: what a disclosure does not show can be guessed."

const summaryOf = async (reporting: Reporting, sources: ReadonlyArray<SourceSummary>, heads: TreeHeads, notes: ReadonlyArray<string>): Promise<Summary> => {
  const { store, settings, judged, ingested, selfTested, signers } = reporting
  const outOfScope = new Map(settings.outOfScope.map((entry) => [entry.control, entry]))
  const counted = judged.judged.filter(({ control }) => !outOfScope.has(control.id))
  const problems = [...problemsOf(counted, selfTested.failed, maxUnverifiableOf(settings), ingested.listings), ...reporting.problems]
  const trustworthy = problems.length === 0
  const run = reporting.run(trustworthy)
  const law = settings.packs[0]?.law
  return {
    earshot: { version, digest: programDigest() },
    run: { id: run.id, pipeline: run.pipeline, asOf: run.asOf, startedAt: run.startedAt, finishedAt: reporting.finishedAt().toISOString(), full: run.full,
      ...(run.sequence === undefined ? {} : { sequence: run.sequence }), ...(run.previousStatement === undefined ? {} : { previousStatement: run.previousStatement }) },
    trust: { trustworthy, problems, selfTest: selfTested, signed: signers.length > 0, ...(notes.length === 0 ? {} : { notes }) },
    exitCode: exitCodeOf({ trustworthy, standing: judged.standing, report: settings.report, outOfScope: new Set(outOfScope.keys()), asOf: settings.asOf }),
    policies: settings.packs.map((pack) => ({ policy: pack.policy, version: pack.version, from: pack.content.from, ...(typeof pack.content.until === "string" ? { until: pack.content.until } : {}), sha256: pack.sha256 })),
    law: { pack: law?.pack ?? "none", sha256: law?.sha256 ?? "", rows: law?.rows.length ?? 0 },
    totals: totalsOf(sources),
    sources,
    controls: judged.judged.map((one) => populationOf(one, outOfScope)),
    causes: judged.causes.sorted(),
    counts: countsOf(judged),
    resolved: judged.resolved,
    ...(judged.notReassessed.length === 0 ? {} : { notReassessed: judged.notReassessed }),
    explanations: await accessShares(store, reporting.names),
    consistency: await consistencyOf(store, reporting.names),
    frameworks: readFrameworks(),
    waivers: waiversOf(settings, judged),
    ...(judged.reviews.length === 0 ? {} : { reviews: judged.reviews }),
    outOfScope: settings.outOfScope,
    coverage: await coverageOf(store, reporting.names.scrub),
    retention: judged.retention,
    merkle: { findings: heads.findings.root, inputs: heads.inputs.root, outcomes: heads.outcomes?.root ?? "" },
    timings: reporting.timings
  }
}

/** Writes every file of the report folder, signs the core before the pages and the whole at the end. */
export const writeReport = async (reporting: Reporting): Promise<{ readonly summary: Summary; readonly statement: string }> => {
  const { store, settings, folder, names } = reporting
  let sources: ReadonlyArray<SourceSummary> = []
  await closed(folder, "inputs.ndjson", async (out) => { sources = await writeInputs(store, reporting.ingested, names, out) })
  const known = new Map(sources.map((source) => [source.id, source]))
  const all = settings.sources.map((spec) => known.get(spec.id) ?? emptySource(spec.id, spec.format ?? "canonical"))
  await closed(folder, "quarantine.ndjson", (out) => writeQuarantine(store, names, out))
  const heads = await treeHeads(folder, { outcomes: reporting.judged.outcomeHead })
  return stamped(reporting, (timestamp, notes) => seal(reporting, all, heads, timestamp, notes))
}

type SealedReport = { readonly summary: Summary; readonly statement: string }

/** Seals with a time-stamp where an authority is configured; one that does not answer is noted on the summary, which is then sealed again. */
const stamped = async ({ settings: { timestamp }, signers }: Reporting, sealWith: (timestamp: TimestampAuthority | undefined, notes: ReadonlyArray<string>) => Promise<SealedReport>): Promise<SealedReport> => {
  if (timestamp === undefined || signers.length === 0) return sealWith(undefined, [])
  const ask = timestampAuthority(timestamp.url, { roots: await loadCertificates(timestamp.certificates) })
  let missing: string | undefined
  const watched: TimestampAuthority = (signature) => ask(signature).catch((failure: unknown) => {
    missing = failure instanceof Error ? failure.message : "The time-stamping authority failed."
    throw failure
  })
  try {
    return await sealWith(watched, [])
  } catch (failure) {
    if (missing === undefined) throw failure
    return sealWith(undefined, [`No time-stamp: ${missing}`])
  }
}

/** Signs the core, writes the pages, signs the whole. */
const seal = async (reporting: Reporting, sources: ReadonlyArray<SourceSummary>, heads: TreeHeads, timestamp: TimestampAuthority | undefined, notes: ReadonlyArray<string>): Promise<SealedReport> => {
  const { settings, folder, signers, controls } = reporting
  const summary = await summaryOf(reporting, sources, heads, settings.report.idKey === undefined ? [...notes, guessable] : notes)
  writeFileSync(join(folder, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`)
  const gateLog = gateLogHead(join(settings.report.out, chainFolder))
  const core = await writeCore({
    folder, signers, merkle: heads,
    facts: {
      run: reporting.run(summary.trust.trustworthy), policies: summary.policies, policiesDigest: digestOfPolicies(settings.packs), law: summary.law, lawDigest: digestOfLaw(settings.packs),
      pipeline: { file: relative(reporting.finalFolder, settings.file), sha256: settings.sha256 }, ...(settings.waiversSha256 === undefined ? {} : { waivers: { sha256: settings.waiversSha256 } }),
      reviews: { sha256: sha256Hex(canonicalJson(reporting.judged.reviews.map(({ closes: _closes, ...review }) => review))) },
      ...(gateLog === undefined ? {} : { gateLog }), controls: controlDigests(controls), program: summary.earshot, totals: summary.totals,
      outOfScope: settings.outOfScope, populations: summary.controls.map(({ control, population, pass, fail, unverifiable, notApplicable }) => ({ control, population, pass, fail, unverifiable, notApplicable }))
    }
  })
  reporting.coreWritten()
  await renderReport({ folder, summary, controls, coreEnvelope: envelopeBytes(core.envelope).toString("utf8"), formats: settings.report.formats, signed: signers.length > 0, signers, certificates: certificatesOf(settings), timestamp })
  const sealed = await writeFinal({ folder, core, signers, timestamp })
  return { summary, statement: sealed.digest }
}
