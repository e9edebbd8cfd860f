/** One object from its store to the stage: digest, decompression, format, border. */
import { createHash, type Hash } from "node:crypto"
import { CanonicalReader } from "../formats/canonical.ts"
import { DocumentTooLarge, documentBytesMax, type Format, ObjectUnreadable } from "../formats/format.ts"
import { canonicalVersion, detectFormat, formatNamed } from "../formats/index.ts"
import { Border } from "./border.ts"
import { broken, decompressed, NeedsCare, type Piece } from "./compression.ts"
import { brokenDocumentSentence, brokenLineSentence, formatInput, PeekedBytes } from "./input.ts"
import { QuarantineFile } from "./quarantine.ts"
import { snapshotTime } from "./snapshot.ts"
import type { ListedObject, ObjectReport, SourceSpec } from "./source.ts"
import { type Stage, StageFailure } from "./stage.ts"
import { type OpenObject, type Store, type StoreEntry, StoreFailure } from "./store.ts"

/** An object that is to be read. */
export type ReadingTask = { readonly objectNumber: number; readonly listed: ListedObject; readonly spec: SourceSpec }

/** What reading needs; one a thread. */
export type ReadingContext = {
  readonly stage: Stage
  readonly stageDir: string
  readonly baseFolder: string
  readonly storeOf: (uri: string) => Store
  /** Told the bytes that have been read since the last time. */
  readonly progress: (bytes: number) => void
  readonly signal?: AbortSignal
}

/** An object that keeps changing is read so often. */
const attemptsMax = 4

class Tap {
  readonly hash: Hash = createHash("sha256")
  bytes = 0
  #source: AsyncIterable<Buffer>
  #progress: (bytes: number) => void

  constructor(source: AsyncIterable<Buffer>, progress: (bytes: number) => void) {
    this.#source = source
    this.#progress = progress
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for await (const piece of this.#source) {
      this.hash.update(piece)
      this.bytes += piece.length
      this.#progress(piece.length)
      yield piece
    }
  }

  /** Reads what nobody wanted, so that the digest is that of the whole object. */
  async drain(rest: AsyncIterator<Buffer>): Promise<void> {
    for (let next = await rest.next(); next.done !== true; next = await rest.next());
  }
}

const readCanonical = async (pieces: AsyncIterable<Piece>, border: Border): Promise<void> => {
  const reader = new CanonicalReader(border)
  let readable = 0
  let breaks = 0
  for await (const piece of pieces) {
    if (piece === broken) {
      breaks++
      reader.breakOff(brokenLineSentence)
    } else {
      readable += piece.length
      reader.push(piece)
    }
  }
  reader.end()
  if (breaks > 0 && readable === 0) throw new ObjectUnreadable(brokenDocumentSentence)
}

const readForeign = async (format: Format, pieces: AsyncIterable<Piece>, border: Border, task: ReadingTask, baseFolder: string, metadata: Readonly<Record<string, string>>): Promise<void> => {
  const { spec, listed } = task
  const input = formatInput({ sourceId: spec.id, uri: listed.uri, versionId: listed.versionId, options: spec, baseFolder, metadata }, pieces,
    (line, sentence) => border.rejected(line, undefined, sentence))
  for await (const item of format.read(input)) border.produced(item)
}

const formatOf = async (spec: SourceSpec, uri: string, bytes: PeekedBytes): Promise<Format | undefined> => {
  if (spec.format === undefined || spec.format === "canonical") return undefined
  if (spec.format === "auto") return detectFormat(await bytes.head(uri))
  const format = formatNamed(spec.format)
  if (format === undefined) throw new ObjectUnreadable(`There is no format "${spec.format}".`)
  return format
}

const unreadableSentence = (problem: unknown): string => {
  if (problem instanceof StoreFailure || problem instanceof ObjectUnreadable || problem instanceof ContentUnreadable) return problem.message
  if (problem instanceof DocumentTooLarge) return `The document is larger than ${documentBytesMax} bytes.`
  // The message of a defect may quote what was being read; its class does not.
  return `Reading failed with a defect of the program (${problem instanceof Error ? problem.name : typeof problem}).`
}

/** What the bytes of an object give its report. */
export type Read = Omit<ObjectReport, keyof ListedObject | "objectNumber">

/** What is said of a full list: its time, and what its rejected rows are about. */
export const listOf = (snapshotAt: string | undefined, rejected: number, unfit: ReadonlyArray<string> | undefined): Pick<ObjectReport, "snapshotAt" | "unfit"> =>
  snapshotAt === undefined ? {} : { snapshotAt, ...(rejected === 0 || unfit === undefined ? {} : { unfit }) }

type Content = { readonly pieces: AsyncIterable<Buffer>; readonly opened: OpenObject; readonly task: ReadingTask; readonly care: number | undefined }

