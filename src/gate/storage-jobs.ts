import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { GateAnswer } from "./gate.ts"
import { GateError } from "./GateError.ts"
import type { Decision } from "./retention-line.ts"

/** Where an object lies in S3. */
export type Location = { readonly bucket: string; readonly key: string }

/** Bucket and key of an `s3://` URI; undefined for what S3 does not hold or cannot name. */
export const locationOf = (uri: string): Location | undefined => {
  const match = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri)
  // A key with half a character cannot be encoded, so no job could name it.
  return match?.[1] === undefined || match[2] === undefined || !uri.isWellFormed() ? undefined : { bucket: match[1], key: match[2] }
}

/** A row as S3 Batch Operations reads it: no header, every field quoted, keys percent-encoded, the version only where there is one. */
export const manifestRow = ({ bucket, key }: Location, versionId: string | null): string => {
  const encoded = key.split("/").map(encodeURIComponent).join("/")
  return `"${bucket.replaceAll('"', '""')}","${encoded}"${versionId === null ? "" : `,"${versionId.replaceAll('"', '""')}"`}\n`
}

/** Tags that a decision sets on an object; the second says until when a lifecycle rule may rely on the first. */
export const tagsOf = (decision: Decision, validUntil: string): ReadonlyArray<{ readonly Key: string; readonly Value: string }> => [
  { Key: "earshot-decision", Value: decision }, { Key: "earshot-valid-until", Value: validUntil }
]

/** Lines to a file that is there only once it is whole. */
class WholeFile {
  readonly #path: string
  readonly #handle: number
  #pending: Array<string> = []
  #length = 0
  rows = 0

  constructor(path: string) {
    this.#path = path
    this.#handle = openSync(`${path}.part`, "w", 0o600)
  }

  write(line: string): void {
    this.rows += 1
    this.#pending.push(line)
    this.#length += line.length
    if (this.#length > 1_000_000) this.#flush()
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending.join(""), "utf8")
    for (let written = 0; written < bytes.length;) written += writeSync(this.#handle, bytes, written)
    this.#pending = []
    this.#length = 0
  }

  /** Puts the file under its name, or under another. */
  finish(path = this.#path): void {
    this.#flush()
    closeSync(this.#handle)
    renameSync(`${this.#path}.part`, path)
  }

  drop(): void {
    try { closeSync(this.#handle) } catch { /* It is closed already. */ }
    rmSync(`${this.#path}.part`, { force: true })
  }
}

/** A manifest of one operation. All rows of a manifest must have the same fields, so objects without a version get one of their own. */
class Manifest {
  readonly #path: string
  readonly #versioned: WholeFile
  readonly #plain: WholeFile

  constructor(path: string) {
    this.#path = path
    this.#versioned = new WholeFile(path)
    this.#plain = new WholeFile(`${path}.without-versions`)
  }

  add(location: Location, versionId: string | null): void {
    (versionId === null ? this.#plain : this.#versioned).write(manifestRow(location, versionId))
  }

  finish(): void {
    rmSync(`${this.#path}.without-versions`, { force: true })
    if (this.#plain.rows === 0) this.#plain.drop()
    else this.#plain.finish(this.#versioned.rows === 0 ? this.#path : undefined)
    if (this.#versioned.rows === 0 && this.#plain.rows > 0) this.#versioned.drop()
    else this.#versioned.finish()
  }

  drop(): void {
    this.#versioned.drop()
    this.#plain.drop()
  }
}

/** What a retention job is given beside the answers; nothing of it is there until all answers are. */
export type StorageJobs = { readonly add: (answer: GateAnswer) => void; readonly finish: () => void; readonly drop: () => void }

const decisions: ReadonlyArray<Decision> = ["delete", "hold", "keep"]

/** One manifest and one operation a decision (and end of validity), and the same as one PutObjectTagging request a line. */
const tagJobs = (folder: string): StorageJobs => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const requests = new WholeFile(join(folder, "tags.ndjson"))
  const manifests = new Map<Decision, Manifest>(decisions.map((decision) => [decision, new Manifest(join(folder, `${decision}.csv`))]))
  let validUntil = ""
  return {
    add: (answer) => {
      const location = locationOf(answer.uri)
      if (location === undefined) return
      validUntil = answer.validUntil
      const TagSet = tagsOf(answer.decision, answer.validUntil)
      requests.write(`${JSON.stringify({ Bucket: location.bucket, Key: location.key, ...(answer.versionId === null ? {} : { VersionId: answer.versionId }), Tagging: { TagSet } })}\n`)
      manifests.get(answer.decision)?.add(location, answer.versionId)
    },
    finish: () => {
      // What deletes comes last: an interrupted job has at most kept too much.
      for (const decision of [...decisions].reverse()) {
        writeFileSync(join(folder, `${decision}.operation.json`), `${JSON.stringify({ S3PutObjectTagging: { TagSet: tagsOf(decision, validUntil) } })}\n`, { mode: 0o600 })
        manifests.get(decision)?.finish()
      }
      requests.finish()
    },
    drop: () => {
      requests.drop()
      for (const manifest of manifests.values()) manifest.drop()
    }
  }
}

const deletions = (file: string): StorageJobs => {
  const manifest = new Manifest(file)
  return {
    add: ({ uri, versionId, decision }) => {
      const location = decision === "delete" ? locationOf(uri) : undefined
      if (location !== undefined) manifest.add(location, versionId)
    },
    finish: () => { manifest.finish() },
    drop: () => { manifest.drop() }
  }
}

/**
 * Opens the files that S3 acts on: `batchManifest`, a manifest of what may be deleted; `tags`, a folder with the decision on
 * every object as tags for a lifecycle rule. Memory does not grow with the answers.
 * @throws GateError where they cannot be written.
 */
export const storageJobs = ({ batchManifest, tags }: { readonly batchManifest?: string; readonly tags?: string }): StorageJobs => {
  const jobs: Array<StorageJobs> = []
  const drop = (): void => { for (const job of jobs) job.drop() }
  try {
    if (batchManifest !== undefined) jobs.push(deletions(batchManifest))
    if (tags !== undefined) jobs.push(tagJobs(tags))
  } catch {
    drop()
    throw new GateError("usage", `The files for storage cannot be written (${[batchManifest, tags].filter((path) => path !== undefined).join(", ")}); name a folder that may be written to.`)
  }
  return { add: (answer) => { for (const job of jobs) job.add(answer) }, finish: () => { for (const job of jobs) job.finish() }, drop }
}
