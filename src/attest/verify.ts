import { readFile, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { normalised, verifyChain } from "./chain.ts"
import type { ChainEntry } from "./chain.ts"
import { chainFolder } from "./checkpoint.ts"
import type { Witness } from "./cosignature.ts"
import { verifyDisclosure } from "./disclosure.ts"
import { checkSignatures, parseEnvelope } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"
import { keysAt, readKeyList } from "./keyList.ts"
import type { VerifyingKey } from "./keys.ts"
import { listFolder, statementFile } from "./reportFolder.ts"
import type { FolderListing } from "./reportFolder.ts"
import { kindOf, readStatement, runOf, statementDigest } from "./statement.ts"
import type { StatedRun, Statement } from "./statement.ts"
import { checkProof } from "./tlogProof.ts"
import type { OutcomesRead } from "./leaves.ts"
import type { Timestamp } from "./timestamp.ts"
import { isAsWritten, signatureProblems } from "./verification.ts"
import type { Problem, SignerSeen, Trust, Verification } from "./verification.ts"
import { checkBundles } from "./verifyBundles.ts"
import { checkCore, checkFiles, checkSummary, checkTrees } from "./verifyFiles.ts"

/** How a report is verified; nothing here needs the network. */
export type VerifyOptions = Trust & {
  /** The folder of reports whose chain is checked too. */
  readonly chainDir?: string | undefined
  /** The folder of reports whose signed list of keys counts too; `chainDir` where it is absent. */
  readonly keysFrom?: string | undefined
  /** Digest of the newest statement as remembered elsewhere. */
  readonly head?: string | undefined
  /** Witnesses whose cosignatures of the chain are looked for. */
  readonly witnesses?: ReadonlyArray<Witness> | undefined
  /** File of a tlog-proof that the report stands in a chain which is not here itself. */
  readonly proof?: string | undefined
  /** False: the trees are not computed again. Files, signatures and the core's agreement still show that a report is as it was signed. */
  readonly trees?: boolean | undefined
  /** The outcomes as read before, by {@link outcomesRead}: not read again where the file still has that digest. */
  readonly outcomes?: Promise<OutcomesRead | undefined> | undefined
  /** Now; without it nights after the newest report are not looked for. */
  readonly now?: Date | undefined
}

const failed = (file: string, sentence: string): Verification => ({ ok: false, kind: "unknown", signed: false, problems: [{ file, sentence }], notes: [], signers: [] })

const sentenceOf = (error: unknown, file: string): string => (error instanceof AttestError ? error.message : `${file} cannot be read.`)

/** The statement file of a folder: what it says and what is wrong with it by itself. */
type Opened = { readonly envelope: Envelope; readonly statement: Statement; readonly signers: ReadonlyArray<SignerSeen>; readonly problems: ReadonlyArray<Problem> }

const openStatement = async (folder: string, trust: Trust): Promise<Opened> => {
  const bytes = await readFile(join(folder, statementFile))
  const envelope = parseEnvelope(bytes, statementFile)
  const signers = checkSignatures(envelope, trust.keys)
  const sentences = [...signatureProblems(envelope, signers, trust)]
  if (!isAsWritten(envelope, bytes)) sentences.push("It is not written as Earshot writes it: bytes beside the statement were changed.")
  const problems = sentences.map((sentence) => ({ file: statementFile, sentence: `${statementFile}: ${sentence}` }))
  return { envelope, statement: readStatement(envelope, statementFile), signers, problems }
}

/** The given keys, and those that a list signed by one of them says were in use when the run started. */
const keysOf = async (runOfIt: () => Promise<StatedRun | undefined>, { keys, keysFrom, chainDir }: VerifyOptions): Promise<ReadonlyArray<VerifyingKey>> => {
  const dir = keysFrom ?? chainDir
  const list = dir === undefined ? undefined : await readKeyList(basename(dir) === chainFolder ? dirname(dir) : dir, keys).catch(() => undefined)
  if (list === undefined || list.keys.length === 0) return keys
  const run = await runOfIt()
  const known = new Set(keys.map(({ keyid }) => keyid))
  return run === undefined ? keys : [...keys, ...keysAt([], list.keys, run.startedAt).filter(({ keyid }) => !known.has(keyid))]
}

const checkReport = async (folder: string, listing: FolderListing, { envelope, statement, signers, problems }: Opened, trust: VerifyOptions): Promise<Verification> => {
  const kind = kindOf(statement)
  const verified = new Set(signers.filter(({ state }) => state === "verified").map(({ keyid }) => keyid))
  const bundles = await checkBundles(folder, listing, envelope, verified, trust)
  const found = [...problems, ...(await checkFiles(folder, listing, statement)), ...bundles.problems]
  if (runOf(statement) === undefined || (kind !== "report" && kind !== "failure")) found.push({ file: statementFile, sentence: `${statementFile} is not the statement of a report.` })
  const core = kind === "report" ? await checkCore(folder, statement, trust) : { problems: [] }
  found.push(...core.problems)
  if (core.core !== undefined) {
    // A changed file is named once, by its digest; what it says is not looked at.
    const changed = new Set(found.map(({ file }) => file))
    if (trust.trees !== false) found.push(...(await checkTrees(folder, core.core, changed, await trust.outcomes)))
    if (!changed.has("summary.json")) found.push(...(await checkSummary(folder, core.core)))
  }
  return {
    ok: found.length === 0,
    kind: kind === "failure" ? "failure" : "report",
    signed: envelope.signatures.length > 0,
    problems: found,
    notes: [...notesOf(envelope, signers, trust, statement), ...bundles.timestamps.map(timestampNote)],
    signers,
    statement,
    ...(core.core === undefined ? {} : { core: core.core }),
    statementDigest: statementDigest(envelope),
  }
}

const timestampNote = ({ at, authority, trusted }: Timestamp): string =>
  `${authority} time-stamped the signature at ${at}${trusted ? "" : ", but nobody vouches for that authority: give its root certificate"}.`

const notesOf = (envelope: Envelope, signers: ReadonlyArray<SignerSeen>, { keys, integrityOnly = false }: Trust, statement: Statement): ReadonlyArray<string> => {
  const notes: Array<string> = []
  if (integrityOnly) notes.push("Only the agreement of the files with each other was checked: whoever can change them all can make them agree.")
  if (envelope.signatures.length === 0) notes.push("The report is UNSIGNED.")
  for (const { keyid, state } of signers) if (state === "unchecked" && !integrityOnly) notes.push(`The signature of key ${keyid} was not checked, for its public key was not given.`)
  for (const { keyid } of keys) if (!signers.some((signer) => signer.keyid === keyid)) notes.push(`The given key ${keyid} did not sign this report.`)
  if (kindOf(statement) === "failure") notes.push("This is the statement of a run that failed; there is no report.")
  return notes
}

/**
 * Verifies a report folder offline: signatures, every file's digest, missing and extra files, bundles, the core's
 * agreement with the final statement, and the Merkle roots recomputed. With `chainDir` also its place in the chain.
 * Never throws for what the folder holds: whatever is wrong is a problem that names the file.
 */
export const verifyReport = async (folder: string, options: VerifyOptions): Promise<Verification> => {
  let listing: FolderListing
  try {
    listing = await listFolder(folder)
  } catch (error) {
    return failed(folder, sentenceOf(error, folder))
  }
  if (!listing.files.includes(statementFile)) return failed(statementFile, `${statementFile} is missing: ${folder} is not a whole report.`)
  let own: Verification
  try {
    const stated = async (): Promise<StatedRun | undefined> => runOf(readStatement(parseEnvelope(await readFile(join(folder, statementFile)), statementFile), statementFile))
    const trust = { ...options, keys: await keysOf(stated, options) }
    own = await checkReport(folder, listing, await openStatement(folder, trust), trust)
  } catch (error) {
    return failed(statementFile, sentenceOf(error, statementFile))
  }
  const proved = options.proof === undefined ? own : await withProof(own, options.proof, options)
  return options.chainDir === undefined ? withHead(proved, options.head) : withChain(proved, options.chainDir, options, ({ digest }) => digest === proved.statementDigest)
}

/** Without the chain only this report can be the newest one that is remembered. */
const withHead = (own: Verification, head: string | undefined): Verification => {
  if (head === undefined || own.statementDigest === undefined || own.statementDigest === normalised(head)) return own
  const sentence = `${statementFile}: It is not the statement given with --head; name the folder of reports with --chain, if that one is newer.`
  return { ...own, ok: false, problems: [...own.problems, { file: statementFile, sentence }] }
}

const withProof = async (own: Verification, file: string, { keys, witnesses = [] }: VerifyOptions): Promise<Verification> => {
  const text = await readFile(file, "utf8").catch(() => "")
  const { problems, witnessed } = checkProof(text, file, own.statementDigest ?? "", { keys, witnesses: [...witnesses, ...keys.map((key) => ({ key }))] })
  const seen = witnessed.map(({ name, at, size }) => `The witness ${name} saw this report in a chain of ${size} at ${at}.`)
  const notes = problems.length > 0 ? [] : seen.length > 0 ? seen : ["The proof shows this report in the pipeline's chain; no given witness has seen it there."]
  return { ...own, ok: own.ok && problems.length === 0, problems: [...own.problems, ...problems], notes: [...own.notes, ...notes], witnessed }
}

const withChain = async (own: Verification, dir: string, options: VerifyOptions, isIt: (entry: ChainEntry) => boolean): Promise<Verification> => {
  const chain = await verifyChain({ dir, keys: options.keys, integrityOnly: options.integrityOnly, timestampRoots: options.timestampRoots, head: options.head, now: options.now, witnesses: options.witnesses })
  const problems = [...own.problems, ...chain.problems]
  const notes = [...own.notes, ...chain.notes]
  const others = chain.entries.filter((entry) => !isIt(entry)).length
  if (others > 0) notes.push(`Of the other ${others === 1 ? "report" : `${others} reports`} of the chain only the statement${others === 1 ? " was" : "s were"} read, not the files: verify each by itself where that is asked.`)
  const run = own.statement === undefined ? undefined : runOf(own.statement)
  if (run !== undefined && run.sequence === undefined) notes.push("This run was partial: it has no place in the chain.")
  else if (!chain.entries.some(isIt)) problems.push({ file: own.kind === "disclosure" ? chainFolder : statementFile, sentence: `${own.kind === "disclosure" ? "The report of this disclosure" : "This report"} is not part of the chain in ${dir}: its number is held by another report or by none.` })
  return { ...own, ok: problems.length === 0, problems, notes, ...(chain.witnessed === undefined ? {} : { witnessed: chain.witnessed }) }
}

/** The digest of the core that a final statement names. */
const coreNamed = ({ envelope, folder }: ChainEntry): unknown => (readStatement(envelope, `${folder}/${statementFile}`).predicate["core"] as { readonly sha256?: unknown } | undefined)?.sha256

/** A disclosure holds the core of its report: what is asked of the chain is answered by the final statement that names it. */
const verifyDisclosed = async (path: string, options: VerifyOptions): Promise<Verification> => {
  const bytes = await readFile(path)
  const run = (): Promise<StatedRun | undefined> => {
    const { core } = verifyDisclosure(bytes, path, options)
    return Promise.resolve(core === undefined ? undefined : runOf(core))
  }
  const own = verifyDisclosure(bytes, path, { ...options, keys: await keysOf(run, options) })
  const refused = (flag: string, hint: string): Verification => ({ ...own, ok: false, problems: [...own.problems, { file: path, sentence: `${path}: ${flag} speaks of the final statement of a report, which a disclosure does not hold; ${hint}.` }] })
  if (options.proof !== undefined) return refused("--proof", "verify the report with it")
  if (options.chainDir !== undefined) return withChain(own, options.chainDir, options, (entry) => coreNamed(entry) === own.statementDigest)
  return options.head === undefined ? own : refused("--head", "name the folder of reports with --chain too")
}

/** Verifies what a path holds: a report folder or a disclosure file. */
export const verify = async (path: string, options: VerifyOptions): Promise<Verification> => {
  const entry = await stat(path).catch(() => undefined)
  if (entry === undefined) return failed(path, `${path} does not exist.`)
  if (entry.isDirectory()) return verifyReport(path, options)
  try {
    return await verifyDisclosed(path, options)
  } catch (error) {
    return failed(path, sentenceOf(error, path))
  }
}
