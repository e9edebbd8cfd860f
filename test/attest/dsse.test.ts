import { createPublicKey, generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "vitest"
import { sha256Hex } from "../../src/attest/digest.ts"
import { checkSignatures, envelopeBytes, parseEnvelope, preAuthEncoding, readEnvelope, signEnvelope } from "../../src/attest/dsse.ts"
import { signerOf, verifyingKey } from "../../src/attest/keys.ts"
import { ecdsa, ed25519 } from "./sampleReport.ts"

const type = "http://example.com/HelloWorld"
const body = Buffer.from("hello world")

const coordinate = (decimal: string): string => Buffer.from(BigInt(decimal).toString(16).padStart(64, "0"), "hex").toString("base64url")

const publishedKey = verifyingKey(
  createPublicKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      x: coordinate("46950820868899156662930047687818585632848591499744589407958293238635476079160"),
      y: coordinate("5640078356564379163099075877009565129882514886557779369047442380624545832820"),
    },
  }),
  "the published key",
)
const publishedSignature = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="

describe("DSSE envelopes", () => {
  it("encodes the published vector", () => {
    const encoded = preAuthEncoding(type, body)
    expect(encoded.toString()).toBe("DSSEv1 29 http://example.com/HelloWorld 11 hello world")
    expect(sha256Hex(encoded)).toBe("217751fac2c4f14edb2c9297fbc34abcb016ba88e74757e875ec4ac16fb6b6a1")
  })

  it("counts bytes and not characters", () => {
    expect(preAuthEncoding("é", Buffer.from("ü→")).toString()).toBe("DSSEv1 2 é 5 ü→")
  })

  it("verifies the published P-256 signature (raw r||s), from either base64 alphabet", () => {
    for (const sig of [publishedSignature, publishedSignature.replaceAll("+", "-").replaceAll("/", "_")]) {
      const envelope = readEnvelope({ payload: body.toString("base64"), payloadType: type, signatures: [{ sig }] }, "the vector")
      expect(checkSignatures(envelope, [publishedKey])).toEqual([{ keyid: publishedKey.keyid, state: "verified" }])
    }
  })

  it("verifies several signatures of both algorithms, and says which one is broken or foreign", async () => {
    const [first, second, third] = [ecdsa(), ed25519(), ecdsa()]
    const envelope = await signEnvelope(type, body, [first, second, third])
    const states = checkSignatures(envelope, [first.key, second.key]).map(({ state }) => state)
    expect(states).toEqual(["verified", "verified", "unchecked"])
    const changed = { ...envelope, payload: Buffer.from("hello World") }
    expect(checkSignatures(changed, [first.key, second.key]).map(({ state }) => state)).toEqual(["invalid", "invalid", "unchecked"])
    expect(checkSignatures({ ...envelope, payloadType: `${type}s` }, [second.key]).map(({ state }) => state)).toEqual(["unchecked", "invalid", "unchecked"])
  })

  it("does not believe the key id", async () => {
    const [signer, other] = [ecdsa(), ecdsa()]
    const envelope = await signEnvelope(type, body, [signer])
    const renamed = { ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ keyid: other.key.keyid, sig })) }
    expect(checkSignatures(renamed, [signer.key])).toEqual([{ keyid: signer.key.keyid, state: "verified" }])
    expect(checkSignatures(renamed, [other.key])).toEqual([{ keyid: other.key.keyid, state: "invalid" }])
  })

  it("reads back what it writes", async () => {
    const envelope = await signEnvelope(type, body, [ed25519()])
    expect(parseEnvelope(envelopeBytes(envelope), "a file")).toEqual(envelope)
  })

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no signatures", '{"payload":"","payloadType":"x"}'],
    ["a payload that is not base64", '{"payload":"*","payloadType":"x","signatures":[]}'],
    ["a signature without sig", '{"payload":"","payloadType":"x","signatures":[{"keyid":"a"}]}'],
  ])("refuses %s", (_what, text) => {
    expect(() => parseEnvelope(Buffer.from(text), "core.dsse.json")).toThrow(/^core\.dsse\.json is not/)
  })

  it("refuses keys of other kinds", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
    expect(() => signerOf(rsa.privateKey, "rsa.pem")).toThrow("The key rsa.pem is neither Ed25519 nor ECDSA P-256: make one with earshot keygen.")
  })
})
