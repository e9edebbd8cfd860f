/** Keys on a PKCS#11 token: SoftHSM through OpenSC's pkcs11-tool, signatures checked by openssl (Debian: opensc, softhsm2, openssl). */
import { execFileSync, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openSigners, publicPem } from "../../src/attest/index.ts"
import { preAuthEncoding, parseEnvelope } from "../../src/attest/dsse.ts"
import { verifyReport } from "../../src/attest/verify.ts"
import { ecdsa, makeReport } from "../attest/sampleReport.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-token-"))
const module = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm.so", "/usr/lib/pkcs11/libsofthsm2.so"].find((file) => existsSync(file)) ?? ""
const here = module !== "" && ["pkcs11-tool", "softhsm2-util"].every((program) => spawnSync(program, ["--help"]).error === undefined)
const environment = { ...process.env, SOFTHSM2_CONF: join(folder, "softhsm2.conf"), TOKEN_PIN: "4711", WRONG_PIN: "0815" }
const tool = (program: string, ...args: ReadonlyArray<string>): string => execFileSync(program, args, { env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
const place = { module, token: "earshot", key: "pipeline", pin: "env:TOKEN_PIN" }

beforeAll(() => {
  if (!here) return
  mkdirSync(join(folder, "tokens"))
  writeFileSync(environment.SOFTHSM2_CONF, `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\n`)
  tool("softhsm2-util", "--init-token", "--free", "--label", "earshot", "--pin", "4711", "--so-pin", "1147")
  const generate = ["--module", module, "--token-label", "earshot", "--login", "--pin", "env:TOKEN_PIN", "--keypairgen", "--usage-sign"]
  tool("pkcs11-tool", ...generate, "--key-type", "EC:prime256v1", "--label", "pipeline", "--id", "01")
  tool("pkcs11-tool", ...generate, "--key-type", "EC:edwards25519", "--label", "edwards", "--id", "02")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.skipIf(!here)("a key on a PKCS#11 token", () => {
  it("signs a report that verify and openssl accept with its public key", async () => {
    const [signer] = await openSigners({ pkcs11: [place] }, { environment })
    if (signer === undefined) throw new Error("no signer")
    const report = join(folder, "report")
    await makeReport(report, [signer])
    expect((await verifyReport(report, { keys: [signer.key] })).problems).toEqual([])
    const { payload, payloadType, signatures } = parseEnvelope(readFileSync(join(report, "statement.dsse.json")), "statement")
    writeFileSync(join(folder, "message"), preAuthEncoding(payloadType, payload))
    writeFileSync(join(folder, "signature"), signatures[0]?.sig ?? Buffer.alloc(0))
    writeFileSync(join(folder, "token.pub"), publicPem(signer.key))
    expect(tool("openssl", "dgst", "-sha256", "-verify", join(folder, "token.pub"), "-signature", join(folder, "signature"), join(folder, "message"))).toContain("Verified OK")
  })

  it.each([
    ["the PIN is wrong", { pin: "env:WRONG_PIN" }, "cannot be read: check the module, the labels and the PIN"],
    ["no variable holds the PIN", { pin: "env:NO_PIN" }, "The environment variable NO_PIN that should hold the PIN"],
    ["the PIN is given as itself", { pin: "4711" }, "is given as env:NAME, never as itself"],
    ["there is no such key", { key: "nothing" }, "The key nothing of the token earshot cannot be read"],
    ["there is no such token", { token: "nowhere" }, "The key pipeline of the token nowhere cannot be read"],
    ["there is no such library", { module: "/nowhere.so" }, "cannot be read: check the module"],
    ["the key is Ed25519", { key: "edwards" }, "is not ECDSA P-256"],
  ])("is refused in one sentence where %s", async (_what, change, sentence) => {
    await expect(openSigners({ pkcs11: [{ ...place, ...change }] }, { environment })).rejects.toMatchObject({ reason: "key", message: expect.stringContaining(sentence) as unknown })
  })

  it("countersigns a report by earshot sign", async () => {
    const pipeline = ecdsa()
    const report = join(folder, "countersigned")
    await makeReport(report, [pipeline])
    writeFileSync(join(folder, "pipeline.pub"), publicPem(pipeline.key))
    const said = spawnSync(process.execPath, ["src/main.ts", "sign", report, "--pkcs11", module, "--token", "earshot", "--label", "pipeline", "--pin", "env:TOKEN_PIN", "--trust", join(folder, "pipeline.pub")], { env: environment, encoding: "utf8" })
    expect(said.stdout).toContain("is countersigned by key")
    expect(said.status).toBe(0)
    const [officer] = await openSigners({ pkcs11: [place] }, { environment })
    const verified = await verifyReport(report, { keys: officer === undefined ? [] : [officer.key] })
    expect(verified.problems).toEqual([])
    expect(verified.signers.map(({ state }) => state)).toEqual(["unchecked", "verified"])
  })
})
