/** Storage at its worst, in front of a real program: what can be read is read whole and once, what cannot is said, nothing is left open. */
import { setTimeout as sleep } from "node:timers/promises"
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3"
import { startFauxqs, type FauxqsServer } from "fauxqs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Fault, type FaultProxy, startFaultProxy } from "./faultProxy.ts"
import { addsUp, folderWith, hold, readAll } from "./folder.ts"

let server: FauxqsServer
let client: S3Client
let proxy: FaultProxy
const objects = 80
const rowsEach = 60

beforeAll(async () => {
  process.env["AWS_ACCESS_KEY_ID"] = "test"
  process.env["AWS_SECRET_ACCESS_KEY"] = "test"
  server = await startFauxqs({ port: 0, logger: false })
  server.createBucket("records")
  client = new S3Client({ endpoint: `http://127.0.0.1:${server.port}`, region: "us-east-1", forcePathStyle: true })
  proxy = await startFaultProxy(`http://127.0.0.1:${server.port}`)
  const body = (object: number): string => Array.from({ length: rowsEach }, (_, row) => hold(`h-${object}-${row}`)).join("\n")
  for (let start = 0; start < objects; start += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.send(new PutObjectCommand({ Bucket: "records", Key: `many/${String(start + index).padStart(3, "0")}`, Body: body(start + index) }))))
  }
})

afterAll(async () => {
  client.destroy()
  await proxy.close()
  await server.stop()
})

const read = (options: object = {}) => readAll(folderWith({}), { sources: [{ id: "s", uri: "s3://records/many/" }], s3: { endpoint: proxy.endpoint, region: "us-east-1", forcePathStyle: true }, ...options })

/** Numbers that look like chance and are the same each time. */
const dice = (seed: number) => {
  let state = seed
  return (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
}

const noneOpen = async (): Promise<number> => {
  // Long enough for a machine that is busy with other things.
  for (let wait = 0; wait < 400 && proxy.open() > 0; wait++) await sleep(25)
  return proxy.open()
}

const transient: ReadonlyArray<Fault> = ["throttle", "reset", "cut", "slow", "short", "error"]

describe("faults of storage", () => {
  it("that pass change nothing in what is read", async () => {
    const undisturbed = await read()
    proxy.done.clear()
    const chance = dice(7)
    proxy.decide = (method, _path, count) => method === "GET" && count <= 5 && chance() < 0.6 ? transient[Math.floor(chance() * transient.length)] ?? "pass" : "pass"
    const disturbed = await read()
    expect(disturbed.objects).toEqual(undisturbed.objects)
    expect(disturbed.rows).toEqual(undisturbed.rows)
    expect(addsUp(disturbed)).toBe(true)
    const injected = [...proxy.done.values()].reduce((sum, count) => sum + count, 0)
    process.stdout.write(`${injected} faults injected (${[...proxy.done].map(([fault, count]) => `${fault} ${count}`).join(", ")}); at most ${proxy.mostRequests()} requests at once\n`)
    expect([...proxy.done.keys()].sort()).toEqual([...transient].sort())
    expect(injected).toBeGreaterThan(50)
    expect(proxy.mostRequests()).toBeLessThanOrEqual(50)
    expect(await noneOpen()).toBe(0)
  })

  it("that last are said of each object, with what to do, and nothing of it is kept", async () => {
    proxy.decide = (method, path) => method === "GET" && path.includes("/many/007") ? "kms" : "pass"
    const denied = await read()
    const unreadable = denied.objects.filter((object) => object.unreadable !== undefined)
    expect(unreadable.map(({ uri, unreadable: why, read: count }) => [uri, why, count])).toEqual([["s3://records/many/007", expect.stringMatching(/may not be read \(AccessDenied\); check the credentials/), 0]])
    expect(denied.rows["hold"]?.length).toBe((objects - 1) * rowsEach)
    expect(await noneOpen()).toBe(0)
  })

  it("such as credentials that expire in the middle end nothing half: what was read stays, the rest says why", async () => {
    let requests = 0
    proxy.decide = (method) => method === "GET" && ++requests > 40 ? "expired" : "pass"
    const expired = await read()
    const unreadable = expired.objects.filter((object) => object.unreadable !== undefined)
    expect(unreadable.length).toBeGreaterThan(30)
    expect(new Set(unreadable.map((object) => object.unreadable?.includes("ExpiredToken")))).toEqual(new Set([true]))
    expect(expired.rows["hold"]?.length).toBe((objects - unreadable.length) * rowsEach)
    // With a listing that cannot be finished the source itself says so.
    requests = 100
    expect((await read()).sources[0]?.problem).toMatch(/ExpiredToken/)
    expect(await noneOpen()).toBe(0)
  })

  it("leave nothing open where the reading is stopped in the middle", async () => {
    proxy.decide = (method, path) => method === "GET" && path.includes("/many/") ? "slow" : "pass"
    const stop = new AbortController()
    const reading = read({ signal: stop.signal, onProgress: ({ bytesRead }: { readonly bytesRead: number }) => { if (bytesRead > 20_000) stop.abort() } })
    await expect(reading).rejects.toThrow()
    expect(await noneOpen()).toBe(0)
  })
})
