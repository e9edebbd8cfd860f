import { readdir, readFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { chainFolder, chainRoot, readCheckpoint } from "./checkpoint.ts"
import { checkSignatures, parseEnvelope } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"
import { keysAt, readKeyList } from "./keyList.ts"
import type { ListedKey } from "./keyList.ts"
import { missedNights } from "./nights.ts"
import { checkNote, parseNote } from "./note.ts"
import { statementFile } from "./reportFolder.ts"
import type { Witness } from "./cosignature.ts"
import { bundleName, timestampsOf } from "./sigstore.ts"
import { checkTimestamp } from "./timestamp.ts"
import type { Timestamp } from "./timestamp.ts"
import { kindOf, readStatement, runOf, statementDigest } from "./statement.ts"
import type { StatedRun, StatementKind } from "./statement.ts"
import { signatureProblems } from "./verification.ts"
import type { Problem, Trust } from "./verification.ts"
import { checkWitnesses } from "./witnessed.ts"
import type { WitnessedSize } from "./witnessed.ts"

/** One statement of the chain. */
export type ChainEntry = {
  /** Name of the report folder. */
  readonly folder: string
  readonly sequence: number
  readonly digest: string
  readonly kind: StatementKind
  readonly run: StatedRun
  readonly envelope: Envelope
}

/** Which chain is verified, and what is known about it from elsewhere. */
export type ChainOptions = Trust & {
  /** The folder of report folders (or its `chain` folder). */
  readonly dir: string
  /** Digest of the newest statement as remembered elsewhere. */
  readonly head?: string | undefined
  /** Witnesses outside whose cosignatures of the checkpoint are looked for. */
  readonly witnesses?: ReadonlyArray<Witness> | undefined
  /** Now; without it nights after the newest report are not looked for. */
  readonly now?: Date | undefined
}

/** What the chain shows. Entries are ordered by number. */
export type ChainVerification = {
  readonly ok: boolean
  readonly problems: ReadonlyArray<Problem>
  readonly notes: ReadonlyArray<string>
  readonly entries: ReadonlyArray<ChainEntry>
  /** Digest of the newest statement. */
  readonly head?: string
  /** Which witnesses cosigned how much of it, most first. */
  readonly witnessed?: ReadonlyArray<WitnessedSize>
}

const outFolder = (dir: string): string => (basename(dir) === chainFolder ? dirname(dir) : dir)

const fileOf = (folder: string): string => `${folder}/${statementFile}`

const readEntry = async (out: string, folder: string): Promise<ChainEntry | undefined> => {
  const bytes = await readFile(join(out, folder, statementFile)).catch(() => undefined)
  if (bytes === undefined) return undefined
  const envelope = parseEnvelope(bytes, fileOf(folder))
  const statement = readStatement(envelope, fileOf(folder))
  const [kind, run] = [kindOf(statement), runOf(statement)]
  if (kind === undefined || kind === "core" || run === undefined) throw new AttestError("format", `${fileOf(folder)} is not the statement of a report.`)
  return run.sequence === undefined ? undefined : { folder, sequence: run.sequence, digest: statementDigest(envelope), kind, run, envelope }
}

/**
 * Reads the statements that have a number, ordered by it (then by start and folder). Folders without a statement, and
 * those whose name begins with a dot, are no reports; statements that cannot be read are problems.
 */
export const readChain = async (dir: string): Promise<{ readonly entries: ReadonlyArray<ChainEntry>; readonly problems: ReadonlyArray<Problem> }> => {
  const out = outFolder(dir)
  const names = await readdir(out, { withFileTypes: true }).catch(() => {
    throw new AttestError("notFound", `The folder of reports ${out} cannot be read: check the path.`)
  })
  const folders = names.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== chainFolder).map(({ name }) => name)
  const entries: Array<ChainEntry> = []
  const problems: Array<Problem> = []
  for (const folder of folders.sort()) {
    try {
      const entry = await readEntry(out, folder)
      if (entry !== undefined) entries.push(entry)
    } catch (error) {
      problems.push({ file: fileOf(folder), sentence: error instanceof AttestError ? error.message : `${fileOf(folder)} cannot be read.` })
    }
  }
  const inOrder = (left: ChainEntry, right: ChainEntry): number => left.sequence - right.sequence || Date.parse(left.run.startedAt) - Date.parse(right.run.startedAt) || (left.folder < right.folder ? -1 : 1)
  return { entries: entries.sort(inOrder), problems }
}

