/** One CloudTrail event as access records, or why it is none. */
import { isIP } from "node:net"
import { isInstant } from "../../records/index.ts"
import { defined, isJson, type Json, jsonAt, listAt, numberAt, textAt } from "../document.ts"
import { isRecordingObject, listsRecordings, type RecordingPattern } from "../recordingObjects.ts"
import { actorOf } from "./actor.ts"

/** What became of an event. */
export type Judged = { readonly records: ReadonlyArray<Json> } | { readonly ignored: string } | { readonly rejected: string }

/** S3 operations on objects and what they mean for a recording. */
const objectActions: Readonly<Record<string, string>> = {
  GetObject: "download", GetObjectTorrent: "download", SelectObjectContent: "download", WriteGetObjectResponse: "download",
  HeadObject: "view", GetObjectAcl: "view", GetObjectAttributes: "view", GetObjectTagging: "view", GetObjectRetention: "view", GetObjectLegalHold: "view",
  PutObjectAcl: "share",
  PutObject: "edit", PostObject: "edit", CopyObject: "edit", UploadPart: "edit", UploadPartCopy: "edit", CreateMultipartUpload: "edit", CompleteMultipartUpload: "edit", AbortMultipartUpload: "edit",
  PutObjectTagging: "edit", DeleteObjectTagging: "edit", PutObjectRetention: "edit", PutObjectLegalHold: "edit", RestoreObject: "edit", RenameObject: "edit", UpdateObjectEncryption: "edit",
  DeleteObject: "delete", DeleteObjects: "delete"
}
const listActions = new Set(["ListObjects", "ListObjectsV2", "ListObjectVersions", "ListMultipartUploads", "ListParts", "HeadBucket"])

/** No operation has a longer name. */
const nameCharactersMax = 200

/** Amazon Connect's own calls about a contact. */
const connectAction = (name: string, parameters: Json | undefined): string | undefined => {
  if (name.length > nameCharactersMax) return undefined
  if (name === "MonitorContact") return JSON.stringify(parameters ?? {}).includes("BARGE") ? "barge" : "monitor"
  if (/Download.*(Recording|Transcript)/.test(name)) return "download"
  if (/(Delete).*(Recording|Transcript)/.test(name)) return "delete"
  if (/(Play|Listen|Get|View).*(Recording|Playback)/.test(name)) return "play"
  if (/^(Get|Describe|List|BatchGet).*(Contact|Transcript)/.test(name)) return "view"
  return undefined
}

const deniedCodes = /^(AccessDenied|AllAccessDisabled|AccountProblem|Forbidden|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|TokenRefreshRequired|RequestTimeTooSkewed|.*Unauthorized|.*AccessDenied|.*NotAuthorized|403)/

const outcomeOf = (event: Json): string => {
  const code = textAt(event, "errorCode")
  return code === undefined ? "success" : deniedCodes.test(code) ? "denied" : "error"
}

type Target = { readonly bucket: string; readonly key: string }

const targetOf = (arn: string): Target | undefined => {
  const match = /^arn:[\w-]+:s3:::([^/]+)\/([\s\S]+)$/.exec(arn)
  return match === null ? undefined : { bucket: match[1] ?? "", key: match[2] ?? "" }
}

/** Objects that an event touches: its key, else those that it lists as resources. */
const targetsOf = (event: Json): ReadonlyArray<Target> => {
  const parameters = jsonAt(event, "requestParameters")
  const bucket = textAt(parameters, "bucketName", "bucket")
  const key = textAt(parameters, "key")
  if (bucket !== undefined && key !== undefined) return [{ bucket, key }]
  const arns = listAt(event, "resources").filter(isJson).map((resource) => textAt(resource, "ARN", "arn") ?? "")
  return arns.flatMap((arn) => targetOf(arn) ?? [])
}

const copySource = (event: Json): Target | undefined => {
  const source = textAt(jsonAt(event, "requestParameters"), "x-amz-copy-source")
  const match = source === undefined ? null : /^\/?([^/]+)\/([^?]+)/.exec(source)
  if (match === null) return undefined
  try {
    return { bucket: match[1] ?? "", key: decodeURIComponent(match[2] ?? "") }
  } catch {
    return { bucket: match[1] ?? "", key: match[2] ?? "" }
  }
}

const uriOf = ({ bucket, key }: Target): string => `s3://${bucket}/${key}`

