import { describe, expect, it } from "vitest"
import { amazonConnectContact, amazonConnectLens } from "../../src/formats/connect/connect.ts"
import { siprec } from "../../src/formats/siprec/siprec.ts"
import { made, inputOf, madeOf, madeOfText, ofKind } from "./reading.ts"

const record = {
  AWSContactTraceRecordFormatVersion: "2017-03-10", ContactId: "contact-2", InitialContactId: "contact-1", PreviousContactId: "contact-1", Channel: "VOICE", InitiationMethod: "TRANSFER",
  InitiationTimestamp: "2026-03-01T10:00:00Z", ConnectedToSystemTimestamp: "2026-03-01T10:00:01Z", DisconnectTimestamp: "2026-03-01T10:09:00Z", LastUpdateTimestamp: "2026-03-01T10:20:00Z",
  CustomerEndpoint: { Address: "+14155550100", Type: "TELEPHONE_NUMBER" }, Attributes: { language: "en" },
  Agent: { ARN: "arn:aws:connect:agent/1", Username: "agent-1", ConnectedToAgentTimestamp: "2026-03-01T10:00:30Z", AfterContactWorkStartTimestamp: "2026-03-01T10:09:00Z", NumberOfHolds: 1 },
  Queue: { Name: "billing", EnqueueTimestamp: "2026-03-01T10:00:02Z" },
  Recordings: [{ Location: "acme/connect/1.wav", MediaStreamType: "AUDIO", StartTimestamp: "2026-03-01T10:00:30Z", StopTimestamp: "2026-03-01T10:09:00Z", Status: "AVAILABLE", StorageType: "S3" }]
}

describe("Amazon Connect contact records", () => {
  it("become a contact in its chain, with its recordings, as the version of their last update", async () => {
    const result = await madeOfText(amazonConnectContact, JSON.stringify(record))
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "contact")).toEqual([{
      kind: "contact", id: "contact-2", recordedAt: "2026-03-01T10:20:00Z", channel: "voice", startedAt: "2026-03-01T10:00:00Z", queuedAt: "2026-03-01T10:00:02Z", answeredAt: "2026-03-01T10:00:30Z", endedAt: "2026-03-01T10:09:00Z",
      previousContactId: "contact-1", queue: "billing", attributes: { language: "en" },
      parties: [{ id: "tel:+14155550100", role: "customer", joinedAt: "2026-03-01T10:00:01Z" }, { id: "agent-1", role: "agent", joinedAt: "2026-03-01T10:00:30Z", leftAt: "2026-03-01T10:09:00Z" }]
    }])
    expect(ofKind(result, "recording")).toMatchObject([{ uri: "s3://acme/connect/1.wav", medium: "audio", startedAt: "2026-03-01T10:00:30Z" }])
    expect(result.notes.join()).toContain("Holds were not carried over")
  })

  it("of a deleted recording, a transfer out, a monitoring supervisor and a chat are told apart", async () => {
    const others = [
      { ...record, ContactId: "contact-3", Recordings: [{ ...record.Recordings[0], Status: "DELETED" }], TransferredToEndpoint: { Address: "+14155550199", Type: "TELEPHONE_NUMBER" }, TransferCompletedTimestamp: "2026-03-01T10:05:00Z" },
      { ...record, ContactId: "contact-4", InitiationMethod: "MONITOR", Channel: "VOICE", Recordings: [] },
      { ...record, ContactId: "contact-5", Channel: "CHAT", CustomerEndpoint: undefined, Recordings: [] },
      { ...record, ContactId: "contact-6", Channel: "TASK" }
    ]
    const result = await madeOfText(amazonConnectContact, others.map((each) => JSON.stringify(each)).join(""))
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "recording")).toMatchObject([{ deletedAt: "2026-03-01T10:20:00Z" }])
    expect(ofKind(result, "event")).toMatchObject([{ type: "transferred", partyId: "tel:+14155550199" }])
    expect(ofKind(result, "contact").map((contact) => [contact["channel"], (contact["parties"] as ReadonlyArray<{ role: string }>).map((party) => party.role).join()])).toEqual([["voice", "customer,agent,thirdParty"], ["voice", "customer,supervisor"], ["chat", "customer,agent"]])
    expect(result.ignored).toEqual(["task"])
  })

  it("are not contact events, and say so", async () => {
    expect((await madeOfText(amazonConnectContact, JSON.stringify({ contactId: "contact-1", eventType: "INITIATED" }))).rejected[0]).toContain("deliver the contact records")
    expect((await madeOfText(amazonConnectContact, JSON.stringify({ Version: "2012-10-17" }))).rejected[0]).toContain("no ContactId")
  })
})

