/** Reports in a bucket with Object Lock: what S3 itself holds is what was signed, and nobody removes it before its time. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CreateBucketCommand, DeleteObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { hold } from "../sources/folder.ts"
import { verify } from "../../src/index.ts"
import { S3Folder } from "../../src/sources/index.ts"
import { machine, night, stateS3 } from "../run/publishing.ts"

const endpoint = process.env["EARSHOT_TEST_S3"]
const s3 = { endpoint: endpoint ?? "", region: "us-east-1", forcePathStyle: true }
const bucket = `reports-${process.pid}`
let client: S3Client

beforeAll(async () => {
  if (endpoint === undefined) throw new Error("EARSHOT_TEST_S3 is not set; start the server with test/server/ceph.sh.")
  client = new S3Client(s3)
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }))
  stateS3(s3)
})

afterAll(() => client?.destroy())

describe("a bucket with Object Lock", () => {
  it("keeps every file of a report until its day, and the chain goes on", async () => {
    const here = machine(s3)
    writeFileSync(here.pipeline, readFileSync(here.pipeline, "utf8").replace("report: {", "report: {objectLock: {mode: governance, days: 2}, ")
      .replace("sources:\n", `sources:\n  - {id: old-holds, uri: "s3://${bucket}/holds/", versions: true}\n`))
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "holds/a", Body: hold("first") }))
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "holds/a", Body: hold("second") }))
    const out = `s3://${bucket}/nightly`
    const inputs = ({ folder }: { readonly folder: string }) => readFileSync(join(folder, "inputs.ndjson"), "utf8").split("\n").filter((line) => line.includes("old-holds")).map((line) => (JSON.parse(line) as { gone?: boolean }).gone)
    const one = await night(here, out, "2026-07-01T00:00:00Z")
    const before = inputs(one)
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "holds/a" }))
    const two = await night(here, out, "2026-07-02T00:00:00Z")
    expect(await verify({ path: two.published ?? "", keys: [here.key], chain: out, head: two.statement })).toMatchObject({ ok: true, problems: [] })
    expect([before, inputs(two)]).toEqual([[undefined, undefined], [true, true]])
    const key = `${(one.published ?? "").slice(`s3://${bucket}/`.length)}/statement.dsse.json`
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    expect(head.ObjectLockMode).toBe("GOVERNANCE")
    expect((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - Date.now()).toBeGreaterThan(47 * 3_600_000)
    await expect(client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: head.VersionId }))).rejects.toMatchObject({ name: "AccessDenied" })
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: "nightly/chain/checkpoint" }))
    expect(Versions.length).toBe(2)
  })

  it("creates once: another content is refused, the same content is its own", async () => {
    const folder = new S3Folder(`s3://${bucket}/once`, s3)
    const etag = await folder.put("a", { bytes: Buffer.from("one") })
    expect(await folder.put("a", { bytes: Buffer.from("one") })).toBe(etag)
    await expect(folder.put("a", { bytes: Buffer.from("two") })).rejects.toMatchObject({ name: "StoreFailure", reason: "taken" })
    const next = await folder.put("a", { bytes: Buffer.from("two") }, { replaces: etag })
    await expect(folder.put("a", { bytes: Buffer.from("three") }, { replaces: etag })).rejects.toMatchObject({ reason: "taken" })
    const [entry] = await folder.list()
    expect([entry?.etag, entry === undefined ? "" : (await folder.read(entry)).toString()]).toEqual([next, "two"])
    folder.close()
  })
})
