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

/** The result for one file. `from` and `to`: the times of events that turn on it (its digest's hour). */
export type ChainFinding = { readonly uri: string; readonly kind: "digest" | "log"; readonly state: ChainState; readonly reason?: string; readonly from: string; readonly to: string }

/** Time in which no digest vouches for the log; `unsigned`: one does, and what proves it is missing; `before-first` and `after-last` of those that are there. */
export type ChainGap = { readonly from: string; readonly to: string; readonly reason: "no-digest" | "logging-stopped" | "unsigned" | "before-first" | "after-last" }

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

/** The file's own name: it holds account, region and time, and stays when a folder is copied without the folders above it. */
const nameOf = (uri: string): string => uri.slice(uri.lastIndexOf("/") + 1)

type Judged = Pick<ChainFinding, "state" | "reason">

const signatureState = (digest: Digest, signature: string | undefined, keys: ReadonlyArray<DigestKey>): Judged => {
  if (signature === undefined) return { state: "unsigned", reason: "its signature was not delivered with it and no later digest names it" }
  const end = Date.parse(textAt(digest.value, "digestEndTime") ?? "")
  const key = keys.find((each) => each.fingerprint === textAt(digest.value, "digestPublicKeyFingerprint") && !(Date.parse(each.from ?? "") > end) && !(Date.parse(each.until ?? "") < Date.parse(textAt(digest.value, "digestStartTime") ?? "")))
  const publicKey = key === undefined ? undefined : keyOf(key)
  if (publicKey === undefined) return { state: "invalid", reason: "no public key has its fingerprint at its time" }
  if (!/^[0-9a-fA-F]+$/.test(signature)) return { state: "invalid", reason: "its signature is not hexadecimal" }
  return verify("sha256", Buffer.from(stringToSign(digest), "utf8"), publicKey, Buffer.from(signature, "hex")) ? { state: "valid" } : { state: "invalid", reason: "its signature does not verify" }
}

const placeState = (digest: Digest, bucket: string): Judged | undefined => {
  if (textAt(digest.value, "digestS3Bucket") !== bucket) return { state: "moved", reason: "it was delivered to another bucket" }
  return nameOf(digest.uri) === nameOf(textAt(digest.value, "digestS3Object") ?? "") ? undefined : { state: "moved", reason: "it was delivered under another name" }
}

const endOf = (digest: Digest): string => textAt(digest.value, "digestEndTime") ?? ""
const startOf = (digest: Digest): string => textAt(digest.value, "digestStartTime") ?? ""

/** The earlier of the digest's hour and the oldest event: a log file is delivered some minutes after what it tells. */
const sinceOf = (digest: Digest, entry: Json): string => {
  const oldest = textAt(entry, "oldestEventTime")
  return oldest !== undefined && Date.parse(oldest) < Date.parse(startOf(digest)) ? oldest : startOf(digest)
}

type LogsByName = ReadonlyMap<string, ReadonlyArray<LogFile>>

const logFindings = (digest: Digest, logs: LogsByName): ReadonlyArray<ChainFinding> =>
  listAt(digest.value, "logFiles").filter(isJson).map((entry): ChainFinding => {
    const key = textAt(entry, "s3Object") ?? ""
    const span = { kind: "log" as const, from: sinceOf(digest, entry), to: endOf(digest) }
    const found = logs.get(nameOf(key)) ?? []
    const log = found.find((each) => each.sha256 === textAt(entry, "hashValue")?.toLowerCase())
    if (log !== undefined) return { uri: log.uri, state: "valid", ...span }
    if (found[0] !== undefined) return { uri: found[0].uri, state: "invalid", reason: "it is not what the digest says it was", ...span }
    return { uri: key, state: "missing", reason: "a digest names it and it is not there", ...span }
  })

/** Digests of one account, region and trail follow one another; CloudTrail's names for them differ in nothing but the time. */
const chainOf = (digest: Digest): string => {
  const named = /^(.*_CloudTrail-Digest_.+)_\d{8}T\d{6}Z\./.exec(nameOf(textAt(digest.value, "digestS3Object") ?? ""))
  return named?.[1] ?? textAt(digest.value, "awsAccountId") ?? ""
}

/** Chains in the order of their names, each in the order of time; one that was delivered twice counts once. */
const chainsOf = (digests: ReadonlyArray<Digest>): ReadonlyArray<ReadonlyArray<Digest>> => {
  const chains = new Map<string, Map<string, Digest>>()
  for (const digest of [...digests].sort((a, b) => Date.parse(endOf(a)) - Date.parse(endOf(b)) || (a.uri < b.uri ? -1 : 1))) {
    const chain = chains.get(chainOf(digest)) ?? new Map<string, Digest>()
    const key = `${textAt(digest.value, "digestS3Object") ?? ""} ${digest.sha256}`
    if (!chain.has(key) || digest.signature !== undefined) chain.set(key, digest)
    chains.set(chainOf(digest), chain)
  }
  return [...chains].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, chain]) => [...chain.values()])
}