/** Digests of the statements in the order of their numbers, as a checkpoint speaks of them: a folder that is a copy of another adds none. */
export const digestsOf = (entries: ReadonlyArray<ChainEntry>): ReadonlyArray<string> => [...new Set(entries.map(({ digest }) => digest))]

const forks = (entries: ReadonlyArray<ChainEntry>): ReadonlyArray<Problem> =>
  entries.flatMap((entry, index) => {
    const before = entries[index - 1]
    if (before?.sequence !== entry.sequence) return []
    const what = before.digest === entry.digest ? "hold the same report twice" : "both carry it, so the chain forks"
    return [{ file: fileOf(entry.folder), sentence: `Number ${entry.sequence}: ${before.folder} and ${entry.folder} ${what}.` }]
  })

/** Judges the step from one number to the next that is there. */
const step = (before: ChainEntry | undefined, entry: ChainEntry, places: ReadonlyMap<string, number>): ReadonlyArray<string> => {
  const sentences: Array<string> = []
  const expected = (before?.sequence ?? 0) + 1
  const named = entry.run.previousStatement
  if (entry.sequence > expected) sentences.push(`Number ${expected}${entry.sequence - 1 > expected ? ` to ${entry.sequence - 1}` : ""} is missing: a report was removed, or a run died and left no statement.`)
  else if (before === undefined && named !== undefined) sentences.push(`Number 1 names a statement before it: the beginning of the chain was replaced.`)
  else if (before !== undefined && named !== before.digest) {
    const elsewhere = named === undefined ? undefined : places.get(named)
    sentences.push(elsewhere === undefined
      ? `Number ${entry.sequence} does not name the statement that number ${before.sequence} (${before.folder}) has now: number ${before.sequence} was replaced.`
      : `Number ${entry.sequence} names the statement of number ${elsewhere} as the one before it: the chain was reordered or forks.`)
  }
  if (before !== undefined && Date.parse(entry.run.startedAt) < Date.parse(before.run.startedAt)) sentences.push(`Number ${entry.sequence} started before number ${before.sequence}: the chain was reordered, or a clock was wrong.`)
  return sentences
}

/** A report folder is named by the start and the id of its run; one that carries another's name was put in its place. */
const renamed = (entries: ReadonlyArray<ChainEntry>): ReadonlyArray<Problem> =>
  entries.flatMap(({ folder, sequence, run }) => {
    const [, time, id] = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)-([0-9a-f]+)$/.exec(folder) ?? []
    const own = new Date(run.startedAt).toISOString().replace(/\.\d+Z$/, "Z").replaceAll(":", "-")
    return id === undefined || (id === run.id && time === own) ? [] : [{ file: fileOf(folder), sentence: `${folder} holds number ${sequence}, run ${run.id}, and carries the name of another run: the reports were reordered or renamed.` }]
  })

const links = (entries: ReadonlyArray<ChainEntry>): ReadonlyArray<Problem> => {
  const places = new Map(entries.map(({ digest, sequence }) => [digest, sequence]))
  const line = entries.filter((entry, index) => entries[index - 1]?.sequence !== entry.sequence)
  return line.flatMap((entry, index) => {
    const before = line[index - 1]
    const sentences = [...step(before, entry, places)]
    const missed = before === undefined ? [] : missedNights(before.run, new Date(entry.run.startedAt))
    if (missed[0] !== undefined) sentences.push(nightsSentence(missed, missed[0], `before number ${entry.sequence}`))
    return sentences.map((sentence) => ({ file: fileOf(entry.folder), sentence }))
  })
}

