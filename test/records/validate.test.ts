import { describe, expect, it } from "vitest"
import { editDistance, fits, needsRewriting, nearest, recordKinds, recordSchemas, storedForm, validateRecord } from "../../src/records/index.ts"
import type { CanonicalRecord } from "../../src/records/index.ts"

const at = "2026-01-31T09:30:00Z"
const contact = { kind: "contact", id: "c1", channel: "voice", startedAt: at, parties: [{ id: "p1", role: "customer" }] }
const samples: Readonly<Record<string, object>> = {
  contact,
  recording: { kind: "recording", id: "r1", contactId: "c1", medium: "audio", startedAt: at, pauses: [{ startedAt: at, endedAt: at }], purposes: [] },
  storedObject: { kind: "storedObject", uri: "s3://b/k", seenAt: at, bytes: 0, encrypted: true },
  transcript: { kind: "transcript", contactId: "c1", turns: [{ partyId: "p1", at, text: "" }] },
  consent: { kind: "consent", id: "k1", subject: "p1", status: "given", at, purposes: ["*"], form: "verbal", evidence: { offsetSeconds: 1.5 } },
  event: { kind: "event", id: "e1", contactId: "c1", at, type: "notice-played", attributes: { a: "x", b: 1, c: true } },
  access: { kind: "access", id: "a1", at, actor: { id: "agent-1", type: "user" }, action: "play", uri: "s3://b/k", outcome: "success" },
  grant: { kind: "grant", id: "g1", principal: "role:qa", actions: ["play"], from: at, createdAt: at },
  staff: { kind: "staff", id: "agent-1", employedFrom: at, roles: [{ role: "agent", from: at }], aliases: ["x", { alias: "y", from: at }] },
  assignment: { kind: "assignment", id: "s1", staff: "agent-1", reason: "legal", from: at, createdAt: at, subjects: ["p1"] },
  decision: { kind: "decision", id: "d1", contactId: "c1", at, staff: "agent-1", subject: "p1", policy: "refunds", outcome: "full", facts: { amount: 1, tier: "gold", known: false, none: null } },
  hold: { kind: "hold", id: "h1", from: at, createdAt: at },
  request: { kind: "request", id: "q1", subject: "p1", type: "erasure", receivedAt: at },
  identity: { kind: "identity", subject: "p1", aliases: [] },
  review: { kind: "review", id: "v1", finding: "f1", verdict: "justified", at, by: "agent-2" },
  coverage: { kind: "coverage", source: "s", kinds: ["contact"], from: at, to: at }
}

const rejectionOf = (value: unknown) => {
  const validated = validateRecord(value)
  return "rejection" in validated ? validated.rejection : undefined
}

