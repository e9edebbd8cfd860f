/**
 * Keys of AWS KMS, against a local server that answers the documented JSON protocol with real ECDSA. KMS itself has not
 * been had: what is tested is what is asked and what becomes of the answer, not Amazon's side.
 */
import { createPublicKey, generateKeyPairSync, sign } from "node:crypto"
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { sha256 } from "../../src/attest/digest.ts"
import { kmsSigner } from "../../src/attest/kms.ts"
import { verifyReport } from "../../src/attest/verify.ts"
import { freshFolder, makeReport } from "./sampleReport.ts"

const region = "eu-west-1"
const arn = (name: string): string => `arn:aws:kms:${region}:000000000000:key/${name}`
const pair = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
const large = generateKeyPairSync("ec", { namedCurve: "secp384r1" })
const names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_KMS", "AWS_MAX_ATTEMPTS"] as const
const before = names.map((name) => [name, process.env[name]] as const)

type Asked = { readonly target: string; readonly authorization: string; readonly body: Readonly<Record<string, unknown>> }
const asked: Array<Asked> = []

/** Signs a digest as it is: node hashes what it signs, so that the digest's own DER signature is made from the message kept here. */
let message = Buffer.alloc(0)

const answerTo = ({ target, body }: Asked): readonly [status: number, body: unknown] => {
  const key = String(body["KeyId"])
  if (key === arn("denied")) return [400, { __type: "AccessDeniedException", message: "no" }]
  if (target === "TrentService.GetPublicKey") {
    const held = key === arn("large") ? large.publicKey : pair.publicKey
    return [200, { KeyId: key, KeyUsage: "SIGN_VERIFY", PublicKey: createPublicKey(held.export({ type: "spki", format: "pem" })).export({ type: "spki", format: "der" }).toString("base64") }]
  }
  if (key === arn("disabled")) return [400, { __type: "DisabledException", message: "off" }]
  if (Buffer.from(String(body["Message"]), "base64").compare(sha256(message)) !== 0) return [400, { __type: "ValidationException", message: "another digest" }]
  const by = key === arn("liar") ? other.privateKey : pair.privateKey
  return [200, { KeyId: key, SigningAlgorithm: body["SigningAlgorithm"], Signature: sign("sha256", message, by).toString("base64") }]
}

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => {
    const one = { target: String(request.headers["x-amz-target"]), authorization: String(request.headers.authorization), body: JSON.parse(Buffer.concat(chunks).toString()) as Asked["body"] }
    asked.push(one)
    const [status, body] = answerTo(one)
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body))
  })
})

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_ENDPOINT_URL_KMS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_MAX_ATTEMPTS: "1" })
})
afterAll(() => {
  server.close()
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})

describe("a key of AWS KMS", () => {
  it("signs a report, of which KMS sees digests only", async () => {
    const kms = await kmsSigner({ keyId: arn("pipeline") })
    const signer = { key: kms.key, sign: (bytes: Uint8Array) => { message = Buffer.from(bytes); return kms.sign(bytes) } }
    const folder = await freshFolder()
    await makeReport(folder, [signer])
    expect((await verifyReport(folder, { keys: [kms.key] })).problems).toEqual([])
    const signs = asked.filter(({ target }) => target === "TrentService.Sign")
    expect(signs).toHaveLength(2)
    for (const { body, authorization } of signs) {
      expect(body).toMatchObject({ KeyId: arn("pipeline"), MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256" })
      expect(Buffer.from(String(body["Message"]), "base64")).toHaveLength(32)
      // The region comes from the ARN.
      expect(authorization).toContain(`/${region}/kms/`)
    }
  })

  it.each([
    ["denied", "cannot be used (AccessDeniedException)"],
    ["large", "is neither Ed25519 nor ECDSA P-256"],
  ])("that is %s is refused before anything is made", async (name, sentence) => {
    await expect(kmsSigner({ keyId: arn(name) })).rejects.toMatchObject({ reason: "key", message: expect.stringContaining(sentence) as unknown })
  })

  it.each([
    ["disabled", "did not sign (DisabledException)"],
    ["liar", "gave a signature that does not verify"],
  ])("that is %s while it signs fails in one sentence", async (name, sentence) => {
    message = Buffer.from("a statement")
    const signer = await kmsSigner({ keyId: arn(name) })
    await expect(signer.sign(message)).rejects.toMatchObject({ reason: "signer", message: expect.stringContaining(sentence) as unknown })
  })
})
