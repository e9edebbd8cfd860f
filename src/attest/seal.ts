import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { canonicalBytes } from "./canonical.ts"
import { sha256File, sha256Hex } from "./digest.ts"
import { envelopeBytes, inTotoPayloadType, signEnvelope } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"
import type { Signer } from "./keys.ts"
import { treeHeads } from "./leaves.ts"
import type { TreeHeads } from "./leaves.ts"
import { coreFile, coreSubjectFiles, isOutsideStatement, listFolder, statementFile } from "./reportFolder.ts"
import { bundleBytes, bundleName } from "./sigstore.ts"
import { coreStatement, failureStatement, reportStatement, runOf, statementBytes, statementDigest, subject } from "./statement.ts"
import type { TimestampAuthority } from "./timestampAuthority.ts"
import type { CoreFacts, Failure, StatedRun, Statement, Subject } from "./statement.ts"

/** A statement that was signed and written. */
export type Sealed = {
  readonly envelope: Envelope
  readonly statement: Statement
  /** {@link statementDigest}: what the next run names as previous and `--head` expects. */
  readonly digest: string
}

const signStatement = async (value: Statement, signers: ReadonlyArray<Signer>): Promise<Sealed> => {
  const envelope = await signEnvelope(inTotoPayloadType, statementBytes(value), signers)
  return { envelope, statement: value, digest: statementDigest(envelope) }
}

const subjectsOf = async (folder: string, names: ReadonlyArray<string>): Promise<ReadonlyArray<Subject>> => {
  const subjects: Array<Subject> = []
  for (const name of names) subjects.push(subject(name, (await sha256File(join(folder, name))).sha256))
  return subjects
}

/** What the core is made from. */
export type CoreRequest = {
  /** Holds findings.ndjson, inputs.ndjson, quarantine.ndjson, retention.ndjson and summary.json already. */
  readonly folder: string
  readonly facts: CoreFacts
  /** Heads of the trees where the run has them already; otherwise they are read from the files. */
  readonly merkle?: TreeHeads | undefined
  /** None: the report is UNSIGNED, its envelopes have no signatures. */
  readonly signers: ReadonlyArray<Signer>
}

/** Writes core.dsse.json. Its bytes (`envelopeBytes(sealed.envelope)`) are what the page and the PDF embed. */
export const writeCore = async ({ folder, facts, merkle, signers }: CoreRequest): Promise<Sealed> => {
  const { files } = await listFolder(folder)
  const heads = merkle ?? (await treeHeads(folder))
  const names = coreSubjectFiles.filter((name) => files.includes(name))
  const sealed = await signStatement(coreStatement(await subjectsOf(folder, names), facts, heads), signers)
  await writeFile(join(folder, coreFile), envelopeBytes(sealed.envelope))
  return sealed
}

const writeSealed = async (folder: string, { envelope }: Sealed, timestamp?: TimestampAuthority): Promise<void> => {
  const bundles: Array<readonly [string, Buffer]> = []
  for (const { keyid, sig } of envelope.signatures) bundles.push([bundleName(keyid), bundleBytes(envelope, keyid, timestamp === undefined ? [] : [await timestamp(sig)])])
  await writeFile(join(folder, statementFile), envelopeBytes(envelope))
  for (const [name, bytes] of bundles) await writeFile(join(folder, name), bytes)
}

/** What the final statement is made from. */
export type FinalRequest = {
  readonly folder: string
  readonly core: Sealed
  readonly signers: ReadonlyArray<Signer>
  /** Time-stamps every signature; where it fails nothing is written, and the caller may go on without it. */
  readonly timestamp?: TimestampAuthority | undefined
}

/**
 * Writes statement.dsse.json over every file that the folder holds now, and one bundle a key. Call it last:
 * a file written, changed or removed later makes `verify` fail.
 */
export const writeFinal = async ({ folder, core, signers, timestamp }: FinalRequest): Promise<Sealed> => {
  const run = runOf(core.statement)
  if (run === undefined) throw new AttestError("format", "The core statement names no run.")
  const { files, strange } = await listFolder(folder)
  const [odd] = strange
  if (odd !== undefined) throw new AttestError("format", `The report folder holds ${odd}, which is neither a file nor a folder with files.`)
  const subjects = await subjectsOf(folder, files.filter((name) => !isOutsideStatement(name)))
  const sealed = await signStatement(reportStatement(subjects, run, core.digest), signers)
  await writeSealed(folder, sealed, timestamp)
  return sealed
}

/** A run that failed, to be stated. */
export type FailureRequest = { readonly folder: string; readonly run: StatedRun; readonly failure: Failure; readonly signers: ReadonlyArray<Signer> }

/** Writes a folder of failure.json, statement.dsse.json and bundles, so that the number of a failed run is not a hole in the chain. */
export const writeFailure = async ({ folder, run, failure, signers }: FailureRequest): Promise<Sealed> => {
  const bytes = Buffer.concat([canonicalBytes({ run, failure }), Buffer.from("\n")])
  await writeFile(join(folder, "failure.json"), bytes)
  const sealed = await signStatement(failureStatement([subject("failure.json", sha256Hex(bytes))], run, failure), signers)
  await writeSealed(folder, sealed)
  return sealed
}
