/** What a listing says of protection, asked of a real S3 server: grants, locks, legal holds, versions. */
import { CreateBucketCommand, PutObjectCommand, PutObjectLegalHoldCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { storageState, type StoredState } from "../../src/sources/index.ts"

const endpoint = process.env["EARSHOT_TEST_S3"]
const settings = { endpoint: endpoint ?? "", region: "us-east-1", forcePathStyle: true }
const bucket = `listing-${process.pid}-${Date.now()}`
const until = new Date(Math.ceil(Date.now() / 1000) * 1000 + 60_000)

const listed = async (detail: "list" | "head" | "acl", versions: boolean): Promise<ReadonlyArray<StoredState>> => {
  const found: Array<StoredState> = []
  for await (const state of storageState(`s3://${bucket}/calls/`, { detail, versions, s3: settings, baseFolder: "." })) found.push(state)
  return found.sort((a, b) => (a.uri < b.uri ? -1 : 1))
}

describe("a listing of a bucket with locks", () => {
  const client = new S3Client(settings)
  afterAll(() => { client.destroy() })
  beforeAll(async () => {
    if (endpoint === undefined) throw new Error("EARSHOT_TEST_S3 is not set; start the server with test/server/ceph.sh.")
    await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }))
    const put = (key: string, more: object = {}) => client.send(new PutObjectCommand({ Bucket: bucket, Key: `calls/${key}`, Body: key, ChecksumAlgorithm: "SHA256", ...more }))
    await put("held.wav")
    await client.send(new PutObjectLegalHoldCommand({ Bucket: bucket, Key: "calls/held.wav", LegalHold: { Status: "ON" } }))
    await put("locked.wav", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: until })
    await put("open.wav", { ACL: "public-read" })
    await put("twice.wav")
    await put("twice.wav")
  }, 60_000)

  it("says until when objects are locked and which are held", async () => {
    const states = new Map((await listed("head", false)).map((state) => [state.uri.split("/").at(-1), state]))
    expect([...states.keys()]).toEqual(["held.wav", "locked.wav", "open.wav", "twice.wav"])
    expect(states.get("held.wav")?.legalHold).toBe(true)
    expect(states.get("locked.wav")?.lockUntil).toBe(until.toISOString())
    expect(states.get("open.wav")?.lockUntil).toBeUndefined()
    expect(states.get("open.wav")?.bytes).toBe("open.wav".length)
  })

  it("says what everybody may read, where it asks for grants", async () => {
    const open = (await listed("acl", false)).filter((state) => state.publiclyReadable === true).map((state) => state.uri.split("/").at(-1))
    expect(open).toEqual(["open.wav"])
    expect((await listed("head", false)).some((state) => state.publiclyReadable === false)).toBe(false)
  })

  it("names every version", async () => {
    const twice = (await listed("list", true)).filter((state) => state.uri.endsWith("twice.wav"))
    expect(twice).toHaveLength(2)
    expect(new Set(twice.map((state) => state.versionId)).size).toBe(2)
  })
})
