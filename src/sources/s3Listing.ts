/** The pages of a listing, as they come: folders are listed beside each other, and no more than a page of each is held. */
import { abortable, persistently, type S3Access } from "./s3Client.ts"

/** An object as a page names it. */
export type Listed = { readonly Key?: string | undefined; readonly ETag?: string | undefined; readonly Size?: number | undefined; readonly VersionId?: string | undefined }

/** A thousand objects at most. */
export type Page = {
  readonly items: ReadonlyArray<Listed>
  /** Keys, as they are listed, whose newest version is a delete marker. */
  readonly deleted: ReadonlySet<string>
  readonly encoding: string | undefined
  readonly next: Record<string, string> | undefined
}

/** What is listed. */
export type Listing = { readonly access: S3Access; readonly bucket: string; readonly prefix: string; readonly versions: boolean; readonly signal: AbortSignal | undefined }

/** Folders that are listed at once. */
const foldersAtOnce = 8
/** Folders are looked for so deep, where each level has only one. */
const depthMax = 8
/** More pages than this of folders are as well listed one after the other. */
const folderPagesMax = 5

const nothing: ReadonlySet<string> = new Set()

/** Keys are asked for encoded, for XML cannot carry every character. */
export const decodedKey = (key: string, encoding: string | undefined): string => {
  if (encoding !== "url") return key
  try {
    return decodeURIComponent(key.replaceAll("+", " "))
  } catch {
    return key
  }
}

const plainPage = async ({ access: { sdk, client }, bucket, prefix, signal }: Listing, from: Record<string, string>): Promise<Page> => {
  const found = await persistently(() => client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ...from }), abortable(signal)), signal)
  const token = found.IsTruncated === true ? found.NextContinuationToken : undefined
  return { items: found.Contents ?? [], deleted: nothing, encoding: found.EncodingType, next: token === undefined ? undefined : { ContinuationToken: token } }
}

const versionsPage = async ({ access: { sdk, client }, bucket, prefix, signal }: Listing, from: Record<string, string>, before: ReadonlySet<string>): Promise<Page> => {
  const found = await persistently(() => client.send(new sdk.ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ...from }), abortable(signal)), signal)
  const key = found.IsTruncated === true ? found.NextKeyMarker : undefined
  const next = key === undefined ? undefined : {
    KeyMarker: decodedKey(key, found.EncodingType),
    ...(found.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: found.NextVersionIdMarker })
  }
  const markers = (found.DeleteMarkers ?? []).filter((marker) => marker.IsLatest === true).map((marker) => marker.Key ?? "")
  // The marker of a key may end one page and its versions begin the next.
  return { items: found.Versions ?? [], deleted: new Set([...[...before].slice(-1), ...markers]), encoding: found.EncodingType, next }
}

async function* following(listing: Listing, first: Page): AsyncGenerator<Page> {
  for (let page: Page | undefined = first; page !== undefined;) {
    yield page
    const { next, deleted }: Page = page
    page = next === undefined ? undefined : listing.versions ? await versionsPage(listing, next, deleted) : await plainPage(listing, next)
  }
}

type Folders = { readonly prefixes: ReadonlyArray<string>; readonly direct: ReadonlyArray<Page> }

/** The folders below a prefix and what lies beside them; undefined where it has hardly any. */
const foldersOf = async (listing: Listing, depth = 0): Promise<Folders | undefined> => {
  const { access: { sdk, client }, bucket, prefix, signal } = listing
  const prefixes: Array<string> = []
  const direct: Array<Page> = []
  let token: string | undefined
  for (let pages = 0; pages === 0 || token !== undefined; pages++) {
    if (pages === folderPagesMax) return undefined
    const from = token === undefined ? {} : { ContinuationToken: token }
    const found = await persistently(() => client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, Delimiter: "/", EncodingType: "url", ...from }), abortable(signal)), signal)
    prefixes.push(...(found.CommonPrefixes ?? []).map((folder) => decodedKey(folder.Prefix ?? "", found.EncodingType)))
    if ((found.Contents ?? []).length > 0) direct.push({ items: found.Contents ?? [], deleted: nothing, encoding: found.EncodingType, next: undefined })
    token = found.IsTruncated === true ? found.NextContinuationToken : undefined
  }
  const [only] = prefixes
  if (only !== undefined && prefixes.length === 1 && direct.length === 0 && depth < depthMax) return foldersOf({ ...listing, prefix: only }, depth + 1)
  return prefixes.length > 1 ? { prefixes, direct } : undefined
}

type Arrived = { readonly from: AsyncGenerator<Page>; readonly page: IteratorResult<Page> }

/** Pages of many folders in the order in which they come. */
async function* merged(folders: ReadonlyArray<() => AsyncGenerator<Page>>): AsyncGenerator<Page> {
  const waiting = new Map<AsyncGenerator<Page>, Promise<Arrived>>()
  const rest = folders.values()
  const ask = (from: AsyncGenerator<Page>): void => {
    const asked = from.next().then((page) => ({ from, page }))
    asked.catch(() => undefined)
    waiting.set(from, asked)
  }
  const begin = (): void => {
    const next = rest.next()
    if (next.done !== true) ask(next.value())
  }
  for (let count = 0; count < foldersAtOnce; count++) begin()
  try {
    while (waiting.size > 0) {
      const { from, page } = await Promise.race(waiting.values())
      waiting.delete(from)
      if (page.done === true) begin()
      else {
        ask(from)
        yield page.value
      }
    }
  } finally {
    await Promise.allSettled(waiting.values())
  }
}

/**
 * Every page under a prefix, in no particular order beyond the first thousand keys. A long listing of a prefix that ends
 * with a slash (or of a whole bucket) is split by its folders.
 */
export async function* pagesOf(listing: Listing): AsyncGenerator<Page> {
  const first = listing.versions ? await versionsPage(listing, {}, nothing) : await plainPage(listing, {})
  const splits = first.next !== undefined && !listing.versions && (listing.prefix === "" || listing.prefix.endsWith("/"))
  const folders = splits ? await foldersOf(listing) : undefined
  if (folders === undefined) return yield* following(listing, first)
  yield* folders.direct
  yield* merged(folders.prefixes.map((prefix) => async function* (): AsyncGenerator<Page> {
    const own = { ...listing, prefix }
    yield* following(own, await plainPage(own, {}))
  }))
}
