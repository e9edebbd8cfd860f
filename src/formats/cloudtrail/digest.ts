/**
 * CloudTrail digest files and their chain, verified offline (AWS CloudTrail user guide, "Validating
 * CloudTrail log file integrity"). A digest names the log files of one hour with their SHA-256 and
 * is signed over its own name, its bytes and the signature of the digest before it; so a chain
 * proves that no log file was changed, removed or left out, also in the hours without any event.
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto"
import { isJson, type Json, listAt, textAt } from "../document.ts"

/** A digest file as it was read. */
export type Digest = {
  /** Where it was read from. */
  readonly uri: string
  /** SHA-256 of the decompressed bytes, hex. */
  readonly sha256: string
  readonly value: Json
  /** Its own signature, hex, from the object's metadata; unknown where only the object was copied. */
  readonly signature?: string
}

/** A log file as it was read: SHA-256 of its decompressed bytes, hex. */
export type LogFile = { readonly uri: string; readonly sha256: string }

/** A public key of CloudTrail: DER of PKCS#1 in Base64, valid for signatures of a time range. */
export type DigestKey = { readonly fingerprint: string; readonly value: string; readonly from?: string; readonly until?: string }

/** What is wrong, or not, with one digest or log file. */
export type ChainState = "valid" | "invalid" | "moved" | "missing" | "unsigned"

/** The result for one file. */
export type ChainFinding = { readonly uri: string; readonly kind: "digest" | "log"; readonly state: ChainState; readonly reason?: string }

/** Time in which no digest vouches for the log. */
export type ChainGap = { readonly from: string; readonly to: string; readonly reason: "no-digest" | "logging-stopped" }

/** Result of a chain. `covered`: times that valid digests vouch for. */
export type ChainResult = {
  readonly files: ReadonlyArray<ChainFinding>
  readonly gaps: ReadonlyArray<ChainGap>
  readonly covered: ReadonlyArray<{ readonly from: string; readonly to: string }>
}

const requiredKeys = ["digestPublicKeyFingerprint", "digestS3Bucket", "digestS3Object", "digestStartTime", "digestEndTime"]

/** Is it a digest file? */
export const isDigest = (value: unknown): value is Json => isJson(value) && requiredKeys.every((key) => textAt(value, key) !== undefined) && "previousDigestSignature" in value

/** What CloudTrail signs: end of the digest's time, its place, its SHA-256 and the previous signature (`null` where it is the first). */
export const stringToSign = (digest: Digest): string =>
  [textAt(digest.value, "digestEndTime"), `${textAt(digest.value, "digestS3Bucket")}/${textAt(digest.value, "digestS3Object")}`, digest.sha256, textAt(digest.value, "previousDigestSignature") ?? "null"].join("\n")

const keyOf = (key: DigestKey): KeyObject | undefined => {
  try {
    return createPublicKey({ key: Buffer.from(key.value, "base64"), format: "der", type: "pkcs1" })
  } catch {
    return undefined
  }
}

/** Keys in the answer of `aws cloudtrail list-public-keys`, or a list of {Fingerprint, Value}. */
export const digestKeys = (json: unknown): ReadonlyArray<DigestKey> => {
  const list = Array.isArray(json) ? json : isJson(json) ? listAt(json, "PublicKeyList", "publicKeyList", "keys") : []
  return list.filter(isJson).flatMap((each): ReadonlyArray<DigestKey> => {
    const fingerprint = textAt(each, "Fingerprint", "fingerprint")
    const value = textAt(each, "Value", "value")
    const from = textAt(each, "ValidityStartTime", "validityStartTime")
    const until = textAt(each, "ValidityEndTime", "validityEndTime")
    return fingerprint === undefined || value === undefined ? [] : [{ fingerprint, value, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }]
  })
}

/** The object's key in the place where it was read, or in its copy: the path ends with it. */
const isAt = (uri: string, key: string): boolean => uri === key || uri.endsWith(`/${key}`)

