import { describe, expect, it } from "vitest"
import { csv } from "../../src/formats/csv.ts"
import { fhir } from "../../src/formats/fhir.ts"
import { detectFormat, formatNames, formats } from "../../src/formats/index.ts"
import { ocsf } from "../../src/formats/ocsf.ts"
import { consentPreferences } from "../../src/formats/preferences/preferences.ts"
import { isRecordingObject, listsRecordings, recordingPatterns } from "../../src/formats/recordingObjects.ts"
import { s3AccessLog } from "../../src/formats/s3AccessLog.ts"
import { s3Inventory } from "../../src/formats/s3Inventory.ts"
import { ObjectUnreadable } from "../../src/formats/format.ts"
import { inputOf, made, madeOf, madeOfText, ofKind } from "./reading.ts"

describe("FHIR", () => {
  const consent = { resourceType: "Consent", id: "consent-1", status: "active", patient: { reference: "Patient/1" }, dateTime: "2026-03-01T10:00:00+01:00", sourceAttachment: { url: "https://example.com/form.pdf" }, provision: { type: "permit", purpose: [{ code: "TREAT" }], period: { end: "2027-01-01" }, provision: [{ type: "deny", purpose: [{ code: "HRESCH" }] }] } }
  const audit = { resourceType: "AuditEvent", id: "audit-1", action: "R", recorded: "2026-03-01T10:00:00Z", outcome: "0", agent: [{ who: { reference: "Practitioner/1" }, requestor: true, network: { address: "203.0.113.4" }, purposeOfUse: [{ coding: [{ code: "TREAT" }] }] }], entity: [{ what: { reference: "Media/1" } }] }

  it("Consent becomes a consent and its exceptions", async () => {
    const result = await madeOfText(fhir, JSON.stringify({ resourceType: "Bundle", entry: [{ resource: consent }, { resource: { resourceType: "Patient", id: "1" } }] }))
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "consent")).toMatchObject([
      { id: "consent-1", subject: "Patient/1", status: "given", at: "2026-03-01T10:00:00+01:00", purposes: ["treatment"], form: "written", expiresAt: "2027-01-01T00:00:00Z", evidence: { uri: "https://example.com/form.pdf" } },
      { id: "consent-1/provision/1", status: "refused", purposes: ["research"] }
    ])
    expect(result.ignored).toEqual(["other-resource"])
  })

  it.each([
    [{ status: "inactive" }, ["withdrawn", "withdrawn"]],
    [{ status: "rejected" }, ["refused", "refused"]],
    [{ provision: { type: "deny" } }, ["refused"]],
    [{ status: "entered-in-error" }, []]
  ])("Consent %j is %j", async (changes, statuses) => {
    expect(ofKind(await madeOfText(fhir, JSON.stringify({ ...consent, ...changes })), "consent").map((each) => each["status"])).toEqual(statuses)
  })

  it("a date alone counts late for a yes and early for a no", async () => {
    const at = async (type: string) => ofKind(await madeOfText(fhir, JSON.stringify({ ...consent, dateTime: "2026-03-01", provision: { type, purpose: [{ code: "TREAT" }] } })), "consent")[0]?.["at"]
    expect([await at("permit"), await at("deny")]).toEqual(["2026-03-01T23:59:59Z", "2026-03-01T00:00:00Z"])
  })

  it("AuditEvent becomes an access, in R4 and R5", async () => {
    const r5 = { ...audit, id: "audit-2", outcome: { code: { code: "success" } }, agent: [{ who: { reference: "Device/1" }, requestor: true, networkString: "2001:db8::1" }], code: { coding: [{ code: "search" }] } }
    const result = await madeOfText(fhir, `${JSON.stringify(audit)}\n${JSON.stringify(r5)}\n${JSON.stringify({ ...audit, entity: [] })}\n${JSON.stringify({ ...audit, agent: [] })}`)
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "access")).toMatchObject([
      { id: "audit-1", actor: { id: "Practitioner/1", type: "user" }, action: "view", uri: "Media/1", outcome: "success", purpose: "treatment", ip: "203.0.113.4" },
      { id: "audit-2", actor: { id: "Device/1", type: "service" }, action: "list", outcome: "success", ip: "2001:db8::1" }
    ])
    expect([result.ignored, result.rejected.length]).toEqual([["no-object"], 1])
  })
})

