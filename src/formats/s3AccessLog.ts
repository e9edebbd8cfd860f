/** Amazon S3 server access log lines as accesses. */
import { isIP } from "node:net"
import { defined } from "./document.ts"
import type { Format, FormatInput, Produced } from "./format.ts"
import { isRecordingObject, listsRecordings, recordingPatterns, type RecordingPattern } from "./recordingObjects.ts"

/** Fields in order; later ones were added over the years and may be missing. A field is `-`, bare, in quotes or in brackets. */
const field = /"((?:[^"\\]|\\.|"(?! |$))*)"|\[([^\][]*)\]|(\S+)/g
const fieldsMin = 16

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** `06/Feb/2026:00:00:38 +0000` as RFC 3339. */
const instantOf = (time: string): string | undefined => {
  const match = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(time)
  const month = months.indexOf(match?.[2] ?? "") + 1
  return match === null || month === 0 ? undefined : `${match[3]}-${String(month).padStart(2, "0")}-${match[1]}T${match[4]}${match[5]}:${match[6]}`
}

const actionOf = (operation: string, disposition: boolean): string | undefined => {
  if (/\.(GET|COPY)\.(OBJECT|OBJECT_GET|PART_GET|SELECT|TORRENT)$|^REST\.COPY\.(OBJECT|PART)_GET$|^REST\.SELECT\.OBJECT/.test(operation)) return disposition ? "view" : "download"
  if (/\.HEAD\.OBJECT$|\.GET\.(ACL|OBJECT_TAGGING|TAGGING|OBJECT_ATTRIBUTES|OBJECT_LOCK_RETENTION|OBJECT_LOCK_LEGALHOLD)$/.test(operation)) return "view"
  if (/\.(GET|HEAD)\.(BUCKET|BUCKETVERSIONS|BUCKET_VERSIONS|UPLOADS|UPLOAD)$/.test(operation)) return "list"
  if (operation.endsWith(".PUT.ACL")) return "share"
  if (/\.DELETE\.OBJECT$|MULTI_OBJECT_DELETE|^S3\.(EXPIRE\.OBJECT|CREATE\.DELETEMARKER)$/.test(operation)) return "delete"
  if (/\.(PUT|POST|COPY)\.(OBJECT|PART|UPLOAD|UPLOADS|OBJECT_TAGGING|OBJECT_LOCK_RETENTION|OBJECT_LOCK_LEGALHOLD|RESTORE)$/.test(operation)) return "edit"
  return undefined
}

const decoded = (key: string): string => {
  try {
    return decodeURIComponent(key.replace(/\+/g, " "))
  } catch {
    return key
  }
}

const actorOf = (requester: string): { readonly id: string; readonly type: "user" | "service" | "anonymous" } =>
  requester === "-" ? { id: "anonymous", type: "anonymous" } : /^svc:|\.amazonaws\.com$|^AmazonS3$/.test(requester) ? { id: requester, type: "service" } : { id: requester, type: "user" }

const judge = (text: string, patterns: ReadonlyArray<RecordingPattern>): Produced => {
  const fields = Array.from(text.matchAll(field), (match) => match[1] ?? match[2] ?? match[3] ?? "")
  const [, bucket = "", time = "", ip = "", requester = "-", requestId = "", operation = "", key = "-", requestUri = "", status = "", errorCode = "-", bytes = "-"] = fields
  if (fields.length < fieldsMin) return { type: "rejected", sentence: "The line is no S3 server access log entry: it has too few fields." }
  const at = instantOf(time)
  if (at === undefined) return { type: "rejected", sentence: "The third field of the line is no time such as [06/Feb/2026:00:00:38 +0000]." }
  const action = actionOf(operation, /response-content-disposition=inline/i.test(requestUri))
  if (action === undefined) return { type: "ignored", reason: "other-operation" }
  const object = key === "-" ? "" : decoded(key)
  const prefix = decoded(/[?&]prefix=([^& ]*)/.exec(requestUri)?.[1] ?? "")
  const concerns = object === "" ? listsRecordings(patterns, bucket, prefix) : isRecordingObject(patterns, bucket, object)
  if (!concerns) return { type: "ignored", reason: "other-bucket" }
  const code = Number(status)
  return {
    type: "records",
    records: [defined({
      kind: "access", id: `${requestId}/${operation}${object === "" ? "" : `/${object}`}`, at, actor: actorOf(requester), action, uri: `s3://${bucket}/${object === "" ? prefix : object}`,
      outcome: errorCode === "AccessDenied" || code === 401 || code === 403 ? "denied" : status === "-" || (code >= 200 && code < 400) ? "success" : "error",
      ip: isIP(ip) === 0 ? undefined : ip, userAgent: fields[16] === undefined || fields[16] === "-" || fields[16] === "" ? undefined : fields[16], bytes: /^\d+$/.test(bytes) ? Number(bytes) : undefined
    })]
  }
}

async function* read(input: FormatInput): AsyncGenerator<Produced> {
  const patterns = recordingPatterns(input.options)
  for await (const { line, text } of input.lines()) yield { ...judge(text, patterns), line }
}

/** The server access log adapter. Option: `recordings`. */
export const s3AccessLog: Format = {
  name: "s3-access-log",
  version: 1,
  detects: ({ text }) => /^[0-9a-f]{64} \S+ \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] \S+ \S+ \S+ [A-Z0-9]+\.[A-Z]/.test(text),
  read
}