const readContent = async ({ pieces, opened, task, care }: Content, context: ReadingContext, quarantine: QuarantineFile): Promise<Omit<Read, "sha256">> => {
  const { spec, listed, objectNumber } = task
  const snapshotAt = spec.mode === "snapshot" ? snapshotTime(listed.uri, opened.metadata) : undefined
  if (spec.mode === "snapshot" && snapshotAt === undefined) {
    throw new ObjectUnreadable("The time of this snapshot is not known; give the object snapshotAt metadata or put the time into its name, for instance staff-2026-06-30.ndjson.")
  }
  const border = new Border({ objectNumber, source: spec.id, uri: listed.uri, ...(opened.entry.versionId === undefined ? {} : { versionId: opened.entry.versionId }) },
    context.stage, (entry) => quarantine.add(entry))
  const peeked = new PeekedBytes(decompressed(pieces, care))
  const format = await formatOf(spec, listed.uri, peeked)
  await (format === undefined ? readCanonical(peeked, border) : readForeign(format, peeked, border, task, context.baseFolder, opened.metadata))
  const { read, rejected, ignored, produced, notes, statements } = border.counts
  return {
    format: format?.name ?? "canonical", formatVersion: format?.version ?? canonicalVersion,
    read, rejected, ignored, produced, notes, statements, ...listOf(snapshotAt, rejected, border.unfit)
  }
}

/** An object whose bytes came whole and give nothing; `sha256` is theirs, for the list of inputs. */
class ContentUnreadable extends Error {
  override readonly name = "ContentUnreadable"
  readonly sha256: string

  constructor(sentence: string, sha256: string) {
    super(sentence)
    this.sha256 = sha256
  }
}

const readOpened = async (opened: OpenObject, task: ReadingTask, context: ReadingContext, quarantine: QuarantineFile, care: number | undefined): Promise<Read> => {
  const tap = new Tap(opened.bytes, context.progress)
  const stored = tap[Symbol.asyncIterator]()
  const digest = async (): Promise<string> => {
    await tap.drain(stored)
    return tap.hash.digest("hex")
  }
  try {
    const read = await readContent({ pieces: { [Symbol.asyncIterator]: () => ({ next: () => stored.next() }) }, opened, task, care }, context, quarantine)
    return { ...read, sha256: await digest() }
  } catch (problem) {
    if (problem instanceof ObjectUnreadable || problem instanceof DocumentTooLarge) throw new ContentUnreadable(unreadableSentence(problem), await digest())
    throw problem
  }
}

/** The report of an object that was read. */
export const reportOf = (task: ReadingTask, entry: StoreEntry, read: Read): ObjectReport => ({
  ...task.listed, etag: entry.etag, bytes: entry.bytes,
  ...(entry.versionId === undefined ? {} : { versionId: entry.versionId }),
  objectNumber: task.objectNumber, ...read
})

const unread = (task: ReadingTask, problem: unknown): ObjectReport => reportOf(task, task.listed, {
  sha256: problem instanceof ContentUnreadable ? problem.sha256 : "", format: task.spec.format ?? "canonical", formatVersion: 0, unreadable: unreadableSentence(problem),
  read: 0, rejected: 0, ignored: {}, produced: {}, notes: {}, statements: [], ...listOf(task.spec.mode === "snapshot" ? snapshotTime(task.listed.uri, {}) : undefined, 0, undefined)
})

/** What to try after a failure: other content, more care, or nothing. */
const nextAttempt = async (problem: unknown, store: Store, entry: StoreEntry, care: number | undefined): Promise<{ entry: StoreEntry; care: number | undefined } | undefined> => {
  if (problem instanceof NeedsCare) return care === undefined ? { entry, care: problem.slice } : undefined
  if (!(problem instanceof StoreFailure) || problem.reason !== "changed") return undefined
  const now = await store.again(entry)
  return now === undefined ? undefined : { entry: now, care: undefined }
}

/** Reads one object; what goes wrong with it is in the report. Throws only when the run is stopped or the stage fails. */
export const readObject = async (task: ReadingTask, context: ReadingContext): Promise<ObjectReport> => {
  const store = context.storeOf(task.listed.uri)
  const quarantine = new QuarantineFile(context.stageDir, task.objectNumber)
  let attempt: { entry: StoreEntry; care: number | undefined } = { entry: task.listed, care: undefined }
  for (let left = attemptsMax; ; left--) {
    let opened: OpenObject | undefined
    try {
      opened = await store.open(attempt.entry, context.signal)
      const read = await readOpened(opened, task, context, quarantine, attempt.care)
      quarantine.close()
      context.stage.commit()
      return reportOf(task, opened.entry, read)
    } catch (problem) {
      if (problem instanceof StageFailure) throw problem
      context.stage.rollBack()
      quarantine.drop()
      context.signal?.throwIfAborted()
      const next = left > 1 ? await nextAttempt(problem, store, attempt.entry, attempt.care) : undefined
      if (next === undefined) return unread(task, problem)
      attempt = next
    } finally {
      await opened?.close()
    }
  }
}