const digestState = (digest: Digest, next: Digest | undefined, keys: ReadonlyArray<DigestKey>, bucket: string): Judged => {
  const moved = placeState(digest, bucket)
  if (moved !== undefined) return moved
  const named = next !== undefined && textAt(next.value, "previousDigestS3Object") === textAt(digest.value, "digestS3Object")
  const stated = named ? textAt(next.value, "previousDigestHashValue")?.toLowerCase() : undefined
  if (stated !== undefined && stated !== digest.sha256) return { state: "invalid", reason: "the next digest names other bytes" }
  return signatureState(digest, digest.signature ?? (named ? textAt(next.value, "previousDigestSignature") : undefined), keys)
}

type Result = { readonly files: Array<ChainFinding>; readonly gaps: Array<ChainGap>; readonly covered: Array<{ from: string; to: string }> }

const verifyOne = (result: Result, digest: Digest, next: Digest | undefined, logs: LogsByName, keys: ReadonlyArray<DigestKey>, bucket: string): void => {
  const state = digestState(digest, next, keys, bucket)
  const span = { from: startOf(digest), to: endOf(digest) }
  result.files.push({ uri: digest.uri, kind: "digest", ...state, ...span })
  const own = state.state === "invalid" ? [] : logFindings(digest, logs)
  // What nobody signed proves nothing good of a log file, though it may show that one is missing or another.
  result.files.push(...own.filter((log) => state.state !== "unsigned" || log.state !== "valid"))
  if (state.state === "valid" && own.every((log) => log.state === "valid")) result.covered.push(span)
  if (next === undefined) return
  if (state.state === "unsigned") result.gaps.push({ ...span, reason: "unsigned" })
  if (Date.parse(startOf(next)) > Date.parse(endOf(digest))) result.gaps.push({ from: endOf(digest), to: startOf(next), reason: textAt(next.value, "previousDigestS3Object") === undefined ? "logging-stopped" : "no-digest" })
}

const hour = 3_600_000

/** When CloudTrail delivered a log file, as its name says to the minute; ms since 1970. */
export const deliveredAt = (uri: string): number => {
  const match = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_/.exec(uri)
  return match === null ? NaN : Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:00Z`)
}

/** Account and region of a log file or a digest, as its name says. */
const placeOf = (name: string): string | undefined => /^(\d+_)CloudTrail(?:-Digest)?(_[a-z0-9-]+)_/.exec(nameOf(name))?.slice(1).join("")

const instant = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z")

/**
 * Digests that are missing before the first and after the last one that is there: log files were delivered then, and none names
 * them. Before the first only where it names one before it. After the last an hour has two: CloudTrail delivers a digest after its hour.
 */
const endGaps = (digests: ReadonlyArray<Digest>, logs: ReadonlyArray<LogFile>): ReadonlyArray<ChainGap> => {
  const named = new Set(digests.flatMap((digest) => listAt(digest.value, "logFiles").filter(isJson).map((entry) => nameOf(textAt(entry, "s3Object") ?? ""))))
  const loose = Map.groupBy(logs.filter((log) => !named.has(nameOf(log.uri))), (log) => placeOf(log.uri))
  return [...Map.groupBy(digests, (digest) => placeOf(textAt(digest.value, "digestS3Object") ?? ""))].flatMap(([place, own]): ReadonlyArray<ChainGap> => {
    const times = (place === undefined ? [] : loose.get(place) ?? []).map((log) => deliveredAt(log.uri))
    const first = own.reduce((a, b) => (Date.parse(startOf(b)) < Date.parse(startOf(a)) ? b : a))
    const lastEnd = Math.max(...own.map((digest) => Date.parse(endOf(digest))))
    const before = textAt(first.value, "previousDigestS3Object") === undefined ? [] : times.filter((time) => time <= Date.parse(startOf(first)))
    const newest = times.reduce((a, b) => Math.max(a, b), -Infinity)
    return [
      ...(before.length === 0 ? [] : [{ from: instant(before.reduce((a, b) => Math.min(a, b)) - hour), to: startOf(first), reason: "before-first" as const }]),
      ...(newest < lastEnd + 2 * hour ? [] : [{ from: instant(lastEnd), to: instant(newest - hour), reason: "after-last" as const }])
    ]
  })
}

/**
 * Verifies chains of digests (one an account, region and trail) against log files, offline. `bucket` is the one that
 * CloudTrail delivered to, also where the files were copied elsewhere, with their own names. The newest digest of a chain
 * needs its own signature (object metadata); the others are verified with the signature that the digest after them carries.
 */
export const verifyDigestChain = (digests: ReadonlyArray<Digest>, logs: ReadonlyArray<LogFile>, keys: ReadonlyArray<DigestKey>, bucket: string): ChainResult => {
  const byName = Map.groupBy(logs, (log) => nameOf(log.uri))
  const result: Result = { files: [], gaps: [], covered: [] }
  for (const chain of chainsOf(digests)) chain.forEach((digest, index) => { verifyOne(result, digest, chain[index + 1], byName, keys, bucket) })
  result.gaps.push(...endGaps(digests, logs))
  return result
}
