/** Objects in S3 and what speaks like it. Credentials come from the SDK's default chain only. */
import { randomInt } from "node:crypto"
import type { Readable } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import type { GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3"
import { fixedPart, isPattern, patternOf } from "./glob.ts"
import type { S3Settings } from "./source.ts"
import { type OpenObject, type Store, type StoreEntry, StoreFailure } from "./store.ts"

type Sdk = typeof import("@aws-sdk/client-s3")

/** Requests that fail for a while are sent so often, with growing pauses; a body that breaks is resumed so often without progress. */
const attemptsMax = 6
const pauseMs = 100
const connectionTimeoutMs = 10_000
/** A body that stands still for so long is broken off and resumed. */
const socketTimeoutMs = 60_000

type Place = { readonly bucket: string; readonly key: string }

/** A key may hold any character, so an S3 URI is no URL. */
const placeOf = (uri: string): Place => {
  const rest = uri.slice("s3://".length)
  const slash = rest.indexOf("/")
  return slash === -1 ? { bucket: rest, key: "" } : { bucket: rest.slice(0, slash), key: rest.slice(slash + 1) }
}

const uriOf = ({ bucket, key }: Place): string => `s3://${bucket}/${key}`

const statusOf = (problem: unknown): number | undefined =>
  typeof problem === "object" && problem !== null ? (problem as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode : undefined

const denials: ReadonlySet<string> = new Set([
  "AccessDenied", "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "SignatureDoesNotMatch", "CredentialsProviderError", "TokenProviderError", "InvalidToken"
])

/** The SDK's messages may quote keys and request parts; only its error codes are shown. */
const failureOf = (problem: unknown, uri: string): StoreFailure => {
  if (problem instanceof StoreFailure) return problem
  const code = problem instanceof Error ? problem.name : "unknown"
  const status = statusOf(problem)
  if (status === 412) return new StoreFailure("changed", `"${uri}" changed after it was listed.`)
  if (code === "NoSuchBucket") return new StoreFailure("missing", `The bucket of "${uri}" does not exist; check the source's uri and the s3 settings.`)
  if (status === 404 || status === 405) return new StoreFailure("missing", `"${uri}" is gone since it was listed.`)
  if (denials.has(code) || status === 401 || status === 403) return new StoreFailure("denied", `"${uri}" may not be read (${code}); check the credentials and what they permit.`)
  return new StoreFailure("unavailable", `"${uri}" cannot be read (${code}${status === undefined ? "" : `, HTTP ${status}`}), also after ${attemptsMax} attempts.`)
}

const decodedKey = (key: string, encoding: string | undefined): string => {
  if (encoding !== "url") return key
  try {
    return decodeURIComponent(key.replaceAll("+", " "))
  } catch {
    return key
  }
}

/** "null" is what a bucket without versions calls its only version. */
const versionOf = (version: string | undefined): { versionId?: string } => version === undefined || version === "null" ? {} : { versionId: version }

type Listed = { readonly Key?: string | undefined; readonly ETag?: string | undefined; readonly Size?: number | undefined; readonly VersionId?: string | undefined }
type Page = { readonly items: ReadonlyArray<Listed>; readonly encoding: string | undefined; readonly next: Record<string, string> | undefined }

/** Pauses before another attempt: exponential, with full jitter so that many readers do not return at once. */
const pause = (attempt: number, signal: AbortSignal | undefined): Promise<void> =>
  sleep(randomInt(1, pauseMs * 2 ** attempt), undefined, signal === undefined ? {} : { signal })

/** One client; `close` gives its sockets back. */
export class S3Store implements Store {
  readonly #settings: S3Settings
  #made: Promise<{ sdk: Sdk; client: S3Client }> | undefined

  constructor(settings: S3Settings) {
    this.#settings = settings
  }

  async *list(uri: string, options: { readonly versions?: boolean; readonly signal?: AbortSignal } = {}): AsyncGenerator<StoreEntry> {
    const { bucket, key } = placeOf(uri)
    const pattern = isPattern(key) ? patternOf(key) : undefined
    const entries: Array<StoreEntry> = []
    try {
      for await (const page of this.#pages(bucket, pattern === undefined ? key : fixedPart(key), options)) {
        for (const item of page.items) {
          const name = decodedKey(item.Key ?? "", page.encoding)
          // A folder marker is no object of anybody's.
          if (name.endsWith("/") && (item.Size ?? 0) === 0) continue
          if (pattern !== undefined && !pattern.test(name)) continue
          const entry = { uri: uriOf({ bucket, key: name }), etag: item.ETag ?? "", bytes: item.Size ?? 0, ...versionOf(item.VersionId) }
          if (pattern === undefined && key !== "" && !key.endsWith("/")) entries.push(entry)
          else yield entry
        }
      }
    } catch (problem) {
      throw failureOf(problem, uri)
    }
    // `…/a` names the object a where there is one, else everything that begins so.
    const exact = entries.filter((entry) => entry.uri === uri)
    yield* exact.length > 0 ? exact : entries
  }

  async open(entry: StoreEntry, signal?: AbortSignal): Promise<OpenObject> {
    const first = await this.#get(entry, 0, signal).catch((problem: unknown) => {
      throw failureOf(problem, entry.uri)
    })
    let body = first.Body as Readable | undefined
    const become = (next: Readable | undefined): void => {
      body = next
    }
    return {
      bytes: this.#content(entry, first, become, signal),
      close: async () => {
        body?.destroy()
      },
      entry: { ...entry, ...versionOf(first.VersionId) },
      metadata: Object.fromEntries(Object.entries(first.Metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
    }
  }

  async again(entry: StoreEntry): Promise<StoreEntry | undefined> {
    const { sdk, client } = await this.#client()
    const { bucket, key } = placeOf(entry.uri)
    try {
      const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }))
      return { uri: entry.uri, etag: head.ETag ?? "", bytes: head.ContentLength ?? 0, ...versionOf(head.VersionId) }
    } catch {
      return undefined
    }
  }

  close(): void {
    this.#made?.then(({ client }) => client.destroy(), () => undefined)
    this.#made = undefined
  }

  #client(): Promise<{ sdk: Sdk; client: S3Client }> {
    const { endpoint, region, forcePathStyle } = this.#settings
    this.#made ??= import("@aws-sdk/client-s3").then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        maxAttempts: attemptsMax, retryMode: "standard",
        // Digests are taken over the bytes anyway; a server's own checksums cannot cover resumed bodies.
        responseChecksumValidation: "WHEN_REQUIRED", requestChecksumCalculation: "WHEN_REQUIRED",
        requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: socketTimeoutMs },
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(region === undefined ? {} : { region }),
        ...(forcePathStyle === undefined ? {} : { forcePathStyle })
      })
    }))
    return this.#made
  }

  async *#pages(bucket: string, prefix: string, options: { readonly versions?: boolean; readonly signal?: AbortSignal }): AsyncGenerator<Page> {
    let next: Record<string, string> | undefined = {}
    while (next !== undefined) {
      const page: Page = options.versions === true ? await this.#versionsPage(bucket, prefix, next, options.signal) : await this.#page(bucket, prefix, next, options.signal)
      yield page
      next = page.next
    }
  }

  async #page(bucket: string, prefix: string, from: Record<string, string>, signal: AbortSignal | undefined): Promise<Page> {
    const { sdk, client } = await this.#client()
    const found = await client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ...from }), abortable(signal))
    const token = found.IsTruncated === true ? found.NextContinuationToken : undefined
    return { items: found.Contents ?? [], encoding: found.EncodingType, next: token === undefined ? undefined : { ContinuationToken: token } }
  }

  async #versionsPage(bucket: string, prefix: string, from: Record<string, string>, signal: AbortSignal | undefined): Promise<Page> {
    const { sdk, client } = await this.#client()
    const found = await client.send(new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ...from }), abortable(signal))
    const key = found.IsTruncated === true ? found.NextKeyMarker : undefined
    const next = key === undefined ? undefined : {
      KeyMarker: decodedKey(key, found.EncodingType),
      ...(found.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: found.NextVersionIdMarker })
    }
    return { items: found.Versions ?? [], encoding: found.EncodingType, next }
  }

  async #get(entry: StoreEntry, from: number, signal: AbortSignal | undefined): Promise<GetObjectCommandOutput> {
    const { sdk, client } = await this.#client()
    const { bucket, key } = placeOf(entry.uri)
    return client.send(new sdk.GetObjectCommand({
      Bucket: bucket, Key: key,
      ...(entry.etag === "" ? {} : { IfMatch: entry.etag }),
      ...(entry.versionId === undefined ? {} : { VersionId: entry.versionId }),
      ...(from === 0 ? {} : { Range: `bytes=${from}-` })
    }), abortable(signal))
  }

  /** The body, resumed where it breaks off; the ETag makes sure that it is the same content. */
  async *#content(entry: StoreEntry, first: GetObjectCommandOutput, become: (body: Readable | undefined) => void, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    const length = first.ContentLength ?? entry.bytes
    let position = 0
    let attempt = 0
    let response: GetObjectCommandOutput | undefined = first
    for (;;) {
      const body = response?.Body as Readable | undefined
      become(body)
      try {
        if (body !== undefined) {
          for await (const piece of body) {
            attempt = 0
            position += (piece as Buffer).length
            yield piece as Buffer
          }
        }
        if (position >= length) return
        throw new StoreFailure("unavailable", `"${entry.uri}" breaks off before its end, also after ${attemptsMax} attempts.`)
      } catch (problem) {
        body?.destroy()
        signal?.throwIfAborted()
        if (++attempt >= attemptsMax) throw failureOf(problem, entry.uri)
      }
      await pause(attempt, signal)
      response = await this.#get(entry, position, signal).catch((problem: unknown) => {
        throw failureOf(problem, entry.uri)
      })
    }
  }
}

const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } => signal === undefined ? {} : { abortSignal: signal }
