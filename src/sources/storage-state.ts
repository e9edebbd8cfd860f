/** What storage says of the objects under a prefix, without reading them: a listing, and where it is asked each object's head and grants. */
import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3"
import { abortable, openS3, persistently, placeOf, type S3Access } from "./s3Client.ts"
import type { S3Settings } from "./source.ts"
import type { StoreEntry } from "./store.ts"
import { Stores } from "./stores.ts"

/** list: one request for a thousand objects; head: one more for each object; acl: two more. */
export type StorageDetail = "list" | "head" | "acl"

/** An object as storage shows it. `unasked`: storage would not answer about it. */
export type StoredState = {
  readonly uri: string
  readonly versionId?: string
  readonly bytes: number
  readonly sha256?: string
  readonly encrypted?: boolean
  readonly publiclyReadable?: boolean
  /** RFC 3339. */
  readonly lockUntil?: string
  readonly legalHold?: boolean
  readonly unasked?: true
}

type Asking = S3Access & { readonly signal?: AbortSignal }

/** What holds for a whole bucket: its policy makes everything public, or it shuts the public out. */
type Bucket = { readonly policyIsPublic?: boolean; readonly ignoresAcls: boolean; readonly ignoresPolicy: boolean }

/** Requests on their way at once. */
const atOnce = 16

const named = (uri: string): { readonly Bucket: string; readonly Key: string } => {
  const { bucket, key } = placeOf(uri)
  return { Bucket: bucket, Key: key }
}

/** The answer, or undefined where storage refuses one or does not know the question. */
const asked = async <A>(asking: Asking, request: () => Promise<A>): Promise<A | undefined> => {
  try {
    return await persistently(request, asking.signal)
  } catch {
    asking.signal?.throwIfAborted()
    return undefined
  }
}

const bucketState = async (asking: Asking, bucket: string): Promise<Bucket> => {
  const { sdk, client } = asking
  const block = (await asked(asking, () => client.send(new sdk.GetPublicAccessBlockCommand({ Bucket: bucket }), abortable(asking.signal))))?.PublicAccessBlockConfiguration
  const policy = await persistently(() => client.send(new sdk.GetBucketPolicyStatusCommand({ Bucket: bucket }), abortable(asking.signal)), asking.signal)
    .then(({ PolicyStatus }) => PolicyStatus?.IsPublic, (problem: unknown) => (problem instanceof Error && problem.name === "NoSuchBucketPolicy" ? false : undefined))
  return { ...(policy === undefined ? {} : { policyIsPublic: policy }), ignoresAcls: block?.IgnorePublicAcls === true, ignoresPolicy: block?.RestrictPublicBuckets === true }
}

const everybody = /\/(AllUsers|AuthenticatedUsers)$/

/** Does an access control list let anybody read? Undefined where storage does not say. */
const grantsEverybody = async (asking: Asking, entry: StoreEntry): Promise<boolean | undefined> => {
  const { sdk, client } = asking
  const acl = await asked(asking, () => client.send(new sdk.GetObjectAclCommand({ ...named(entry.uri), ...(entry.versionId === undefined ? {} : { VersionId: entry.versionId }) }), abortable(asking.signal)))
  return acl?.Grants?.some(({ Grantee, Permission }) => everybody.test(Grantee?.URI ?? "") && (Permission === "READ" || Permission === "FULL_CONTROL"))
}

const publicly = (bucket: Bucket, acl: boolean | undefined): boolean | undefined => {
  const byPolicy = bucket.ignoresPolicy ? false : bucket.policyIsPublic
  const byAcl = bucket.ignoresAcls ? false : acl
  if (byPolicy === true || byAcl === true) return true
  return byPolicy === false && byAcl === false ? false : undefined
}

/** The SHA-256 of the whole object in hex; that of an upload in parts is one of checksums and says nothing of the bytes. */
const sha256Of = ({ ChecksumSHA256: stated, ChecksumType: type }: HeadObjectCommandOutput): string | undefined =>
  stated === undefined || type === "COMPOSITE" || stated.includes("-") ? undefined : Buffer.from(stated, "base64").toString("hex")

const present = <A extends object>(value: A): { [K in keyof A]: Exclude<A[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as { [K in keyof A]: Exclude<A[K], undefined> }

const stateOf = async (asking: Asking, entry: StoreEntry, bucket: Bucket, detail: StorageDetail): Promise<StoredState> => {
  const shown = { uri: entry.uri, ...(entry.versionId === undefined ? {} : { versionId: entry.versionId }), bytes: entry.bytes }
  const { sdk, client } = asking
  const acl = detail === "acl" ? await grantsEverybody(asking, entry) : undefined
  const open = publicly(bucket, acl)
  const publiclyReadable = open === undefined ? {} : { publiclyReadable: open }
  if (detail === "list") return { ...shown, ...publiclyReadable }
  const head = await asked(asking, () => client.send(new sdk.HeadObjectCommand({ ...named(entry.uri), ChecksumMode: "ENABLED", ...(entry.versionId === undefined ? {} : { VersionId: entry.versionId }) }), abortable(asking.signal)))
  if (head === undefined) return { ...shown, ...publiclyReadable, unasked: true }
  const told = present({
    versionId: head.VersionId === "null" ? undefined : head.VersionId, sha256: sha256Of(head), encrypted: head.ServerSideEncryption !== undefined || head.SSECustomerAlgorithm !== undefined,
    lockUntil: head.ObjectLockRetainUntilDate?.toISOString(), legalHold: head.ObjectLockLegalHoldStatus === undefined ? undefined : head.ObjectLockLegalHoldStatus === "ON"
  })
  return { ...shown, ...publiclyReadable, ...(told as Partial<StoredState>) }
}

/**
 * All objects under an S3 prefix as storage shows them, in the order of the listing; no body is read.
 * Fails with `StoreFailure` where the listing itself fails; an object that storage will not speak of is told as far as it was listed.
 */
export async function* storageState(uri: string, options: { readonly detail: StorageDetail; readonly versions: boolean; readonly s3?: S3Settings; readonly baseFolder: string; readonly signal?: AbortSignal }): AsyncGenerator<StoredState> {
  const { detail, versions, s3 = {}, baseFolder, signal } = options
  const asking: Asking = { ...await openS3(s3), ...(signal === undefined ? {} : { signal }) }
  const stores = new Stores({ baseFolder, s3 })
  try {
    const bucket = await bucketState(asking, placeOf(uri).bucket)
    let waiting: Array<Promise<StoredState>> = []
    for await (const entry of stores.of(uri).list(uri, { versions, ...(signal === undefined ? {} : { signal }) })) {
      waiting.push(stateOf(asking, entry, bucket, detail))
      if (waiting.length < atOnce) continue
      yield* await Promise.all(waiting)
      waiting = []
    }
    yield* await Promise.all(waiting)
  } finally {
    stores.close()
    asking.client.destroy()
  }
}