describe("OCSF", () => {
  const event = { class_uid: 6006, activity_id: 2, time: 1772359200000, status_id: 1, metadata: { uid: "o1", version: "1.4.0", product: {} }, actor: { user: { uid: "agent-1" } }, file: { path: "s3://rec/1.wav" }, src_endpoint: { ip: "203.0.113.4", location: { country: "US" } } }
  it("events become accesses", async () => {
    const result = await madeOfText(ocsf, [event, { ...event, class_uid: 6003, activity_id: 2, api: { operation: "GetObject" }, resources: [{ uid: "arn:aws:s3:::rec/2.wav" }], file: undefined, status_id: 2, status_code: "AccessDenied", metadata: { uid: "o2", sequence: 7 } }, { ...event, class_uid: 3002 }, { ...event, actor: {} }].map((each) => JSON.stringify(each)).join("\n"))
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "access")).toMatchObject([
      { id: "o1", at: "2026-03-01T10:00:00.000Z", actor: { id: "agent-1", type: "user" }, action: "download", uri: "s3://rec/1.wav", outcome: "success", ip: "203.0.113.4", country: "US" },
      { id: "o2", action: "download", uri: "s3://rec/2.wav", outcome: "denied", sequence: 7 }
    ])
    expect([result.ignored, result.rejected.length]).toEqual([["other-class"], 1])
    expect((await madeOfText(ocsf, JSON.stringify(event), { recordings: ["s3://other/*"] })).ignored).toEqual(["other-bucket"])
  })
})

const owner = "0".repeat(64)
const line = (operation: string, key: string, requester: string, status = "200 -", uri = "GET /x HTTP/1.1"): string => `${owner} rec [06/Feb/2026:00:00:38 +0000] 203.0.113.4 ${requester} REQ1 ${operation} ${key} "${uri}" ${status} 113 2662 70 10 "-" "agent "quoted" 1.0" - HOST= SigV4 ECDHE AuthHeader rec.s3.amazonaws.com TLSv1.2 - -`

describe("S3 server access logs", () => {
  it.each([
    [line("REST.GET.OBJECT", "2026/call%2B1.wav", "arn:aws:iam::111122223333:user/agent-1", "206 -"), { action: "download", uri: "s3://rec/2026/call+1.wav", outcome: "success", actor: { id: "arn:aws:iam::111122223333:user/agent-1", type: "user" }, at: "2026-02-06T00:00:38+00:00", bytes: 113 }],
    [line("REST.HEAD.OBJECT", "a", "-", "403 AccessDenied"), { action: "view", outcome: "denied", actor: { id: "anonymous", type: "anonymous" } }],
    [line("REST.GET.BUCKET", "-", "x", "200 -", "GET /?prefix=2026%2F HTTP/1.1"), { action: "list", uri: "s3://rec/2026/" }],
    [line("S3.EXPIRE.OBJECT", "a", "AmazonS3", "- -"), { action: "delete", actor: { id: "AmazonS3", type: "service" }, outcome: "success" }],
    [line("REST.GET.OBJECT", "a", "x", "404 NoSuchKey"), { outcome: "error" }],
    [line("REST.GET.OBJECT", "a", "x", "200 -", "GET /a?response-content-disposition=inline HTTP/1.1"), { action: "view" }]
  ])("%s", async (text, access) => {
    const result = await madeOfText(s3AccessLog, text, { recordings: ["arn:aws:s3:::rec/*"] })
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "access")).toMatchObject([access])
  })

  it("report other buckets, other operations and what is no log line", async () => {
    const result = await madeOfText(s3AccessLog, [line("REST.GET.OBJECT", "a", "x"), line("REST.GET.LIFECYCLE", "-", "x"), "no log line", line("REST.GET.OBJECT", "a", "x").replace("06/Feb/2026", "06/Xyz/2026")].join("\n"), { recordings: ["other"] })
    expect([result.ignored, result.rejected.length, result.all.map((each) => each.line)]).toEqual([["other-bucket", "other-operation"], 2, [1, 2, 3, 4]])
  })
})

