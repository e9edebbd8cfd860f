/** One byte of a report changed, added or taken away, in any file and at any place: it does not verify, and the gate keeps everything. */
import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { verify } from "../../src/index.ts"
import { asOf, copyOf, earshot, makeEstate, scratch, wholeReports } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

let folder = ""
let report = ""
const places = Number(process.env["EARSHOT_TAMPERINGS"] ?? "4")

beforeAll(async () => {
  folder = copyOf(await makeEstate(root), root, "tampered")
  const ended = await earshot(folder, "run", "pipeline.yaml", "--as-of", asOf)
  expect(ended.code, ended.stderr).toBe(0)
  report = wholeReports(folder)[0] ?? ""
})

const holds = async (): Promise<boolean> => (await verify({ path: report, keys: [join(folder, "keys", "pipeline.pub")] })).ok

/** Places spread over a file, its first and last byte among them. */
const spread = (length: number): ReadonlyArray<number> => [...new Set([0, length - 1, ...Array.from({ length: places }, (_, number) => Math.floor(((number + 0.61803) / places) * length) % length)])]

describe("a report with one byte changed", () => {
  it("does not verify, whatever the file and the place", async () => {
    expect(await holds()).toBe(true)
    let changed = 0
    for (const name of readdirSync(report)) {
      const file = join(report, name)
      const bytes = readFileSync(file)
      for (const [index, place] of spread(bytes.length).entries()) {
        const other = Buffer.from(bytes)
        other[place] = (other[place] ?? 0) ^ (1 << (index % 8))
        if (bytes.length === 0) continue
        writeFileSync(file, other)
        expect([name, place, await holds()]).toEqual([name, place, false])
        changed += 1
      }
      writeFileSync(file, bytes)
      appendFileSync(file, " ")
      expect([name, "longer", await holds()]).toEqual([name, "longer", false])
      if (bytes.length > 0) {
        writeFileSync(file, bytes)
        truncateSync(file, bytes.length - 1)
        expect([name, "shorter", await holds()]).toEqual([name, "shorter", false])
      }
      writeFileSync(file, bytes)
      changed += 2
    }
    expect(await holds()).toBe(true)
    process.stdout.write(`${changed} tamperings of ${readdirSync(report).length} files found\n`)
  })
})
