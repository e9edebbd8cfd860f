/** However keys are made, a listing names each once; a long one without folders is listed by several at once. */
import { array, assert, asyncProperty, constantFrom, integer, oneof, string, uniqueArray } from "fast-check"
import { beforeAll, describe, expect, it } from "vitest"
import { Stores } from "../../src/sources/index.ts"
import { ListedKeys, type Manners } from "./listed.ts"

beforeAll(() => {
  process.env["AWS_ACCESS_KEY_ID"] = "test"
  process.env["AWS_SECRET_ACCESS_KEY"] = "test"
})

const listed = async (keys: Iterable<string>, manners: Manners, uri = "s3://b/"): Promise<{ readonly found: ReadonlyArray<string>; readonly server: ListedKeys }> => {
  const server = new ListedKeys(keys, manners)
  const stores = new Stores({ baseFolder: "/", s3: { endpoint: await server.start(), region: "us-east-1", forcePathStyle: true } })
  const found: Array<string> = []
  try {
    for await (const entry of stores.of("s3://").list(uri)) found.push(entry.uri.slice("s3://b/".length))
  } finally {
    stores.close()
    server.stop()
  }
  return { found, server }
}

const sameOnce = (found: ReadonlyArray<string>, keys: ReadonlyArray<string>): void => { expect([...found].sort()).toEqual([...keys].sort()) }

const number = (count: number): string => String(count).padStart(9, "0")
const shapes: Readonly<Record<string, (count: number) => string>> = {
  "counted numbers": (count) => `all/${number(count)}.json`,
  "hexadecimal digests": (count) => `all/${(Math.imul(count + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0")}`,
  "times behind a long beginning": (count) => `all/northwind-recordings-production-eu-west-1-${new Date(1.7e12 + count * 61_000).toISOString()}.wav`,
  "one far away from the others": (count) => count === 0 ? "all/zzzz" : `all/${number(count)}`,
  "letters of any language": (count) => `all/${["é", "ü", "日", "😀"][count % 4] ?? ""}${number(count)}`
}

describe("a long listing without folders", () => {
  for (const [name, shape] of Object.entries(shapes)) {
    it(`of ${name} names each key once`, async () => {
      const { found, server } = await listed(Array.from({ length: 2000 }, (_, count) => shape(count)), { pageKeys: 20, delayMs: 1 }, "s3://b/all/")
      sameOnce(found, server.keys)
    })
  }

  it("is listed by several at once, with few questions", async () => {
    const keys = Array.from({ length: 6000 }, (_, count) => `calls-${number(count)}`)
    const { found, server } = await listed(keys, { pageKeys: 20, delayMs: 10 })
    sameOnce(found, server.keys)
    expect(server.atOnce).toBeGreaterThan(5)
    expect(server.requests).toBeLessThan(2 * 300)
  })

  it("beside a folder shares the work too", async () => {
    const keys = [...Array.from({ length: 3000 }, (_, count) => `all/large/${number(count)}`), "all/small/1", "all/beside"]
    const { found, server } = await listed(keys, { pageKeys: 20, delayMs: 5 }, "s3://b/all/")
    sameOnce(found, server.keys)
    expect(server.atOnce).toBeGreaterThan(4)
  })

  it("is whole where a server does not know how to begin after a key", async () => {
    const { found, server } = await listed(Array.from({ length: 600 }, (_, count) => `all/${number(count)}`), { pageKeys: 20, knowsStartAfter: false }, "s3://b/all/")
    sameOnce(found, server.keys)
  })

  it("of any keys names each once", async () => {
    const part = oneof(constantFrom("a", "b", "0", "9", "~", "!", " ", "é", "\u{10FFFF}", "-", "Z", "/"), string({ maxLength: 2, unit: "grapheme" }))
    // A folder marker is no object.
    const keys = uniqueArray(array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("").replaceAll(/\p{Cc}/gu, "_")).filter((key) => key !== "" && !key.endsWith("/")), { minLength: 20, maxLength: 120 })
    await assert(asyncProperty(keys, integer({ min: 1, max: 7 }), async (made, pageKeys) => {
      const { found, server } = await listed(made, { pageKeys })
      sameOnce(found, server.keys)
    }), { numRuns: 25, seed: 11 })
  })
})
