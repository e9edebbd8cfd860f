import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto"
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { GeneralEncrypt } from "jose"
import { describe, expect, it } from "vitest"
import { canonicalJson } from "../../src/formats/canonicalJson.ts"
import { vcon } from "../../src/formats/vcon/vcon.ts"
import { certified } from "./certificate.ts"
import { fixtures, madeOf, madeOfText, ofKind } from "./reading.ts"

const call = {
  uuid: "019f15a6-a752-826f-b9a2-279e0d16bc46", vcon: "0.4.0", created_at: "2026-03-01T10:10:00Z",
  parties: [{ tel: "+1 (415) 555-0100", role: "customer", civicaddress: { country: "US", a1: "CA" } }, { mailto: "Agent.One@Example.com", role: "agent" }],
  dialog: [{ type: "recording", start: "2026-03-01T10:00:00Z", duration: 60.5, parties: [0, 1], mediatype: "audio/wav", url: "https://example.com/1.wav" }],
  analysis: [], attachments: []
}
const text = (changes: object): string => JSON.stringify({ ...call, ...changes })

describe("plain vCons", () => {
  it("become a contact and a recording with normalised addresses", async () => {
    const result = await madeOfText(vcon, text({}))
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "contact")).toMatchObject([{ id: call.uuid, channel: "voice", startedAt: "2026-03-01T10:00:00Z", endedAt: "2026-03-01T10:01:00.500Z", parties: [{ id: "tel:+14155550100", role: "customer", jurisdiction: "US-CA", jurisdictionSource: "address" }, { id: "mailto:agent.one@example.com", role: "agent" }] }])
    expect(ofKind(result, "recording")).toMatchObject([{ id: `${call.uuid}/dialog/0`, medium: "audio", uri: "https://example.com/1.wav", endedAt: "2026-03-01T10:01:00.500Z" }])
  })

  it("of version 0.0.1 are read with their chat as events and one text recording", async () => {
    const result = await madeOf(vcon, "vcon/chat-0.0.1.vcon.json")
    expect(result.unfit).toEqual([])
    expect(result.notes).toContain("vCon version 0.0.1 is read as 0.4.0.")
    expect(result.notes).toContain("Field mimetype is read as mediatype.")
    expect(ofKind(result, "contact")[0]).toMatchObject({ channel: "chat", parties: [{ role: "agent" }, { role: "customer", id: "tel:+14155550100" }] })
    expect(ofKind(result, "recording")).toMatchObject([{ medium: "text" }])
    expect(ofKind(result, "event").map((event) => event["type"])).toContain("customer-message")
    expect(ofKind(result, "transcript")).toHaveLength(1)
  })

  it("without an offset in their times are refused with what to do", async () => {
    const result = await madeOf(vcon, "vcon/start-without-offset.vcon.json")
    expect(result.records).toEqual([])
    expect(result.rejected[0]).toContain("has no offset from UTC")
  })

  it.each(readdirSync(join(fixtures, "vcon/invalid")).filter((name) => name.endsWith(".json")))("%s is refused with a reason", async (name) => {
    const result = await madeOf(vcon, `vcon/invalid/${name}`)
    expect(result.records).toEqual([])
    expect(result.rejected).toHaveLength(1)
    expect(result.rejected[0]).not.toMatch(/NOT-A-DATE|eighteen|Bad Number|not-a-url/)
  })

  it("give presence from joins, holds and drops", async () => {
    const result = await madeOfText(vcon, text({ dialog: [{ ...call.dialog[0], party_history: [{ party: 0, event: "hold", time: "2026-03-01T10:00:10Z" }, { party: 0, event: "unhold", time: "2026-03-01T10:00:20Z" }, { party: 1, event: "join", time: "2026-03-01T10:00:05Z" }] }] }))
    expect(ofKind(result, "contact")[0]?.["parties"]).toMatchObject([
      { presence: [{ from: "2026-03-01T10:00:00Z", until: "2026-03-01T10:00:10Z" }, { from: "2026-03-01T10:00:20Z", until: "2026-03-01T10:01:00.500Z" }] },
      { presence: [{ from: "2026-03-01T10:00:05Z", until: "2026-03-01T10:01:00.500Z" }] }
    ])
  })

  it("do not say that somebody was there who never answered, nor that who only wrote was on the call", async () => {
    const parties = [...call.parties, { tel: "+14155550101", role: "customer" }, { tel: "+14155550102", role: "customer" }]
    const message = { type: "text", parties: [1, 3], originator: 3, body: "x" }
    const result = await madeOfText(vcon, text({ parties, dialog: [...call.dialog, { type: "incomplete", start: "2026-03-01T10:00:05Z", parties: [1, 2], disposition: "no-answer" }, { ...message, start: "2026-03-01T10:02:00Z" }, { ...message, start: "2026-03-01T10:03:00Z" }] }))
    const parts = ofKind(result, "contact")[0]?.["parties"] as ReadonlyArray<Readonly<Record<string, unknown>>>
    expect(parts.map((party) => [party["id"], party["presence"]])).toEqual([
      ["tel:+14155550100", undefined], ["mailto:agent.one@example.com", undefined], ["tel:+14155550102", [{ from: "2026-03-01T10:02:00Z", until: "2026-03-01T10:03:00Z" }]]
    ])
    expect(result.notes).toContainEqual(expect.stringContaining("took part in no dialog"))
    const unanswered = await madeOfText(vcon, text({ dialog: [{ type: "incomplete", start: "2026-03-01T10:00:05Z", parties: [0, 1], disposition: "no-answer" }] }))
    expect(ofKind(unanswered, "contact")[0]?.["parties"]).toHaveLength(2)
  })

  it("with inline bytes are checked against their content_hash", async () => {
    const body = Buffer.from("bytes of sound")
    const dialog = (hash: string): object => ({ dialog: [{ ...call.dialog[0], url: undefined, body: body.toString("base64url"), encoding: "base64url", content_hash: hash }] })
    const right = await madeOfText(vcon, text(dialog(`sha512-${createHash("sha512").update(body).digest("base64url")}`)))
    expect(ofKind(right, "recording")[0]).toMatchObject({ bytes: body.length, sha256: createHash("sha256").update(body).digest("hex") })
    const wrong = await madeOfText(vcon, text(dialog(`sha512-${createHash("sha512").update("others").digest("base64url")}`)))
    expect(wrong.rejected[0]).toContain("/dialog/0/content_hash")
  })

  it("that need an unknown extension are refused, in all spellings", async () => {
    for (const name of ["critical", "must_support", "must_understand"]) expect((await madeOfText(vcon, text({ [name]: ["x-unheard"] }))).rejected[0]).toContain("extension")
    expect((await madeOfText(vcon, text({ must_support: ["lawful_basis"] }))).rejected).toEqual([])
  })

  it("are found by what they hold", () => {
    const head = (content: string) => ({ uri: "file:///a.json", text: content, complete: true })
    expect(vcon.detects?.(head(text({})))).toBe(true)
    expect(vcon.detects?.(head(`{"kind":"contact","parties":[],"analysis":[]}`))).toBe(false)
    expect(vcon.detects?.(head(`{"payloadType":"a","payload":"b","signatures":[]}`))).toBe(false)
  })
})

