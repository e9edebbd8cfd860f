/** Objects in S3 and what speaks like it. Credentials come from the SDK's default chain only. */
import type { Readable } from "node:stream"
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3"
import { fixedPart, isPattern, patternOf } from "./glob.ts"
import { abortable, attemptsMax, failureOf, openS3, pause, persistently, placeOf, type S3Access, uriOf } from "./s3Client.ts"
import { decodedKey, pagesOf } from "./s3Listing.ts"
import type { S3Settings } from "./source.ts"
import { type OpenObject, type Store, type StoreEntry, StoreFailure } from "./store.ts"

/** "null" is what a bucket without versions calls its only version. */
const versionOf = (version: string | undefined): { versionId?: string } => version === undefined || version === "null" ? {} : { versionId: version }

/** One client; `close` gives its sockets back. */
export class S3Store implements Store {
  readonly #settings: S3Settings
  #made: Promise<S3Access> | undefined

  constructor(settings: S3Settings) {
    this.#settings = settings
  }

  async *list(uri: string, options: { readonly versions?: boolean; readonly signal?: AbortSignal } = {}): AsyncGenerator<StoreEntry> {
    const { bucket, key } = placeOf(uri)
    const pattern = isPattern(key) ? patternOf(key) : undefined
    const mayNameOne = pattern === undefined && key !== "" && !key.endsWith("/")
    let exact: boolean | undefined
    try {
      for await (const page of pagesOf({ access: await this.#client(), bucket, prefix: pattern === undefined ? key : fixedPart(key), versions: options.versions === true, signal: options.signal })) {
        for (const item of page.items) {
          const name = decodedKey(item.Key ?? "", page.encoding)
          // `…/a` names the object a where there is one, else everything that begins so; a server lists a itself first.
          exact ??= mayNameOne && name === key
          if (exact && name !== key) return
          // A folder marker is no object of anybody's.
          if (name.endsWith("/") && (item.Size ?? 0) === 0) continue
          if (pattern !== undefined && !pattern.test(name)) continue
          const version = options.versions === true && item.VersionId !== undefined ? { versionId: item.VersionId } : versionOf(item.VersionId)
          yield { uri: uriOf({ bucket, key: name }), etag: item.ETag ?? "", bytes: item.Size ?? 0, ...version, ...(page.deleted.has(item.Key ?? "") ? { deleted: true as const } : {}) }
        }
      }
    } catch (problem) {
      throw failureOf(problem, uri)
    }
  }

  async open(entry: StoreEntry, signal?: AbortSignal): Promise<OpenObject> {
    const first = await this.#get(entry, 0, signal).catch((problem: unknown) => {
      throw failureOf(problem, entry.uri)
    })
    let body = first.Body as Readable | undefined
    const become = (next: Readable | undefined): void => {
      body = next
    }
    // What was named by its version alone is resumed under the ETag that it turns out to have.
    const exact = entry.etag === "" ? { ...entry, etag: first.ETag ?? "", bytes: first.ContentLength ?? entry.bytes } : entry
    return {
      bytes: this.#content(exact, first, become, signal),
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
      const head = await persistently(() => client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key })), undefined)
      return { uri: entry.uri, etag: head.ETag ?? "", bytes: head.ContentLength ?? 0, ...versionOf(head.VersionId) }
    } catch {
      return undefined
    }
  }

  close(): void {
    this.#made?.then(({ client }) => client.destroy(), () => undefined)
    this.#made = undefined
  }

  #client(): Promise<S3Access> {
    this.#made ??= openS3(this.#settings)
    return this.#made
  }

  async #get(entry: StoreEntry, from: number, signal: AbortSignal | undefined): Promise<GetObjectCommandOutput> {
    const { sdk, client } = await this.#client()
    const { bucket, key } = placeOf(entry.uri)
    return persistently(() => client.send(new sdk.GetObjectCommand({
      Bucket: bucket, Key: key,
      ...(entry.etag === "" ? {} : { IfMatch: entry.etag }),
      ...(entry.versionId === undefined ? {} : { VersionId: entry.versionId }),
      ...(from === 0 ? {} : { Range: `bytes=${from}-` })
    }), abortable(signal)), signal)
  }

  /** The body, resumed where it breaks off; the ETag makes sure that it is the same content. */
  async *#content(entry: StoreEntry, first: GetObjectCommandOutput, become: (body: Readable | undefined) => void, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
    // The size in the listing belongs to the ETag; the answer's own length may be wrong.
    const length = entry.bytes
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
        if (position === length) return
        if (position > length) throw new StoreFailure("changed", `"${entry.uri}" is longer than it was listed.`)
        throw new StoreFailure("unavailable", `"${entry.uri}" breaks off before its end, also after ${attemptsMax} attempts.`)
      } catch (problem) {
        body?.destroy()
        signal?.throwIfAborted()
        if (problem instanceof StoreFailure && problem.reason === "changed") throw problem
        if (++attempt >= attemptsMax) throw failureOf(problem, entry.uri)
      }
      await pause(attempt, signal)
      response = await this.#get(entry, position, signal).catch((problem: unknown) => {
        throw failureOf(problem, entry.uri)
      })
    }
  }
}
