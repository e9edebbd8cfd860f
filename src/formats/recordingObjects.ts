/** Which stored objects are recordings: the patterns in a source's `recordings`. */
import { textsIn } from "./keys.ts"

/** A bucket's objects, `*` for any text. */
export type RecordingPattern = { readonly bucket: string; readonly key: RegExp; readonly literal: string }

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, "[\\s\\S]*")

const patternOf = (text: string): RecordingPattern | undefined => {
  const match = /^(?:arn:[\w-]+:s3:::|s3:\/\/)?([^/]+)(?:\/([\s\S]*))?$/.exec(text)
  if (match === null) return undefined
  const key = match[2] ?? ""
  // A bare bucket, or a folder, means everything in it.
  const glob = key === "" || key.endsWith("/") ? `${key}*` : key
  return { bucket: match[1] ?? "", key: new RegExp(`^${escaped(glob)}$`), literal: glob.slice(0, glob.includes("*") ? glob.indexOf("*") : glob.length) }
}

/** Patterns of a source; empty where it names none: then every object counts as a recording. */
export const recordingPatterns = (options: Readonly<Record<string, unknown>>): ReadonlyArray<RecordingPattern> =>
  textsIn(options["recordings"]).flatMap((text) => patternOf(text) ?? [])

const bucketFits = (pattern: RecordingPattern, bucket: string): boolean => new RegExp(`^${escaped(pattern.bucket)}$`).test(bucket)

/** Is the object a recording? */
export const isRecordingObject = (patterns: ReadonlyArray<RecordingPattern>, bucket: string, key: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => bucketFits(pattern, bucket) && pattern.key.test(key))

/** May a listing of this prefix show recordings? */
export const listsRecordings = (patterns: ReadonlyArray<RecordingPattern>, bucket: string, prefix: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => bucketFits(pattern, bucket) && (pattern.literal.startsWith(prefix) || prefix.startsWith(pattern.literal)))
