import { createHash, generateKeyPairSync, sign } from "node:crypto"
import { describe, expect, it } from "vitest"
import { cloudtrail } from "../../src/formats/cloudtrail/cloudtrail.ts"
import { type Digest, digestKeys, stringToSign, verifyDigestChain } from "../../src/formats/cloudtrail/digest.ts"
import { madeOf, madeOfText, ofKind } from "./reading.ts"

const bucket = "mordors3stack-s3bucket-llp2yingx64a"
const role = "arn:aws:sts::123456789123:assumed-role/MordorNginxStack-BankingWAFRole-9S3E0UAE1MM0/i-0317f6c6b66ae9c40"
const event = (changes: object = {}): object => ({
  eventVersion: "1.09", eventID: "e1", eventTime: "2026-03-01T10:00:00Z", eventSource: "s3.amazonaws.com", eventName: "GetObject", sourceIPAddress: "203.0.113.4", userAgent: "aws-cli",
  userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/agent-1" }, requestParameters: { bucketName: "rec", key: "2026/call 1.wav" }, additionalEventData: { bytesTransferredOut: 10 }, ...changes
})
const log = (...events: ReadonlyArray<object>): string => JSON.stringify({ Records: events })
const options = { recordings: ["arn:aws:s3:::rec/*"] }

