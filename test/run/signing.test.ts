/** Reports signed by what a pipeline names beside key files: with a time-stamp, without one where its authority is away. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { generateKeys, loadCertificates, loadVerifyingKeys } from "../../src/attest/index.ts"
import { childrenOf, readOid } from "../../src/attest/derRead.ts"
import type { DerElement } from "../../src/attest/derRead.ts"
import { timestampsOf } from "../../src/attest/sigstore.ts"
import { verifyReport } from "../../src/attest/verify.ts"
import { audit, type RunResult } from "../../src/index.ts"
import { makeAuthority } from "../attest/authority.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-signing-"))
const golden = fileURLToPath(new URL("../golden", import.meta.url))

let authority: Awaited<ReturnType<typeof makeAuthority>>
beforeAll(async () => {
  authority = await makeAuthority("ec")
  cpSync(golden, root, { recursive: true })
  await generateKeys({ out: join(root, "keys"), at: new Date() })
  cpSync(join(authority.dir, "ca.crt"), join(root, "authority.crt"))
})
afterAll(() => {
  authority.server.close()
  rmSync(root, { recursive: true, force: true })
})

const run = (name: string, timestamp: string): Promise<RunResult> => {
  const file = join(root, "found", `${name}.yaml`)
  writeFileSync(file, `${readFileSync(join(root, "found", "pipeline.yaml"), "utf8")}signing: {keys: [../keys/pipeline.pem], timestamp: {${timestamp}}}\n`)
  return audit({ pipeline: file, flags: { asOf: "2026-06-30T00:00:00Z", out: join(root, name), only: "access/anonymous" }, env: { EARSHOT_STORE: join(root, `${name}.duckdb`) } })
}

const bundlesOf = (folder: string): ReadonlyArray<Buffer> => readdirSync(folder).filter((file) => file.endsWith(".sigstore.json")).flatMap((file) => timestampsOf(readFileSync(join(folder, file))))

/** The signature's value and the token of its unsigned attribute id-aa-signatureTimeStampToken, from the CMS in a PDF. */
const stampOf = (pdf: string): { readonly signature: Buffer; readonly token: Buffer } => {
  const hex = /\/Contents <(30[0-9a-f]+)>/.exec(readFileSync(pdf, "latin1"))?.[1] ?? ""
  const bytes = Buffer.from(hex, "hex")
  const whole = bytes.subarray(0, 4 + bytes.readUInt16BE(2))
  const within = (element: DerElement | undefined): ReadonlyArray<DerElement> => (element === undefined ? [] : childrenOf(element))
  const signedData = within(within(within({ tag: 0, content: whole, whole })[0])[1])[0]
  const signer = within(within(signedData).at(-1))[0]
  const [, , , , , value, unsigned] = within(signer)
  const [name, values] = within(within(unsigned)[0])
  expect(readOid(name)).toBe("1.2.840.113549.1.9.16.2.14")
  return { signature: value?.content ?? Buffer.alloc(0), token: within(values)[0]?.whole ?? Buffer.alloc(0) }
}

describe("a run with signing.timestamp", () => {
  it("time-stamps its signatures, and verify says so against the authority's root", async () => {
    const { folder, summary, notes } = await run("stamped", `url: "${authority.url}", certificates: ../authority.crt`)
    expect(summary.trust.notes).toBeUndefined()
    expect(notes).toEqual([])
    expect(bundlesOf(folder)).toHaveLength(1)
    const verified = await verifyReport(folder, { keys: await loadVerifyingKeys(join(root, "keys", "pipeline.pub")), timestampRoots: await loadCertificates([join(root, "authority.crt")]) })
    expect(verified.problems).toEqual([])
    expect(verified.notes.join()).toMatch(/CN=Time time-stamped the signature at [^,]*Z\.$/)
    // The PDF's own signature has a time-stamp too (PAdES B-T), which openssl alone accepts.
    const { signature, token } = stampOf(join(folder, "report.pdf"))
    writeFileSync(join(authority.dir, "pdf.sig"), signature)
    writeFileSync(join(authority.dir, "pdf.token"), token)
    expect((await authority.openssl("ts", "-verify", "-data", "pdf.sig", "-in", "pdf.token", "-token_in", "-CAfile", "ca.crt")).stdout).toContain("Verification: OK")
    const said = spawnSync("pdfsig", ["-nocert", join(folder, "report.pdf")], { encoding: "utf8" })
    if (said.error === undefined) expect(said.stdout).toContain("Signature is Valid")
  })

  it("is not stopped by an authority that is away: the summary notes it, and the report is whole", async () => {
    const { folder, summary, notes } = await run("away", 'url: "http://127.0.0.1:9/"')
    expect(summary.trust.trustworthy).toBe(true)
    expect(summary.trust.notes).toEqual([expect.stringContaining("The time-stamping authority http://127.0.0.1:9 cannot be reached")])
    expect(notes).toEqual(summary.trust.notes)
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toContain("No time-stamp: ")
    expect(bundlesOf(folder)).toEqual([])
    expect((await verifyReport(folder, { keys: await loadVerifyingKeys(join(root, "keys", "pipeline.pub")) })).problems).toEqual([])
  })
})

it("says on page one that disclosures can be guessed where the pipeline names no id key", async () => {
  const file = join(root, "found", "no-id-key.yaml")
  writeFileSync(file, readFileSync(join(root, "found", "pipeline.yaml"), "utf8").replace(/,? *idKey: [^,}]+/, ""))
  const { folder, summary } = await audit({ pipeline: file, flags: { asOf: "2026-06-30T00:00:00Z", out: join(root, "no-id-key"), only: "access/anonymous" }, env: { EARSHOT_STORE: join(root, "no-id-key.duckdb"), EARSHOT_FORMATS: "html" } })
  expect(summary.trust.notes).toEqual([expect.stringContaining("can be guessed")])
  for (const page of ["summary.md", "report.html"]) expect(readFileSync(join(folder, page), "utf8")).toContain("can be guessed")
})