describe("Contact Lens output", () => {
  it("of a chat becomes a transcript and its messages", async () => {
    const result = await madeOf(amazonConnectLens, "amazon-connect-lens/chat.json")
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "transcript")).toMatchObject([{ contactId: "b49644f6-672f-445c-b209-f76b36482830", language: "en-US" }])
    expect(new Set(ofKind(result, "event").map((event) => event["type"]))).toEqual(new Set(["agent-message", "customer-message"]))
    expect(result.notes.join()).toContain("role only")
  })

  it("of a call needs its contact's id and its recording's time", async () => {
    expect((await madeOf(amazonConnectLens, "amazon-connect-lens/voice.json")).rejected[0]).toContain("does not name its contact")
    const contactId = "b49644f6-672f-445c-b209-f76b36482830"
    const call = { Version: "1", Channel: "VOICE", Participants: [{ ParticipantId: "CUSTOMER", ParticipantRole: "CUSTOMER" }], Transcript: [{ BeginOffsetMillis: 1500, EndOffsetMillis: 2500, Content: "hello", ParticipantId: "CUSTOMER" }] }
    const bytes = new TextEncoder().encode(JSON.stringify(call))
    expect((await made(amazonConnectLens, inputOf(bytes, `s3://acme/Analysis/Voice/${contactId}_analysis_2026-03-01T10:30:00Z.json`))).rejected[0]).toContain("offsets only")
    const named = await madeOfText(amazonConnectLens, JSON.stringify({ ...call, CustomerMetadata: { ContactId: contactId, InputS3Uri: `s3://acme/${contactId}_20260301T10:00_UTC.wav` } }))
    expect(ofKind(named, "transcript")).toMatchObject([{ contactId, turns: [{ at: "2026-03-01T10:00:01.500Z", until: "2026-03-01T10:00:02.500Z", partyId: `connect:${contactId}/customer` }] }])
  })
})

describe("SIPREC metadata", () => {
  it("of an attended transfer gives three contacts, the last one continuing the first with a new party", async () => {
    const results = await Promise.all(["1-initial", "2-consultation", "3-post-transfer"].map((name) => madeOf(siprec, `siprec/${name}.xml`)))
    expect(results.flatMap((result) => result.unfit)).toEqual([])
    const contacts = results.flatMap((result) => ofKind(result, "contact"))
    expect(contacts.map((contact) => (contact["parties"] as ReadonlyArray<{ id: string }>).map((party) => party.id))).toEqual([
      ["sip:1001@example.com", "sip:1002@example.com"], ["sip:1002@example.com", "sip:1006@example.com"], ["sip:1001@example.com", "sip:1006@example.com"]
    ])
    expect(contacts[2]?.["previousContactId"]).toBe(contacts[0]?.["id"])
    expect(results.map((result) => ofKind(result, "recording").length)).toEqual([1, 1, 1])
    expect(ofKind(results[2] ?? { all: [], records: [], notes: [], ignored: [], rejected: [], unfit: [] }, "event")).toMatchObject([{ type: "transferred", at: "2026-07-29T20:17:48Z" }])
  })

  it("with times of parties and sessions carries them over, and without any is rejected", async () => {
    const document = (inside: string): string => `<?xml version="1.0"?><rec:recording xmlns:rec="urn:ietf:params:xml:ns:recording:1"><rec:session session_id="s1">${inside}</rec:session><rec:participant participant_id="p1"><rec:nameID aor="tel:+14155550100"/></rec:participant><rec:participantsessionassoc participant_id="p1" session_id="s1"><rec:associate-time>2026-03-01T10:00:05Z</rec:associate-time><rec:disassociate-time>2026-03-01T10:01:00Z</rec:disassociate-time></rec:participantsessionassoc></rec:recording>`
    const result = await madeOfText(siprec, document("<rec:start-time>2026-03-01T10:00:00Z</rec:start-time><rec:stop-time>2026-03-01T10:02:00Z</rec:stop-time>"))
    expect(ofKind(result, "contact")).toMatchObject([{ id: "s1", endedAt: "2026-03-01T10:02:00Z", parties: [{ id: "tel:+14155550100", joinedAt: "2026-03-01T10:00:05Z", leftAt: "2026-03-01T10:01:00Z" }] }])
    expect((await madeOfText(siprec, document("").replaceAll(/<rec:(dis)?associate-time>[^<]*<\/rec:(dis)?associate-time>/g, ""))).rejected[0]).toContain("when the session began")
  })

  it("that is broken, another document, or defines entities is unreadable", async () => {
    for (const text of ["<recording>", "<other/>", `<!DOCTYPE a [<!ENTITY b "c">]><recording/>`]) await expect(madeOfText(siprec, text)).rejects.toThrow("SIPREC metadata")
  })
})