describe("CloudTrail events", () => {
  it("of the exfiltration set give the proxy role's two reads and seven listings", async () => {
    const result = await madeOf(cloudtrail, "cloudtrail/s3-exfiltration.ndjson", { recordings: [`arn:aws:s3:::${bucket}/*`] })
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "access").filter((access) => access["action"] === "download")).toMatchObject([{ actor: { id: role, type: "user" }, uri: `s3://${bucket}/ring.txt`, outcome: "success" }, { actor: { id: role } }])
    expect(ofKind(result, "access").filter((access) => access["action"] === "list")).toHaveLength(7)
    expect([...result.ignored].sort()).toEqual(["other-operation", "other-operation", "other-service", "other-service", "other-service", "other-service"])
  })

  it("in a log file stand at their place, and those on other buckets are ignored with a reason", async () => {
    const result = await madeOfText(cloudtrail, log(event(), event({ eventID: "e2", requestParameters: { bucketName: "other", key: "a" } })), options)
    expect(result.all).toMatchObject([
      { type: "records", pointer: "/Records/0", records: [{ kind: "access", id: "e1", at: "2026-03-01T10:00:00Z", action: "download", uri: "s3://rec/2026/call 1.wav", bytes: 10, ip: "203.0.113.4" }] },
      { type: "ignored", reason: "other-bucket", pointer: "/Records/1" }
    ])
  })

  it.each([
    ["HeadObject", {}, "view"],
    ["PutObjectAcl", {}, "share"],
    ["DeleteObject", {}, "delete"],
    ["PutObject", {}, "edit"],
    ["ListObjects", { bucketName: "rec", prefix: "2026/" }, "list"],
    ["GetObject", { bucketName: "rec", key: "a", "response-content-disposition": "inline" }, "view"],
    ["CopyObject", { bucketName: "elsewhere", key: "a", "x-amz-copy-source": "rec/2026/call%201.wav" }, "export"]
  ])("%s %j is %s", async (eventName, requestParameters, action) => {
    const result = await madeOfText(cloudtrail, log(event({ eventName, ...(Object.keys(requestParameters).length > 0 ? { requestParameters } : {}) })), options)
    expect(ofKind(result, "access")).toMatchObject([{ action }])
    expect(result.unfit).toEqual([])
  })

  it.each([
    ["a person", { type: "IAMUser", arn: "arn:user" }, { id: "arn:user", type: "user" }],
    ["an assumed role without ARN", { type: "AssumedRole", principalId: "AROA:agent-1", sessionContext: { sessionIssuer: { arn: "arn:aws:iam::1:role/r" } } }, { id: "arn:aws:iam::1:role/r/agent-1", type: "user" }],
    ["nobody known", { type: "AWSAccount", principalId: "", accountId: "ANONYMOUS_PRINCIPAL" }, { id: "anonymous", type: "anonymous" }],
    ["an AWS service", { type: "AWSService", invokedBy: "transcribe.amazonaws.com" }, { id: "transcribe.amazonaws.com", type: "service" }],
    ["a service for a person", { type: "AssumedRole", arn: "arn:role", invokedBy: "athena.amazonaws.com" }, { id: "athena.amazonaws.com", type: "service", onBehalfOf: "arn:role" }]
  ])("name %s", async (_, userIdentity, actor) => {
    expect(ofKind(await madeOfText(cloudtrail, log(event({ userIdentity })), options), "access")[0]?.["actor"]).toEqual(actor)
  })

  it("tell denied from failed", async () => {
    const outcomes = ["AccessDenied", "NoSuchKey"].map((errorCode, index) => event({ errorCode, eventID: `e${index}` }))
    expect(ofKind(await madeOfText(cloudtrail, log(...outcomes), options), "access").map((access) => access["outcome"])).toEqual(["denied", "error"])
  })

  it("of Amazon Connect name the contact", async () => {
    const result = await madeOfText(cloudtrail, log(event({ eventSource: "connect.amazonaws.com", eventName: "MonitorContact", requestParameters: { contactId: "contact-1", allowedMonitorCapabilities: ["SILENT_MONITOR"] } })), options)
    expect(ofKind(result, "access")).toMatchObject([{ action: "monitor", contactId: "contact-1" }])
  })

  it("without time, id or anybody are rejected, and a file that is no JSON is unreadable", async () => {
    const result = await madeOfText(cloudtrail, log(event({ eventTime: "yesterday" }), event({ eventID: undefined }), event({ userIdentity: {} })), options)
    expect(result.rejected).toHaveLength(3)
    expect(result.rejected.join()).not.toContain("yesterday")
    await expect(madeOfText(cloudtrail, "Event Type,Event Name\nAwsApiCall,ListObjects", options)).rejects.toThrow("not JSON")
  })

  it("are found by what they hold", () => {
    const head = (text: string) => ({ uri: "file:///a.json", text, complete: true })
    expect(cloudtrail.detects?.(head(log(event())))).toBe(true)
    expect(cloudtrail.detects?.(head(log()))).toBe(true)
    expect(cloudtrail.detects?.(head(`{"kind":"access","id":"a"}`))).toBe(false)
  })
})

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })
const keys = digestKeys({ PublicKeyList: [{ Fingerprint: "f1", Value: pair.publicKey.export({ type: "pkcs1", format: "der" }).toString("base64"), ValidityStartTime: "2026-01-01T00:00:00Z", ValidityEndTime: "2027-01-01T00:00:00Z" }] })
const hex = (text: string): string => createHash("sha256").update(text).digest("hex")
const logText = log(event())

