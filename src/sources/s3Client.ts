/** One S3 client as this program uses it: bounded waits, retries with backoff, failures as sentences. */
import { randomInt } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { S3Client } from "@aws-sdk/client-s3"
import type { S3Settings } from "./source.ts"
import { StoreFailure } from "./store.ts"

type Sdk = typeof import("@aws-sdk/client-s3")

/** The SDK and a client made from it. */
export type S3Access = { readonly sdk: Sdk; readonly client: S3Client }

/** Requests that fail for a while are sent so often, with growing pauses; a body that breaks is resumed so often without progress. */
export const attemptsMax = 6
const pauseMs = 100
const connectionTimeoutMs = 10_000
/** A body that stands still for so long is broken off and resumed. */
const socketTimeoutMs = 60_000
/** So many requests of one thread are under way at once. */
const socketsMax = 50

/** A bucket and a key (or the beginning of keys). */
export type Place = { readonly bucket: string; readonly key: string }

/** A key may hold any character, so an S3 URI is no URL. */
export const placeOf = (uri: string): Place => {
  const rest = uri.slice("s3://".length)
  const slash = rest.indexOf("/")
  return slash === -1 ? { bucket: rest, key: "" } : { bucket: rest.slice(0, slash), key: rest.slice(slash + 1) }
}

export const uriOf = ({ bucket, key }: Place): string => `s3://${bucket}/${key}`

export const statusOf = (problem: unknown): number | undefined =>
  typeof problem === "object" && problem !== null ? (problem as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode : undefined

const denials: ReadonlySet<string> = new Set([
  "AccessDenied", "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "SignatureDoesNotMatch", "CredentialsProviderError", "TokenProviderError", "InvalidToken"
])

/** The SDK's messages may quote keys and request parts; only its error codes are shown. */
export const failureOf = (problem: unknown, uri: string): StoreFailure => {
  if (problem instanceof StoreFailure) return problem
  const code = problem instanceof Error ? problem.name : "unknown"
  const status = statusOf(problem)
  if (status === 412) return new StoreFailure("changed", `"${uri}" changed after it was listed.`)
  if (code === "NoSuchBucket") return new StoreFailure("missing", `The bucket of "${uri}" does not exist; check the source's uri and the s3 settings.`)
  if (status === 404 || status === 405) return new StoreFailure("missing", `"${uri}" is gone since it was listed.`)
  if (denials.has(code) || status === 401 || status === 403) return new StoreFailure("denied", `"${uri}" may not be read (${code}); check the credentials and what they permit.`)
  return new StoreFailure("unavailable", `"${uri}" cannot be read (${code}${status === undefined ? "" : `, HTTP ${status}`}), also after ${attemptsMax} attempts.`)
}

/** Pauses before another attempt: exponential, with full jitter so that many readers do not return at once. */
export const pause = (attempt: number, signal: AbortSignal | undefined): Promise<void> =>
  sleep(randomInt(1, pauseMs * 2 ** attempt), undefined, signal === undefined ? {} : { signal })

const throttled: ReadonlySet<string> = new Set(["SlowDown", "Throttling", "ThrottlingException", "RequestTimeout", "RequestTimeTooSkewed", "InternalError", "ServiceUnavailable"])

/** What a server does not know how to do it will not know later. */
const notImplemented = 501

/** May another attempt succeed? Not where the server has understood and said no, nor without credentials. */
export const passes = (problem: unknown): boolean => {
  if (problem instanceof StoreFailure) return false
  const status = statusOf(problem)
  const name = problem instanceof Error ? problem.name : ""
  if (throttled.has(name)) return true
  return status === undefined || status < 400 ? !denials.has(name) : (status >= 500 && status !== notImplemented) || status === 429
}

/** Attempts something with growing pauses, until it succeeds, fails for good or has failed too often. */
export const persistently = async <A>(attempt: (number: number) => Promise<A>, signal: AbortSignal | undefined, mayPass: (problem: unknown) => boolean = passes): Promise<A> => {
  for (let number = 1; ; number++) {
    try {
      return await attempt(number)
    } catch (problem) {
      signal?.throwIfAborted()
      if (number >= attemptsMax || !mayPass(problem)) throw problem
    }
    await pause(number, signal)
  }
}

/** What a command is sent with, so that `signal` ends it. */
export const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } => signal === undefined ? {} : { abortSignal: signal }

/** Makes a client; the SDK is loaded only now, for it is heavy. Credentials come from its default chain. */
export const openS3 = async ({ endpoint, region, forcePathStyle }: S3Settings): Promise<S3Access> => {
  const sdk = await import("@aws-sdk/client-s3")
  const client = new sdk.S3Client({
    // Attempts are counted in `persistently`: the SDK's own share one budget, which a long night of throttling uses up.
    maxAttempts: 1,
    // Digests are taken over the bytes anyway; a server's own checksums cannot cover resumed bodies.
    responseChecksumValidation: "WHEN_REQUIRED", requestChecksumCalculation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: socketTimeoutMs, httpAgent: { maxSockets: socketsMax }, httpsAgent: { maxSockets: socketsMax } },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(forcePathStyle === undefined ? {} : { forcePathStyle })
  })
  return { sdk, client }
}
