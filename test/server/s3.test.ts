import { CreateBucketCommand, DeleteObjectCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type StoreEntry, Stores } from "../../src/sources/index.ts"
import { folderWith, hold, readAll } from "../sources/folder.ts"

const endpoint = process.env["EARSHOT_TEST_S3"]
const s3 = { endpoint: endpoint ?? "", region: "us-east-1", forcePathStyle: true }
const bucket = `records-${process.pid}`
const versioned = `versioned-${process.pid}`
let client: S3Client

const put = async (key: string, body: string, into = bucket) => client.send(new PutObjectCommand({ Bucket: into, Key: key, Body: body }))
const read = (uri: string, more: object = {}) => readAll(folderWith({}), { sources: [{ id: "s", uri, ...more }], s3 })

describe("a real S3 server", () => {
  beforeAll(async () => {
    if (endpoint === undefined) throw new Error("EARSHOT_TEST_S3 is not set; start the server with test/server/ceph.sh.")
    client = new S3Client(s3)
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    await client.send(new CreateBucketCommand({ Bucket: versioned }))
    await client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: "Enabled" } }))
  })

  afterAll(() => client?.destroy())

  it("reads keys with any character", async () => {
    const keys = ["any/a b+c", "any/%41%2F", "any/é😀&=?#'\"<>", "any/tab\there", "any/back\\slash", "any//double", "any/ü/./x"]
    for (const [index, key] of keys.entries()) await put(key, hold(`any-${index}`))
    const result = await read(`s3://${bucket}/any/`)
    expect(result.objects.map((object) => [object.uri, object.unreadable])).toEqual(keys.map((key) => `s3://${bucket}/${key}`).sort().map((uri) => [uri, undefined]))
    expect(result.rows["hold"]?.length).toBe(keys.length)
  })

  it("pages through listings", async () => {
    for (let start = 0; start < 2100; start += 100) await Promise.all(Array.from({ length: 100 }, (_, index) => put(`many/${start + index}`, hold(`${start + index}`))))
    const result = await read(`s3://${bucket}/many/`)
    expect([result.objects.length, result.rows["hold"]?.length]).toEqual([2100, 2100])
  })

  it("records the version that it read, and reads old versions where it is asked to", async () => {
    await put("v/a", hold("first"), versioned)
    await put("v/a", hold("second"), versioned)
    await put("v/b", hold("deleted"), versioned)
    await client.send(new DeleteObjectCommand({ Bucket: versioned, Key: "v/b" }))
    const current = await read(`s3://${versioned}/v/`)
    expect(current.rows["hold"]?.map((row) => row["id"])).toEqual(["second"])
    expect(current.objects[0]?.versionId).toMatch(/./)
    const all = await read(`s3://${versioned}/v/`, { versions: true })
    expect(all.rows["hold"]?.map((row) => row["id"]).sort()).toEqual(["deleted", "first", "second"])
    expect(new Set(all.objects.map((object) => object.versionId)).size).toBe(3)
    expect(all.listed.map((object) => [object.uri.split("/").at(-1), object.deleted])).toEqual([["a", undefined], ["a", undefined], ["b", true]])
  })

  it("tells delete markers from objects, over pages and keys with any character", async () => {
    const keys = Array.from({ length: 520 }, (_, index) => `w/${String(index).padStart(4, "0")} +%é\u0001${index % 7 === 0 ? "/" : ""}`)
    for (let start = 0; start < keys.length; start += 40) await Promise.all(keys.slice(start, start + 40).map((key) => put(key, hold(key), versioned)))
    for (let start = 0; start < keys.length; start += 40) await Promise.all(keys.slice(start, start + 40).map((key) => client.send(new DeleteObjectCommand({ Bucket: versioned, Key: key }))))
    await put(keys[3] ?? "", hold("again"), versioned)
    const all = await read(`s3://${versioned}/w/`, { versions: true })
    expect(all.objects.filter((object) => object.unreadable !== undefined)).toEqual([])
    expect(all.rows["hold"]?.length).toBe(521)
    expect(all.listed.filter((object) => object.deleted !== true).map((object) => object.uri)).toEqual([keys[3], keys[3]].map((key) => `s3://${versioned}/${key ?? ""}`))
    expect((await read(`s3://${versioned}/w/`)).rows["hold"]?.map((row) => row["id"])).toEqual(["again"])
  })

  it("refuses content that is not what was listed, and finds what is there now", async () => {
    await put("c/a", hold("old"))
    const stores = new Stores({ baseFolder: "/", s3 })
    const store = stores.of("s3://")
    const listed = (await store.list(`s3://${bucket}/c/a`)[Symbol.asyncIterator]().next()).value as StoreEntry | undefined
    await put("c/a", hold("new"))
    if (listed === undefined) throw new Error("not listed")
    await expect(store.open(listed)).rejects.toMatchObject({ name: "StoreFailure", reason: "changed" })
    const now = await store.again(listed)
    expect(now?.etag).not.toBe(listed.etag)
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "c/a" }))
    expect(await store.again(listed)).toBeUndefined()
    await expect(store.open(listed)).rejects.toMatchObject({ reason: "missing" })
    stores.close()
  })

  it("reads a large object whole", async () => {
    const lines = Array.from({ length: 120_000 }, (_, index) => hold(`large-${index}`)).join("\n")
    await put("large", lines)
    const result = await readAll(folderWith({}), { sources: [{ id: "s", uri: `s3://${bucket}/large` }], s3, threads: 2 })
    expect(result.objects[0]).toMatchObject({ read: 120_000, rejected: 0, bytes: Buffer.byteLength(lines) })
  })
})
