import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import * as fc from "fast-check"
import { expect, it } from "vitest"
import { createStoredTables, EvidenceStore, loadStaged } from "../../src/evidence/index.ts"
import { readSources } from "../../src/sources/index.ts"
import { anyRecord, anySigns } from "../records/arbitrary.ts"
import { addsUp, folderWith, readAll } from "./folder.ts"

const line = anyRecord.map((record) => JSON.stringify(record))

/** What files go through before they arrive. */
const damaged = fc.oneof(
  { weight: 4, arbitrary: line },
  { weight: 1, arbitrary: fc.tuple(line, fc.nat(), fc.nat(255)).map(([text, at, byte]) => text.slice(0, at % text.length) + String.fromCharCode(byte === 10 ? 32 : byte) + text.slice(at % text.length + 1)) },
  { weight: 1, arbitrary: fc.tuple(line, fc.nat()).map(([text, at]) => text.slice(0, at % text.length)) },
  { weight: 1, arbitrary: line.map((text) => `{${text.slice(1, text.indexOf(",") + 1)}${text.slice(1)}`) },
  { weight: 1, arbitrary: fc.tuple(line, fc.constantFrom(" ", "\t", "\r")).map(([text, space]) => text.replaceAll("\":", `"${space}:${space}`)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: anySigns().map((text) => text.replaceAll("\n", "")) }
)

const blank = /^[\t\v\f\r ]*$/

it("takes or quarantines every line, never throws, and stages only what the store can load", async () => {
  const folder = folderWith({ a: "" })
  const store = await EvidenceStore.open({ path: ":memory:" })
  await createStoredTables(store)
  let staged = 0
  await fc.assert(fc.asyncProperty(fc.array(damaged, { minLength: 20, maxLength: 40 }), async (lines) => {
    // A file that begins as an array is read as one, and one that opens a document as that; both have tests of their own.
    writeFileSync(join(folder, "in/a"), `x\n${lines.map((each) => each === "{" ? "" : each).join("\n")}`)
    const result = await readSources({ sources: [{ id: "s", uri: "in" }], baseFolder: folder, stageDir: join(folder, "stage"), threads: 1 })
    expect(addsUp(result)).toBe(true)
    expect(result.objects[0]?.unreadable).toBeUndefined()
    expect(result.objects[0]?.read).toBe(1 + lines.filter((each) => each !== "{" && !blank.test(each)).length)
    for (const file of result.files) {
      await loadStaged(store, file.kind, [file.path], file)
      staged += file.rows
    }
  }), { numRuns: 150, seed: 20261122 })
  const counts = await Promise.all(["contact", "recording", "transcript", "turn", "signal", "decision", "access", "staff"].map(async (kind) =>
    Number((await store.all(`SELECT count(*) AS rows FROM stored_${kind}`))[0]?.["rows"])))
  expect(counts.slice(0, 3).every((count) => count > 20)).toBe(true)
  expect(staged).toBeGreaterThan(1000)
  store.close()
})

it("says that bytes of any kind are unreadable or quarantined, and its counts add up", async () => {
  const folder = folderWith({ a: "" })
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((tail) => Uint8Array.from([0x1f, 0x8b, 8, ...tail])),
    fc.uint8Array({ maxLength: 300 }).map((tail) => Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, ...tail])),
    fc.tuple(fc.array(damaged, { maxLength: 20 }), fc.nat(), fc.nat(255)).map(([lines, at, byte]) => {
      const packed = gzipSync(lines.join("\n"))
      packed[at % packed.length] = byte
      return packed
    }),
    fc.array(damaged, { maxLength: 20 }).map((lines) => Buffer.from(`[${lines.join(",")}]`)),
    fc.array(damaged, { maxLength: 20 }).map((lines) => Buffer.from(`[{${lines.join(",")}`))
  )
  await fc.assert(fc.asyncProperty(bytes, async (content) => {
    writeFileSync(join(folder, "in/a"), content)
    const result = await readAll(folder)
    expect(addsUp(result)).toBe(true)
    expect(result.quarantine.length).toBe(result.objects[0]?.rejected)
    const again = await readAll(folder)
    expect(again.objects).toEqual(result.objects)
    expect(again.rows).toEqual(result.rows)
  }), { numRuns: 200, seed: 20261122 })
})