const nightsSentence = (missed: ReadonlyArray<Date>, first: Date, where: string): string =>
  `${missed.length === 1 ? "A scheduled run" : `${missed.length} scheduled runs`} never ran ${where}: the first was due at ${first.toISOString()}.`

/** Trusted time-stamps of a statement's signatures, earliest first. */
const timestampsOfEntry = async (out: string, { folder, envelope }: ChainEntry, roots: Trust["timestampRoots"] = []): Promise<ReadonlyArray<Timestamp>> => {
  const found: Array<Timestamp> = []
  for (const { keyid, sig } of envelope.signatures) {
    const bytes = await readFile(join(out, folder, bundleName(keyid))).catch(() => Buffer.alloc(0))
    for (const response of timestampsOf(bytes)) {
      try {
        found.push(checkTimestamp(response, sig, roots))
      } catch {
        // A time-stamp that does not hold is a problem of its report, which verifyReport names.
      }
    }
  }
  return found.filter(({ trusted }) => trusted).sort((left, right) => (left.at < right.at ? -1 : 1))
}

const stampedNote = (newest: ChainEntry, { at, authority }: Timestamp): string =>
  `The newest report, number ${newest.sequence}, was time-stamped at ${at} by ${authority}, so it was not replaced after that; whether newer ones were removed can only be told with --head.`

const witnessedNotes = (entries: ReadonlyArray<ChainEntry>, witnessed: ReadonlyArray<WitnessedSize>): ReadonlyArray<string> =>
  witnessed.map(({ name, at, size }) => `The witness ${name} cosigned the chain up to number ${entries[size - 1]?.sequence ?? size} at ${at}: nothing of that was replaced or removed since.`)

/** A digest as somebody may have noted it: with spaces around it, in capitals, with the name of the hash. */
export const normalised = (head: string): string => head.trim().toLowerCase().replace(/^sha256:/, "")

/** What is known about the newest statement from outside the folder. */
const checkHead = (entries: ReadonlyArray<ChainEntry>, head: string | undefined): { readonly problems: ReadonlyArray<Problem>; readonly notes: ReadonlyArray<string> } => {
  const newest = entries.at(-1)
  if (head === undefined) {
    const what = newest === undefined ? "There is no report in the chain" : `The newest report, number ${newest.sequence}, was not checked`
    return { problems: [], notes: [`${what}: whether newer ones were removed can only be told with --head or a timestamp, and neither was given.`] }
  }
  const known = entries.find(({ digest }) => digest === normalised(head))
  if (known === undefined) return { problems: [{ file: newest === undefined ? chainFolder : fileOf(newest.folder), sentence: "No report has the statement given with --head: the newest report was removed or replaced." }], notes: [] }
  const newer = entries.filter(({ sequence }) => sequence > known.sequence).length
  return { problems: [], notes: newer === 0 ? [] : [`--head is number ${known.sequence}; the ${newer} newer could not be checked against it.`] }
}

const checkCheckpoint = async (out: string, entries: ReadonlyArray<ChainEntry>, { keys, integrityOnly = false }: Trust): Promise<ReadonlyArray<Problem>> => {
  const file = `${chainFolder}/checkpoint`
  const text = await readFile(join(out, chainFolder, "checkpoint"), "utf8").catch(() => undefined)
  if (text === undefined) return []
  const problem = (sentence: string): ReadonlyArray<Problem> => [{ file, sentence: `${file} ${sentence}` }]
  try {
    const note = parseNote(text, file)
    const { signedBy, broken } = checkNote(note, keys)
    if (broken || (!integrityOnly && signedBy.length === 0)) return problem("is not signed by a given key.")
    const { size, root } = readCheckpoint(note, file)
    const digests = digestsOf(entries)
    if (size > digests.length) return problem(`speaks of ${size} statements, and ${digests.length} are here: reports were removed.`)
    return chainRoot(digests.slice(0, size)) === root ? [] : problem("states another history than the reports do.")
  } catch (error) {
    return problem(error instanceof AttestError ? "is not a signed checkpoint." : "cannot be read.")
  }
}

