/** Who holds a number in a real S3: a killed run is succeeded within its lease, a run that slept notices that it was, and publishes nothing. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { CreateBucketCommand, ListObjectsV2Command, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { verify } from "../../src/index.ts"
import { resolveConfiguration } from "../../src/pipeline/index.ts"
import { Publication } from "../../src/run/publish.ts"
import { announcedAudit, systemEdges } from "../../src/run/index.ts"
import { type Machine, machine, night, pastLease, shortLease, stateS3, succeed } from "../run/publishing.ts"

const endpoint = process.env["EARSHOT_TEST_S3"]
const s3 = { endpoint: endpoint ?? "", region: "us-east-1", forcePathStyle: true }
const plain = `claims-${process.pid}`
const versioned = `claims-versioned-${process.pid}`
const [program, taking] = ["claiming", "taking"].map((name) => fileURLToPath(new URL(`../run/${name}.ts`, import.meta.url))) as [string, string]
let client: S3Client

beforeAll(async () => {
  if (endpoint === undefined) throw new Error("EARSHOT_TEST_S3 is not set; start the server with test/server/ceph.sh.")
  client = new S3Client(s3)
  stateS3(s3)
  for (const Bucket of [plain, versioned]) await client.send(new CreateBucketCommand({ Bucket }))
  await client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: "Enabled" } }))
})

afterAll(() => client?.destroy())

const folder = (): string => {
  const root = mkdtempSync(join(tmpdir(), "earshot-claims-"))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  return root
}

const publication = (uri: string): Publication => {
  const made = new Publication(uri, s3, folder(), { lease: shortLease, now: () => new Date(), name: systemEdges.runId() })
  onTestFinished(() => made.close())
  return made
}

/** A run in a process of its own that holds number 1; `said` waits for a line of it. */
const holder = async (uri: string): Promise<{ readonly child: ChildProcess; readonly said: (line: string) => Promise<void> }> => {
  const child = spawn(process.execPath, [program, uri, s3.endpoint, folder()], { stdio: ["ignore", "pipe", "inherit"] })
  onTestFinished(() => { child.kill("SIGKILL") })
  let text = ""
  child.stdout?.on("data", (bytes: Buffer) => { text += bytes.toString() })
  const said = async (line: string): Promise<void> => { while (!text.includes(line)) await sleep(50) }
  await said("claimed")
  return { child, said }
}

const statements = async (bucket: string, prefix: string): Promise<number> =>
  ((await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }))).Contents ?? []).filter(({ Key = "" }) => Key.endsWith("statement.dsse.json")).length

const audited = (on: Machine, out: string, observer: { readonly stage: (name: string) => void }, lease = shortLease) => {
  const { values } = resolveConfiguration({ file: on.pipeline, flags: { asOf: "2026-07-01T00:00:00Z", out }, env: { EARSHOT_FORMATS: "csv", EARSHOT_STORE: on.store }, cwd: on.folder })
  return announcedAudit(values, { progress: () => undefined, log: () => undefined, ...observer }, new AbortController().signal, {}, { ...systemEdges, lease })
}

for (const [kind, bucket] of [["plain", plain], ["versioned", versioned]] as const) {
  describe(`a number in a ${kind} bucket`, () => {
    it("is kept by a run that lives, and free soon after it is killed", async () => {
      const uri = `s3://${bucket}/killed`
      const { child } = await holder(uri)
      await pastLease()
      await expect(publication(uri).refresh()).rejects.toMatchObject({ name: "ChainBusy" })
      child.kill("SIGKILL")
      await expect(publication(uri).refresh()).rejects.toMatchObject({ name: "ChainBusy", message: expect.stringContaining("counts as dead after") as string })
      await pastLease()
      // Of two that come for it at once, one gets it.
      const both = await Promise.allSettled([publication(uri).refresh(), publication(uri).refresh()])
      expect(both.map(({ status }) => status).sort()).toEqual(kind === "plain" ? ["fulfilled", "rejected"] : expect.arrayContaining(["fulfilled"]))
    })

    it("is lost by a run that slept, which notices when it wakes", async () => {
      const uri = `s3://${bucket}/slept`
      const { child, said } = await holder(uri)
      child.kill("SIGSTOP")
      await succeed(publication(uri))
      child.kill("SIGCONT")
      await said("lost")
    })

    // The last of these renews nothing, so that only its question right before it states can tell it.
    it.each([["in its midst", shortLease], ["right before it states", { ...shortLease, renewMs: 1e6 }]] as const)("ends a run whose number is lost %s; nothing is published, and the next night goes on", async (when, lease) => {
      const here = machine(s3)
      const prefix = `${when.replaceAll(" ", "-")}/`
      const out = `s3://${bucket}/${prefix.slice(0, -1)}`
      // Another takes its number over while it stands still: its own renewals would come between, and some servers do not keep two writings apart.
      const stage = (name: string): void => {
        if (name === "read") expect(spawnSync(process.execPath, [taking, out, s3.endpoint, folder()], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" })
      }
      await expect(audited(here, out, { stage }, lease)).rejects.toMatchObject({ name: "ChainBusy", message: expect.stringContaining("taken over by another run") as string })
      expect(await statements(bucket, prefix)).toBe(0)
      const mirrors = readdirSync(join(here.folder, ".earshot", "published"))
      expect(mirrors.some((name) => name.endsWith("-unpublished"))).toBe(true)
      expect(existsSync(join(here.folder, ".earshot", "published", mirrors.find((name) => !name.includes("-")) ?? "", "chain", "run.json"))).toBe(false)
      await pastLease()
      const next = machine(s3)
      await audited(next, out, { stage: () => undefined })
      // The dead run's number and its own.
      expect(await statements(bucket, prefix)).toBe(2)
      const last = await night(here, out, "2026-07-02T00:00:00Z")
      expect(await statements(bucket, prefix)).toBe(3)
      // Each machine has keys of its own here, so only what the chain holds together is asked.
      const { problems } = await verify({ path: last.published ?? "", integrityOnly: true, chain: out })
      expect(problems.map(({ sentence }) => sentence)).toEqual([])
    })
  })
}
