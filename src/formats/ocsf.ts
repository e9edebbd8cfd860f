/**
 * OCSF events (schema 1.x): API Activity 6003, Datastore Activity 6005, File Hosting Activity 6006
 * and File System Activity 1001 as accesses.
 */
import { isIP } from "node:net"
import { defined, documentsOf, isJson, type Json, jsonAt, listAt, numberAt, placeOf, textAt } from "./document.ts"
import type { Format, FormatInput, Produced } from "./format.ts"
import { isRecordingObject, recordingPatterns, type RecordingPattern } from "./recordingObjects.ts"

/** Activity ids of the classes and what they mean for a recording; those left out are no access. */
const activities: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  6003: { 1: "edit", 2: "view", 3: "edit", 4: "delete" },
  6005: { 1: "view", 2: "edit", 4: "view", 5: "edit", 6: "edit", 7: "delete", 8: "list" },
  6006: { 1: "edit", 2: "download", 3: "edit", 4: "delete", 5: "edit", 6: "edit", 7: "edit", 8: "edit", 9: "view", 12: "share", 14: "view", 15: "download" },
  1001: { 1: "edit", 2: "view", 3: "edit", 4: "delete", 5: "edit", 6: "edit", 7: "edit", 14: "view" }
}

const operation = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : /^GetObject$|Download/i.test(name) ? "download" : /^ListObject/i.test(name) ? "list" : /Play/i.test(name) ? "play" : /^(Put\w*Acl|Share)/i.test(name) ? "share" : /^Export/i.test(name) ? "export" : undefined

const s3Uri = (name: string): string => name.replace(/^arn:[\w-]+:s3:::/, "s3://")

/** The object touched: a file's URL or path, an object's ARN, a bucket and key. */
const uriOf = (event: Json): string | undefined => {
  const file = jsonAt(event, "file")
  const url = textAt(jsonAt(file, "url"), "url_string", "text") ?? textAt(file, "url")
  const bucket = textAt(jsonAt(event, "databucket"), "name")
  const databucketFile = textAt(jsonAt(jsonAt(event, "databucket"), "file"), "path", "name")
  if (bucket !== undefined) return `s3://${bucket}/${databucketFile ?? ""}`
  const resource = listAt(event, "resources").filter(isJson).map((each) => textAt(each, "uid", "name")).filter((each) => each !== undefined).sort((a, b) => b.length - a.length)[0]
  const named = url ?? textAt(file, "path", "uid", "name") ?? resource ?? textAt(jsonAt(event, "table"), "uid", "name") ?? textAt(jsonAt(event, "database"), "uid", "name")
  return named === undefined ? undefined : s3Uri(named)
}

const actorOf = (event: Json): Json | undefined => {
  const actor = jsonAt(event, "actor")
  const user = jsonAt(actor, "user")
  const session = jsonAt(actor, "session")
  const id = textAt(user, "uid_alt", "uid", "email_addr", "name") ?? textAt(session, "issuer")
  const service = textAt(actor, "invoked_by", "app_uid", "app_name")
  const type = numberAt(user, "type_id")
  if (type === 3 || (id === undefined && service !== undefined)) return { id: service ?? id ?? "system", type: "service" }
  if (id === undefined || /^anonymous/i.test(id)) return user === undefined && session === undefined ? undefined : { id: "anonymous", type: "anonymous" }
  return { id, type: "user" }
}

const outcomeOf = (event: Json): string => {
  const status = numberAt(event, "status_id") ?? (/^fail/i.test(textAt(event, "status") ?? "") ? 2 : 1)
  if (status !== 2) return "success"
  const detail = [textAt(event, "status_code"), textAt(event, "status_detail"), textAt(jsonAt(jsonAt(event, "api"), "response"), "error")].join(" ")
  return /denied|forbidden|unauthori[sz]ed|\b40[13]\b/i.test(detail) || textAt(event, "disposition") === "Blocked" ? "denied" : "error"
}

/** OCSF times are milliseconds since 1970; some producers write RFC 3339 into time_dt. */
const timeOf = (event: Json): string | undefined => {
  const milliseconds = numberAt(event, "time")
  return textAt(event, "time_dt") ?? (milliseconds === undefined || Math.abs(milliseconds) > 8.64e15 ? undefined : new Date(milliseconds).toISOString())
}

const isOther = (uri: string, patterns: ReadonlyArray<RecordingPattern>): boolean => {
  const match = /^s3:\/\/([^/]+)\/([\s\S]*)$/.exec(uri)
  return match !== null && !isRecordingObject(patterns, match[1] ?? "", match[2] ?? "")
}

const judge = (event: unknown, patterns: ReadonlyArray<RecordingPattern>): Produced => {
  if (!isJson(event) || numberAt(event, "class_uid") === undefined) return { type: "rejected", sentence: "The document is no OCSF event: it has no class_uid." }
  const byActivity = activities[numberAt(event, "class_uid") ?? 0]
  if (byActivity === undefined) return { type: "ignored", reason: "other-class" }
  const activity = byActivity[numberAt(event, "activity_id") ?? -1]
  const action = operation(textAt(jsonAt(event, "api"), "operation")) ?? activity
  if (action === undefined) return { type: "ignored", reason: "other-operation" }
  const uri = uriOf(event)
  if (uri === undefined) return { type: "ignored", reason: "no-object" }
  if (isOther(uri, patterns)) return { type: "ignored", reason: "other-bucket" }
  const metadata = jsonAt(event, "metadata")
  const id = textAt(metadata, "uid", "original_event_uid", "original_uid") ?? textAt(event, "uid")
  const at = timeOf(event)
  const actor = actorOf(event)
  if (id === undefined) return { type: "rejected", sentence: "The event has no metadata.uid, so it cannot be told from others." }
  if (at === undefined) return { type: "rejected", sentence: "The event has no time." }
  if (actor === undefined) return { type: "rejected", sentence: "The event has no actor, so it is not known who acted." }
  const source = jsonAt(event, "src_endpoint")
  const ip = textAt(source, "ip")
  const country = textAt(jsonAt(source, "location"), "country")
  const sequence = numberAt(metadata, "sequence")
  return {
    type: "records",
    records: [defined({
      kind: "access", id, at, actor, action, uri, outcome: outcomeOf(event), ip: ip !== undefined && isIP(ip) !== 0 ? ip : undefined, country: country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined,
      userAgent: textAt(jsonAt(event, "http_request"), "user_agent"), bytes: numberAt(jsonAt(event, "traffic"), "bytes_out"), sequence: sequence !== undefined && Number.isInteger(sequence) && sequence >= 0 ? sequence : undefined
    })]
  }
}

async function* read(input: FormatInput): AsyncGenerator<Produced> {
  const patterns = recordingPatterns(input.options)
  for (const document of await documentsOf(input, "OCSF"))
    yield "fault" in document ? { type: "rejected", ...placeOf(document), sentence: document.fault } : { ...judge(document.value, patterns), ...placeOf(document) }
}

/** The OCSF adapter. Option: `recordings`. */
export const ocsf: Format = {
  name: "ocsf",
  version: 1,
  detects: ({ text }) => /^\s*[{[]/.test(text) && /"class_uid"\s*:\s*\d/.test(text) && /"activity_id"\s*:\s*\d/.test(text),
  read
}
