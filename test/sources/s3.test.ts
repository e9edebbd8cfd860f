import { createServer, request, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { startFauxqs, type FauxqsServer } from "fauxqs"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { addsUp, folderWith, hold, readAll } from "./folder.ts"

let server: FauxqsServer
let client: S3Client

/** What the proxy in front of the server does with a request; true: it has answered. */
type Fault = (method: string, url: string, count: number) => "throttle" | "reset" | "cut" | "pass"
let fault: Fault = () => "pass"
let between: (url: string) => Promise<void> = async () => undefined
let proxy: Server
let endpoint = ""
const counts = new Map<string, number>()

const startProxy = (port: number): Promise<Server> => new Promise((resolve) => {
  const started = createServer((incoming, outgoing) => {
    const url = incoming.url ?? ""
    const name = `${incoming.method ?? ""} ${url.split("?")[0] ?? ""}`
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    const what = fault(incoming.method ?? "", url, count)
    if (what === "reset") return void incoming.socket.destroy()
    if (what === "throttle") {
      outgoing.writeHead(503, { "content-type": "application/xml" })
      return void outgoing.end("<Error><Code>SlowDown</Code><Message>slow</Message></Error>")
    }
    void between(`${incoming.method ?? ""} ${url}`).then(() => {
      const onward = request({ host: "127.0.0.1", port, method: incoming.method, path: url, headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        if (what !== "cut") return void answer.pipe(outgoing)
        answer.once("data", (piece: Buffer) => {
          outgoing.write(piece.subarray(0, Math.floor(piece.length / 2)), () => outgoing.destroy())
          answer.destroy()
        })
      })
      incoming.pipe(onward)
    })
  }).listen(0, "127.0.0.1", () => resolve(started))
})

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test"
  process.env["AWS_SECRET_ACCESS_KEY"] = "test"
  process.env["AWS_REGION"] = "us-east-1"
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket("records")
  proxy = await startProxy(server.port)
  endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  client = new S3Client({ endpoint: `http://127.0.0.1:${server.port}`, region: "us-east-1", forcePathStyle: true })
})

afterAll(async () => {
  client.destroy()
  proxy.closeAllConnections()
  proxy.close()
  await server.stop()
})

beforeEach(() => {
  server.emptyBucket("records")
  counts.clear()
  fault = () => "pass"
  between = async () => undefined
})

const put = async (key: string, body: string | Buffer, metadata: Record<string, string> = {}) =>
  client.send(new PutObjectCommand({ Bucket: "records", Key: key, Body: body, Metadata: metadata }))

const read = (uri: string, more: object = {}, options: object = {}) => readAll(folderWith({}), {
  sources: [{ id: "s", uri, ...more }], s3: { endpoint, region: "us-east-1", forcePathStyle: true }, ...options
})

