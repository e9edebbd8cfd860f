/** The shares of the report: what is explained, unexplained and undecided adds up, by team and by action too. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { audit } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-shares-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const policy = `policy: shares
version: "1"
from: 2020-01-01T00:00:00Z
access:
  explanations: [supervises-handler]
  session: PT30M
  neverMonitor: {queues: [hr]}
`
const employedFrom = "2020-01-01T00:00:00Z"
const call = (id: string, queue: string) => ({ kind: "contact", id, channel: "voice", queue, startedAt: "2026-06-28T10:00:00Z", endedAt: "2026-06-28T10:30:00Z", parties: [{ id: "c1", role: "customer" }, { id: "agent-1", role: "agent" }] })
const monitored = (id: string, by: string, contactId: string) => ({ kind: "access", id, at: "2026-06-28T10:05:00Z", actor: { id: by, type: "user" }, action: "monitor", contactId, outcome: "success" })

it("counts no session twice, as explained and as reported", async () => {
  for (const name of ["keys", "records"]) mkdirSync(join(folder, name))
  writeFileSync(join(folder, "pipeline.yaml"), `pipeline: shares
policy: policy.yaml
sources: [{id: all, uri: records/, provides: [contact, recording, staff, assignment, grant, access]}]
report: {out: reports, failOn: never, identities: clear}
`)
  writeFileSync(join(folder, "policy.yaml"), policy)
  const records = [
    { kind: "staff", id: "agent-1", employedFrom, roles: [{ role: "agent", from: employedFrom, team: "red", supervisor: "lead-1" }] },
    { kind: "staff", id: "lead-1", employedFrom, roles: [{ role: "supervisor", from: employedFrom, team: "red" }] },
    { kind: "staff", id: "desk-1", employedFrom, aliases: ["desk"], roles: [{ role: "agent", from: employedFrom, team: "blue" }] },
    { kind: "staff", id: "desk-2", employedFrom, aliases: ["desk"], roles: [{ role: "agent", from: employedFrom, team: "blue" }] },
    call("k1", "sales"), call("k2", "hr"), monitored("allowed", "lead-1", "k1"), monitored("forbidden", "lead-1", "k2"), monitored("of-two", "desk", "k1")
  ]
  writeFileSync(join(folder, "records/all.ndjson"), records.map((record) => `${JSON.stringify(record)}\n`).join(""))
  const { summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-06-29T02:00:00Z", only: "access/un*" }, env: { EARSHOT_FORMATS: "csv" } })
  const whole = { sessions: 3, byTemplate: { "supervises-handler": 1, undecided: 1 }, unexplained: 1 }
  expect(summary.explanations).toMatchObject({
    ...whole, byAction: [{ action: "monitor", ...whole }],
    byTeam: [{ team: "red", sessions: 2, byTemplate: { "supervises-handler": 1 }, unexplained: 1 }, { sessions: 1, byTemplate: { undecided: 1 }, unexplained: 0 }]
  })
}, 60_000)