/** Three hours; the second had no events. */
const chain = (): { digests: Array<Digest>; signatures: Array<string> } => {
  const digests: Array<Digest> = []
  const signatures: Array<string> = []
  for (const hour of [1, 2, 3]) {
    const previous = digests.at(-1)
    const value = {
      awsAccountId: "111122223333", digestStartTime: `2026-03-01T0${hour}:00:00Z`, digestEndTime: `2026-03-01T0${hour + 1}:00:00Z`, digestS3Bucket: "trail", digestS3Object: `AWSLogs/d${hour}.json.gz`,
      digestPublicKeyFingerprint: "f1", digestSignatureAlgorithm: "SHA256withRSA", previousDigestS3Bucket: previous === undefined ? null : "trail", previousDigestS3Object: previous?.value["digestS3Object"] ?? null,
      previousDigestHashValue: previous?.sha256 ?? null, previousDigestHashAlgorithm: "SHA-256", previousDigestSignature: signatures.at(-1) ?? null,
      logFiles: hour === 2 ? [] : [{ s3Bucket: "trail", s3Object: `AWSLogs/l${hour}.json.gz`, hashValue: hex(logText), hashAlgorithm: "SHA-256" }]
    }
    const digest = { uri: `s3://copy/AWSLogs/d${hour}.json.gz`, sha256: hex(JSON.stringify(value)), value }
    signatures.push(sign("sha256", Buffer.from(stringToSign(digest)), pair.privateKey).toString("hex"))
    digests.push(digest)
  }
  const last = digests.at(-1)
  if (last !== undefined) digests[digests.length - 1] = { ...last, signature: signatures.at(-1) ?? "" }
  return { digests, signatures }
}
const logs = [1, 3].map((hour) => ({ uri: `s3://copy/AWSLogs/l${hour}.json.gz`, sha256: hex(logText) }))
const states = (result: ReturnType<typeof verifyDigestChain>): ReadonlyArray<string> => result.files.map((file) => `${file.uri.split("/").at(-1)} ${file.state}`)

describe("CloudTrail digest chains", () => {
  it("verify offline, also copied elsewhere, and vouch for hours without events", () => {
    const result = verifyDigestChain(chain().digests, logs, keys, "trail")
    expect(states(result)).toEqual(["d1.json.gz valid", "l1.json.gz valid", "d2.json.gz valid", "d3.json.gz valid", "l3.json.gz valid"])
    expect(result.gaps).toEqual([])
    expect(result.covered).toHaveLength(3)
  })

  it("find a changed log, a missing log and a changed digest", () => {
    const { digests } = chain()
    expect(states(verifyDigestChain(digests, [{ ...logs[0], uri: logs[0]?.uri ?? "", sha256: hex("other") }], keys, "trail"))).toEqual(["d1.json.gz valid", "l1.json.gz invalid", "d2.json.gz valid", "d3.json.gz valid", "l3.json.gz missing"])
    const changed = digests.map((digest, index) => (index === 1 ? { ...digest, sha256: hex("changed") } : digest))
    expect(states(verifyDigestChain(changed, logs, keys, "trail"))).toContain("d2.json.gz invalid")
  })

  it("find a digest from another place, a removed digest, and a newest one whose signature is not known", () => {
    const { digests } = chain()
    expect(states(verifyDigestChain(digests, logs, keys, "other"))[0]).toBe("d1.json.gz moved")
    expect(states(verifyDigestChain(digests.map((digest) => ({ ...digest, uri: `${digest.uri}.bak` })), logs, keys, "trail"))[0]).toBe("d1.json.gz.bak moved")
    const removed = verifyDigestChain(digests.filter((_, index) => index !== 1), logs, keys, "trail")
    expect(removed.gaps).toEqual([{ from: "2026-03-01T01:00:00Z", to: "2026-03-01T02:00:00Z", reason: "unsigned" }, { from: "2026-03-01T02:00:00Z", to: "2026-03-01T03:00:00Z", reason: "no-digest" }])
    expect(states(removed)[0]).toBe("d1.json.gz unsigned")
  })

  it("are read as coverage and as a statement", async () => {
    const value = chain().digests[1]?.value ?? {}
    const result = await madeOfText(cloudtrail, JSON.stringify(value), { digests: { bucket: "trail", publicKeys: "keys.json" } })
    expect(result.all).toMatchObject([{ type: "records", records: [{ kind: "coverage", source: "source-1", kinds: ["access"], from: "2026-03-01T02:00:00Z", to: "2026-03-01T03:00:00Z" }] }, { type: "statement", name: "cloudtrail-digest", value: { sha256: hex(JSON.stringify(value)) } }])
    expect(result.unfit).toEqual([])
    expect((await madeOfText(cloudtrail, logText, { digests: {} })).all.at(-1)).toMatchObject({ type: "statement", name: "cloudtrail-log", value: { sha256: hex(logText) } })
  })
})
