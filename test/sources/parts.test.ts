/** A file that is read in parts gives what it gives in one piece. */
import { createHash } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import * as fc from "fast-check"
import { expect, it } from "vitest"
import { cut, CutObject, type Part, partBytesOf, readPart } from "../../src/sources/parts.ts"
import { anyRecord } from "../records/arbitrary.ts"
import { folderWith, hold, type Read, readAll } from "./folder.ts"

const linesOf = (path: string): ReadonlyArray<string> => readFileSync(path, "utf8").split("\n").slice(0, -1)

/** What the parts of the folder's only file give; undefined where it must be read in one piece. */
const inParts = async (folder: string, whole: Read, partBytes: number) => {
  const listed = whole.listed[0]
  if (listed === undefined) throw new Error("there is no file")
  const task = { objectNumber: 1, listed, spec: { id: "s", uri: "in" } }
  const context = { stageDir: join(folder, "stage"), baseFolder: folder, progress: () => undefined }
  const parts: Array<Part> = []
  const object = new CutObject(task, context.stageDir)
  object.cut(await cut(task, folder, partBytes, (part) => parts.push(part)))
  for (const part of parts.toReversed()) object.read(part.place, await readPart(task, part, `0-${part.place}`, context))
  const read = object.whole()
  return read === undefined ? { parts: parts.length } : {
    parts: parts.length, report: read.report, quarantine: read.quarantine.flatMap(linesOf),
    rows: read.files.flatMap(({ kind, path }) => linesOf(path).map((row) => `${kind} ${row}`)).sort()
  }
}

const rowsOf = (whole: Read): ReadonlyArray<string> => whole.files.flatMap(({ kind, path }) => linesOf(path).map((row) => `${kind} ${row}`)).sort()

const expectSame = async (content: string | Buffer, partBytes: number): Promise<{ readonly parts: number; readonly same: boolean }> => {
  const folder = folderWith({ a: content })
  const whole = await readAll(folder)
  const [rows, quarantine] = [rowsOf(whole), linesOf(whole.quarantineFile)]
  const { parts, ...read } = await inParts(folder, whole, partBytes)
  if (read.report === undefined) return { parts, same: false }
  expect(read).toEqual({ report: whole.objects[0], quarantine, rows })
  return { parts, same: true }
}

const line = fc.oneof(
  { weight: 5, arbitrary: anyRecord.map((record) => JSON.stringify(record)) },
  { weight: 2, arbitrary: fc.constantFrom(hold("é😀"), hold("a"), "", " ", "\r", "\ufeff", `\ufeff${hold("b")}`, "{}", "[1]", "{\"kind\":", "no", "{", "}", " }") }
)

it("gives the same rows, counts, quarantine and digest, wherever the file is cut", async () => {
  let [cutApart, inOnePiece] = [0, 0]
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(line, fc.constantFrom("\n", "\n", "\r\n")), { minLength: 1, maxLength: 12 }), fc.boolean(), fc.integer({ min: 1, max: 400 }), async (lines, ended, partBytes) => {
    const text = lines.map(([each, end]) => each + end).join("")
    const { parts, same } = await expectSame(ended ? text : text.trimEnd(), partBytes)
    if (same && parts > 1) cutApart++
    if (!same) inOnePiece++
  }), { numRuns: 150, seed: 20261122 })
  expect(cutApart).toBeGreaterThan(60)
  expect(inOnePiece).toBeLessThan(60)
})

it.each([
  ["a character of several bytes and CRLF at the border", `${hold("é")}\r\n${hold("😀")}\r\n${hold("c")}`, 80],
  ["a mark at the beginning and one where a part begins", `\ufeff${hold("a")}\n\ufeff${hold("b")}\n${hold("c")}\n`, 10],
  ["a last line that is cut off", `${hold("a")}\n${hold("b").slice(0, -5)}`, 10],
  ["lines longer than a part", `${hold("x".repeat(5000))}\n${hold("y".repeat(5000))}\n`, 100],
  ["bytes that are not UTF-8", Buffer.concat([Buffer.from(`${hold("a")}\n`), Buffer.from([0xff, 10]), Buffer.from(hold("b"))]), 10],
  ["an array that begins in a later line", `${hold("a")}\n[${hold("b")}]\n`, 10]
])("cuts %s", async (_, content, partBytes) => {
  const { parts, same } = await expectSame(content, partBytes)
  expect(same).toBe(true)
  expect(parts).toBeGreaterThan(1)
})

it.each([
  ["an array", `[${hold("a")},\n${hold("b")}]\n`], ["compressed bytes", gzipSync(`${hold("a")}\n${hold("b")}\n`)], ["white space without end", "\n".repeat(300)],
  ["a document over several lines across a cut", `${hold("a")}\n{\n "kind": "hold",\n "id": "b"\n}\n${hold("c")}\n`]
])("leaves %s in one piece", async (_, content) => {
  expect((await expectSame(content, 10)).same).toBe(false)
})

it("rejects a line over the limit at the same place however its bytes come", async () => {
  const long = (bytes: number, end: string): string => `${hold("x").slice(0, -1)},"contactIds":["${"z".repeat(bytes - hold("x").length - 18)}"]}${end}`
  const limit = 8 * 1024 * 1024
  const content = [long(limit, "\r\n"), long(limit + 1, "\n"), long(limit, " \n"), hold("b")].join("")
  const folder = folderWith({ a: content, b: `${" ".repeat(77)}\n${content}` })
  const result = await readAll(folder)
  expect(result.quarantine.map((entry) => [entry.object, entry.line])).toEqual([["in/a", 2], ["in/a", 3], ["in/b", 3], ["in/b", 4]])
})

it("is shared by two threads, and a file that changes its nature is read in one piece", async () => {
  const big = Array.from({ length: 3000 }, (_, index) => index % 100 === 7 ? "{}" : hold(`a-${index}`, { contactIds: ["x".repeat(1000)] })).join("\n")
  const folder = folderWith({ a: big, b: `${big}\n{\n${" \"x\": 1,\n".repeat(100_000)}}\n${hold("last")}` })
  const one = await readAll(folder, { threads: 1 })
  const two = await readAll(folder, { threads: 2, partBytesMin: 256 * 1024 })
  expect(two.rows).toEqual(one.rows)
  expect(two.objects).toEqual(one.objects)
  expect(two.quarantine).toEqual(one.quarantine)
  expect(two.objects[0]?.sha256).toBe(createHash("sha256").update(big).digest("hex"))
  expect(two.files.some(({ path }) => /\.\d-\d+\.\d+\.ndjson$/.test(path))).toBe(true)
  expect(two.files.reduce((sum, file) => sum + file.rows, 0)).toBe(one.files.reduce((sum, file) => sum + file.rows, 0))
})

it("is given up when the file changes while it is read", async () => {
  const folder = folderWith({ a: `${hold("a")}\n${hold("b")}\n` })
  const whole = await readAll(folder)
  writeFileSync(join(folder, "in/a"), `${hold("a")}\n${hold("c")}\n`)
  expect(await inParts(folder, whole, 10)).toEqual({ parts: 0 })
})

it("makes parts neither tiny nor huge", () => {
  expect([partBytesOf(1e6, 2, 1e5), partBytesOf(1e9, 2, 1e5), partBytesOf(1e12, 16, 1e5)]).toEqual([125_000, 64 * 1024 * 1024, 64 * 1024 * 1024])
  expect(partBytesOf(1000, 2, 4096)).toBe(4096)
})
