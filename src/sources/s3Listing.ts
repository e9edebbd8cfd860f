/** The pages of a listing, as they come: folders and ranges of keys are listed beside each other, and no more than a page of each is held. */
import { abortable, persistently, type S3Access } from "./s3Client.ts"
import { pagesOfRanges } from "./s3Ranges.ts"

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

const plainPage = async ({ access: { sdk, client }, bucket, prefix, signal }: Listing, from: Record<string, string>, keysMax?: number): Promise<Page> => {
  const found = await persistently(() => client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ...(keysMax === undefined ? {} : { MaxKeys: keysMax }), ...from }), abortable(signal)), signal)
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

/** The first key after another. */
const keyAfter = async (listing: Listing, after: string): Promise<string | undefined> => keyAt(await plainPage(listing, { StartAfter: after }, 1), 0)

const keyAt = ({ items, encoding }: Page, place: number): string | undefined => {
  const key = items.at(place)?.Key
  return key === undefined ? undefined : decodedKey(key, encoding)
}

/** Directory buckets list in no order; such a listing cannot be split by keys. */
const isOrdered = (page: Page): boolean => page.items.every((_, place) => place === 0 || Buffer.compare(Buffer.from(keyAt(page, place - 1) ?? ""), Buffer.from(keyAt(page, place) ?? "")) < 0)

/**
 * Every page under a prefix, in no particular order beyond the first thousand keys. A long listing of a prefix that ends
 * with a slash (or of a whole bucket) is split by its folders, and whatever stays long by ranges of keys; versions are
 * listed one page after the other.
 */
export async function* pagesOf(listing: Listing): AsyncGenerator<Page> {
  const first = listing.versions ? await versionsPage(listing, {}, nothing) : await plainPage(listing, {})
  if (first.next === undefined || listing.versions || !isOrdered(first)) return yield* following(listing, first)
  const splits = listing.prefix === "" || listing.prefix.endsWith("/")
  const folders = splits ? await foldersOf(listing) : undefined
  const after = keyAt(first, -1)
  yield* folders?.direct ?? [first]
  const ranges = folders?.prefixes.map((prefix) => ({ prefix })) ?? [{ prefix: listing.prefix, from: first.next, ...(after === undefined ? {} : { after }) }]
  yield* pagesOfRanges(listing, ranges, { page: plainPage, keyAfter, keyAt }, first)
}
