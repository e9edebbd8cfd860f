/** Panther's labelled detections that fall within the access controls; fixtures/README.md lists the others and why they do not. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { auditLogs } from "./logs.ts"
import { ndjson } from "./records.ts"

type PantherLog = Readonly<Record<string, unknown>> & { readonly eventID?: string; readonly requester?: string; readonly userIdentity?: { readonly arn?: string } }
type Labelled = { readonly rule: string; readonly test: string; readonly expected: boolean; readonly logType: string; readonly log: PantherLog }

/** The control that asks what the rule asks. */
const controls: Readonly<Record<string, string>> = {
  "AWS.S3.CopyObjectToExternalAccountBucket": "access/action-not-permitted",
  "AWS.S3.DeleteObject": "access/action-not-permitted",
  "AWS.S3.ServerAccess.IPWhitelist": "access/outside-network",
  "AWS.S3.ServerAccess.Unauthenticated": "access/anonymous",
  "AWS.S3.ServerAccess.Error": "access/repeated-denials",
  "AWS.CloudTrail.VPCE.S3ExternalIP": "access/outside-network"
}

const labelled = ndjson(readFileSync(join(import.meta.dirname, "fixtures/panther/labelled.ndjson"), "utf8")) as unknown as ReadonlyArray<Labelled>
// The rule speaks of requests without a requester; of the set's two examples only the one that has one is labelled.
const anonymous: Labelled = { rule: "AWS.S3.ServerAccess.Unauthenticated", test: "the same without a requester", expected: true, logType: "AWS.S3ServerAccess", log: { bucket: "example-bucket" } }
const cases = [...labelled, anonymous]

/** A server access log line; what the set leaves out is filled in with an ordinary read by somebody on the roster. */
const lineOf = (log: PantherLog, index: number, requester: string): string => {
  const text = (name: string, otherwise: string): string => String((log[name] as string | number | undefined) ?? otherwise)
  const status = text("httpstatus", "200")
  return [
    "f".repeat(64), text("bucket", "-"), "[15/Jan/2024:12:00:00 +0000]", text("remoteip", "10.0.0.1"), requester, `REQUEST${index}`, text("operation", "REST.GET.OBJECT"), `case-${index}`,
    `"GET /case-${index} HTTP/1.1"`, status, text("errorcode", "-"), "10", "10", "9", "8", `"-"`, `"agent"`, "-"
  ].join(" ")
}

/** Whom a case names: the requester that it states; nobody where the rule is about that. */
const requesterOf = ({ rule, log }: Labelled): string => log.requester ?? (rule === "AWS.S3.ServerAccess.Unauthenticated" ? "-" : "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be")

const isServerLog = ({ logType }: Labelled): boolean => logType === "AWS.S3ServerAccess"
const arns = labelled.flatMap(({ log }) => log.userIdentity?.arn ?? [])

describe("Panther's labelled accesses to S3", () => {
  let findings: ReadonlyArray<Finding>
  beforeAll(async () => {
    ({ findings } = await auditLogs({
      logs: [
        { id: "trail", settings: "format: cloudtrail", text: cases.filter((one) => !isServerLog(one)).map(({ log }) => `${JSON.stringify(log)}\n`).join("") },
        { id: "server", settings: "format: s3-access-log", text: cases.map((one, index) => (isServerLog(one) ? `${lineOf(one.log, index, requesterOf(one))}\n` : "")).join("") }
      ],
      records: [{ kind: "staff", id: "agent-1", aliases: [...new Set([...arns, "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"])], employedFrom: "2015-01-01T00:00:00Z", roles: [{ role: "agent", from: "2015-01-01T00:00:00Z" }] }],
      access: "{roles: {agent: {actions: [list, view, play, download]}}, networks: [10.0.0.0/8, 192.0.2.0/24], denials: {within: PT1H, max: 5}}",
      only: [...new Set(Object.values(controls))].join(","), asOf: "2026-06-30T00:00:00Z"
    }))
  })

  it.each(cases.map((one, index) => [one.rule, one.test, one.expected, index] as const))("%s: %s comes out as labelled (%s)", (rule, _test, expected, index) => {
    const eventID = cases[index]?.log.eventID
    const own = (id: string): boolean => id === eventID || id.startsWith(`${eventID}/`) || id.startsWith(`REQUEST${index}/`)
    const fired = findings.filter(({ control, evidence }) => control === controls[rule] && evidence.some(({ id }) => own(id)))
    expect(fired.length > 0).toBe(expected)
  })

  it("count once each, and each rule of the set that falls within the controls is here", () => {
    expect(labelled).toHaveLength(7)
    expect(Object.keys(controls).filter((rule) => !labelled.some((one) => one.rule === rule))).toEqual([])
  })
})
