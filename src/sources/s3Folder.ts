/** A prefix in S3 that is written once and read back: nothing under it is ever overwritten unless it was asked for by its ETag. */
import { createHash } from "node:crypto"
import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, readFile, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { pipeline } from "node:stream/promises"
import type { PutObjectCommandInput } from "@aws-sdk/client-s3"
import { isPattern } from "./glob.ts"
import { S3Store } from "./s3.ts"
import { abortable, failureOf, openS3, passes, persistently, placeOf, type S3Access, statusOf } from "./s3Client.ts"
import type { S3Settings } from "./source.ts"
import { StoreFailure } from "./store.ts"

/** An object under the prefix; `name` has no leading slash. */
export type FolderEntry = { readonly name: string; readonly etag: string; readonly bytes: number }

/** An object as it stands now. */
export type FolderStanding = FolderEntry & {
  /** Milliseconds since it was put, by the storage's own clock, to the second; undefined where it does not tell the time. */
  readonly ageMs?: number
}

/** Until when nobody may delete or change what is put, and whether somebody with a special permission may nevertheless. */
export type ObjectLock = { readonly mode: "governance" | "compliance"; readonly until: Date }

/** How a file is put. */
export type PutOptions = {
  readonly lock?: ObjectLock
  /** Replaces exactly this content; without it nothing may be there. */
  readonly replaces?: string
  readonly signal?: AbortSignal
}

/** Larger files are sent as streams. */
const bufferedBytesMax = 16 * 1024 * 1024
/** One request carries no more. */
const putBytesMax = 5 * 1024 ** 3

type Content = { readonly path: string } | { readonly bytes: Buffer }
type Measured = { readonly length: number; readonly md5: string; readonly sha256: Buffer }

const measured = async (content: Content): Promise<Measured> => {
  const md5 = createHash("md5")
  const sha256 = createHash("sha256")
  let length = 0
  for await (const piece of "bytes" in content ? [content.bytes] : createReadStream(content.path, { highWaterMark: 1 << 20 })) {
    md5.update(piece as Buffer)
    sha256.update(piece as Buffer)
    length += (piece as Buffer).length
  }
  return { length, md5: md5.digest("base64"), sha256: sha256.digest() }
}

const bodyOf = async (content: Content, length: number): Promise<NonNullable<PutObjectCommandInput["Body"]>> => {
  if ("bytes" in content) return content.bytes
  return length <= bufferedBytesMax ? readFile(content.path) : createReadStream(content.path)
}

/** What stands under a name already. */
type Standing = { readonly etag: string; readonly bytes: number | undefined; readonly sha256: string | undefined; readonly versioned: boolean; readonly ageMs: number | undefined }

/** The time that an answer of the storage carries, in milliseconds. */
const answeredAt = (response: unknown): number => Date.parse((response as { readonly headers?: Readonly<Record<string, string>> } | undefined)?.headers?.["date"] ?? "")

/** How long ago something was put, where both times are known. */
const ageOf = (put: Date | undefined, answered: number): number | undefined =>
  put === undefined || Number.isNaN(answered) ? undefined : Math.max(0, answered - put.getTime())

/** Whatever was put with a lost answer stands there with its own digest. */
const isSame = ({ bytes, sha256 }: Standing, { length, sha256: own }: Measured): boolean => bytes === length && sha256 === own.toString("hex")

const takenBy = (uri: string): StoreFailure =>
  new StoreFailure("taken", `"${uri}" is taken: something else was put there, and nothing is overwritten; find out who wrote it, or name another report.out.`)

/**
 * What must hold for the server to take it. Some servers (Ceph 16) compare If-Match with the ETag without its quotes, and
 * refuse each one in a versioned bucket: where what stands there has been seen to be what is replaced, the other spelling
 * is sent, and then, where its version is kept, none.
 */
const condition = (replaces: string | undefined, there: Standing | undefined, attempt: number): Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch"> => {
  if (replaces === undefined) return { IfNoneMatch: "*" }
  if (attempt > 2 && there?.versioned === true) return {}
  return { IfMatch: attempt % 2 === 0 ? replaces.replaceAll('"', "") : replaces }
}

const refusal = (problem: unknown, uri: string): StoreFailure => {
  if (statusOf(problem) === 412) return takenBy(uri)
  const { reason, message } = failureOf(problem, uri)
  return new StoreFailure(reason, message.replace("may not be read", "may not be written").replace("cannot be read", "cannot be written"))
}

/** Puts, lists and fetches under one prefix. Every method fails with `StoreFailure`. */
export class S3Folder {
  /** `s3://bucket/prefix/`, with the slash at the end. */
  readonly uri: string
  readonly #settings: S3Settings
  readonly #store: S3Store
  #made: Promise<S3Access> | undefined

  constructor(uri: string, settings: S3Settings) {
    this.uri = uri.endsWith("/") ? uri : `${uri}/`
    this.#settings = settings
    this.#store = new S3Store(settings)
    if (isPattern(uri)) throw new StoreFailure("missing", `"${uri}" holds a wildcard (*, ?, [ or {); name one prefix.`)
    if (placeOf(this.uri).bucket === "") throw new StoreFailure("missing", `"${uri}" names no bucket; write s3://bucket/prefix.`)
  }

