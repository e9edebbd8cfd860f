import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { bundleFromJSON } from "@sigstore/bundle"
import { toSignedEntity } from "@sigstore/verify"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { bundleName, timestampsOf } from "../../src/attest/sigstore.ts"
import { countersign } from "../../src/attest/sign.ts"
import { checkTimestamp } from "../../src/attest/timestamp.ts"
import { timestampAuthority } from "../../src/attest/timestampAuthority.ts"
import { verifyReport } from "../../src/attest/verify.ts"
import { makeAuthority } from "./authority.ts"
import { ecdsa, ed25519, freshFolder, makeReport, run, writeFiles } from "./sampleReport.ts"
import { writeCore, writeFinal } from "../../src/attest/seal.ts"

let authority: Awaited<ReturnType<typeof makeAuthority>>
let rsa: Awaited<ReturnType<typeof makeAuthority>>
beforeAll(async () => {
  authority = await makeAuthority("ec")
  rsa = await makeAuthority("rsa")
})
afterAll(() => {
  authority.server.close()
  rsa.server.close()
})

const signer = ecdsa()

const stampedReport = async (): Promise<string> => {
  const folder = await freshFolder()
  await writeFiles(folder)
  const core = await writeCore({ folder, facts: { run: run() }, signers: [signer] })
  await writeFinal({ folder, core, signers: [signer], timestamp: timestampAuthority(authority.url) })
  return folder
}

describe("time-stamps (RFC 3161)", () => {
  it("stand in the bundle, hold by openssl alone, and are read by Sigstore", async () => {
    const folder = await stampedReport()
    const bytes = await readFile(join(folder, bundleName(signer.key.keyid)))
    const [response] = timestampsOf(bytes)
    const entity = toSignedEntity(bundleFromJSON(JSON.parse(bytes.toString())))
    expect(entity.timestamps).toHaveLength(1)
    await mkdir(join(authority.dir, "check"), { recursive: true })
    await writeFile(join(authority.dir, "check", "signature"), entity.signature.signature)
    await writeFile(join(authority.dir, "check", "response.tsr"), response ?? Buffer.alloc(0))
    const { stdout } = await authority.openssl("ts", "-verify", "-data", "check/signature", "-in", "check/response.tsr", "-CAfile", "ca.crt")
    expect(stdout).toContain("Verification: OK")
  })

  it("are verified with the report, and trusted only with their root", async () => {
    const folder = await stampedReport()
    const trusted = await verifyReport(folder, { keys: [signer.key], timestampRoots: [authority.root] })
    expect(trusted.problems).toEqual([])
    expect(trusted.notes.join()).toMatch(/CN=Time time-stamped the signature at \d{4}-\d\d-\d\dT[\d:.]+Z\.$/)
    const without = await verifyReport(folder, { keys: [signer.key] })
    expect(without.ok).toBe(true)
    expect(without.notes.join()).toContain("nobody vouches for that authority")
    const other = await verifyReport(folder, { keys: [signer.key], timestampRoots: [rsa.root] })
    expect(other.problems.map(({ file }) => file)).toEqual([bundleName(signer.key.keyid)])
  })

  it.each([["ECDSA", () => authority], ["RSA", () => rsa]])("show every changed byte (%s)", async (_name, which) => {
    const signature = Buffer.from("a signature")
    const response = await timestampAuthority(which().url)(signature)
    expect(checkTimestamp(response, signature, [which().root])).toMatchObject({ trusted: true })
    expect(() => checkTimestamp(response, Buffer.from("another"), [which().root])).toThrow("it is of another signature")
    const unseen: Array<number> = []
    for (let place = 0; place < response.length; place++) {
      const changed = Buffer.from(response)
      changed[place] = (response[place] ?? 0) ^ 1
      try {
        if (checkTimestamp(changed, signature, []).at !== "") unseen.push(place)
      } catch (error) {
        expect(error).toMatchObject({ _tag: "AttestError", reason: "proof" })
      }
    }
    expect(unseen).toEqual([])
  })

  it("are kept when a countersignature is mended, and given to a countersignature", async () => {
    const folder = await stampedReport()
    const officer = ed25519()
    const result = await countersign(folder, officer, { keys: [signer.key] }, timestampAuthority(authority.url))
    expect(result.ok).toBe(true)
    const bytes = await readFile(join(folder, bundleName(officer.key.keyid)))
    expect(timestampsOf(bytes)).toHaveLength(1)
    await countersign(folder, officer, { keys: [signer.key] })
    expect(await readFile(join(folder, bundleName(officer.key.keyid)))).toEqual(bytes)
  })

  it("of the newest report are told when the chain is verified without a head", async () => {
    const dir = await freshFolder()
    const folder = join(dir, "report")
    await writeFiles(folder)
    const core = await writeCore({ folder, facts: { run: run({ sequence: 1 }) }, signers: [signer] })
    await writeFinal({ folder, core, signers: [signer], timestamp: timestampAuthority(authority.url) })
    const trusted = await verifyReport(folder, { keys: [signer.key], chainDir: dir, timestampRoots: [authority.root] })
    expect(trusted.ok).toBe(true)
    expect(trusted.notes.join()).toMatch(/number 1, was time-stamped at .* only be told with --head/)
    const without = await verifyReport(folder, { keys: [signer.key], chainDir: dir })
    expect(without.notes.join()).toContain("neither was given")
  })

  it("of another signature are refused", async () => {
    const [folder, other] = [await stampedReport(), await stampedReport()]
    const name = bundleName(signer.key.keyid)
    const [foreign] = timestampsOf(await readFile(join(other, name)))
    const own = await readFile(join(folder, name), "utf8")
    const [mine] = timestampsOf(Buffer.from(own))
    await writeFile(join(folder, name), own.replace(mine?.toString("base64") ?? "-", foreign?.toString("base64") ?? "-"))
    const result = await verifyReport(folder, { keys: [signer.key] })
    expect(result.problems).toEqual([{ file: name, sentence: `${name}: The time-stamp does not hold: it is of another signature.` }])
  })

  it("of an authority that none of the configured certificates vouches for are refused, and so is an answer that is no time-stamp", async () => {
    await expect(timestampAuthority(authority.url, { roots: [rsa.root] })(Buffer.from("x"))).rejects.toThrow("is vouched for by none of signing.timestamp.certificates")
    expect(await timestampAuthority(authority.url, { roots: [authority.root] })(Buffer.from("x"))).toBeInstanceOf(Buffer)
    const proxy = createServer((_request, response) => { response.end("<html>sign in first</html>") })
    await new Promise<void>((resolve) => { proxy.listen(0, "127.0.0.1", resolve) })
    await expect(timestampAuthority(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`)(Buffer.from("x"))).rejects.toMatchObject({ reason: "proof", message: expect.stringContaining("answered with something else than a time-stamp") as unknown })
    proxy.close()
  })

  it("from an authority that is away are an error of one sentence, and nothing is written", async () => {
    const folder = await freshFolder()
    const away = timestampAuthority("http://127.0.0.1:9/", { timeoutMs: 2000 })
    await expect(away(Buffer.from("x"))).rejects.toThrow("cannot be reached: check signing.timestamp and the network.")
    const { core } = await makeReport(folder, [signer])
    const before = await readFile(join(folder, "statement.dsse.json"))
    await expect(writeFinal({ folder, core, signers: [signer], timestamp: away })).rejects.toMatchObject({ reason: "proof" })
    expect(await readFile(join(folder, "statement.dsse.json"))).toEqual(before)
  })
})