/** The browser's disposition tells a look from a download; CloudTrail has nothing else that does. */
const readAction = (event: Json): string => {
  const disposition = textAt(jsonAt(event, "requestParameters"), "response-content-disposition")
  return disposition !== undefined && /^inline/i.test(disposition) ? "view" : "download"
}

type Act = { readonly action: string; readonly uri: string }

/** What an S3 event did to recordings; empty: to none of them. */
const actsOf = (event: Json, name: string, patterns: ReadonlyArray<RecordingPattern>): ReadonlyArray<Act> => {
  const parameters = jsonAt(event, "requestParameters")
  if (listActions.has(name)) {
    const bucket = textAt(parameters, "bucketName", "bucket")
    const prefix = textAt(parameters, "prefix", "key") ?? ""
    return bucket !== undefined && listsRecordings(patterns, bucket, prefix) ? [{ action: "list", uri: `s3://${bucket}/${prefix}` }] : []
  }
  const action = name === "GetObject" ? readAction(event) : objectActions[name]
  if (action === undefined) return []
  const isRecording = ({ bucket, key }: Target): boolean => isRecordingObject(patterns, bucket, key)
  const acts = targetsOf(event).filter(isRecording).map((target) => ({ action, uri: uriOf(target) }))
  const bucket = textAt(parameters, "bucketName", "bucket")
  // A bulk deletion that does not say which objects it deleted.
  if (name === "DeleteObjects" && acts.length === 0 && targetsOf(event).length === 0 && bucket !== undefined && listsRecordings(patterns, bucket, "")) return [{ action, uri: `s3://${bucket}/` }]
  const source = copySource(event)
  if (source === undefined || !isRecording(source)) return acts
  const within = targetsOf(event).some((target) => target.bucket === source.bucket)
  return [...acts, { action: within ? "download" : "export", uri: uriOf(source) }]
}

const accessOf = (event: Json, at: string, act: Readonly<Record<string, unknown>>, index: number): Json | undefined => {
  const actor = actorOf(event)
  if (actor === undefined) return undefined
  const id = textAt(event, "eventID") ?? textAt(event, "requestID") ?? ""
  const ip = textAt(event, "sourceIPAddress")
  const bytes = numberAt(jsonAt(event, "additionalEventData"), "bytesTransferredOut")
  return defined({
    kind: "access", id: index === 0 ? id : `${id}/${index}`, at, actor, ...act, outcome: outcomeOf(event),
    ip: ip !== undefined && isIP(ip) !== 0 ? ip : undefined, userAgent: textAt(event, "userAgent"), bytes: bytes === undefined ? undefined : Math.round(bytes)
  })
}

const connectAct = (event: Json, name: string): Readonly<Record<string, unknown>> | undefined => {
  const parameters = jsonAt(event, "requestParameters")
  const action = connectAction(name, parameters)
  const contactId = textAt(parameters, "contactId", "ContactId", "initialContactId", "InitialContactId")
  return action === undefined || contactId === undefined ? undefined : { action, contactId }
}

/** An event as access records. `patterns`: the source's recordings; without any, all objects are. */
export const judge = (event: Json, patterns: ReadonlyArray<RecordingPattern>): Judged => {
  const name = textAt(event, "eventName")
  const service = textAt(event, "eventSource")
  if (name === undefined || service === undefined) return { rejected: "The record is no CloudTrail event: eventName or eventSource is missing." }
  const connect = service === "connect.amazonaws.com" || service === "contact-lens.amazonaws.com"
  if (service !== "s3.amazonaws.com" && !connect) return { ignored: "other-service" }
  const acts: ReadonlyArray<Readonly<Record<string, unknown>>> = connect ? [connectAct(event, name)].filter((act) => act !== undefined) : actsOf(event, name, patterns)
  if (acts.length === 0) return { ignored: connect ? "other-operation" : objectActions[name] !== undefined || listActions.has(name) ? "other-bucket" : "other-operation" }
  const at = textAt(event, "eventTime", "@timestamp")
  if (at === undefined || !isInstant(at)) return { rejected: "eventTime is missing or is not a time such as 2026-06-30T12:00:00Z." }
  if (textAt(event, "eventID", "requestID") === undefined) return { rejected: "The event has neither eventID nor requestID, so it cannot be told from others." }
  const records = acts.map((act, index) => accessOf(event, at, act, index))
  if (records.some((record) => record === undefined)) return { rejected: "userIdentity names nobody, so it is not known who acted." }
  return { records: records.filter((record) => record !== undefined) }
}
