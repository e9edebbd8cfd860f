/**
 * A large file of lines is read in parts, so that several threads share it: one thread hashes the whole and cuts it after line
 * breaks, others read what is cut. Whatever is out of the ordinary (an array, compressed bytes, a document over several lines
 * across a cut, a change meanwhile) makes the object be read in one piece instead.
 */
import { createHash } from "node:crypto"
import { rmSync } from "node:fs"
import { beginsWithLines, CanonicalReader } from "../formats/canonical.ts"
import { canonicalVersion } from "../formats/index.ts"
import { Border, type BorderCounts } from "./border.ts"
import { isCompressed } from "./compression.ts"
import { LocalStore, type Stretch } from "./local.ts"
import { QuarantineFile, quarantinePath } from "./quarantine.ts"
import { listOf, type Read, type ReadingContext, type ReadingTask, reportOf } from "./reading.ts"
import { snapshotTime } from "./snapshot.ts"
import type { ObjectReport, StagedFile } from "./source.ts"
import { Stage, StageFailure } from "./stage.ts"
import { isRemote } from "./stores.ts"

/** A part: whole lines, except that the last part may end without a line break. */
export type Part = Stretch & {
  readonly place: number
  /** Number of its first line in the object. */
  readonly line: number
}

/** The whole object, once it is cut to its end. */
export type Cut = { readonly sha256: string; readonly parts: number }

/** What a part gave; undefined where the object must be read in one piece. */
export type PartRead = { readonly counts: BorderCounts; readonly unfit: ReadonlyArray<string> | undefined; readonly files: ReadonlyArray<StagedFile>; readonly insideDocument: boolean } | undefined

const partBytesMax = 64 * 1024 * 1024

/** Bytes from which on a part is cut off, where `shares` threads read `bytes`. */
export const partBytesOf = (bytes: number, shares: number, least: number): number => Math.max(least, Math.min(partBytesMax, Math.ceil(bytes / (shares * 4))))

/** May it be read in parts as far as its listing tells? */
export const mayBeCut = ({ spec, listed }: ReadingTask): boolean =>
  (spec.format === undefined || spec.format === "canonical") && !isRemote(listed.uri) && (spec.mode !== "snapshot" || snapshotTime(listed.uri, {}) !== undefined)

/** Hashes an object and tells each part as it is found; undefined where the object must be read in one piece. */
export const cut = async (task: ReadingTask, baseFolder: string, partBytes: number, found: (part: Part) => void): Promise<Cut | undefined> => {
  const hash = createHash("sha256")
  let parts = 0
  let from = 0
  let firstLine = 1
  let line = 1
  let position = 0
  const opened = await new LocalStore(baseFolder).open(task.listed).catch(() => undefined)
  if (opened === undefined) return undefined
  try {
    for await (const piece of opened.bytes) {
      if (position === 0 && (isCompressed(piece) || !beginsWithLines(piece))) return undefined
      hash.update(piece)
      for (let feed = piece.indexOf(10); feed !== -1; feed = piece.indexOf(10, feed + 1)) {
        line++
        const to = position + feed + 1
        if (to - from < partBytes) continue
        found({ place: parts++, from, to, line: firstLine })
        from = to
        firstLine = line
      }
      position += piece.length
    }
  } catch {
    // Reading it in one piece says what is wrong with it.
    return undefined
  } finally {
    await opened.close()
  }
  if (position > from) found({ place: parts++, from, to: position, line: firstLine })
  return { sha256: hash.digest("hex"), parts }
}

/** Removes what was staged of a part whose object is read in one piece after all. */
export const dropPart = (stageDir: string, objectNumber: number, place: number, read: PartRead): void => {
  for (const file of read?.files ?? []) rmSync(file.path, { force: true })
  rmSync(quarantinePath(stageDir, objectNumber, place), { force: true })
}