describe("S3 inventories and listings", () => {
  const uri = "s3://inventory/rec/2026-06-30T01-00Z/data.csv"
  const columns = { Bucket: "1", Key: "2", VersionId: "3", IsDeleteMarker: "4", Size: "5", EncryptionStatus: "6", ObjectLockRetainUntilDate: "7", ObjectLockLegalHoldStatus: "8" }
  it("without a header are read by position", async () => {
    const result = await madeOfText(s3Inventory, `"rec","2026/a%20b.wav","v1","false","10","SSE-KMS","2027-01-01T00:00:00.000Z","On"\n"rec","gone","v2","true","","","",""\n"rec","open","","false","5","NOT-SSE","",""\n`, { columns }, uri)
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "storedObject")).toEqual([
      { kind: "storedObject", uri: "s3://rec/2026/a b.wav", versionId: "v1", seenAt: "2026-06-30T01:00:00Z", bytes: 10, encrypted: true, lockUntil: "2027-01-01T00:00:00.000Z", legalHold: true },
      { kind: "storedObject", uri: "s3://rec/open", seenAt: "2026-06-30T01:00:00Z", bytes: 5, encrypted: false }
    ])
    expect(result.ignored).toEqual(["delete-marker"])
  })

  it("with a header by name, listings by field, and neither without a time or columns", async () => {
    expect(ofKind(await madeOfText(s3Inventory, "Bucket,Key,Size\nrec,a,3\n", {}, uri), "storedObject")).toMatchObject([{ uri: "s3://rec/a", bytes: 3 }])
    expect(ofKind(await madeOfText(s3Inventory, "Bucket,Key\nrec,a\n", {}, "s3://kept-since-2024-01-01/2026-06-30T01-00Z/9999-99-99.csv"), "storedObject")).toMatchObject([{ seenAt: "2026-06-30T01:00:00Z" }])
    const listing = await madeOfText(s3Inventory, JSON.stringify({ Name: "rec", Contents: [{ Key: "a+b", Size: 3, ETag: "x", ChecksumSHA256: Buffer.alloc(32).toString("base64") }] }), {}, uri)
    expect(ofKind(listing, "storedObject")).toMatchObject([{ uri: "s3://rec/a+b", sha256: "0".repeat(64) }])
    const odd = await madeOfText(s3Inventory, JSON.stringify({ Name: "rec", Contents: [{ Key: "\ud800%", ETag: "x", ChecksumSHA256: `${Buffer.alloc(32).toString("base64")}-3` }] }), {}, uri)
    expect(ofKind(odd, "storedObject")).toEqual([{ kind: "storedObject", uri: "s3://rec/\ud800%", seenAt: "2026-06-30T01:00:00Z" }])
    await expect(madeOfText(s3Inventory, "rec,a,3\n", {}, uri)).rejects.toThrow("fileSchema")
    await expect(madeOfText(s3Inventory, "Bucket,Key\nrec,a\n", {}, "file:///data.csv")).rejects.toThrow("when storage was asked")
  })
})

describe("csv", () => {
  const columns = { id: "Event ID", at: "Event DateTime", "actor.id": "=anonymous", "actor.type": "=anonymous", action: "=list", uri: "Request Parameters", outcome: "=success", ip: "Source IP" }
  it("rows become records by the pipeline's columns", async () => {
    const result = await madeOf(csv, "csv/bucket-probes.csv", { kind: "access", columns })
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "access")).toHaveLength(5)
    expect(result.all[0]).toMatchObject({ line: 2, records: [{ id: "283770f5-968d-448d-9328-0b010f4d3696", actor: { id: "anonymous", type: "anonymous" }, ip: "203.0.113.145" }] })
  })

  it("cells become numbers, truths, lists and nested fields as the kind has them", async () => {
    const result = await madeOfText(csv, "call;began;phone;minor;tags\nc1;2026-03-01 10:00:00Z;tel:+14155550100;yes;a|b\n", { kind: "contact", delimiter: ";", columns: { id: "call", startedAt: "began", channel: "=voice", "parties.0.id": "phone", "parties.0.role": "=customer", "parties.0.minor": "minor" } })
    expect(result.unfit).toEqual([])
    expect(result.records).toEqual([{ kind: "contact", id: "c1", startedAt: "2026-03-01T10:00:00Z", channel: "voice", parties: [{ id: "tel:+14155550100", role: "customer", minor: true }] }])
    const recording = await madeOfText(csv, "id,purposes,bytes,other\nr1,training|quality-assurance,12,x\n", { kind: "recording", columns: { id: "id", purposes: "purposes", bytes: "bytes", __proto__: "other" } })
    expect(recording.records).toEqual([{ kind: "recording", id: "r1", purposes: ["training", "quality-assurance"], bytes: 12 }])
  })

  it("columns that bear a field's own name fill it, unless the pipeline says otherwise", async () => {
    const text = "id,contactId,medium,begun,purposes,constructor,pauses,versionId,sha256\nx,c1,audio,2026-03-01T10:00:00Z,training,y,z,v,w\n"
    const made = await madeOfText(csv, text, { provides: ["recording"], columns: { id: "versionId", startedAt: "begun", sha256: "=00" } })
    expect(made.records).toEqual([{ kind: "recording", id: "v", startedAt: "2026-03-01T10:00:00Z", sha256: "00", contactId: "c1", medium: "audio", purposes: ["training"] }])
    const access = await madeOfText(csv, "id,actor.id,actor\na1,u1,u2\n", { kind: "access", columns: { "actor.type": "=user" } })
    expect(access.records).toEqual([{ kind: "access", id: "a1", actor: { type: "user", id: "u1" } }])
    await expect(madeOfText(csv, text, { provides: ["recording", "contact"] })).rejects.toThrow("kind")
  })

  it("rows that are not UTF-8 are rejected, for two different names may look the same then; the rest is read", async () => {
    const options = { kind: "hold", columns: { id: "id", subjects: "who", from: "=2026-01-01T00:00:00Z", createdAt: "=2026-01-01T00:00:00Z" } }
    const bytes = Buffer.concat([Buffer.from("\ufeffid,who\r\nh1,caf"), Buffer.from([0xe9]), Buffer.from("\r\nh2,\"caf\n"), Buffer.from([0xe8]), Buffer.from("\"\r\nh3,café ; \ufffd\r\nh4,b")])
    const whole = await made(csv, inputOf(bytes, "file:///holds.csv", options))
    expect(whole.rejected).toEqual([expect.stringContaining("not UTF-8"), expect.stringContaining("not UTF-8")])
    expect(whole.records.map((record) => [record["id"], record["subjects"]])).toEqual([["h3", ["café", "\ufffd"]], ["h4", ["b"]]])
    const bytewise = await made(csv, { ...inputOf(bytes, "file:///holds.csv", options), async *bytes() { for (const byte of bytes) yield Buffer.from([byte]) } })
    expect(bytewise.all).toEqual(whole.all)
    const wide = await made(csv, inputOf(Buffer.from("\ufeffid,who\nh1,caf\u00e9\n", "utf16le"), "file:///holds.csv", options))
    expect(wide.records.map((record) => [record["id"], record["subjects"]])).toEqual([["h1", ["café"]]])
  })

  it("bytes that break off make the object unreadable, and nothing else fails with them", async () => {
    const broken = { ...inputOf(Buffer.alloc(0), "file:///holds.csv", { kind: "hold", columns: { id: "id" } }), async *bytes() { yield Buffer.from("id\nh1\n"); throw new ObjectUnreadable("The bytes break off.") } }
    await expect(made(csv, broken)).rejects.toThrow("The bytes break off.")
  })

  it("missing columns, short rows, open quotes and a missing mapping are said", async () => {
    await expect(madeOfText(csv, "a,b\n1,2\n", { kind: "hold", columns: { id: "c" } })).rejects.toThrow(`no column "c"`)
    await expect(madeOfText(csv, "a\n", { columns: { id: "a" } })).rejects.toThrow("kind")
    await expect(madeOfText(csv, `a,b\n"1,2\n`, { kind: "hold", columns: { id: "a" } })).rejects.toThrow("quotes")
    expect((await madeOfText(csv, "a,b\n1\n", { kind: "hold", columns: { id: "a" } })).rejected[0]).toContain("1 cell and")
  })
})

