/**
 * AWS CloudTrail: log files ({"Records": […]}, or one event a line as some pipelines forward them)
 * and digest files. Data events on the recordings' objects become access.
 */
import { createHash } from "node:crypto"
import { documentsOf, isJson, type JsonDocument, listAt, placeOf, textAt } from "../document.ts"
import type { Format, FormatInput, Produced } from "../format.ts"
import { recordingPatterns, type RecordingPattern } from "../recordingObjects.ts"
import { isDigest } from "./digest.ts"
import { judge } from "./event.ts"

const eventOf = (value: unknown, place: { readonly line?: number; readonly pointer?: string }, patterns: ReadonlyArray<RecordingPattern>): Produced => {
  if (!isJson(value)) return { type: "rejected", ...place, sentence: "The record is no CloudTrail event: it is not an object." }
  // EventBridge wraps the event.
  const judged = judge(isJson(value["detail"]) && textAt(value["detail"], "eventName") !== undefined ? value["detail"] : value, patterns)
  if ("ignored" in judged) return { type: "ignored", ...place, reason: judged.ignored }
  return "rejected" in judged ? { type: "rejected", ...place, sentence: judged.rejected } : { type: "records", ...place, records: judged.records }
}

/** A digest file is one source record: the time that it vouches for, and what is needed to verify it. */
const digestOf = (document: JsonDocument & { readonly value: unknown }, input: FormatInput, sha256: string): ReadonlyArray<Produced> => {
  const { value } = document
  if (!isDigest(value)) return []
  return [
    { type: "records", ...placeOf(document), records: [{ kind: "coverage", source: input.sourceId, kinds: ["access"], from: textAt(value, "digestStartTime"), to: textAt(value, "digestEndTime") }] },
    { type: "statement", name: "cloudtrail-digest", value: { uri: input.uri, sha256, value, ...(input.metadata?.["signature"] === undefined ? {} : { signature: input.metadata["signature"] }) } }
  ]
}

async function* read(input: FormatInput): AsyncGenerator<Produced> {
  const patterns = recordingPatterns(input.options)
  const bytes = await input.whole()
  const sha256 = createHash("sha256").update(bytes).digest("hex")
  let log = false
  for (const document of await documentsOf({ ...input, whole: () => Promise.resolve(bytes) }, "a CloudTrail log")) {
    if ("fault" in document) yield { type: "rejected", ...placeOf(document), sentence: document.fault }
    else if (isDigest(document.value)) yield* digestOf(document, input, sha256)
    else if (isJson(document.value) && Array.isArray(document.value["Records"])) {
      log = true
      for (const [index, event] of listAt(document.value, "Records").entries()) yield eventOf(event, placeOf(document, `/Records/${index}`), patterns)
    } else {
      log = true
      yield eventOf(document.value, placeOf(document), patterns)
    }
  }
  // What digests are compared with.
  if (log && input.options["digests"] !== undefined) yield { type: "statement", name: "cloudtrail-log", value: { uri: input.uri, sha256 } }
}

/** The CloudTrail adapter. Options: `recordings` (ARNs or URIs with `*`; absent: every object), `digests`. */
export const cloudtrail: Format = {
  name: "cloudtrail",
  version: 1,
  detects: ({ text }) => {
    const start = text.trimStart()
    if (/^\{\s*"Records"\s*:\s*\[\s*(\]|\{)/.test(start) && (/"eventVersion"\s*:/.test(text) || /"Records"\s*:\s*\[\s*\]/.test(text))) return true
    if (/"digestPublicKeyFingerprint"\s*:/.test(text) && /"digestS3Object"\s*:/.test(text)) return true
    return start.startsWith("{") && /"eventSource"\s*:\s*"[\w.-]+\.amazonaws\.com"/.test(text) && /"eventName"\s*:/.test(text) && /"userIdentity"\s*:/.test(text)
  },
  read
}