/** Reads one part into staged files of its own; `label` tells them from all others. Throws only when the stage fails. */
export const readPart = async (task: ReadingTask, part: Part, label: string, context: Pick<ReadingContext, "stageDir" | "baseFolder" | "progress">): Promise<PartRead> => {
  const { spec, listed, objectNumber } = task
  const files: Array<StagedFile> = []
  const stage = new Stage(context.stageDir, label, (file) => files.push(file))
  const quarantine = new QuarantineFile(context.stageDir, objectNumber, part.place)
  try {
    const border = new Border({ objectNumber, source: spec.id, uri: listed.uri }, stage, (entry) => quarantine.add(entry))
    const reader = new CanonicalReader(border, part.place === 0 ? undefined : part.line)
    const opened = await new LocalStore(context.baseFolder).openStretch(listed, part)
    try {
      for await (const piece of opened.bytes) {
        context.progress(piece.length)
        reader.push(piece)
      }
    } finally {
      await opened.close()
    }
    const insideDocument = reader.isInsideDocument
    reader.end()
    quarantine.close()
    stage.commit()
    stage.close()
    return { counts: border.counts, unfit: border.unfit, files, insideDocument }
  } catch (problem) {
    if (problem instanceof StageFailure) throw problem
    stage.rollBack()
    stage.close()
    quarantine.drop()
    for (const file of files) rmSync(file.path, { force: true })
    return undefined
  }
}

const sum = (counts: ReadonlyArray<Readonly<Partial<Record<string, number>>>>): Record<string, number> => {
  const total: Record<string, number> = {}
  for (const each of counts) for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + (count ?? 0)
  return total
}

const mergedRead = ({ spec, listed }: ReadingTask, sha256: string, reads: ReadonlyArray<Exclude<PartRead, undefined>>): Read => {
  const counts = reads.map((read) => read.counts)
  const rejected = counts.reduce((total, each) => total + each.rejected, 0)
  const unfit = reads.some((read) => read.unfit === undefined) ? undefined : reads.flatMap((read) => read.unfit ?? [])
  const snapshotAt = spec.mode === "snapshot" ? snapshotTime(listed.uri, {}) : undefined
  return {
    sha256, format: "canonical", formatVersion: canonicalVersion,
    read: counts.reduce((total, each) => total + each.read, 0), rejected,
    ignored: {}, produced: sum(counts.map(({ produced }) => produced)), notes: {}, statements: [], ...listOf(snapshotAt, rejected, unfit)
  }
}

/** An object read in parts, put together again. */
export class CutObject {
  readonly task: ReadingTask
  readonly #stageDir: string
  readonly #reads: Array<Exclude<PartRead, undefined>> = []
  #done = 0
  #cut: Cut | undefined
  #failed = false

  constructor(task: ReadingTask, stageDir: string) {
    this.task = task
    this.#stageDir = stageDir
  }

  get hasFailed(): boolean {
    return this.#failed
  }

  /** The end of the cutting. */
  cut(whole: Cut | undefined): void {
    this.#cut = whole
    if (whole === undefined) this.fail()
  }

  /** The end of a part. */
  read(place: number, read: PartRead): void {
    this.#done++
    if (read === undefined || this.#failed) {
      dropPart(this.#stageDir, this.task.objectNumber, place, read)
      this.fail()
    } else this.#reads[place] = read
  }

  /** All files and the report, once there is nothing more to come; undefined before, and where it has failed. */
  whole(): { readonly report: ObjectReport; readonly files: ReadonlyArray<StagedFile>; readonly quarantine: ReadonlyArray<string> } | undefined {
    if (this.#cut === undefined || this.#failed || this.#done < this.#cut.parts) return undefined
    // A document over several lines is one thing; cut apart it would be several.
    if (this.#reads.slice(0, -1).some(({ insideDocument }) => insideDocument)) {
      this.fail()
      return undefined
    }
    const { objectNumber, listed } = this.task
    const quarantine = this.#reads.flatMap(({ counts }, place) => counts.rejected === 0 ? [] : [quarantinePath(this.#stageDir, objectNumber, place)])
    return { report: reportOf(this.task, listed, mergedRead(this.task, this.#cut.sha256, this.#reads)), files: this.#reads.flatMap(({ files }) => files), quarantine }
  }

  fail(): void {
    this.#failed = true
    this.#reads.forEach((read, place) => dropPart(this.#stageDir, this.task.objectNumber, place, read))
    this.#reads.length = 0
  }
}
