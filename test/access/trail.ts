/** A CloudTrail trail as it is delivered: log files and signed digests of whole hours, in memory. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import { type Digest, stringToSign } from "../../src/formats/cloudtrail/digest.ts"

export type TrailEvent = { readonly id: string; readonly at: string; readonly arn: string; readonly key: string; readonly name?: string }

/** A file of the bucket: key, decompressed text, and the signature that S3 keeps as its metadata. */
export type TrailFile = { readonly key: string; readonly text: string; readonly signature?: string; readonly kind: "log" | "digest"; readonly hour: number }

const account = "111122223333"
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")
const stamp = (time: Date): string => time.toISOString().replace(/[-:]/g, "").replace(/\.\d+Z$/, "Z")
const iso = (time: Date): string => time.toISOString().replace(".000Z", "Z")
const day = (time: Date): string => time.toISOString().slice(0, 10).replaceAll("-", "/")

const eventOf = (bucket: string, { id, at, arn, key, name = "GetObject" }: TrailEvent): object => ({
  eventVersion: "1.09", eventID: id, eventTime: at, eventSource: "s3.amazonaws.com", eventName: name, sourceIPAddress: "192.0.2.7", userAgent: "aws-cli", awsRegion: "us-east-1",
  userIdentity: { type: "IAMUser", arn }, requestParameters: { bucketName: bucket, key }, eventCategory: "Data"
})

/** Key pair of a region, and what `aws cloudtrail list-public-keys` answers for it. */
export const trailKeys = (): { readonly privateKey: KeyObject; readonly answer: object } => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const value = publicKey.export({ type: "pkcs1", format: "der" }).toString("base64")
  return { privateKey, answer: { PublicKeyList: [{ Fingerprint: "f1", Value: value, ValidityStartTime: "2026-01-01T00:00:00Z", ValidityEndTime: "2027-01-01T00:00:00Z" }] } }
}

const logKey = (region: string, end: Date): string => `AWSLogs/${account}/CloudTrail/${region}/${day(end)}/${account}_CloudTrail_${region}_${stamp(end).replace(/\d\dZ$/, "Z")}_Zm9vYmFy.json.gz`
const digestKey = (region: string, end: Date): string => `AWSLogs/${account}/CloudTrail-Digest/${region}/${day(end)}/${account}_CloudTrail-Digest_${region}_trail_us-east-1_${stamp(end)}.json.gz`

/** A log and a digest for each hour from `start` on; an hour without events has a digest that names no log. */
export const trailFiles = (options: { readonly bucket: string; readonly recordings: string; readonly start: string; readonly hours: number; readonly events: ReadonlyArray<TrailEvent>; readonly privateKey: KeyObject; readonly region?: string }): ReadonlyArray<TrailFile> => {
  const { bucket, recordings, events, privateKey, region = "us-east-1" } = options
  const files: Array<TrailFile> = []
  let before: { readonly key: string; readonly hash: string; readonly signature: string } | undefined
  for (let hour = 0; hour < options.hours; hour++) {
    const from = new Date(Date.parse(options.start) + hour * 3_600_000)
    const end = new Date(from.getTime() + 3_600_000)
    const own = events.filter((event) => Date.parse(event.at) >= from.getTime() && Date.parse(event.at) < end.getTime())
    // Delivered in the middle of the hour.
    const log = own.length === 0 ? undefined : { key: logKey(region, new Date(from.getTime() + 2_700_000)), text: JSON.stringify({ Records: own.map((event) => eventOf(recordings, event)) }) }
    if (log !== undefined) files.push({ ...log, kind: "log", hour })
    const key = digestKey(region, end)
    const value = {
      awsAccountId: account, digestStartTime: iso(from), digestEndTime: iso(end), digestS3Bucket: bucket, digestS3Object: key, digestPublicKeyFingerprint: "f1", digestSignatureAlgorithm: "SHA256withRSA",
      newestEventTime: own.at(-1)?.at ?? null, oldestEventTime: own[0]?.at ?? null, previousDigestS3Bucket: before === undefined ? null : bucket, previousDigestS3Object: before?.key ?? null,
      previousDigestHashValue: before?.hash ?? null, previousDigestHashAlgorithm: before === undefined ? null : "SHA-256", previousDigestSignature: before?.signature ?? null,
      logFiles: log === undefined ? [] : [{ s3Bucket: bucket, s3Object: log.key, hashValue: sha256(log.text), hashAlgorithm: "SHA-256", newestEventTime: own.at(-1)?.at, oldestEventTime: own[0]?.at }]
    }
    const text = JSON.stringify(value)
    const digest: Digest = { uri: key, sha256: sha256(text), value }
    const signature = sign("sha256", Buffer.from(stringToSign(digest)), privateKey).toString("hex")
    files.push({ key, text, signature, kind: "digest", hour })
    before = { key, hash: sha256(text), signature }
  }
  return files
}

/** Copies files into a folder, compressed; `place` says under which path. */
export const copyTrail = (folder: string, files: ReadonlyArray<TrailFile>, place: (key: string) => string = (key) => key): void => {
  for (const { key, text } of files) {
    const path = join(folder, place(key))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, gzipSync(text))
  }
}