describe("consent platform exports", () => {
  it("of preferences become consents, of requests requests", async () => {
    const history = await madeOf(consentPreferences, "consent-preferences/history.json")
    expect(history.unfit).toEqual([])
    expect(ofKind(history, "consent")).toContainEqual(expect.objectContaining({ subject: "mailto:person1@example.com", status: "given", form: "electronic" }))
    expect(ofKind(history, "consent").map((consent) => consent["id"])).toContain("pri_464f8970-68a7-4906-acb5-773334b7fd6c/tcf/1")
    const requests = await madeOf(consentPreferences, "consent-preferences/requests.json")
    expect(requests.unfit).toEqual([])
    expect(ofKind(requests, "request")).toHaveLength(4)
    expect((await madeOfText(consentPreferences, JSON.stringify({ preferences: [] }))).rejected[0]).toContain("preference history")
  })
})

describe("patterns of recordings", () => {
  it("name buckets, folders and keys", () => {
    const patterns = recordingPatterns({ recordings: ["arn:aws:s3:::rec/2026/*.wav", "s3://other/"] })
    expect([["rec", "2026/a.wav"], ["rec", "2026/a.txt"], ["rec", "2025/a.wav"], ["other", "x"], ["else", "x"]].map(([bucket = "", key = ""]) => isRecordingObject(patterns, bucket, key))).toEqual([true, false, false, true, false])
    expect([["rec", ""], ["rec", "2026/0"], ["rec", "2025/"]].map(([bucket = "", prefix = ""]) => listsRecordings(patterns, bucket, prefix))).toEqual([true, true, false])
    expect(isRecordingObject([], "any", "thing")).toBe(true)
  })
})

describe("the list of formats", () => {
  it("has every format of the contract once", () => {
    expect(formatNames()).toEqual(["amazon-connect-contact", "amazon-connect-lens", "auto", "canonical", "cloudtrail", "consent-preferences", "csv", "fhir", "ocsf", "s3-access-log", "s3-inventory", "siprec", "vcon"])
    expect(formats.every((format) => Number.isInteger(format.version))).toBe(true)
  })

  it("leaves canonical records alone", () => {
    const head = (text: string) => ({ uri: "file:///a.ndjson", text, complete: true })
    for (const kind of ["contact", "access", "consent", "recording"]) expect(detectFormat(head(`{"kind":"${kind}","id":"a","parties":[],"attributes":{"eventName":"x"}}\n`))).toBeUndefined()
    expect(detectFormat(head(""))).toBeUndefined()
  })
})
