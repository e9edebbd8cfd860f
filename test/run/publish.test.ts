/** Reports in S3: put whole, statement last, never overwritten; another machine goes on with the chain. Whole nights are in test/server. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { startFauxqs, type FauxqsServer } from "fauxqs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { publicPem, type Signer, writeCheckpoint } from "../../src/attest/index.ts"
import { type GateAnswer, gate, verify } from "../../src/index.ts"
import { takeChain } from "../../src/run/ledger.ts"
import { Publication, type PublicationOptions } from "../../src/run/publish.ts"
import { ecdsa, freshFolder, makeReport } from "../attest/sampleReport.ts"
import { pastLease, shortLease, stateS3, succeed } from "./publishing.ts"

let server: FauxqsServer
let client: S3Client
const signer: Signer = ecdsa()
let key = ""
let s3 = { endpoint: "", region: "us-east-1", forcePathStyle: true }

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test"
  process.env["AWS_SECRET_ACCESS_KEY"] = "test"
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket("reports")
  s3 = { ...s3, endpoint: `http://127.0.0.1:${server.port}` }
  client = new S3Client(s3)
  stateS3(s3)
  key = join(await freshFolder(), "key.pub")
  writeFileSync(key, publicPem(signer.key))
})

const opened: Array<Publication> = []

afterAll(async () => {
  for (const publication of opened) publication.close()
  client.destroy()
  await server.stop()
})

const put = (name: string, body: string) => client.send(new PutObjectCommand({ Bucket: "reports", Key: name, Body: body }))
const keysUnder = async (prefix: string): Promise<ReadonlyArray<string>> =>
  ((await client.send(new ListObjectsV2Command({ Bucket: "reports", Prefix: prefix }))).Contents ?? []).map(({ Key = "" }) => Key)

const startedAt = (night: number): string => `2026-06-0${night}T02:00:00Z`
const nameOf = (night: number): string => `2026-06-0${night}T02-00-00Z-0000000${night}`

const now = new Date("2026-06-10T00:00:00Z")

/** A machine with a mirror; each with `report` makes a report of the chain there. */
const machine = async (out: string, options: Partial<PublicationOptions> = {}) => {
  const mirror = await freshFolder()
  const publication = new Publication(out, s3, mirror, { now: () => now, name: mirror, ...options })
  opened.push(publication)
  const digests: Array<string> = []
  const report = async (night: number, previousStatement?: string): Promise<string> => {
    const made = await makeReport(join(mirror, nameOf(night)), [signer], { id: `0000000${night}`, sequence: night, startedAt: startedAt(night), ...(previousStatement === undefined ? {} : { previousStatement }) })
    digests.push(made.final.digest)
    return made.final.digest
  }
  return { mirror, publication, report, digests }
}

