/** Amazon Connect's speech analysis names speakers by role only: an agent's words are no customer's objection, and a customer's are known for theirs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { audit } from "../../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-lens-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const contact = (number: number): string => `3f2504e0-4f89-41d3-9a0c-0305e82c330${number}`

const record = (id: string): object => ({
  AWSContactTraceRecordFormatVersion: "2017-03-10", ContactId: id, Channel: "VOICE", InitiationMethod: "INBOUND", InitiationTimestamp: "2026-06-01T10:00:00Z", ConnectedToSystemTimestamp: "2026-06-01T10:00:00Z", DisconnectTimestamp: "2026-06-01T10:10:00Z",
  CustomerEndpoint: { Address: "+14155550101", Type: "TELEPHONE_NUMBER" }, Agent: { Username: "agent-1", ConnectedToAgentTimestamp: "2026-06-01T10:01:00Z" },
  Recordings: [{ Status: "AVAILABLE", StartTimestamp: "2026-06-01T10:00:00Z", StopTimestamp: "2026-06-01T10:10:00Z", Location: `b/${id}.wav`, MediaStreamType: "AUDIO" }]
})

const analysis = (id: string, role: string): object => ({
  Channel: "VOICE", JobStatus: "COMPLETED", CustomerMetadata: { ContactId: id, InputS3Uri: `s3://b/${id}_20260601T10:00_UTC.wav` }, Participants: [{ ParticipantId: role, ParticipantRole: role }],
  Transcript: [{ Id: "1", ParticipantId: role, Content: "I do not want to be recorded.", BeginOffsetMillis: 120_000, EndOffsetMillis: 125_000 }]
})

it("tells an objection of the customer from words of the agent", async () => {
  for (const folder of ["contacts", "speech"]) mkdirSync(join(root, folder))
  const spoken = ["CUSTOMER", "AGENT", "SYSTEM", "CUSTOMER"]
  for (const [number, role] of spoken.entries()) {
    writeFileSync(join(root, "contacts", `${number}.json`), JSON.stringify(record(contact(number))))
    writeFileSync(join(root, "speech", `${number}.json`), JSON.stringify(analysis(contact(number), role)))
  }
  writeFileSync(join(root, "events.ndjson"), `${JSON.stringify({ kind: "event", id: "e1", contactId: contact(3), at: "2026-06-01T10:02:10Z", type: "objection", partyId: "tel:+14155550101" })}\n`)
  writeFileSync(join(root, "policy.yaml"), `policy: p\nversion: "1"\nfrom: 2026-01-01T00:00:00Z\nconsent: {law: recording-consent, unknownJurisdiction: all-party, stopWithin: PT30S}\n`)
  writeFileSync(join(root, "pipeline.yaml"), `pipeline: one\npolicy: policy.yaml\nsources:
  - {id: contacts, uri: contacts/, format: amazon-connect-contact}
  - {id: speech, uri: speech/, format: amazon-connect-lens}
  - {id: events, uri: events.ndjson, provides: [consent, objection]}
report: {formats: [], identities: clear}\nevidence: {store: ":memory:"}\n`)
  const { summary, folder } = await audit({ pipeline: join(root, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", only: "consent/objection-in-transcript" } })
  const found = readFileSync(join(folder, "findings.ndjson"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { readonly contactId: string; readonly party: string })
  expect(found.map(({ contactId, party }) => [contactId, party])).toEqual([[contact(0), "tel:+14155550101"]])
  expect(summary.controls[0]?.pass).toBe(3)
})