describe("consent attachments", () => {
  const body = { lawful_basis: "consent", expiration: "2027-03-01T00:00:00Z", purpose_grants: [{ purpose: "recording", granted: true, granted_at: "2026-03-01T10:00:05Z" }, { purpose: "sentiment_analysis", granted: false, granted_at: "2026-03-01T10:00:05Z" }], proof_mechanisms: [{ proof_type: "verbal_confirmation", proof_data: { dialog_reference: 0, time_offset: "00:01:23", confirmation_text: "secret words" } }] }
  const attachment = { type: "lawful_basis", encoding: "json", start: "2026-03-01T10:00:05Z", party: 0, dialog: 0 }

  it("of lawful basis become consents and the recording's basis", async () => {
    const result = await madeOfText(vcon, text({ attachments: [{ ...attachment, body }] }))
    expect(result.unfit).toEqual([])
    expect(ofKind(result, "consent")).toMatchObject([
      { subject: "tel:+14155550100", status: "given", purposes: ["recording"], form: "verbal", contactId: call.uuid, expiresAt: "2027-03-01T00:00:00Z", evidence: { uri: "https://example.com/1.wav", offsetSeconds: 83 } },
      { status: "refused", purposes: ["analytics"] }
    ])
    expect(ofKind(result, "recording")[0]).toMatchObject({ lawfulBasis: "consent", lawfulBasisAt: "2026-03-01T10:00:05Z" })
    expect(JSON.stringify(result)).not.toContain("secret words")
  })

  it("with purpose for type, a body as text, and a hash that fits are the same", async () => {
    const hashed = { ...body, content_hash: { algorithm: "sha-256", canonicalization: "jcs", value: createHash("sha256").update(canonicalJson(body)).digest("hex") } }
    const { type, ...others } = attachment
    const result = await madeOfText(vcon, text({ attachments: [{ ...others, purpose: type, body: JSON.stringify(hashed) }] }))
    expect(ofKind(result, "consent")).toHaveLength(2)
  })

  it("with a hash that does not fit only deny", async () => {
    const result = await madeOfText(vcon, text({ attachments: [{ ...attachment, body: { ...body, content_hash: { algorithm: "sha-256", canonicalization: "jcs", value: "00" } } }] }))
    expect(ofKind(result, "consent").map((consent) => consent["status"])).toEqual(["refused"])
    expect(ofKind(result, "recording")[0]).not.toHaveProperty("lawfulBasis")
  })

  it("of another basis grant nothing but document it, and name its date", async () => {
    const result = await madeOfText(vcon, text({ attachments: [{ purpose: "lawful_basis", body: { lawful_basis: "legitimate_interests", expiration: null, purpose_grants: [{ purpose: "recording", granted: true, granted_at: "2028-01-01T00:00:00Z" }] } }] }))
    expect(ofKind(result, "consent")).toEqual([])
    expect(ofKind(result, "recording")[0]).toMatchObject({ lawfulBasis: "legitimateInterests", lawfulBasisAt: "2028-01-01T00:00:00Z" })
  })

  it("of the older draft are read in both spellings, with or without body", async () => {
    const older = { type: "consent", expiration: null, party: 0, dialog: 0, consents: [{ purpose: "recording", status: "granted", timestamp: "2026-03-01T10:00:05Z" }, { consent: "genai", value: false, vocabulary: "ai-pref" }], status_interval: 86400, proof: [{ type: "external_asset", url: "https://example.com/proof" }] }
    for (const each of [older, { type: "consent", party: 0, dialog: 0, start: "2026-03-01T10:00:05Z", body: older }]) {
      const result = await madeOfText(vcon, text({ attachments: [each] }))
      expect(result.unfit).toEqual([])
      expect(ofKind(result, "consent")).toMatchObject([{ status: "given", purposes: ["recording"], form: "electronic", evidence: { uri: "https://example.com/proof" } }, { status: "refused", purposes: ["model-training"] }])
      expect(result.notes).toContain("A status_interval was not carried over.")
    }
  })

  it("that revoke are withdrawals", async () => {
    const result = await madeOfText(vcon, text({ attachments: [{ type: "consent", party: 0, dialog: 0, revocation: true, supersedes: "x", consents: [{ purpose: "recording", status: "granted", timestamp: "2026-03-01T10:00:30Z" }] }] }))
    expect(ofKind(result, "consent")).toMatchObject([{ status: "withdrawn", at: "2026-03-01T10:00:30Z" }])
  })

  it("without a party grant for the only outsider, and deny for all", async () => {
    const two = { parties: [...call.parties, { tel: "+14155550101", role: "thirdparty" }] }
    const grants = { type: "lawful_basis", body }
    expect(ofKind(await madeOfText(vcon, text({ attachments: [grants] })), "consent").map((each) => each["subject"])).toEqual(["tel:+14155550100", "tel:+14155550100"])
    expect(ofKind(await madeOfText(vcon, text({ ...two, attachments: [grants] })), "consent").map((each) => [each["status"], each["subject"]])).toEqual([["refused", "tel:+14155550100"], ["refused", "tel:+14155550101"]])
  })
})

