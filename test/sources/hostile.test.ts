/** Input that is made to exhaust the reader: each is told in a sentence, quickly, in bounded memory, and the rest is read on. */
import { Readable, type Transform } from "node:stream"
import { buffer } from "node:stream/consumers"
import { createGzip, createZstdCompress } from "node:zlib"
import { describe, expect, it } from "vitest"
import { addsUp, folderWith, readAll } from "./folder.ts"

const mebibyte = 1024 ** 2
const good = '{"kind":"hold","id":"h1","from":"2026-06-01T00:00:00Z","createdAt":"2026-06-01T00:00:00Z"}\n'

/** Reads files within a time of the processor, whatever else it does meanwhile, and a growth of memory, in seconds and MiB. */
const within = async (limits: { readonly seconds: number; readonly mebibytes: number }, files: Readonly<Record<string, string | Buffer>>, format = "canonical") => {
  const folder = folderWith(files)
  const [began, before] = [process.cpuUsage(), process.memoryUsage().rss]
  let peak = before
  const watch = setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss) }, 5)
  const result = await readAll(folder, { sources: [{ id: "s", uri: "in/", format }] }).finally(() => { clearInterval(watch) })
  const { user, system } = process.cpuUsage(began)
  expect((user + system) / 1e6).toBeLessThan(limits.seconds)
  expect((Math.max(peak, process.memoryUsage().rss) - before) / mebibyte).toBeLessThan(limits.mebibytes)
  return result
}

const bombMebibytes = 640

/** One sign over and over between two texts, packed without ever being whole in memory. */
const bomb = (packer: Transform, head: string, sign: string, tail: string): Promise<Buffer> => {
  const piece = Buffer.alloc(8 * mebibyte, sign)
  const pieces = [Buffer.from(head), ...Array.from({ length: bombMebibytes / 8 }, () => piece), Buffer.from(tail)]
  return buffer(Readable.from(pieces).pipe(packer))
}

describe("compressed bombs", () => {
  it.each([["gzip", () => createGzip({ level: 1 }), " "], ["zstd", () => createZstdCompress(), "x"]] as const)("of one endless line are one rejected line, and what stands around it is read: %s", async (_name, packer, sign) => {
    const packed = await bomb(packer(), good, sign, `\n${good.replace("h1", "h2")}`)
    const result = await within({ seconds: 20, mebibytes: 400 }, { "bomb.ndjson": packed })
    expect(result.rows["hold"]?.map(({ id }) => id)).toEqual(["h1", "h2"])
    expect(result.quarantine.filter(({ sentence }) => sentence.includes("longer than")).length).toBeLessThanOrEqual(1)
    expect(packed.length).toBeLessThan(bombMebibytes * mebibyte / 100)
    expect(addsUp(result)).toBe(true)
  })

  it("of one endless document are refused as too large", async () => {
    // What may be a document is held up to its limit of 512 MiB.
    const result = await within({ seconds: 20, mebibytes: 700 }, { "bomb.json": await bomb(createGzip({ level: 1 }), '{"resourceType":"Bundle","entry":[', " ", "]}") }, "fhir")
    expect(result.objects[0]?.unreadable ?? result.quarantine[0]?.sentence).toMatch(/larger|too large|too long|bytes/)
  })
})

