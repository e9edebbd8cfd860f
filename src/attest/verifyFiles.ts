import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { canonicalJson } from "./canonical.ts"
import { sha256File } from "./digest.ts"
import { checkSignatures, parseEnvelope } from "./dsse.ts"
import { headOf, readTree, readWrittenOutcomes, treeFile, treeNames } from "./leaves.ts"
import type { OutcomesRead } from "./leaves.ts"
import { coreFile, coreSubjectFiles, isOutsideStatement } from "./reportFolder.ts"
import type { FolderListing } from "./reportFolder.ts"
import { headsOf, kindOf, readStatement, runOf, statementDigest } from "./statement.ts"
import type { Statement } from "./statement.ts"
import { isAsWritten, signatureProblems } from "./verification.ts"
import type { Problem, Trust } from "./verification.ts"

/** Compares every file of a folder with the statement: missing, changed and extra ones. */
export const checkFiles = async (folder: string, listing: FolderListing, statement: Statement): Promise<ReadonlyArray<Problem>> => {
  const problems: Array<Problem> = listing.strange.map((file) => ({ file, sentence: `${file} is no file of the report: it is a link, a device or an empty folder.` }))
  const stated = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]))
  const present = listing.files.filter((name) => !isOutsideStatement(name))
  for (const file of stated.keys()) if (!listing.files.includes(file)) problems.push({ file, sentence: `${file} is missing.` })
  for (const file of present) {
    const expected = stated.get(file)
    if (expected === undefined) problems.push({ file, sentence: `${file} is extra: the statement does not name it.` })
    else if ((await sha256File(join(folder, file))).sha256 !== expected) problems.push({ file, sentence: `${file} was changed: its digest is not the one that was signed.` })
  }
  return problems
}

/** The core as read from a report folder. */
export type CoreCheck = { readonly problems: ReadonlyArray<Problem>; readonly core?: Statement }

const subjectDigest = (statement: Statement, name: string): string | undefined => statement.subject.find((one) => one.name === name)?.digest.sha256

const checkAgreement = (core: Statement, final: Statement, digest: string): ReadonlyArray<string> => {
  const problems: Array<string> = []
  const named = final.predicate["core"] as Readonly<Record<string, unknown>> | undefined
  if (named?.["sha256"] !== digest) problems.push("It is not the core that the final statement names.")
  if (runOf(core) === undefined || canonicalJson(runOf(core)) !== canonicalJson(runOf(final))) problems.push("It speaks of another run than the final statement.")
  for (const { name, digest: { sha256 } } of core.subject) if (subjectDigest(final, name) !== sha256) problems.push(`Its digest of ${name} is not the final statement's.`)
  for (const name of coreSubjectFiles) {
    if (subjectDigest(final, name) !== undefined && subjectDigest(core, name) === undefined) problems.push(`It does not speak of ${name}.`)
  }
  return problems
}

/** Checks core.dsse.json: form, signatures that the given keys can check, and agreement with the final statement. */
export const checkCore = async (folder: string, final: Statement, trust: Trust): Promise<CoreCheck> => {
  try {
    const bytes = await readFile(join(folder, coreFile))
    const envelope = parseEnvelope(bytes, coreFile)
    const core = readStatement(envelope, coreFile)
    if (kindOf(core) !== "core") throw new AttestError("format", `${coreFile} does not hold a core statement.`)
    const checks = checkSignatures(envelope, trust.keys)
    // A countersigner's key alone suffices: the final statement, which it signed, has this file's digest.
    const sentences = [...signatureProblems(envelope, checks, { ...trust, integrityOnly: true }), ...checkAgreement(core, final, statementDigest(envelope))]
    if (!isAsWritten(envelope, bytes)) sentences.push("It is not written as Earshot writes it.")
    return { problems: sentences.map((sentence) => ({ file: coreFile, sentence: `${coreFile}: ${sentence}` })), core }
  } catch (error) {
    const sentence = error instanceof AttestError ? error.message : `${coreFile} cannot be read.`
    return { problems: [{ file: coreFile, sentence }] }
  }
}

const checkTree = async (folder: string, name: (typeof treeNames)[number], core: Statement, before: OutcomesRead | undefined): Promise<Problem | undefined> => {
  const file = await treeFile(folder, name)
  const stated = headsOf(core)[name]
  if (file === undefined) return stated === undefined || name === "outcomes" ? undefined : { file: `${name}.ndjson`, sentence: `${name}.ndjson is missing.` }
  if (stated === undefined) return { file: coreFile, sentence: `${coreFile} does not state the Merkle root of ${file}.` }
  try {
    const path = join(folder, file)
    // The outcomes are as many lines as there are recordings; only where their bytes do not tell the root are they parsed.
    const isKnown = before !== undefined && before.sha256 === subjectDigest(core, file)
    const written = name === "outcomes" ? (isKnown ? before : await readWrittenOutcomes(path, file)).head : undefined
    const head = written?.root === stated.root ? written : headOf((await readTree(path, name, file)).tree)
    return head.root === stated.root && head.size === stated.size ? undefined : { file, sentence: `${file} does not lead to the Merkle root that was signed.` }
  } catch (error) {
    return { file, sentence: error instanceof AttestError ? error.message : `${file} cannot be read.` }
  }
}

/**
 * Recomputes the Merkle roots from the files and compares them with the core; `skip` names files already known to be changed.
 * What `before` read of the outcomes counts where it is the file that the core speaks of.
 */
export const checkTrees = async (folder: string, core: Statement, skip: ReadonlySet<string>, before?: OutcomesRead): Promise<ReadonlyArray<Problem>> => {
  const problems: Array<Problem> = []
  for (const name of treeNames) {
    const problem = await checkTree(folder, name, core, before)
    if (problem !== undefined && !skip.has(problem.file)) problems.push(problem)
  }
  return problems
}

/** Compares the roots and the run that summary.json tells people with those that were signed. */
export const checkSummary = async (folder: string, core: Statement): Promise<ReadonlyArray<Problem>> => {
  const file = "summary.json"
  const problem = (sentence: string): ReadonlyArray<Problem> => [{ file, sentence: `${file} ${sentence}` }]
  let summary: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>
  try {
    summary = JSON.parse(await readFile(join(folder, file), "utf8")) as typeof summary
  } catch {
    return problem("cannot be read.")
  }
  const heads = headsOf(core)
  for (const name of treeNames) {
    const told = summary?.["merkle"]?.[name]
    if (told !== undefined && heads[name] !== undefined && told !== heads[name].root) return problem(`gives another Merkle root of the ${name} than was signed.`)
  }
  return summary?.["run"]?.["id"] === runOf(core)?.id ? [] : problem("speaks of another run than the signed core.")
}
