/**
 * What storage says that it holds: S3 inventory files in CSV, and bucket listings in JSON
 * (ListObjectsV2, ListObjectVersions), as stored objects.
 */
import { brokenRowSentence, rowsOf } from "./delimited.ts"
import { defined, documentsOf, isJson, type Json, listAt, numberAt, placeOf, textAt } from "./document.ts"
import { type Format, type FormatInput, ObjectUnreadable, type Produced } from "./format.ts"
import { isRecordingObject, recordingPatterns, type RecordingPattern } from "./recordingObjects.ts"
import { isInstant } from "../records/index.ts"

/** Names of inventory fields, as manifest.json's fileSchema spells them, in lower case. */
const fieldNames: Readonly<Record<string, string>> = {
  bucket: "bucket", key: "key", versionid: "versionId", isdeletemarker: "isDeleteMarker", size: "bytes", encryptionstatus: "encryption",
  objectlockretainuntildate: "lockUntil", objectlocklegalholdstatus: "legalHold", checksumsha256: "sha256", sha256: "sha256", objectaccesscontrollist: "acl"
}

const decoded = (key: string): string => {
  try {
    return decodeURIComponent(key.replace(/\+/g, " "))
  } catch {
    return key
  }
}

/** When storage was asked: a time in the object's name, as inventories have it (2026-06-30T01-00Z). */
const seenAtOf = (input: FormatInput): string | undefined => {
  const given = input.options["seenAt"]
  if (typeof given === "string" && isInstant(given)) return given
  const named = decoded(input.uri).matchAll(/(\d{4}-\d\d-\d\d)(?:[T_](\d\d)[-:]?(\d\d)(?:[-:]?(\d\d))?Z?)?/g)
  // The last one: a bucket or a folder above may be named after another day.
  return Array.from(named, ([, day = "", hour = "00", minute = "00", second = "00"]) => `${day}T${hour}:${minute}:${second}Z`).findLast(isInstant)
}

const aclIsPublic = (acl: string): boolean => /AllUsers|AuthenticatedUsers/.test(/^[A-Za-z0-9+/=]+$/.test(acl) ? Buffer.from(acl, "base64").toString("utf8") : acl)

type Fields = ReadonlyMap<string, string>

const objectOf = (fields: Fields, seenAt: string, patterns: ReadonlyArray<RecordingPattern>, isEncoded: boolean): Produced => {
  const text = (name: string): string | undefined => (fields.get(name) === "" ? undefined : fields.get(name))
  const [bucket, key] = [text("bucket"), text("key")]
  if (bucket === undefined || key === undefined) return { type: "rejected", sentence: "The row names no bucket or no key." }
  if (/^true$/i.test(text("isDeleteMarker") ?? "")) return { type: "ignored", reason: "delete-marker" }
  const object = isEncoded ? decoded(key) : key
  if (!isRecordingObject(patterns, bucket, object)) return { type: "ignored", reason: "other-bucket" }
  const [encryption, legalHold, acl, bytes, sha256] = [text("encryption"), text("legalHold"), text("acl"), text("bytes"), text("sha256")]
  // A checksum of parts ends with their number and is not that of the object.
  const digest = sha256 !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(sha256) ? Buffer.from(sha256, "base64").toString("hex") : sha256
  return {
    type: "records",
    records: [defined({
      kind: "storedObject", uri: `s3://${bucket}/${object}`, versionId: text("versionId") === "null" ? undefined : text("versionId"), seenAt, bytes: bytes === undefined || !/^\d+$/.test(bytes) ? undefined : Number(bytes),
      sha256: digest !== undefined && /^[0-9a-fA-F]{64}$/.test(digest) ? digest : undefined, encrypted: encryption === undefined ? undefined : !/^(NOT-SSE|NONE)$/i.test(encryption), publiclyReadable: acl === undefined ? undefined : aclIsPublic(acl),
      lockUntil: text("lockUntil"), legalHold: legalHold === undefined ? undefined : /^on$/i.test(legalHold)
    })]
  }
}

