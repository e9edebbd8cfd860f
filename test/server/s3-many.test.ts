/** A hundred thousand real keys: made at once, listed by folders, compared with what was read before. */
import { Agent, request } from "node:http"
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type ListedObject, readSources } from "../../src/sources/index.ts"
import { folderWith, hold } from "../sources/folder.ts"

const endpoint = process.env["EARSHOT_TEST_S3"]
const s3 = { endpoint: endpoint ?? "", region: "us-east-1", forcePathStyle: true }
const bucket = `many-${process.pid}`
const keys = 100_000
const folders = 40
const agent = new Agent({ keepAlive: true, maxSockets: 48 })
let client: S3Client

/** Without a signature, which would cost more than the object: the bucket is open to everybody. */
const put = (key: string, body: string): Promise<void> => new Promise((resolve, reject) => {
  const asked = request(`${endpoint}/${bucket}/${key}`, { method: "PUT", agent, headers: { "content-length": body.length } }, (answer) => {
    answer.resume().on("end", () => answer.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${answer.statusCode}`)))
  })
  asked.on("error", reject)
  asked.end(body)
})

beforeAll(async () => {
  if (endpoint === undefined) throw new Error("EARSHOT_TEST_S3 is not set; start the server with test/server/ceph.sh.")
  client = new S3Client(s3)
  await client.send(new CreateBucketCommand({ Bucket: bucket, ACL: "public-read-write" }))
  let next = 0
  await Promise.all(Array.from({ length: 48 }, async () => {
    for (let number = next++; number < keys; number = next++) await put(`all/${number % folders}/${number}`, "{}")
  }))
}, 400_000)

afterAll(() => {
  agent.destroy()
  client?.destroy()
})

describe("a hundred thousand keys", () => {
  it("are each listed once, and only what is new is read", async () => {
    const read = async (known: Set<string>): Promise<{ readonly uris: Set<string>; readonly read: number; readonly fingerprints: Set<string>; readonly problem: string | undefined }> => {
      const [uris, fingerprints] = [new Set<string>(), new Set<string>()]
      const folder = folderWith({})
      const everything = known.size === 0 ? { has: () => true } : known
      const result = await readSources({
        sources: [{ id: "s", uri: `s3://${bucket}/all/` }], baseFolder: folder, stageDir: `${folder}/stage`, threads: 2, s3, known: everything,
        onListed: ({ uri, fingerprint }: ListedObject) => { uris.add(uri); fingerprints.add(fingerprint) }
      })
      expect(result.sources[0]?.objects).toBe(uris.size)
      return { uris, fingerprints, read: result.objects.reduce((sum, object) => sum + object.read, 0), problem: result.sources[0]?.problem }
    }
    const first = await read(new Set())
    expect([first.uris.size, first.problem]).toEqual([keys, undefined])
    for (let number = 0; number < keys; number += 997) expect(first.uris.has(`s3://${bucket}/all/${number % folders}/${number}`)).toBe(true)
    await put("all/7/changed", hold("new"))
    await put("all/3/3", hold("changed"))
    const second = await read(first.fingerprints)
    expect([second.uris.size, second.read]).toEqual([keys + 1, 2])
  })
})
