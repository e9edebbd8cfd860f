/** Over two nights: what the audit itself read is explained by its own earlier report, and by nothing less. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-own-reads-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pipeline = `pipeline: own-reads
policy: policy.yaml
sources:
  - {id: calls, uri: calls/, provides: [contact, recording, staff, assignment, grant]}
  - {id: log, uri: log/, provides: [access]}
report: {out: reports, failOn: never, identities: pseudonymous, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
signing: {keys: [keys/pipeline.pem], create: missing}
`
const policy = `policy: own-reads
version: "1"
from: 2020-01-01T00:00:00Z
access: {explanations: [handled-contact], auditPrincipals: ["svc:earshot"], clockTolerance: PT5M}
`
const write = (name: string, records: ReadonlyArray<object>): void => writeFileSync(join(folder, name), records.map((record) => `${JSON.stringify(record)}\n`).join(""))
const read = (id: string, at: string, uri: string) => ({ kind: "access", id, at, actor: { id: "svc:earshot", type: "service" }, action: "download", uri, outcome: "success" })
const night = async (asOf: string) => {
  const { folder: report, summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf, only: "access/unexplained" }, env: { EARSHOT_FORMATS: "csv" } })
  const findings = readFileSync(join(report, "findings.ndjson"), "utf8").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as Finding)
  return { report, explanations: summary.explanations, unexplained: findings.flatMap((finding) => finding.evidence.map(({ id }) => id)).sort() }
}

describe("the audit's own reads", () => {
  let first: string
  beforeAll(async () => {
    for (const name of ["keys", "calls", "log"]) mkdirSync(join(folder, name))
    writeFileSync(join(folder, "pipeline.yaml"), pipeline)
    writeFileSync(join(folder, "policy.yaml"), policy)
    // A name that holds a number is a pseudonym in the report.
    for (const name of ["calls/k1.ndjson", "calls/+14155550101.ndjson"]) write(name, [{ kind: "contact", id: name, channel: "voice", startedAt: "2026-06-28T10:00:00Z", endedAt: "2026-06-28T10:05:00Z", parties: [{ id: "c1", role: "customer" }, { id: "agent-1", role: "agent" }] }])
    first = (await night("2026-06-29T02:00:00Z")).report
    write("log/a.ndjson", [
      read("of-the-night", "2026-06-29T02:01:00Z", "calls/k1.ndjson"), read("under-a-pseudonym", "2026-06-29T02:01:00Z", "calls/+14155550101.ndjson"),
      read("before-any-audit", "2026-06-28T12:00:00Z", "calls/k1.ndjson"), read("of-another-object", "2026-06-29T02:01:00Z", "calls/k2.ndjson")
    ])
  })

  it("are explained as audit where the report of that night lists them", async () => {
    const { explanations, unexplained } = await night("2026-06-30T02:00:00Z")
    expect(unexplained).toEqual(["before-any-audit", "of-another-object"])
    expect(explanations).toMatchObject({ sessions: 4, byTemplate: { audit: 2 }, unexplained: 2, byAction: [{ action: "download", sessions: 4, byTemplate: { audit: 2 }, unexplained: 2 }], byTeam: [{ sessions: 4 }], matters: 2 })
    expect(explanations.toReview?.map(({ day, sessions, controls, targets }) => [day, sessions, controls, targets])).toEqual([["2026-06-28", 1, ["access/unexplained"], ["calls/k1.ndjson"]], ["2026-06-29", 1, ["access/unexplained"], ["calls/k2.ndjson"]]])
  })

  it("are explained by no report that was changed afterwards", async () => {
    rmSync(join(folder, "reports"), { recursive: true })
    rmSync(join(folder, ".earshot"), { recursive: true })
    rmSync(join(folder, "log/a.ndjson"))
    first = (await night("2026-06-29T02:00:00Z")).report
    write("log/a.ndjson", [read("of-the-night", "2026-06-29T02:01:00Z", "calls/k1.ndjson"), read("of-another-object", "2026-06-29T02:01:00Z", "calls/k2.ndjson")])
    const inputs = join(first, "inputs.ndjson")
    writeFileSync(inputs, readFileSync(inputs, "utf8").replace("calls/k1.ndjson", "calls/k2.ndjson"))
    expect((await night("2026-06-30T02:00:00Z")).unexplained).toEqual(["of-another-object", "of-the-night"])
  })
})
