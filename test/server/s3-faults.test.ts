/** Whole audits while a real server's answers go wrong: the report says what could not be read, is signed, and is not trusted. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { verify } from "../../src/index.ts"
import { machine, night } from "../run/publishing.ts"
import { type FaultProxy, startFaultProxy } from "../sources/faultProxy.ts"
import { hold } from "../sources/folder.ts"

const endpoint = process.env["EARSHOT_TEST_S3"]
const bucket = `faults-${process.pid}`
let client: S3Client
let proxy: FaultProxy

beforeAll(async () => {
  if (endpoint === undefined) throw new Error("EARSHOT_TEST_S3 is not set; start the server with test/server/ceph.sh.")
  client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
  for (let object = 0; object < 20; object++) await client.send(new PutObjectCommand({ Bucket: bucket, Key: `holds/${object}`, Body: hold(`old-${object}`) }))
  proxy = await startFaultProxy(endpoint)
})

afterAll(async () => {
  client?.destroy()
  await proxy?.close()
})

describe("an audit", () => {
  it("whose credentials expire in the middle ends with a signed report that says so and exit code 2", async () => {
    const here = machine({ endpoint: proxy.endpoint, region: "us-east-1", forcePathStyle: true })
    const source = (more: string) => writeFileSync(here.pipeline, readFileSync(here.pipeline, "utf8").replace(/( {2}- \{id: old-holds.*\n)?( {2}- \{?id: )/, `  - {id: old-holds, uri: "s3://${bucket}/holds/"${more}}\n$2`))
    source("")
    let requests = 0
    proxy.decide = (method) => method === "GET" && ++requests > 8 ? "expired" : "pass"
    const out = join(here.folder, "reports")
    const first = await night(here, out, "2026-07-01T00:00:00Z")
    expect([first.summary.exitCode, first.summary.trust.trustworthy]).toEqual([2, false])
    expect(first.summary.trust.problems.join(" ")).toMatch(/unreadable|could not be read|cannot be read/)
    expect(readFileSync(join(first.folder, "inputs.ndjson"), "utf8")).toMatch(/may not be read \(ExpiredToken\); check the credentials/)
    expect(await verify({ path: first.folder, keys: [here.key] })).toMatchObject({ ok: true, signed: true })
    // The next night reads what is left; one object that its key does not open is allowed.
    source(", allowUnreadableObjects: 1")
    proxy.decide = (method, path) => method === "GET" && path.startsWith(`/${bucket}/holds/7`) ? "kms" : "pass"
    const second = await night(here, out, "2026-07-02T00:00:00Z")
    expect(second.summary.trust.problems).toEqual([])
    expect(second.summary.sources.find(({ id }) => id === "old-holds")).toMatchObject({ objects: 20, unreadable: 1, read: 19 })
  })
})
