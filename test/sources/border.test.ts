import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { DocumentTooLarge, ObjectUnreadable, type Produced } from "../../src/formats/format.ts"
import { Border } from "../../src/sources/border.ts"
import { broken, type Piece } from "../../src/sources/compression.ts"
import { formatInput, PeekedBytes } from "../../src/sources/input.ts"
import type { QuarantineEntry, StagedFile } from "../../src/sources/source.ts"
import { Stage } from "../../src/sources/stage.ts"
import { hold } from "./folder.ts"

const at = "2026-01-31T09:30:00Z"

const stageFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-stage-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const feed = (items: ReadonlyArray<Produced>) => {
  const quarantine: Array<QuarantineEntry> = []
  const files: Array<StagedFile> = []
  const stage = new Stage(stageFolder(), 0, (file) => files.push(file))
  const border = new Border({ objectNumber: 5, source: "s", uri: "u", versionId: "v" }, stage, (entry) => quarantine.push(entry))
  for (const item of items) border.produced(item)
  stage.commit()
  stage.close()
  const rows = files.flatMap((file) => readFileSync(file.path, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>))
  return { counts: border.counts, quarantine, rows }
}

const record = (id: string): unknown => JSON.parse(hold(id))

describe("what adapters yield", () => {
  it("counts source records, and stages every canonical record of each", () => {
    const { counts, rows } = feed([
      { type: "records", line: 3, pointer: "/Records/0", records: [record("a"), { ...record("b") as object, until: undefined }] },
      { type: "ignored", line: 4, reason: "other-bucket" }, { type: "ignored", line: 5, reason: "other-bucket" },
      { type: "note", sentence: "No field for it." }, { type: "note", sentence: "No field for it." },
      { type: "statement", name: "digest", pointer: "/x", value: { a: 1 } },
      { type: "records", records: [] }
    ])
    expect(counts).toEqual({
      read: 4, rejected: 0, ignored: { "other-bucket": 2, "nothing-to-carry-over": 1 }, produced: { hold: 2 }, notes: { "No field for it.": 2 },
      statements: [{ name: "digest", pointer: "/x", value: { a: 1 } }]
    })
    expect(rows.map((row) => [row["_o"], row["_l"], row["_p"], row["id"]])).toEqual([[5, 3, "/Records/0", "a"], [5, 3, "/Records/0", "b"]])
  })

  it("gives a source record without a line its number", () => {
    expect(feed([{ type: "records", records: [record("a")] }, { type: "ignored", reason: "x" }, { type: "records", records: [record("b")] }]).rows.map((row) => row["_l"])).toEqual([1, 3])
  })

  it("quarantines the whole source record when one of its records does not fit", () => {
    const { counts, quarantine, rows } = feed([
      { type: "records", line: 1, pointer: "/0", records: [record("a"), { kind: "hold", id: 5 }] }, { type: "records", records: [undefined] }, { type: "records", records: [{ ...record("a") as object, subjects: ["\ud800"] }] },
      { type: "rejected", line: 9, sentence: "No." }
    ])
    expect(rows).toEqual([])
    expect(counts).toMatchObject({ read: 4, rejected: 4, produced: {} })
    expect(quarantine.map((entry) => [entry.line, entry.pointer])).toEqual([[1, "/0"], [2, ""], [3, ""], [9, undefined]])
    expect(quarantine[0]).toMatchObject({ objectNumber: 5, source: "s", object: "u", versionId: "v" })
  })

  it("stages a transcript from an adapter without its text", () => {
    const { rows } = feed([{ type: "records", line: 1, records: [{ kind: "transcript", contactId: "c", turns: [{ partyId: "p", at, text: "marzipan" }] }] }])
    expect(JSON.stringify(rows)).not.toContain("marzipan")
    expect(rows.map((row) => row["turn"])).toEqual([undefined, 0])
  })
})

describe("the input of an adapter", () => {
  async function* pieces(...given: ReadonlyArray<string | typeof broken>): AsyncGenerator<Piece> {
    for (const piece of given) yield piece === broken ? broken : Buffer.from(piece)
  }
  const input = (bytes: AsyncIterable<Piece>, rejected: Array<number> = []) =>
    formatInput({ sourceId: "s", uri: "u", versionId: undefined, options: {}, baseFolder: "/" }, bytes, (line) => rejected.push(line))

  it("gives lines as text and tells a break", async () => {
    const rejected: Array<number> = []
    const lines: Array<unknown> = []
    for await (const line of input(pieces("\ufeffa\nb", "b\r\n\ncc", broken, "d\n"), rejected).lines()) lines.push(line)
    expect([lines, rejected]).toEqual([[{ line: 1, text: "a" }, { line: 2, text: "bb" }, { line: 5, text: "d" }], [4]])
  })

  it("gives the whole document, or refuses one that is broken or too large", async () => {
    expect(Buffer.from(await input(pieces("\ufeff{", "}")).whole()).toString()).toBe("{}")
    await expect(input(pieces("{", broken)).whole()).rejects.toThrow(ObjectUnreadable)
    async function* endless(): AsyncGenerator<Piece> {
      const piece = Buffer.alloc(64 * 1024 * 1024)
      for (;;) yield piece
    }
    await expect(input(endless()).whole()).rejects.toThrow(DocumentTooLarge)
  })

  it("shows its beginning and still gives everything", async () => {
    const peeked = new PeekedBytes(pieces("ab", "cd"))
    expect(await peeked.head("u")).toEqual({ uri: "u", text: "abcd", complete: true })
    expect(Buffer.from(await input(peeked).whole()).toString()).toBe("abcd")
    expect((await new PeekedBytes(pieces("ab", broken, "cd")).head("u")).text).toBe("ab")
    expect((await new PeekedBytes(pieces("x".repeat(70_000), "y")).head("u"))).toMatchObject({ complete: false, text: "x".repeat(65_536) })
  })
})

describe("the stage", () => {
  it("drops what is rolled back, also what filled files, and keeps what was committed", () => {
    const folder = stageFolder()
    const files: Array<StagedFile> = []
    const stage = new Stage(folder, 3, (file) => files.push(file))
    const write = (text: string, times = 1): void => {
      const bytes = Buffer.from(JSON.stringify({ text }))
      for (let time = 0; time < times; time++) stage.row("hold", `{"_o":1,`, bytes, 1, bytes.length, false)
    }
    write("kept")
    stage.commit()
    write("x".repeat(1024 * 1024), 70)
    stage.rollBack()
    write("kept too")
    stage.commit()
    write("no")
    stage.rollBack()
    stage.close()
    expect(files.map((file) => file.rows)).toEqual([2])
    expect(readFileSync(files[0]?.path ?? "", "utf8")).toBe(`{"_o":1,"text":"kept"}\n{"_o":1,"text":"kept too"}\n`)
  })

  it("announces files as they fill, each row once", () => {
    const files: Array<StagedFile> = []
    const stage = new Stage(stageFolder(), 0, (file) => files.push(file))
    const bytes = Buffer.from(JSON.stringify({ text: "y".repeat(1_000_000) }))
    for (let row = 0; row < 80; row++) {
      stage.row("hold", `{"_o":${row},`, bytes, 1, bytes.length, false)
      stage.commit()
    }
    expect(files.length).toBeGreaterThan(1)
    stage.close()
    const seen = files.flatMap((file) => readFileSync(file.path, "latin1").split("\n").slice(0, -1).map((line) => Number(line.slice(6, line.indexOf(",")))))
    expect(seen).toEqual(Array.from({ length: 80 }, (_, row) => row))
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(80)
  })
})
