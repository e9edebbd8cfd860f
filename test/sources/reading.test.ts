import { createHash, hash } from "node:crypto"
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { createStoredTables, EvidenceStore, loadStaged } from "../../src/evidence/index.ts"
import { readSources, StageFailure } from "../../src/sources/index.ts"
import { addsUp, folderWith, hold, readAll } from "./folder.ts"

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex")
const at = "2026-01-31T09:30:00Z"

describe("reading local records", () => {
  it("stages each record with its place and digest, as it came", async () => {
    const line = hold("a", { reason: undefined, contactIds: ["é"] })
    const result = await readAll(folderWith({ "a.ndjson": `${line}\n\n${hold("b")}\r\n` }))
    expect(result.rows["hold"]).toEqual([
      { _o: 1, _l: 1, _d: sha256(line), ...(JSON.parse(line) as object) },
      { _o: 1, _l: 3, _d: sha256(hold("b")), ...(JSON.parse(hold("b")) as object) }
    ])
    expect(result.objects[0]).toMatchObject({ uri: "in/a.ndjson", read: 2, rejected: 0, produced: { hold: 2 }, format: "canonical", sha256: sha256(`${line}\n\n${hold("b")}\r\n`) })
    expect(readFileSync(result.quarantineFile, "utf8")).toBe("")
  })

  it("gives a record of an array over several lines the digest that it has on one line", async () => {
    const result = await readAll(folderWith({ "a.json": JSON.stringify([JSON.parse(hold("a"))], null, 2), "b.ndjson": hold("a") }))
    const [first, second] = result.rows["hold"] ?? []
    expect(first).toMatchObject({ _o: 1, _l: 1, _p: "/0" })
    expect(first?.["_d"]).toBe(second?.["_d"])
    expect(readFileSync(result.files[0]?.path ?? "", "utf8").split("\n").length).toBe(3)
  })

  it("quarantines what does not fit, with its place and no content, and reads on", async () => {
    const secret = "jane"
    const result = await readAll(folderWith({
      "a.ndjson": [
        hold("1"), `{"kind":"hold","id":"${secret}"`, hold("2", { recordedat: secret }), `{"kind":"hold","id":"${secret}","id":"x","from":"${at}","createdAt":"${at}"}`,
        hold("3", { contactIds: [`${secret}\u0000`] }), hold("4").replace(`"4"`, String.raw`"\ud800"`), "[]", hold("5"), `{"kind":"hold","id":"${secret}`
      ].join("\n")
    }))
    expect(result.rows["hold"]?.map((row) => row["id"])).toEqual(["1", "5"])
    expect(result.quarantine.map(({ line, pointer, sentence, nearest }) => [line, pointer, sentence.slice(0, 34), nearest])).toEqual([
      [2, undefined, "Not valid JSON from character 27 o", undefined],
      [3, "/recordedat", `Unknown field "recordedat"; did yo`, "recordedAt"],
      [4, "", "A key occurs twice in one object; ", undefined],
      [5, "", "A text holds a NUL or half of a ch", undefined],
      [6, "", "A text holds a NUL or half of a ch", undefined],
      [7, "", "A record must be a JSON object; th", undefined],
      [9, undefined, "The last line is cut off: it is no", undefined]
    ])
    expect(result.quarantine.every((entry) => entry.source === "s" && entry.object === "in/a.ndjson")).toBe(true)
    expect(readFileSync(result.quarantineFile, "utf8")).not.toContain(secret)
    expect(result.objects[0]).toMatchObject({ read: 9, rejected: 7 })
    expect(addsUp(result)).toBe(true)
  })

  it("keeps escapes that mean whole characters, and finds duplicates nested or escaped", async () => {
    const result = await readAll(folderWith({
      "a.ndjson": [
        hold("1").replace(`"1"`, String.raw`"\u00e9\ud83d\ude00\\u0000"`),
        hold("2").replace(`"id"`, String.raw`"i\u0064":"x","id"`),
        `{"kind":"event","id":"e","contactId":"c","at":"${at}","type":"payment","attributes":{"a":1,"a":2}}`,
        `{ "kind" : "event" , "id" : "e" , "contactId" : "c", "at" :"${at}", "type": "payment", "attributes" : { "a\\":" : "\\":" } }`
      ].join("\n")
    }))
    expect(result.rows["hold"]?.map((row) => row["id"])).toEqual(["é😀\\u0000"])
    expect(result.rows["event"]?.map((row) => row["attributes"])).toEqual([{ "a\":": "\":" }])
    expect(result.quarantine.map((entry) => [entry.line, entry.sentence.slice(0, 18)])).toEqual([[2, "A key occurs twice"], [3, "A key occurs twice"]])
  })

  it("writes nothing of a transcript's text, nor free text, to any file", async () => {
    const words = "marzipan"
    const folder = folderWith({
      "a.ndjson": [
        JSON.stringify({ kind: "transcript", contactId: "c1", recordingId: "r1", language: "en", turns: [
          { partyId: "agent-1", at, text: `This call is recorded. ${words}` }, { partyId: "p1", at: "2026-01-31t09:30:05z", until: "2026-01-31T09:30:06Z", text: `I do not want to be recorded. ${words}` }
        ] }),
        JSON.stringify({ kind: "review", id: "v", finding: "f", verdict: "justified", at, by: "agent-2", note: words }),
        hold("h", { reason: words })
      ].join("\n")
    })
    const result = await readAll(folder)
    expect(result.rows["transcript"]).toEqual([expect.objectContaining({ contactId: "c1", recordingId: "r1", language: "en" })])
    expect(result.rows["turn"]?.map(({ partyId, at: time, until, turn }) => [partyId, time, until, turn])).toEqual([
      ["agent-1", at, undefined, 0], ["p1", "2026-01-31T09:30:05Z", "2026-01-31T09:30:06Z", 1]
    ])
    expect(result.rows["signal"]?.map(({ partyId, type, turn }) => [partyId, type, turn])).toEqual([["agent-1", "recording-notice", 0], ["p1", "objection", 1]])
    expect(result.rows["turn"]?.[0]).toMatchObject({ _o: 1, _l: 1, _d: result.rows["transcript"]?.[0]?.["_d"] })
    for (const name of readdirSync(join(folder, "stage"))) expect(readFileSync(join(folder, "stage", name), "utf8")).not.toContain(words)
  })

  it("stages times with an offset apart from those in UTC, and both load as UTC", async () => {
    const inOther = "2026-01-31T15:00:00.5+05:30"
    const result = await readAll(folderWith({ "a.ndjson": [
      hold("a"), hold("b", { until: inOther }), hold("c", { until: at }), hold("d", { until: inOther.toLowerCase() }),
      JSON.stringify({ kind: "staff", id: "agent-1", aliases: [{ alias: "x", from: inOther }, "y"], employedFrom: at, roles: [{ role: "agent", from: inOther }] })
    ].join("\n") }))
    expect(result.files.map(({ kind, rows, offsets }) => `${kind} ${rows} ${offsets}`).sort()).toEqual(["hold 2 false", "hold 2 true", "staff 1 true"])
    for (const file of result.files) expect(file.longest).toBe(Math.max(...readFileSync(file.path, "utf8").split("\n").slice(0, -1).map((row) => Buffer.byteLength(row) + 1)))
    const store = await EvidenceStore.open({ path: ":memory:" })
    await createStoredTables(store)
    for (const file of result.files) await loadStaged(store, file.kind, [file.path], file)
    expect(await store.all("SELECT id, until::VARCHAR AS until FROM stored_hold ORDER BY id")).toEqual([
      { id: "a", until: null }, { id: "b", until: "2026-01-31 09:30:00.5" }, { id: "c", until: "2026-01-31 09:30:00" }, { id: "d", until: "2026-01-31 09:30:00.5" }
    ])
    expect(await store.all(`SELECT aliases[1]."from"::VARCHAR AS named, roles[1]."from"::VARCHAR AS employed FROM stored_staff`)).toEqual([{ named: "2026-01-31 09:30:00.5", employed: "2026-01-31 09:30:00.5" }])
    store.close()
  })

  it("reads gzip and zstd, several members too, by their bytes and not by their names", async () => {
    const members = (compress: (bytes: Buffer) => Buffer) => Buffer.concat(["a", "b"].map((id) => compress(Buffer.from(`${hold(id)}\n`))))
    const result = await readAll(folderWith({ "a.txt": members(gzipSync), "b.gz": members(zstdCompressSync), "c.gz": `${hold("c")}\n`, "d": gzipSync("") }))
    expect(result.objects.map((object) => [object.read, object.rejected, object.unreadable])).toEqual([[2, 0, undefined], [2, 0, undefined], [1, 0, undefined], [0, 0, undefined]])
    expect(result.objects[0]?.sha256).toBe(sha256(members(gzipSync)))
  })

  it("keeps what stands around a broken gzip member, and tells the break once", async () => {
    const members = ["a", "b", "c"].map((id) => gzipSync(`${hold(`${id}1`)}\n${hold(`${id}2`)}\n`))
    const damaged = Buffer.concat(members)
    damaged.writeUInt8(damaged.readUInt8((members[0]?.length ?? 0) + 30) ^ 0xff, (members[0]?.length ?? 0) + 30)
    const result = await readAll(folderWith({ "broken.gz": damaged, "cut.gz": Buffer.concat(members).subarray(0, (members[0]?.length ?? 0) + 12), "nothing.gz": members[0]?.subarray(0, 9) ?? "" }))
    const ids = (objectNumber: number) => result.rows["hold"]?.filter((row) => row._o === objectNumber).map((row) => row["id"])
    expect(ids(1)?.slice(0, 2)).toEqual(["a1", "a2"])
    expect(ids(1)?.slice(-2)).toEqual(["c1", "c2"])
    expect(ids(2)).toEqual(["a1", "a2"])
    expect(result.objects.map((object) => [object.rejected, object.unreadable === undefined])).toEqual([[1, true], [1, true], [0, false]])
    expect(addsUp(result)).toBe(true)
  })

  it("goes through folders and patterns, past hidden files and links to folders", async () => {
    const folder = folderWith({ "x/a.ndjson": hold("a"), "x/y/b.ndjson": hold("b"), "x/.hidden": "no", ".git/c": "no", "d.json": hold("d") })
    symlinkSync("..", join(folder, "in/x/up"))
    const uris = async (uri: string) => (await readAll(folder, { sources: [{ id: "s", uri }] })).objects.map((object) => object.uri)
    expect(await uris("in")).toEqual(["in/d.json", "in/x/a.ndjson", "in/x/y/b.ndjson"])
    expect(await uris("in/d.json")).toEqual(["in/d.json"])
    expect(await uris("in/*/*.ndjson")).toEqual(["in/x/a.ndjson"])
    expect(await uris("in/**/*.{ndjson,json}")).toEqual(["in/d.json", "in/x/a.ndjson", "in/x/y/b.ndjson"])
    expect(await uris("in/none*")).toEqual([])
    expect(await uris(`file://${folder}/in/d.json`)).toEqual([`${folder}/in/d.json`])
  })

  it("says what cannot be listed, and counts what cannot be read", async () => {
    const folder = folderWith({ "a.ndjson": hold("a") })
    const result = await readAll(folder, { sources: [{ id: "gone", uri: "no/where" }, { id: "s", uri: "in" }, { id: "odd", uri: "in", format: "no-such-format" }] })
    expect(result.sources.map((source) => [source.id, source.objects, source.problem])).toEqual([["gone", 0, `"no/where" does not exist; check the source's uri.`], ["s", 1, undefined], ["odd", 1, undefined]])
    expect(result.objects[1]).toMatchObject({ unreadable: `There is no format "no-such-format".`, read: 0, sha256: hash("sha256", hold("a")) })
  })

  it("gives the digest also of a document that cannot be read, whose bytes came whole", async () => {
    const cut = `{"Records": [{"eventVersion": "1.08", ${" ".repeat(100_000)}`
    const result = await readAll(folderWith({ "trail.json": cut }), { sources: [{ id: "trail", uri: "in", format: "cloudtrail" }] })
    expect(result.objects[0]).toMatchObject({ read: 0, sha256: hash("sha256", cut) })
    expect(result.objects[0]?.unreadable).toMatch(/\S/)
  })

  it("tells of a full list what its rejected rows are about, and where it cannot", async () => {
    const hold = { kind: "hold", id: "h1", from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z" }
    const unfit = async (...lines: ReadonlyArray<object | string>): Promise<unknown> => {
      const folder = folderWith({ "list-2026-06-01.ndjson": lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("") })
      return (await readAll(folder, { sources: [{ id: "s", uri: "in", mode: "snapshot" }] })).objects[0]?.unfit
    }
    const named = (name: string): string => hash("sha256", name, "hex")
    expect(await unfit(hold)).toBeUndefined()
    expect(await unfit(hold, { ...hold, id: "h2", form: "x" }, { kind: "identity", subject: "s1" })).toEqual([named("hold:h2"), named("identity:s1")])
    for (const untold of ["{", { ...hold, id: 1 }, { id: "h2" }, `{"kind":"hold","id":"h2","id":"h3","from":"${hold.from}","createdAt":"${hold.createdAt}"}`]) expect(await unfit({ ...hold, form: "x" }, untold)).toBeUndefined()
  })

  it("asks a snapshot for its time and never takes the file's own", async () => {
    const folder = folderWith({ "staff-2026-06-30.ndjson": hold("a"), "dt=20260701T023000Z/part-7": hold("b"), "roster.ndjson": hold("c") })
    const result = await readAll(folder, { sources: [{ id: "s", uri: "in", mode: "snapshot" }] })
    expect(result.objects.map((object) => [object.uri, object.snapshotAt])).toEqual([
      ["in/dt=20260701T023000Z/part-7", "2026-07-01T02:30:00Z"], ["in/roster.ndjson", undefined], ["in/staff-2026-06-30.ndjson", "2026-06-30T00:00:00Z"]
    ])
    expect(result.objects[1]?.unreadable).toMatch(/time of this snapshot is not known/)
  })
})

describe("reading again", () => {
  it("does not read what is known, until its content or the way of reading changes", async () => {
    const folder = folderWith({ "a.ndjson": hold("a"), "b.ndjson": hold("b") })
    const first = await readAll(folder)
    const known = new Set(first.listed.map((object) => object.fingerprint))
    const second = await readAll(folder, { known, firstObjectNumber: 3 })
    expect([second.objects, second.known.map((object) => object.uri)]).toEqual([[], ["in/a.ndjson", "in/b.ndjson"]])
    writeFileSync(join(folder, "in/b.ndjson"), hold("c"))
    const third = await readAll(folder, { known, firstObjectNumber: 3, sources: [{ id: "s", uri: "in/", freshWithin: "P1D" }] })
    expect(third.objects.map((object) => [object.objectNumber, object.uri])).toEqual([[3, "in/b.ndjson"]])
    expect((await readAll(folder, { known, sources: [{ id: "s", uri: "in/", columns: { id: "x" } }] })).objects.length).toBe(2)
  })

  it("clears the stage of a dead run", async () => {
    const folder = folderWith({ "a.ndjson": hold("a") })
    await readAll(folder)
    writeFileSync(join(folder, "stage", "other.txt"), "kept")
    expect((await readAll(folder)).rows["hold"]?.length).toBe(1)
    expect(readdirSync(join(folder, "stage")).sort()).toEqual(["hold.0.0.ndjson", "other.txt", "quarantine.ndjson"])
  })
})

describe("threads", () => {
  const big = (name: string) => Array.from({ length: 12_000 }, (_, index) => index % 100 === 7 ? "{}" : hold(`${name}-${index}`)).join("\n")

  it("give the same result whatever their number", async () => {
    const folder = folderWith({ "a": big("a"), "b": gzipSync(big("b")), "c": big("c"), "d": `[${hold("d")}]`, "e": big("e"), "f": big("f") })
    const one = await readAll(folder, { threads: 1 })
    const two = await readAll(folder, { threads: 2 })
    expect(two.rows).toEqual(one.rows)
    expect(two.objects).toEqual(one.objects)
    expect(two.quarantine).toEqual(one.quarantine)
    expect(one.quarantine.length).toBe(600)
    expect(addsUp(one)).toBe(true)
    expect(new Set(two.files.map((file) => file.path)).size).toBe(two.files.length)
  })

  it("announce files and progress, and stop when they are told to", async () => {
    const folder = folderWith({ "a": big("a"), "b": big("b"), "c": big("c"), "d": big("d"), "e": big("e") })
    const files: Array<string> = []
    let bytes = 0
    const result = await readAll(folder, { threads: 2, onFile: (file) => files.push(file.path), onProgress: (progress) => { bytes = progress.bytesRead } })
    expect(files.sort()).toEqual(result.files.map((file) => file.path).sort())
    expect(bytes).toBe(result.sources[0]?.bytes)
    const stop = new AbortController()
    await expect(readAll(folder, { threads: 2, signal: stop.signal, onProgress: () => stop.abort(new Error("stopped")) })).rejects.toThrow("stopped")
  })
})

describe("a stage that cannot be written", () => {
  it.skipIf(process.getuid?.() === 0)("fails the reading and not the object", async () => {
    const folder = folderWith({ "a": hold("a") })
    mkdirSync(join(folder, "stage"))
    chmodSync(join(folder, "stage"), 0o500)
    await expect(readSources({ sources: [{ id: "s", uri: "in" }], baseFolder: folder, stageDir: join(folder, "stage"), threads: 1 })).rejects.toThrow(StageFailure)
  })

  it("fails the reading where a folder is in the way", async () => {
    const folder = folderWith({ "a": hold("a") })
    mkdirSync(join(folder, "stage", "hold.0.0.ndjson", "x"), { recursive: true })
    await expect(readAll(folder)).rejects.toThrow(StageFailure)
  })
})