describe("JSON that is deep or wide", () => {
  const deep = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`

  it("is rejected line by line, however deep", async () => {
    const lines = [10_000, 100_000, 1_000_000].flatMap((depth) => [`{"kind":"contact","id":"c","attributes":${deep(depth)}}`, deep(depth), `{"a":`.repeat(depth)])
    const result = await within({ seconds: 20, mebibytes: 600 }, { "deep.ndjson": `${good}${lines.join("\n")}\n${good.replace("h1", "h2")}` })
    expect(result.rows["hold"]?.map(({ id }) => id)).toEqual(["h1", "h2"])
    expect(result.objects[0]?.rejected).toBe(lines.length)
  })

  for (const format of ["fhir", "vcon", "ocsf", "cloudtrail", "amazon-connect-contact", "auto"]) {
    it(`is refused as a document of ${format}`, async () => {
      const result = await within({ seconds: 10, mebibytes: 400 }, { "deep.json": `{"resourceType":"Bundle","vcon":"0.0.1","Records":${deep(200_000)}}` }, format)
      expect(result.rows).toEqual({})
      expect(addsUp(result) || result.objects[0]?.unreadable !== undefined).toBe(true)
    })
  }

  it("with very many keys takes time that grows with its size", async () => {
    const wide = (keys: number): string => `{"kind":"contact","id":"c","attributes":{${Array.from({ length: keys }, (_, number) => `"${number * 65_536}":1`).join(",")}}}\n`
    const result = await within({ seconds: 15, mebibytes: 800 }, { "wide.ndjson": `${wide(100_000)}${wide(200_000)}${good}` })
    expect(result.rows["hold"]?.length).toBe(1)
  })

  it("with numbers and times without end is rejected", async () => {
    const lines = [`{"kind":"hold","id":${"9".repeat(1_000_000)}}`, `{"kind":"hold","id":"h","from":"${"2026-06-01T00:00:00.".padEnd(1_000_000, "0")}Z","createdAt":"2026-06-01T00:00:00Z"}`, `{"kind":"hold","id":"h","from":"${"2".repeat(1_000_000)}"}`]
    const result = await within({ seconds: 10, mebibytes: 300 }, { "long.ndjson": `${lines.join("\n")}\n${good}` })
    expect(result.objects[0]?.rejected).toBeGreaterThanOrEqual(2)
  })
})

describe("other formats", () => {
  it("of XML: no entity is expanded, no depth overflows", async () => {
    const laughs = `<?xml version="1.0"?><!DOCTYPE recording [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, level) => `<!ENTITY ${String.fromCharCode(98 + level)} "${`&${String.fromCharCode(97 + level)};`.repeat(10)}">`).join("")}<!ENTITY file SYSTEM "file:///etc/passwd">]><recording xmlns="urn:ietf:params:xml:ns:recording:1"><session session_id="&u;&file;"/></recording>`
    const nested = `<recording xmlns="urn:ietf:params:xml:ns:recording:1">${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}</recording>`
    const result = await within({ seconds: 15, mebibytes: 400 }, { "laughs.xml": laughs, "nested.xml": nested }, "siprec")
    expect(result.rows).toEqual({})
    expect(JSON.stringify(result.quarantine)).not.toContain("root:")
  })

  it("with texts that are made against patterns take time that grows with their length", async () => {
    const address = ["<".repeat(300_000), `a@${".".repeat(300_000)}@`, `${";".repeat(300_000)}\n`]
    const parties = address.flatMap((text) => [{ sip: text }, { tel: text }, { mailto: text }, { id: text }])
    const files = {
      "a.vcon": JSON.stringify({ vcon: "0.4.0", uuid: "u1", created_at: "2026-01-01T00:00:00Z", parties, dialog: [{ type: "text", start: "2026-01-01T00:00:00Z", parties: [0], body: "x" }] }),
      "b.csv": `id,who\nh1,a${" ".repeat(300_000)}b\n`,
      "c.log": "[ ".repeat(500_000),
      "d.json": JSON.stringify({ Records: [{ eventSource: "connect.amazonaws.com", eventName: "Download".repeat(100_000), eventTime: "2026-01-01T00:00:00Z", eventID: "e1" }] })
    }
    const options = { kind: "hold", columns: { id: "id", subjects: "who", from: "=2026-01-01T00:00:00Z", createdAt: "=2026-01-01T00:00:00Z" } }
    const sources = [{ id: "a", uri: "in/a.vcon", format: "vcon" }, { id: "b", uri: "in/b.csv", format: "csv", ...options }, { id: "c", uri: "in/c.log", format: "s3-access-log" }, { id: "d", uri: "in/d.json", format: "cloudtrail" }]
    const { objects } = await readAll(folderWith(files), { sources })
    expect(objects.map(({ read, rejected }) => [read, rejected])).toEqual([[1, 0], [1, 0], [1, 1], [1, 0]])
  })
})

describe("talk that is made against the scanners", () => {
  it("takes time that grows with its length", async () => {
    const texts = ["4".repeat(400_000), "4 ".repeat(200_000), "4111-".repeat(80_000), "a".repeat(400_000), "do not ".repeat(60_000), "@".repeat(400_000), "four one ".repeat(45_000), " ".repeat(400_000), "I am ".repeat(80_000), "record ".repeat(57_000)]
    const turns = (text: string): string => JSON.stringify({ kind: "transcript", contactId: "k1", turns: [{ partyId: "c1", at: "2026-06-01T00:00:00Z", text }] })
    const result = await within({ seconds: 20, mebibytes: 500 }, { "talk.ndjson": `${texts.map(turns).join("\n")}\n` })
    expect(result.objects[0]?.rejected).toBe(0)
  })
})