  /** Everything under the prefix, or under a part of it, by name. */
  async list(below = "", signal?: AbortSignal): Promise<ReadonlyArray<FolderEntry>> {
    const found: Array<FolderEntry> = []
    for await (const { uri, etag, bytes } of this.#store.list(`${this.uri}${below}`, signal === undefined ? {} : { signal })) {
      if (uri.startsWith(this.uri)) found.push({ name: uri.slice(this.uri.length), etag, bytes })
    }
    return found.sort((left, right) => left.name < right.name ? -1 : 1)
  }

  /**
   * Puts a file or bytes with their checksums and gives the ETag. Another attempt after a lost answer finds its own
   * content and is content with it; other content there is `taken`.
   */
  async put(name: string, content: Content, { lock, replaces, signal }: PutOptions = {}): Promise<string> {
    const uri = `${this.uri}${name}`
    const size = await measured(content)
    if (size.length > putBytesMax) throw new StoreFailure("unavailable", `"${uri}" would be larger than the 5 GiB that S3 takes at once; write the report to a folder.`)
    const { bucket, key } = placeOf(uri)
    const { sdk, client } = await this.#client()
    try {
      return await persistently(async (attempt) => {
        // Servers that do not know conditional writes (Ceph in versioned buckets, say) would overwrite; one that asks first does not.
        const there = await this.#head(bucket, key, signal)
        if (there !== undefined && isSame(there, size)) return there.etag
        if (there?.etag !== replaces) throw takenBy(uri)
        const put = await client.send(new sdk.PutObjectCommand({
          Bucket: bucket, Key: key, Body: await bodyOf(content, size.length), ContentLength: size.length,
          ContentMD5: size.md5, ChecksumSHA256: size.sha256.toString("base64"), Metadata: { sha256: size.sha256.toString("hex") },
          ...condition(replaces, there, attempt),
          ...(lock === undefined ? {} : { ObjectLockMode: lock.mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE", ObjectLockRetainUntilDate: lock.until })
        }), abortable(signal))
        return put.ETag ?? ""
        // Where somebody was quicker (409, 412), the next attempt sees whether it was this program.
      }, signal, (problem) => passes(problem) || statusOf(problem) === 412 || statusOf(problem) === 409)
    } catch (problem) {
      signal?.throwIfAborted()
      throw refusal(problem, uri)
    }
  }

  /** Fetches an object into a file, which appears whole or not at all. */
  async fetch(entry: FolderEntry, path: string, signal?: AbortSignal): Promise<void> {
    const opened = await this.#store.open({ uri: `${this.uri}${entry.name}`, etag: entry.etag, bytes: entry.bytes }, signal)
    const part = `${path}.part`
    try {
      await mkdir(dirname(path), { recursive: true })
      await pipeline(opened.bytes, createWriteStream(part, { mode: 0o600 }))
      await rename(part, path)
    } finally {
      await opened.close()
      await rm(part, { force: true })
    }
  }

  /** An object as it stands now, and how long so; undefined where there is none. */
  async standing(name: string, signal?: AbortSignal): Promise<FolderStanding | undefined> {
    const { bucket, key } = placeOf(`${this.uri}${name}`)
    try {
      const there = await persistently(() => this.#head(bucket, key, signal), signal)
      return there === undefined ? undefined : { name, etag: there.etag, bytes: there.bytes ?? 0, ...(there.ageMs === undefined ? {} : { ageMs: there.ageMs }) }
    } catch (problem) {
      signal?.throwIfAborted()
      throw failureOf(problem, `${this.uri}${name}`)
    }
  }

  /** The bytes of an object. */
  async read(entry: FolderEntry, signal?: AbortSignal): Promise<Buffer> {
    const opened = await this.#store.open({ uri: `${this.uri}${entry.name}`, etag: entry.etag, bytes: entry.bytes }, signal)
    const pieces: Array<Buffer> = []
    try {
      for await (const piece of opened.bytes) pieces.push(piece)
    } finally {
      await opened.close()
    }
    return Buffer.concat(pieces)
  }

  close(): void {
    this.#store.close()
    this.#made?.then(({ client }) => client.destroy(), () => undefined)
    this.#made = undefined
  }

  #client(): Promise<S3Access> {
    this.#made ??= openS3(this.#settings)
    return this.#made
  }

  async #head(bucket: string, key: string, signal: AbortSignal | undefined): Promise<Standing | undefined> {
    const { sdk, client } = await this.#client()
    const asked = new sdk.HeadObjectCommand({ Bucket: bucket, Key: key })
    let answered = Number.NaN
    asked.middlewareStack.add((next) => async (args) => {
      const result = await next(args)
      answered = answeredAt(result.response)
      return result
    }, { step: "deserialize" })
    try {
      const { ETag = "", ContentLength: bytes, Metadata, VersionId, LastModified } = await client.send(asked, abortable(signal))
      return { etag: ETag, bytes, sha256: Metadata?.["sha256"], versioned: VersionId !== undefined, ageMs: ageOf(LastModified, answered) }
    } catch (problem) {
      if (statusOf(problem) === 404) return undefined
      throw problem
    }
  }
}