// Each has a prefix of its own, and one waits for a lease to end.
describe.concurrent("reports in S3", () => {
  it("are verified there, and the chain goes on from a machine that knows nothing", async () => {
    const out = "s3://reports/all nights/a+b%"
    const first = await machine(out)
    const one = await first.report(1)
    await writeCheckpoint({ dir: first.mirror, origin: "earshot/nightly", digests: [one], signers: [signer] })
    await first.publication.publish()
    const second = await machine(out)
    await second.publication.refresh()
    // What the next run compares with is there whole.
    expect(existsSync(join(second.mirror, nameOf(1), "findings.ndjson"))).toBe(true)
    const two = await second.report(2, one)
    await writeCheckpoint({ dir: second.mirror, origin: "earshot/nightly", digests: [one, two], signers: [signer] })
    await second.publication.publish()
    const path = `${out}/${nameOf(2)}`
    expect(await verify({ path, keys: [key], chain: out, head: two })).toMatchObject({ ok: true, problems: [] })
    expect(await verify({ path: `${out}/${nameOf(1)}`, keys: [key], chain: `${out}/chain` })).toMatchObject({ ok: true })
    // Of the older report only what the chain needs is kept on the machine.
    expect(["findings.ndjson", "statement.dsse.json"].map((name) => existsSync(join(second.mirror, nameOf(1), name)))).toEqual([false, true])
    await put(`all nights/a+b%/${nameOf(2)}/findings.ndjson`, "{}\n")
    expect((await verify({ path, keys: [key] })).problems.map(({ file }) => file)).toContain("findings.ndjson")
    await client.send(new DeleteObjectCommand({ Bucket: "reports", Key: `all nights/a+b%/${nameOf(1)}/statement.dsse.json` }))
    expect((await verify({ path: `${out}/${nameOf(2)}`, keys: [key], chain: out })).problems.map(({ sentence }) => sentence).join(" ")).toMatch(/Number 1 is missing/)
  })

  it("are put by the next run where the statement could not be, and never over something else", async () => {
    const out = "s3://reports/half"
    const here = await machine(out)
    await here.report(1)
    await here.publication.publish()
    await client.send(new DeleteObjectCommand({ Bucket: "reports", Key: `half/${nameOf(1)}/statement.dsse.json` }))
    // A machine that died before it put the statement knows nothing of what it put; it finds its own content.
    writeFileSync(join(here.mirror, ".published.json"), "{}")
    const restarted = new Publication(out, s3, here.mirror, { now: () => now, name: "again" })
    await restarted.publish()
    expect(await verify({ path: `${out}/${nameOf(1)}`, keys: [key], chain: out })).toMatchObject({ ok: true })
    const other = await machine("s3://reports/taken")
    await other.report(1)
    await put(`taken/${nameOf(1)}/findings.ndjson`, "something else")
    await expect(other.publication.publish()).rejects.toMatchObject({ name: "StoreFailure", reason: "taken", message: expect.stringContaining("nothing is overwritten") as string })
    expect((await keysUnder("taken/")).filter((name) => name.endsWith("statement.dsse.json"))).toEqual([])
  })

  it("wait for a number whose holder rewrites it while it is looked at", async () => {
    const out = "s3://reports/restless"
    const [here, there] = [await machine(out, { lease: { renewMs: 2, deadMs: 60_000 } }), await machine(out)]
    await here.publication.claim({ id: "00000004", startedAt: "2026-06-09T23:00:00Z", pipeline: "nightly", asOf: startedAt(1), sequence: 1 })
    for (let look = 0; look < 20; look++) await expect(there.publication.refresh()).rejects.toMatchObject({ name: "ChainBusy" })
    here.publication.close()
  })

  it("never fork: a number that is held is waited for, and a dead run's is stated by the next, whatever their clocks say", async () => {
    const out = "s3://reports/claimed"
    // The owner's clock is a day slow, the other's two days fast: only the storage's own counts.
    const lease = shortLease
    const [here, there] = [await machine(out, { lease, now: () => new Date("2026-06-09T00:00:00Z") }), await machine(out, { lease, now: () => new Date("2026-06-12T00:00:00Z") })]
    const claim = { id: "00000003", startedAt: "2026-06-09T23:00:00Z", pipeline: "nightly", asOf: startedAt(1), sequence: 1 }
    await here.publication.claim(claim)
    await expect(there.publication.claim({ ...claim, id: "other" })).rejects.toMatchObject({ name: "ChainBusy" })
    await pastLease()
    // Longer ago than a lease lasts, and renewed meanwhile.
    await expect(there.publication.refresh()).rejects.toMatchObject({ name: "ChainBusy", message: expect.stringContaining("number 1") as string })
    here.publication.close()
    await succeed(there.publication)
    const { dead, release } = takeChain(there.mirror, { id: "next", startedAt: startedAt(2), pipeline: "nightly", asOf: startedAt(2) })
    expect(dead).toMatchObject({ id: "00000003", sequence: 1 })
    release()
    // The one that was thought dead comes back before the other has stated its number: its report is put aside, not published.
    await makeReport(join(here.mirror, nameOf(3)), [signer], { id: "00000003", sequence: 1, startedAt: startedAt(3) })
    const late = new Publication(out, s3, here.mirror, { lease, now: () => now, name: "late" })
    await expect(late.publish()).rejects.toMatchObject({ name: "ChainBusy", message: expect.stringContaining("taken over by another run") as string })
    late.close()
    expect(existsSync(join(`${here.mirror}-unpublished`, nameOf(3), "findings.ndjson"))).toBe(true)
    await makeReport(join(there.mirror, nameOf(1)), [signer], { id: "00000003", sequence: 1, startedAt: startedAt(1) })
    await there.publication.claim({ ...claim, id: "next", sequence: 2 })
    // What was stated of the dead one stands there as soon as the next number is claimed.
    expect((await keysUnder("claimed/")).filter((name) => name.endsWith("statement.dsse.json"))).toEqual([`claimed/${nameOf(1)}/statement.dsse.json`])
  })

  it("are refused where another machine has stated the number meanwhile", async () => {
    const out = "s3://reports/stated"
    const [here, there] = [await machine(out), await machine(out)]
    await there.report(1)
    await there.publication.publish()
    await makeReport(join(here.mirror, nameOf(3)), [signer], { id: "00000003", sequence: 1, startedAt: startedAt(3) })
    await expect(here.publication.publish()).rejects.toMatchObject({ reason: "taken", message: expect.stringContaining("number 1 is held by") as string })
    expect((await keysUnder("stated/")).filter((name) => name.endsWith("statement.dsse.json"))).toHaveLength(1)
  })

  it("are asked by the gate, whose log lies beside them", async () => {
    const out = "s3://reports/gated"
    const here = await machine(out)
    await here.report(1)
    await here.publication.publish()
    const ask = async (): Promise<ReadonlyArray<string>> => {
      const answers: Array<GateAnswer> = []
      const opened = await gate({ report: `${out}/${nameOf(1)}`, keys: [key], objects: [{ uri: "s3://recordings/unknown" }], asOf: "2026-06-30T01:00:00Z" })
      for await (const answer of opened.answers) answers.push(answer)
      return answers.map(({ decision }) => decision)
    }
    expect([...await ask(), ...await ask()]).toEqual(["keep", "keep"])
    await here.publication.refresh()
    expect(readFileSync(join(here.mirror, "chain", "gate-log.ndjson"), "utf8").trimEnd().split("\n").length).toBe(2)
  })
})
