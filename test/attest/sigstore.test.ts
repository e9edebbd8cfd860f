import { execFile } from "node:child_process"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { createPublicKey } from "node:crypto"
import { bundleFromJSON } from "@sigstore/bundle"
import { toSignedEntity, Verifier } from "@sigstore/verify"
import { describe, expect, it } from "vitest"
import { preAuthEncoding } from "../../src/attest/dsse.ts"
import { publicPem } from "../../src/attest/keys.ts"
import type { VerifyingKey } from "../../src/attest/keys.ts"
import { bundleName } from "../../src/attest/sigstore.ts"
import { ecdsa, ed25519, freshFolder, makeReport } from "./sampleReport.ts"

const execute = promisify(execFile)

const verifier = (keys: ReadonlyArray<VerifyingKey>): Verifier =>
  new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: (hint) => {
        const key = keys.find(({ keyid }) => keyid === hint)
        if (key === undefined) throw new Error(`no key ${hint}`)
        return { publicKey: createPublicKey(publicPem(key)), validFor: () => true }
      },
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  )

describe("Sigstore bundles", () => {
  it("verify with @sigstore/verify, one bundle a key, and fail with another key or payload", async () => {
    const folder = await freshFolder()
    const signers = [ecdsa(), ed25519()]
    await makeReport(folder, signers)
    for (const { key } of signers) {
      const json: unknown = JSON.parse(await readFile(join(folder, bundleName(key.keyid)), "utf8"))
      const bundle = bundleFromJSON(json)
      expect(bundle.mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json")
      expect(verifier([key]).verify(toSignedEntity(bundle)).key).toBeDefined()
      const other = { ...ecdsa().key, keyid: key.keyid }
      expect(() => verifier([other]).verify(toSignedEntity(bundle))).toThrow(/signature verification failed/)
      const changed = structuredClone(json) as { dsseEnvelope: { payload: string } }
      changed.dsseEnvelope.payload = Buffer.from("{}").toString("base64")
      expect(() => verifier([key]).verify(toSignedEntity(bundleFromJSON(changed)))).toThrow(/signature verification failed/)
    }
  })
})

/** The steps of src/attest/README.md, run as they stand there. */
const readmeScript = async (): Promise<string> => {
  const readme = await readFile(new URL("../../src/attest/README.md", import.meta.url), "utf8")
  const script = /```sh\n# openssl\n([\s\S]*?)```/.exec(readme)?.[1]
  if (script === undefined) throw new Error("the README has no openssl steps")
  return script
}

describe("openssl alone", () => {
  it.each([["ECDSA P-256", ecdsa], ["Ed25519", ed25519]])("verifies a bundle with %s by the steps of the README, and refuses a changed one", async (_name, make) => {
    const [folder, work] = [await freshFolder(), await freshFolder()]
    const signer = make()
    const { final } = await makeReport(folder, [signer])
    await writeFile(join(work, "pipeline.pub"), publicPem(signer.key))
    const bundle = await readFile(join(folder, bundleName(signer.key.keyid)), "utf8")
    await writeFile(join(work, "bundle.json"), bundle)
    const script = await readmeScript()
    const { stdout } = await execute("bash", ["-euo", "pipefail", "-c", script], { cwd: work })
    expect(stdout).toMatch(/Verified OK|Signature Verified Successfully/)
    expect(await readFile(join(work, "message"))).toEqual(preAuthEncoding(final.envelope.payloadType, final.envelope.payload))
    const payload = final.envelope.payload.toString("base64")
    await writeFile(join(work, "bundle.json"), bundle.replace(payload, Buffer.from(final.envelope.payload.toString().replace("nightly", "yearly!")).toString("base64")))
    await expect(execute("bash", ["-euo", "pipefail", "-c", script], { cwd: work })).rejects.toThrow()
  })
})