const pki = (until?: string) => {
  const root = certified("root", undefined)
  return { root, leaf: certified("leaf", root, "2025-01-01T00:00:00", until) }
}
const signed = (payload: string, key: KeyObject, x5c: ReadonlyArray<string>, uuid = call.uuid): string => {
  const encoded = Buffer.from(payload).toString("base64url")
  const header = { alg: "RS256", x5c, uuid }
  const protectedText = Buffer.from(JSON.stringify({ alg: "RS256", typ: "JWT", x5c })).toString("base64url")
  // Names repeat in both headers, as in the published examples.
  return JSON.stringify({ payload: encoded, signatures: [{ header, protected: protectedText, signature: sign("sha256", Buffer.from(`${protectedText}.${encoded}`), key).toString("base64url") }] })
}
const trustFile = (pem: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), "earshot-")), "root.pem")
  writeFileSync(path, pem)
  return path
}

describe("signed vCons", () => {
  it("are read when the signature verifies, and say that nobody vouches for the signer", async () => {
    const { leaf } = pki()
    const result = await madeOfText(vcon, signed(text({}), leaf.key, [leaf.der.toString("base64")]))
    expect(ofKind(result, "contact")).toHaveLength(1)
    expect(result.notes.join()).toContain("names no trust")
  })

  it("must lead to a trusted certificate where the source names some", async () => {
    const [ours, others] = [pki(), pki()]
    const content = signed(text({}), ours.leaf.key, [ours.leaf.der.toString("base64")])
    expect((await madeOfText(vcon, content, { trust: [trustFile(ours.root.pem)] })).rejected).toEqual([])
    await expect(madeOfText(vcon, content, { trust: trustFile("no certificate") })).rejects.toThrow("no certificate in PEM")
    expect((await madeOfText(vcon, content, { trust: trustFile(others.root.pem) })).rejected[0]).toContain("trust")
  })

  it("are refused where a certificate that may not issue others has issued the signer's", async () => {
    const root = certified("root", undefined)
    for (const mayIssue of [true, false]) {
      const partner = certified("partner", root, undefined, undefined, mayIssue)
      const signer = certified("signer", partner)
      const content = signed(text({}), signer.key, [signer.der.toString("base64"), partner.der.toString("base64")])
      for (const trusted of [root, partner]) expect((await madeOfText(vcon, content, { trust: [trustFile(trusted.pem)] })).rejected).toHaveLength(mayIssue ? 0 : 1)
      const own = signed(text({}), partner.key, [partner.der.toString("base64")])
      for (const trusted of [root, partner]) expect((await madeOfText(vcon, own, { trust: [trustFile(trusted.pem)] })).rejected).toEqual([])
    }
  })

  it("are refused when changed, when the header names another vCon, when the certificate had expired", async () => {
    const { leaf } = pki()
    const x5c = [leaf.der.toString("base64")]
    const changed = JSON.parse(signed(text({}), leaf.key, x5c)) as { payload: string }
    changed.payload = Buffer.from(text({ subject: "other" })).toString("base64url")
    expect((await madeOfText(vcon, JSON.stringify(changed))).rejected[0]).toContain("does not verify")
    expect((await madeOfText(vcon, signed(text({}), leaf.key, x5c, "another"))).rejected[0]).toContain("uuid")
    const old = pki("2025-06-01T00:00:00")
    const expired = signed(text({}), old.leaf.key, [old.leaf.der.toString("base64")])
    expect((await madeOfText(vcon, expired, { trust: trustFile(old.root.pem) })).rejected[0]).toContain("not valid when")
    expect((await madeOfText(vcon, expired)).notes.join()).toContain("not valid when")
  })
})

describe("encrypted vCons", () => {
  it.each(["A256CBC-HS512", "A256GCM"])("open with the recipient's key (%s), sign first then encrypt", async (enc) => {
    const { leaf } = pki()
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })
    const inner = signed(text({}), leaf.key, [leaf.der.toString("base64")])
    const sealed = await new GeneralEncrypt(new TextEncoder().encode(inner)).setProtectedHeader({ enc }).addRecipient(pair.publicKey).setUnprotectedHeader({ alg: "RSA-OAEP" }).encrypt()
    const content = JSON.stringify({ ...sealed, unprotected: { enc, cty: "application/vcon+json" } })
    const pem = trustFile(pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString())
    expect(ofKind(await madeOfText(vcon, content, { decryptionKeys: [pem] }), "contact")).toHaveLength(1)
    expect((await madeOfText(vcon, content)).rejected[0]).toContain("decryptionKeys")
    const other = trustFile(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString())
    expect((await madeOfText(vcon, content, { decryptionKeys: other })).rejected[0]).toContain("None of the source's decryptionKeys")
  })
})