/** Positions of the fields: from `columns` (field: position from 1), else from a header line. */
const positionsOf = (input: FormatInput, first: ReadonlyArray<string>): { readonly positions: ReadonlyMap<string, number>; readonly header: boolean } => {
  const named = first.map((cell) => fieldNames[cell.trim().toLowerCase()])
  if (named.includes("key")) return { positions: new Map(named.flatMap((name, index) => (name === undefined ? [] : [[name, index] as const]))), header: true }
  const { columns } = input.options
  const positions = new Map(Object.entries(isJson(columns) ? columns : {}).map(([field, position]) => [fieldNames[field.toLowerCase()] ?? field, Number(position) - 1] as const))
  if (!positions.has("key") || [...positions.values()].some((position) => !Number.isInteger(position) || position < 0)) throw new ObjectUnreadable("An S3 inventory file has no header; give the source columns with the positions that manifest.json's fileSchema says, for instance {Bucket: \"1\", Key: \"2\", Size: \"3\"}.")
  return { positions, header: false }
}

async function* readRows(input: FormatInput, seenAt: string): AsyncGenerator<Produced> {
  const patterns = recordingPatterns(input.options)
  let positions: ReadonlyMap<string, number> | undefined
  for await (const { line, cells, broken } of rowsOf(input)) {
    if (positions === undefined) {
      const found = positionsOf(input, cells)
      positions = found.positions
      if (found.header) continue
    }
    if (broken) {
      yield { type: "rejected", line, sentence: brokenRowSentence }
      continue
    }
    const fields = new Map([...positions].map(([name, position]) => [name, cells[position]?.trim() ?? ""]))
    yield { ...objectOf(fields, seenAt, patterns, true), line }
  }
}

const listed = (item: Json, bucket: string): Fields => new Map(Object.entries(defined({
  bucket: textAt(item, "Bucket") ?? bucket, key: textAt(item, "Key"), versionId: textAt(item, "VersionId"), bytes: numberAt(item, "Size")?.toString(), sha256: textAt(item, "ChecksumSHA256"),
  encryption: textAt(item, "ServerSideEncryption"), lockUntil: textAt(item, "ObjectLockRetainUntilDate"), legalHold: textAt(item, "ObjectLockLegalHoldStatus")
})))

async function* readListing(input: FormatInput, seenAt: string): AsyncGenerator<Produced> {
  const patterns = recordingPatterns(input.options)
  for (const document of await documentsOf(input, "a bucket listing")) {
    if ("fault" in document) {
      yield { type: "rejected", ...placeOf(document), sentence: document.fault }
      continue
    }
    const value = isJson(document.value) ? document.value : {}
    if (textAt(value, "sourceBucket") !== undefined && Array.isArray(value["files"])) {
      yield { type: "ignored", ...placeOf(document), reason: "inventory-manifest" }
      continue
    }
    // Keys of a listing are as they are; only inventories encode them.
    for (const name of ["Contents", "Versions"] as const)
      for (const [index, item] of listAt(value, name).entries())
        yield { ...objectOf(isJson(item) ? listed(item, textAt(value, "Name") ?? "") : new Map(), seenAt, patterns, false), ...placeOf(document, `/${name}/${index}`) }
  }
}

const isJsonText = async (input: FormatInput): Promise<{ readonly json: boolean; readonly input: FormatInput }> => {
  const bytes = await input.whole()
  const again: FormatInput = { ...input, whole: () => Promise.resolve(bytes), bytes: async function* () { yield bytes } }
  return { json: /^\s*[{[]/.test(new TextDecoder().decode(bytes.subarray(0, 64))), input: again }
}

/** The inventory adapter. Options: `columns` (field: position from 1), `recordings`; the time is in the object's name. */
export const s3Inventory: Format = {
  name: "s3-inventory",
  version: 2,
  detects: ({ text }) => /^\s*\{/.test(text) && /"(Contents|Versions)"\s*:\s*\[/.test(text) && /"Key"\s*:/.test(text) && /"ETag"\s*:/.test(text),
  read: async function* (given) {
    const { json, input } = await isJsonText(given)
    const seenAt = seenAtOf(input)
    if (seenAt === undefined) throw new ObjectUnreadable("Nobody can tell when storage was asked; put the time into the object's name, for instance inventory-2026-06-30T01-00Z.csv.")
    yield* json ? readListing(input, seenAt) : readRows(input, seenAt)
  }
}