const signatureState = (digest: Digest, signature: string | undefined, keys: ReadonlyArray<DigestKey>): Pick<ChainFinding, "state" | "reason"> => {
  if (signature === undefined) return { state: "unsigned", reason: "its signature was not delivered with it and no later digest names it" }
  const end = Date.parse(textAt(digest.value, "digestEndTime") ?? "")
  const key = keys.find((each) => each.fingerprint === textAt(digest.value, "digestPublicKeyFingerprint") && !(Date.parse(each.from ?? "") > end) && !(Date.parse(each.until ?? "") < Date.parse(textAt(digest.value, "digestStartTime") ?? "")))
  const publicKey = key === undefined ? undefined : keyOf(key)
  if (publicKey === undefined) return { state: "invalid", reason: "no public key has its fingerprint at its time" }
  if (!/^[0-9a-fA-F]+$/.test(signature)) return { state: "invalid", reason: "its signature is not hexadecimal" }
  return verify("sha256", Buffer.from(stringToSign(digest), "utf8"), publicKey, Buffer.from(signature, "hex")) ? { state: "valid" } : { state: "invalid", reason: "its signature does not verify" }
}

const placeState = (digest: Digest, bucket: string): Pick<ChainFinding, "state" | "reason"> | undefined => {
  if (textAt(digest.value, "digestS3Bucket") !== bucket) return { state: "moved", reason: "it was delivered to another bucket" }
  return isAt(digest.uri, textAt(digest.value, "digestS3Object") ?? "") ? undefined : { state: "moved", reason: "it was delivered under another name" }
}

const logFindings = (digest: Digest, logs: ReadonlyArray<LogFile>): ReadonlyArray<ChainFinding> =>
  listAt(digest.value, "logFiles").filter(isJson).map((entry): ChainFinding => {
    const key = textAt(entry, "s3Object") ?? ""
    const log = logs.find((each) => isAt(each.uri, key))
    if (log === undefined) return { uri: key, kind: "log", state: "missing", reason: "a digest names it and it is not there" }
    return log.sha256 === textAt(entry, "hashValue")?.toLowerCase() ? { uri: log.uri, kind: "log", state: "valid" } : { uri: log.uri, kind: "log", state: "invalid", reason: "it is not what the digest says it was" }
  })

const endOf = (digest: Digest): string => textAt(digest.value, "digestEndTime") ?? ""
const startOf = (digest: Digest): string => textAt(digest.value, "digestStartTime") ?? ""

/**
 * Verifies one region's chain of digests against log files, offline. `bucket` is the one that
 * CloudTrail delivered to, also where the files were copied elsewhere. The newest digest needs its
 * own signature (object metadata); the others are verified with the signature that the digest after
 * them carries.
 */
export const verifyDigestChain = (digests: ReadonlyArray<Digest>, logs: ReadonlyArray<LogFile>, keys: ReadonlyArray<DigestKey>, bucket: string): ChainResult => {
  const ordered = [...digests].sort((a, b) => Date.parse(endOf(a)) - Date.parse(endOf(b)) || (a.uri < b.uri ? -1 : 1))
  const files: Array<ChainFinding> = []
  const gaps: Array<ChainGap> = []
  const covered: Array<{ from: string; to: string }> = []
  ordered.forEach((digest, index) => {
    const next = ordered[index + 1]
    const named = next !== undefined && textAt(next.value, "previousDigestS3Object") === textAt(digest.value, "digestS3Object")
    const carried = named ? textAt(next.value, "previousDigestSignature") : undefined
    const hashFits = !named || textAt(next.value, "previousDigestHashValue") === undefined || textAt(next.value, "previousDigestHashValue")?.toLowerCase() === digest.sha256
    const state = placeState(digest, bucket) ?? (hashFits ? signatureState(digest, digest.signature ?? carried, keys) : { state: "invalid" as const, reason: "the next digest names other bytes" })
    files.push({ uri: digest.uri, kind: "digest", ...state })
    const own = state.state === "invalid" ? [] : logFindings(digest, logs)
    files.push(...own)
    if (state.state === "valid" && own.every((log) => log.state === "valid")) covered.push({ from: startOf(digest), to: endOf(digest) })
    if (next !== undefined && Date.parse(startOf(next)) > Date.parse(endOf(digest))) gaps.push({ from: endOf(digest), to: startOf(next), reason: textAt(next.value, "previousDigestS3Object") === undefined ? "logging-stopped" : "no-digest" })
  })
  return { files, gaps, covered }
}
