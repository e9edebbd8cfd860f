import type { SourceSpec } from "../sources/index.ts"
import type { RunSettings } from "./settings.ts"

type Place = { readonly bucket: string; readonly prefix: string }
type Statement = { readonly Sid: string; readonly Effect: "Allow"; readonly Action: ReadonlyArray<string>; readonly Resource: string | ReadonlyArray<string>; readonly Condition?: unknown }

/** Bucket and prefix of `s3://bucket/prefix`, the prefix up to its first wildcard; undefined for other places. */
const placeOf = (uri: string): Place | undefined => {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/.exec(uri)
  return match?.[1] === undefined ? undefined : { bucket: match[1], prefix: (match[2] ?? "").replace(/[*?[{].*$/, "") }
}

const placesOf = (uris: ReadonlyArray<string>): ReadonlyArray<Place> => uris.map(placeOf).filter((place) => place !== undefined)
const objects = (places: ReadonlyArray<Place>): ReadonlyArray<string> => [...new Set(places.map(({ bucket, prefix }) => `arn:aws:s3:::${bucket}/${prefix}*`))].sort()

const listing = (places: ReadonlyArray<Place>, versions: ReadonlySet<string>): ReadonlyArray<Statement> =>
  [...new Set(places.map(({ bucket }) => bucket))].sort().map((bucket) => ({
    Sid: `List${bucket.replaceAll(/[^A-Za-z0-9]/g, "")}`, Effect: "Allow", Action: versions.has(bucket) ? ["s3:ListBucket", "s3:ListBucketVersions"] : ["s3:ListBucket"], Resource: `arn:aws:s3:::${bucket}`,
    Condition: { StringLike: { "s3:prefix": [...new Set(places.filter((place) => place.bucket === bucket).map(({ prefix }) => `${prefix}*`))].sort() } }
  }))

/** Patterns of recordings (ARNs or URIs) that the run reads back itself. */
const recordingsOf = (sources: ReadonlyArray<SourceSpec>): ReadonlyArray<string> =>
  sources.flatMap((source) => (source["recordings"] as ReadonlyArray<string> | undefined) ?? []).map((pattern) => pattern.replace(/^arn:aws[a-z-]*:s3:::/, "s3://"))

/**
 * The least that Earshot may do in AWS for this pipeline: list and read its sources (versions, lock state and ACLs only where a
 * source asks for them), read recordings back where `verifyRecordings: bytes` says so, put reports under an `s3://` prefix, and
 * sign with the KMS keys named. It can delete nothing and write nowhere else.
 */
export const leastPrivilegePolicy = (settings: RunSettings): Readonly<Record<string, unknown>> => {
  const { sources, report, evidence } = settings
  const read = placesOf(sources.map((source) => source.uri))
  const detailed = sources.filter((source) => source.format === "listing")
  const back = evidence.verifyRecordings === "bytes" ? placesOf(recordingsOf(sources)) : []
  const out = placesOf([report.out])
  const versions = new Set(placesOf(sources.filter((source) => source["versions"] === true).map((source) => source.uri)).map(({ bucket }) => bucket))
  const statement = (Sid: string, Action: ReadonlyArray<string>, Resource: ReadonlyArray<string>): ReadonlyArray<Statement> => Resource.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, Resource }]
  const buckets = (specs: ReadonlyArray<SourceSpec>): ReadonlyArray<string> => [...new Set(placesOf(specs.map((source) => source.uri)).map(({ bucket }) => `arn:aws:s3:::${bucket}`))].sort()
  const state = detailed.filter((source) => source["detail"] !== "list")
  const acl = detailed.filter((source) => source["detail"] === "acl")
  const kms = settings.devices?.kms ?? []
  return {
    Version: "2012-10-17",
    Statement: [
      ...listing([...read, ...out], versions),
      ...statement("ReadSources", versions.size === 0 ? ["s3:GetObject"] : ["s3:GetObject", "s3:GetObjectVersion"], objects(placesOf(sources.filter((source) => source.format !== "listing" || source["detail"] !== "list").map((source) => source.uri)))),
      ...statement("ReadRecordingsBack", ["s3:GetObject", "s3:GetObjectVersion"], objects(back)),
      ...statement("ReadStorageState", ["s3:GetObjectRetention", "s3:GetObjectLegalHold"], objects(placesOf(state.map((source) => source.uri)))),
      ...statement("ReadAccessLists", ["s3:GetObjectAcl", "s3:GetObjectVersionAcl"], objects(placesOf(acl.map((source) => source.uri)))),
      ...statement("ReadBucketState", ["s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock"], buckets(detailed)),
      ...statement("PutReports", ["s3:GetObject", "s3:PutObject", ...(report.objectLock === undefined ? [] : ["s3:PutObjectRetention"])], objects(out.map(({ bucket, prefix }) => ({ bucket, prefix: prefix === "" ? "" : `${prefix.replace(/\/+$/, "")}/` })))),
      ...statement("Sign", ["kms:Sign", "kms:GetPublicKey"], kms.map(({ keyId }) => keyId.startsWith("arn:") ? keyId : `arn:aws:kms:*:*:${keyId.startsWith("alias/") ? "" : "key/"}${keyId}`))
    ]
  }
}