describe("validation", () => {
  it.each(recordKinds)("takes a %s and asks for each of its required fields", (kind) => {
    const sample = samples[kind] as Record<string, unknown>
    expect(rejectionOf(sample)).toBeUndefined()
    expect(rejectionOf({ ...sample, recordedAt: at })).toBeUndefined()
    for (const field of recordSchemas[kind].required ?? []) {
      if (field === "kind") continue
      const without: Record<string, unknown> = { ...sample }
      delete without[field]
      expect(rejectionOf(without)?.sentence).toBe(`Field "${field}" is missing.`)
    }
  })

  it.each(recordKinds)("refuses a misspelt field of a %s and names the nearest", (kind) => {
    expect(rejectionOf({ ...samples[kind], recordedat: at })).toEqual({ pointer: "/recordedat", sentence: `Unknown field "recordedat"; did you mean "recordedAt"?`, nearest: "recordedAt" })
  })

  it.each([
    [{ channel: "voise" }, "/channel", `"channel" is not one of voice, video, chat, messaging, sms, email; the nearest is "voice".`, "voice"],
    [{ kind: "contacts" }, "/kind", /the nearest is "contact"/, "contact"],
    [{ startedAt: "2026-01-31T09:30:00" }, "/startedAt", /"startedAt" has no offset from UTC/, undefined],
    [{ startedAt: 1767225600 }, "/startedAt", `"startedAt" must be text.`, undefined],
    [{ parties: [] }, "/parties", /"parties" is an empty list/, undefined],
    [{ parties: [{ id: "", role: "agent" }] }, "/parties/0/id", /"id" is empty/, undefined],
    [{ parties: [{ id: "p", role: "agent", jurisdiction: "California" }] }, "/parties/0/jurisdiction", /ISO 3166/, undefined],
    [{ parties: [{ id: "p", role: "agent", presence: [{ until: at }] }] }, "/parties/0/presence/0", `Field "from" is missing.`, undefined],
    [{ attributes: { tier: ["gold"] } }, "/attributes/tier", /must be text or a number or true or false/, undefined],
    [{ id: 7 }, "/id", `"id" must be text.`, undefined],
    [{ startedAt: "x", channel: "y", id: "" }, "/id", /\(2 more problems\)$/, undefined]
  ])("says what is wrong with %j", (change, pointer, sentence, near) => {
    const rejection = rejectionOf({ ...contact, ...change })
    expect(rejection?.pointer).toBe(pointer)
    if (typeof sentence === "string") expect(rejection?.sentence).toBe(sentence)
    else expect(rejection?.sentence).toMatch(sentence)
    expect(rejection?.nearest).toBe(near)
  })

  it.each([
    [5, /this is a number/], [null, /this is null/], ["x", /this is a string/], [[contact], /this is a list/], [{}, /"kind" is missing/], [{ kind: 5 }, /"kind" is not one of/],
    [{ ...samples["access"], uri: undefined }, /At least one of recordingId, contactId, uri must be there/],
    [{ ...samples["assignment"], contactIds: ["c1"] }, /Exactly one of contactIds, recordingIds, subjects must be there/],
    [{ ...samples["identity"], aliases: [5] }, /"aliases" must hold texts or objects/],
    [{ ...samples["identity"], aliases: [{ alias: "x", frm: at }] }, /Unknown field "frm"; did you mean "from"\?/],
    [{ ...samples["identity"], aliases: [{ alias: "x", from: "2026" }] }, /"from" is not a time/],
    [{ ...samples["coverage"], kinds: ["contac"] }, /"kinds" is not one of contact, .*, reason-given; the nearest is "contact"/],
    [{ ...samples["hold"], contactIds: [] }, /"contactIds" is an empty list/],
    [{ ...samples["grant"], queues: [] }, /"queues" is an empty list/],
    [{ ...samples["decision"], facts: { nested: {} } }, /"nested" must be/],
    [{ ...samples["decision"], amount: 1e300 }, /"amount" is out of range/],
    [{ ...samples["storedObject"], bytes: -1 }, /"bytes" is out of range/],
    [{ ...samples["storedObject"], bytes: 1.5 }, /"bytes" must be a whole number/],
    [JSON.parse(`{"kind":"hold","id":"h","from":"${at}","createdAt":"${at}","__proto__":{"x":1}}`), /Unknown field "__proto__"/],
    [{ ...samples["event"], attributes: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`a${index}`, 1])) }, /more than 200 entries/]
  ])("refuses what is no record: %#", (value, sentence) => {
    expect(rejectionOf(value === undefined ? undefined : JSON.parse(JSON.stringify(value)) as unknown)?.sentence ?? "").toMatch(sentence)
  })

  it("tells only the first problem of a record with very many values", () => {
    const wide = { ...contact, ...Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1])) }
    expect(rejectionOf(wide)?.sentence).toBe(`Unknown field "k0"; did you mean "id"?`)
  })

  it("quotes no value and no name that may be personal", () => {
    const secret = "+1 415 555 0100"
    const wrongs = [
      { ...contact, channel: secret }, { ...contact, startedAt: secret }, { ...contact, kind: secret }, { ...contact, [secret]: 1 }, { ...contact, attributes: { [secret]: [] } },
      { ...contact, parties: [{ id: secret, role: secret, jurisdiction: secret }] }, { ...contact, parties: secret }, { ...samples["identity"], aliases: [{ alias: secret, from: secret }] }
    ]
    for (const wrong of wrongs) {
      expect(fits(wrong)).toBe(false)
      expect(JSON.stringify(rejectionOf(wrong))).not.toContain("415")
    }
  })
})

describe("the nearest known word", () => {
  it("counts edits, swaps and case", () => {
    expect([editDistance("kitten", "sitting"), editDistance("ab", "ba"), editDistance("Voice", "voice"), editDistance("", "abc")]).toEqual([3, 1, 0, 3])
    expect(nearest("startdAt", ["endedAt", "startedAt"])).toBe("startedAt")
    expect(nearest("x", [])).toBeUndefined()
  })
})

describe("the stored form", () => {
  it("drops free text, gives aliases one shape and times upper case", () => {
    const access = { ...samples["access"], reason: "a customer's own words", at: "2026-01-31t09:30:00z" } as unknown as CanonicalRecord
    expect(storedForm(access)).not.toHaveProperty("reason")
    expect(storedForm(access)["at"]).toBe("2026-01-31T09:30:00Z")
    expect(storedForm(samples["staff"] as CanonicalRecord)["aliases"]).toEqual([{ alias: "x" }, { alias: "y", from: at }])
    expect(storedForm(samples["transcript"] as CanonicalRecord)).toEqual({ kind: "transcript", contactId: "c1" })
    expect(storedForm({ ...samples["assignment"] } as CanonicalRecord)["reason"]).toBe("legal")
  })

  it("is needed only where something has to change", () => {
    expect(needsRewriting(contact as CanonicalRecord)).toBe(false)
    expect(needsRewriting({ ...samples["grant"], reason: "x" } as CanonicalRecord)).toBe(true)
    expect(needsRewriting(samples["identity"] as CanonicalRecord)).toBe(true)
  })
})
