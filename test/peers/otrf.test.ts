/** The recorded exfiltration of a bucket through a proxy's role (OTRF Security Datasets), judged as accesses to recordings. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { auditLogs } from "./logs.ts"
import type { CanonicalRecord } from "./records.ts"

const role = "arn:aws:sts::123456789123:assumed-role/MordorNginxStack-BankingWAFRole-9S3E0UAE1MM0/i-0317f6c6b66ae9c40"
const agent = (aliases: ReadonlyArray<string>): CanonicalRecord => ({ kind: "staff", id: "agent-1", ...(aliases.length === 0 ? {} : { aliases }), employedFrom: "2015-01-01T00:00:00Z", roles: [{ role: "agent", from: "2015-01-01T00:00:00Z" }] })

const judged = async (staff: CanonicalRecord): Promise<ReadonlyArray<readonly [string, string | undefined, string]>> => {
  const { findings } = await auditLogs({
    logs: [{ id: "trail", settings: `format: cloudtrail, layer: storage, recordings: ["arn:aws:s3:::mordors3stack-s3bucket-llp2yingx64a/*"]`, text: readFileSync(join(import.meta.dirname, "../formats/fixtures/cloudtrail/s3-exfiltration.ndjson"), "utf8") }],
    records: [staff], access: "{explanations: [handled-contact, assignment, grant]}", only: "access/unknown-actor,access/unexplained,access/anonymous,access/grant-expired,access/explanation-backdated", asOf: "2026-06-30T00:00:00Z"
  })
  return findings.map(({ control, details, staff: who }) => [control, who, String(details?.["target"])] as const)
}

describe("the proxy's role", () => {
  const read = "s3://mordors3stack-s3bucket-llp2yingx64a/ring.txt"

  it("is an unknown actor in exactly its two reads of objects", async () => {
    const findings = await judged(agent([]))
    expect(findings).toHaveLength(2)
    expect(new Set(findings.map(([control]) => control))).toEqual(new Set(["access/unknown-actor"]))
    expect(findings.map(([, , target]) => target)).toContain(read)
  })

  it("is a person without a reason once a staff row has it as an alias", async () => {
    const findings = await judged(agent([role]))
    expect(findings.map(([control, staff]) => [control, staff])).toEqual([["access/unexplained", "agent-1"], ["access/unexplained", "agent-1"]])
  })
})
