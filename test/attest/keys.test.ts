import { execFile } from "node:child_process"
import { generateKeyPairSync, X509Certificate } from "node:crypto"
import { chmod, readFile, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { selfSignedCertificate } from "../../src/attest/certificate.ts"
import { sha256Hex } from "../../src/attest/digest.ts"
import { generateKeys } from "../../src/attest/keygen.ts"
import { loadSecret, loadSigner, loadVerifyingKeys, publicPem, verifySignature } from "../../src/attest/keys.ts"
import { ecdsa, ed25519, freshFolder } from "./sampleReport.ts"

const execute = promisify(execFile)
const at = new Date("2026-06-30T00:00:00Z")

describe("keygen", () => {
  it("writes a key pair, a certificate and two secrets, private ones for their owner only", async () => {
    const out = join(await freshFolder(), "keys")
    const { made, keyid } = await generateKeys({ out, at })
    expect(made).toEqual(["pipeline.pem", "pipeline.pub", "pipeline.crt", "pseudonym.key", "id.key"])
    const modes = await Promise.all(made.map(async (name) => ((await stat(join(out, name))).mode & 0o777).toString(8)))
    expect(modes).toEqual(["600", "644", "644", "600", "600"])
    const signer = await loadSigner(join(out, "pipeline.pem"))
    expect(signer).toMatchObject({ warnings: [], key: { algorithm: "ECDSA-P256", keyid } })
    expect(await readFile(join(out, "pipeline.pem"), "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----/)
    expect((await loadVerifyingKeys(join(out, "pipeline.pub"))).map((key) => key.keyid)).toEqual([keyid])
    expect((await loadVerifyingKeys(join(out, "pipeline.crt"))).map((key) => key.keyid)).toEqual([keyid])
    const [pseudonym, id] = [await loadSecret(join(out, "pseudonym.key")), await loadSecret(join(out, "id.key"))]
    expect(pseudonym.secret).toHaveLength(32)
    expect(pseudonym.secret.equals(id.secret)).toBe(false)
  })

  it("names the key as openssl does: SHA-256 of the DER SubjectPublicKeyInfo", async () => {
    const out = await freshFolder()
    const { keyid } = await generateKeys({ out, at })
    const { stdout } = await execute("openssl", ["pkey", "-pubin", "-in", join(out, "pipeline.pub"), "-outform", "DER"], { encoding: "buffer" })
    expect(sha256Hex(stdout)).toBe(keyid)
  })

  it("never overwrites, and makes only what is missing where asked", async () => {
    const out = await freshFolder()
    const { keyid } = await generateKeys({ out, at })
    await expect(generateKeys({ out, at })).rejects.toMatchObject({ reason: "exists" })
    const secret = await readFile(join(out, "id.key"))
    await rm(join(out, "pipeline.pub"))
    expect(await generateKeys({ out, at, onlyMissing: true })).toMatchObject({ made: ["pipeline.pub"], keyid })
    expect(await readFile(join(out, "id.key"))).toEqual(secret)
    expect((await loadVerifyingKeys(join(out, "pipeline.pub")))[0]?.keyid).toBe(keyid)
  })

  it("encrypts the private key with a passphrase", async () => {
    const out = await freshFolder()
    const { keyid } = await generateKeys({ out, at, passphrase: "correct horse" })
    const path = join(out, "pipeline.pem")
    await expect(loadSigner(path)).rejects.toThrow(`The key ${path} is encrypted: give its passphrase in EARSHOT_KEY_PASSPHRASE.`)
    await expect(loadSigner(path, { passphrase: "wrong" })).rejects.toThrow(`The key ${path} does not open with the passphrase given.`)
    expect((await loadSigner(path, { passphrase: "correct horse" })).key.keyid).toBe(keyid)
  })
})

describe("certificates", () => {
  it.each([["ECDSA P-256", ecdsa], ["Ed25519", ed25519]])("are read by node and openssl, and verify with their own key (%s)", async (_name, make) => {
    const signer = make()
    const pem = await selfSignedCertificate(signer, { name: "Earshot pipeline", from: at, until: new Date("2051-06-30T00:00:00Z") })
    const certificate = new X509Certificate(pem)
    expect(certificate.subject).toBe("CN=Earshot pipeline")
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.validFromDate.toISOString()).toBe("2026-06-30T00:00:00.000Z")
    expect(certificate.validToDate.toISOString()).toBe("2051-06-30T00:00:00.000Z")
    const path = join(await freshFolder(), "pipeline.crt")
    await writeFile(path, pem)
    const { stdout } = await execute("openssl", ["verify", "-check_ss_sig", "-attime", "1790000000", "-CAfile", path, path])
    expect(stdout).toContain("OK")
    const text = (await execute("openssl", ["x509", "-in", path, "-noout", "-text"])).stdout
    expect(text).toContain("Digital Signature, Non Repudiation")
  })
})

describe("loading keys", () => {
  it("loads Ed25519 and P-256 from a variable, with line ends written as \\n", async () => {
    for (const pair of [generateKeyPairSync("ed25519"), generateKeyPairSync("ec", { namedCurve: "P-256" })]) {
      const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
      const signer = await loadSigner("env:SIGNING_KEY", { environment: { SIGNING_KEY: pem.replaceAll("\n", String.raw`\n`) } })
      const message = Buffer.from("message")
      const signature = await signer.sign(message)
      const [key] = await loadVerifyingKeys("env:PUBLIC_KEY", { environment: { PUBLIC_KEY: publicPem(signer.key) } })
      expect(key !== undefined && verifySignature(key, message, signature)).toBe(true)
      expect(key !== undefined && verifySignature(key, Buffer.from("massage"), signature)).toBe(false)
    }
  })

  it("warns of a private key that others can read", async () => {
    const out = await freshFolder()
    await generateKeys({ out, at })
    const path = join(out, "pipeline.pem")
    await chmod(path, 0o644)
    expect((await loadSigner(path)).warnings).toEqual([`The key file ${path} can be read by others: restrict it with chmod 600.`])
  })

  it("reads every key of a file", async () => {
    const path = join(await freshFolder(), "keys.pub")
    const signers = [ecdsa(), ed25519()]
    await writeFile(path, signers.map(({ key }) => publicPem(key)).join(""))
    expect((await loadVerifyingKeys(path)).map(({ keyid }) => keyid)).toEqual(signers.map(({ key }) => key.keyid))
  })

  it("says in one sentence what is wrong with a key", async () => {
    const folder = await freshFolder()
    const write = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    }
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
    const cases: ReadonlyArray<readonly [() => Promise<unknown>, RegExp]> = [
      [() => loadSigner(join(folder, "none.pem")), /cannot be read/],
      [() => loadSigner("env:NONE", { environment: {} }), /variable NONE .* is not set/],
      [async () => loadSigner(await write("a.pub", publicPem(ecdsa().key))), /is not a private key in PEM/],
      [async () => loadSigner(await write("b.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")), /is not a usable private key/],
      [async () => loadSigner(await write("c.pem", rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString())), /neither Ed25519 nor ECDSA P-256/],
      [async () => loadVerifyingKeys(await write("d.pub", "hello")), /holds no public key in PEM/],
      [async () => loadVerifyingKeys(await write("e.pub", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")), /is not a usable public key/],
      [async () => loadSecret(await write("f.key", "short")), /at least 16 bytes/],
    ]
    for (const [attempt, sentence] of cases) {
      await expect(attempt()).rejects.toMatchObject({ _tag: "AttestError", reason: "key", message: expect.stringMatching(sentence) as unknown })
    }
  })
})