const readKeys = async (out: string, trust: Trust): Promise<{ readonly listed: ReadonlyArray<ListedKey>; readonly problems: ReadonlyArray<Problem> }> => {
  const file = `${chainFolder}/keys.dsse.json`
  try {
    const list = await readKeyList(out, trust.keys)
    if (list === undefined || list.trusted || trust.integrityOnly === true) return { listed: list?.keys ?? [], problems: [] }
    return { listed: [], problems: [{ file, sentence: `${file} is not signed by a given key, so the keys in it do not count.` }] }
  } catch {
    return { listed: [], problems: [{ file, sentence: `${file} is not a signed list of keys.` }] }
  }
}

/**
 * Verifies the chain of a folder of reports offline: every statement's signature, numbers without holes or forks,
 * each naming the statement before it, scheduled nights that never ran, the checkpoint, and the head where given.
 * The files of the reports are not read again; `verifyReport` does that for one of them.
 */
export const verifyChain = async (options: ChainOptions): Promise<ChainVerification> => {
  const out = outFolder(options.dir)
  let read: Awaited<ReturnType<typeof readChain>>
  try {
    read = await readChain(out)
  } catch (error) {
    return { ok: false, problems: [{ file: out, sentence: error instanceof AttestError ? error.message : `${out} cannot be read.` }], notes: [], entries: [] }
  }
  const { entries } = read
  const { listed, problems: listProblems } = await readKeys(out, options)
  const unsigned = entries.flatMap(({ folder, envelope, run }) => {
    const keys = keysAt(options.keys, listed, run.startedAt)
    return signatureProblems(envelope, checkSignatures(envelope, keys), { ...options, keys }).map((sentence) => ({ file: fileOf(folder), sentence: `${fileOf(folder)}: ${sentence}` }))
  })
  const head = checkHead(entries, options.head)
  const newest = entries.at(-1)
  const [stamp] = newest === undefined ? [] : await timestampsOfEntry(out, newest, options.timestampRoots)
  const witnesses = [...options.witnesses ?? [], ...options.keys.map((key) => ({ key }))]
  const seen = await checkWitnesses({ out, digests: digestsOf(entries), keys: [...options.keys, ...listed.map(({ key }) => key)], witnesses })
  const notes = [...(newest === undefined || stamp === undefined || options.head !== undefined ? head.notes : [stampedNote(newest, stamp)]), ...witnessedNotes(entries, seen.witnessed), ...seen.notes]
  const late = newest === undefined || options.now === undefined ? [] : missedNights(newest.run, options.now)
  const lateProblem = newest === undefined || late[0] === undefined ? [] : [{ file: fileOf(newest.folder), sentence: nightsSentence(late, late[0], `after number ${newest.sequence}`) }]
  const problems = [...read.problems, ...listProblems, ...unsigned, ...forks(entries), ...renamed(entries), ...links(entries), ...lateProblem, ...head.problems, ...(await checkCheckpoint(out, entries, options)), ...seen.problems]
  return { ok: problems.length === 0, problems, notes, entries, witnessed: seen.witnessed, ...(newest === undefined ? {} : { head: newest.digest }) }
}

/** Number and previous digest for the next run; take it under the run's lock. */
export const nextInChain = (entries: ReadonlyArray<ChainEntry>): { readonly sequence: number; readonly previousStatement?: string } => {
  const newest = entries.at(-1)
  return newest === undefined ? { sequence: 1 } : { sequence: newest.sequence + 1, previousStatement: newest.digest }
}