describe("objects in S3", () => {
  it("reads every object under a prefix, compressed or not, and records its ETag", async () => {
    await put("2026/a.ndjson", `${hold("a")}\n`)
    await put("2026/b.ndjson.gz", gzipSync(`${hold("b")}\n${hold("c")}\n`))
    await put("2025/no.ndjson", `${hold("no")}\n`)
    await put("2026/", "")
    const result = await read("s3://records/2026/")
    expect(result.rows["hold"]?.map((row) => row["id"])).toEqual(["a", "b", "c"])
    expect(result.objects.map(({ uri, read: count }) => [uri, count])).toEqual([["s3://records/2026/a.ndjson", 1], ["s3://records/2026/b.ndjson.gz", 2]])
    expect(result.objects.every((object) => object.etag !== "" && /^[0-9a-f]{64}$/.test(object.sha256))).toBe(true)
    expect(addsUp(result)).toBe(true)
  })

  it("reads keys with any character", async () => {
    const keys = ["k/a b+c.ndjson", "k/é😀%20&=?#.ndjson", "k/quo\"te'<x>.ndjson"]
    for (const [index, key] of keys.entries()) await put(key, `${hold(`k${index}`)}\n`)
    const result = await read("s3://records/k/")
    expect(result.objects.map((object) => object.uri).sort()).toEqual(keys.map((key) => `s3://records/${key}`).sort())
    expect(result.objects.map((object) => object.unreadable)).toEqual([undefined, undefined, undefined])
  })

  it("takes the object that is named exactly, and patterns", async () => {
    await put("p/part-1", `${hold("1")}\n`)
    await put("p/part-10", `${hold("10")}\n`)
    await put("p/deep/part-2", `${hold("2")}\n`)
    expect((await read("s3://records/p/part-1")).rows["hold"]?.map((row) => row["id"])).toEqual(["1"])
    expect((await read("s3://records/p/part-*")).rows["hold"]?.map((row) => row["id"])).toEqual(["1", "10"])
    expect((await read("s3://records/p/**/part-[0-9]")).rows["hold"]?.map((row) => row["id"])).toEqual(["2", "1"])
  })

  it("pages through more objects than a listing holds", async () => {
    for (let start = 0; start < 1100; start += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => put(`many/${start + index}`, hold(`${start + index}`))))
    }
    const result = await read("s3://records/many/")
    expect(result.objects.length).toBe(1100)
    expect(result.rows["hold"]?.length).toBe(1100)
  })

  it("goes on after throttling and resets", async () => {
    await put("t/a", hold("a"))
    fault = (method, _, count) => method === "GET" && count === 1 ? "throttle" : method === "GET" && count === 2 ? "reset" : "pass"
    expect((await read("s3://records/t/")).rows["hold"]?.length).toBe(1)
  })

  it("resumes a body that breaks off and loses or doubles nothing", async () => {
    const ids = Array.from({ length: 30_000 }, (_, index) => `long-${index}`)
    await put("long", ids.map((id) => hold(id)).join("\n"))
    fault = (_, url, count) => url.startsWith("/records/long") && count <= 3 ? "cut" : "pass"
    const result = await read("s3://records/long")
    expect(result.rows["hold"]?.map((row) => row["id"])).toEqual(ids)
    expect(counts.get("GET /records/long")).toBeGreaterThan(3)
  })

  it("reads an object again that was replaced after it was listed", async () => {
    await put("c/a", hold("old"))
    let replaced = false
    between = async (what) => {
      if (replaced || !what.startsWith("GET /records/c/a")) return
      replaced = true
      await put("c/a", `${hold("new")}\n${hold("newer")}`)
    }
    const result = await read("s3://records/c/")
    expect(result.rows["hold"]?.map((row) => row["id"])).toEqual(["new", "newer"])
    expect(result.objects[0]?.etag).not.toBe(result.listed[0]?.etag)
  })

  it("keeps nothing of the old content when an object is replaced while it is read", async () => {
    const old = Array.from({ length: 30_000 }, (_, index) => hold(`old-${index}`)).join("\n")
    await put("m/a", old)
    fault = (method, url, count) => method === "GET" && url.startsWith("/records/m/a") && count === 1 ? "cut" : "pass"
    between = async (what) => {
      if (what.startsWith("GET /records/m/a") && counts.get("GET /records/m/a") === 2) await put("m/a", hold("new"))
    }
    const result = await read("s3://records/m/")
    expect(result.rows["hold"]?.map((row) => row["id"])).toEqual(["new"])
    expect(result.objects[0]?.read).toBe(1)
  })

  it("counts an object that is gone as unreadable, with a reason", async () => {
    await put("g/a", hold("a"))
    await put("g/b", hold("b"))
    fault = (method, url) => method === "GET" && url.startsWith("/records/g/a") ? "reset" : "pass"
    const result = await read("s3://records/g/")
    expect(result.objects.map((object) => object.unreadable === undefined)).toEqual([false, true])
    expect(result.objects[0]?.unreadable).toMatch(/cannot be read/)
    expect(result.objects[0]?.read).toBe(0)
  })

  it("says which bucket does not exist, and goes on with other sources", async () => {
    await put("ok", hold("ok"))
    const result = await readAll(folderWith({}), {
      sources: [{ id: "no", uri: "s3://nowhere/x/" }, { id: "yes", uri: "s3://records/ok" }], s3: { endpoint, region: "us-east-1", forcePathStyle: true }
    })
    expect(result.sources[0]?.problem).toMatch(/bucket of "s3:\/\/nowhere\/x\/" does not exist/)
    expect(result.rows["hold"]?.length).toBe(1)
  })

  it("takes a snapshot's time from its metadata", async () => {
    await put("staff/list", hold("a"), { snapshotAt: "2026-06-30T02:00:00+02:00" })
    const result = await read("s3://records/staff/", { mode: "snapshot" })
    expect(result.objects[0]?.snapshotAt).toBe("2026-06-30T00:00:00.000Z")
  })

  it("reads through threads what it reads alone", async () => {
    for (let part = 0; part < 6; part++) await put(`big/${part}`, Array.from({ length: 9000 }, (_, index) => hold(`${part}-${index}`)).join("\n"))
    const result = await read("s3://records/big/", {}, { threads: 2 })
    expect(result.rows["hold"]?.length).toBe(54_000)
    expect(result.objects.map((object) => object.objectNumber)).toEqual([1, 2, 3, 4, 5, 6])
  })
})
