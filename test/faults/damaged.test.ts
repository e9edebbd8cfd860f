/** Broken inputs, a full disk and changed reports: each is told in a sentence, none becomes a report that lies. */
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Summary } from "../../src/report/summary.ts"
import { asOf, copyOf, earshot, type Ended, limited, makeEstate, promised, reportsOf, scratch, wholeReports } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

let estate = ""
let audited = ""
let report = ""

const run = (folder: string, ...flags: ReadonlyArray<string>): Promise<Ended> => earshot(folder, "run", "pipeline.yaml", "--as-of", asOf, ...flags)
const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? ""

beforeAll(async () => {
  estate = await makeEstate(root)
  audited = copyOf(estate, root, "audited")
  const ended = await run(audited)
  expect(ended.code, ended.stderr).toBe(0)
  report = relative(audited, wholeReports(audited)[0] ?? "")
})

const edit = (file: string, change: (text: string) => string): void => { writeFileSync(file, change(readFileSync(file, "utf8"))) }

describe("a source that is cut off", () => {
  it("keeps the report, says on its first page that it can't be trusted, and ends with 2", async () => {
    const folder = copyOf(estate, root, "cut")
    const part = join(folder, "access-log", readdirSync(join(folder, "access-log"))[0] ?? "")
    const packed = gzipSync(readFileSync(part))
    writeFileSync(`${part}.gz`, packed.subarray(0, Math.floor(packed.length * 0.6)))
    rmSync(part)
    const ended = await run(folder)
    expect(ended.code, ended.stderr).toBe(2)
    const [whole = ""] = wholeReports(folder)
    const summary = JSON.parse(readFileSync(join(whole, "summary.json"), "utf8")) as Summary
    expect(summary.trust.trustworthy).toBe(false)
    expect(summary.trust.problems.join(" ")).toContain("evidence/rejected-over-allowance")
    expect(readFileSync(join(whole, "report.html"), "utf8")).toContain("evidence/rejected-over-allowance")
    const { code } = await earshot(folder, "verify", whole, "--key", "keys/pipeline.pub")
    expect(code).toBe(0)
  })
})

describe("a disk that is full", () => {
  for (const blocks of [16, 128]) {
    it(`at ${blocks} KiB a file, leaves no report, and the next run gives the same bytes`, async () => {
      const folder = copyOf(estate, root, `full-${blocks}`)
      const ended = await limited(folder, blocks, "run", "pipeline.yaml", "--as-of", asOf)
      expect(ended.code, ended.stderr).toBe(2)
      expect(lastLine(ended.stderr)).toMatch(/^exit 2: /)
      expect(wholeReports(folder)).toEqual([])
      const again = await run(folder)
      expect(again.code, again.stderr).toBe(0)
      expect(promised(wholeReports(folder).at(-1) ?? "")).toEqual(promised(join(audited, report)))
    })
  }

  it("when the store is nearly whole, gives a whole report or none, and the store opens again", async () => {
    const folder = copyOf(estate, root, "full-nearly")
    const blocks = Math.floor((0.9 * statSync(join(audited, ".earshot", "evidence.duckdb")).size) / 1024)
    const ended = await limited(folder, blocks, "run", "pipeline.yaml", "--as-of", asOf)
    expect([0, 2], ended.stderr).toContain(ended.code)
    expect(wholeReports(folder)).toHaveLength(ended.code === 0 ? 1 : 0)
    const again = await run(folder)
    expect(again.code, again.stderr).toBe(0)
    // Statuses differ where the first report stands; the canonical findings are in the Merkle root.
    const { findings: _findings, ...rest } = promised(join(audited, report))
    expect(promised(wholeReports(folder).at(-1) ?? "")).toMatchObject(rest)
  })
})

describe("a report that was changed", () => {
  const changes: Readonly<Record<string, readonly [string, (folder: string) => void]>> = {
    "a byte of the findings": ["findings.ndjson", (folder) => { edit(join(folder, "findings.ndjson"), (text) => text.replace('"severity":"high"', '"severity":"lows"')) }],
    "a byte of the page": ["report.html", (folder) => { edit(join(folder, "report.html"), (text) => `${text} `) }],
    "a number of the summary": ["summary.json", (folder) => { edit(join(folder, "summary.json"), (text) => text.replace(/"read": \d/, '"read": 0')) }],
    "a file removed": ["inputs.ndjson", (folder) => { rmSync(join(folder, "inputs.ndjson")) }],
    "a file added": ["note.txt", (folder) => { writeFileSync(join(folder, "note.txt"), "all is well") }],
    "the statement": ["statement.dsse.json", (folder) => { edit(join(folder, "statement.dsse.json"), (text) => text.replace(/"payload": ?"(.{40})(.)/, (_, head: string, one: string) => `"payload":"${head}${one === "A" ? "B" : "A"}`)) }]
  }
  for (const [what, [file, change]] of Object.entries(changes)) {
    it(`does not verify, and the file is named: ${what}`, async () => {
      const folder = copyOf(audited, root, `changed-${file}`)
      change(join(folder, report))
      const { code, stdout, stderr } = await earshot(folder, "verify", report, "--key", "keys/pipeline.pub")
      expect(code).toBe(4)
      expect(stdout).toContain(file)
      expect(lastLine(stderr)).toMatch(/^exit 4: /)
    })
  }

  it("does not verify without a key, nor with somebody else's", async () => {
    const other = await earshot(audited, "keygen", "--out", "other")
    expect(other.code).toBe(0)
    expect((await earshot(audited, "verify", report)).code).toBe(4)
    expect((await earshot(audited, "verify", report, "--key", "other/pipeline.pub")).code).toBe(4)
    expect((await earshot(audited, "verify", report, "--integrity-only")).code).toBe(0)
  })
})

describe("a wrong pipeline, policy, key or command line", () => {
  const refused = async (name: string, change: (folder: string) => void, ...flags: ReadonlyArray<string>): Promise<Ended> => {
    const folder = copyOf(estate, root, name)
    change(folder)
    const ended = await run(folder, ...flags)
    expect(ended.code, ended.stderr).toBe(3)
    expect(lastLine(ended.stderr)).toMatch(/^exit 3: /)
    expect(reportsOf(folder)).toEqual([])
    return ended
  }

  it("is refused with file, line, column and the nearest key: pipeline", async () => {
    const { stderr } = await refused("pipeline", (folder) => { edit(join(folder, "pipeline.yaml"), (text) => text.replace("report: {out: reports, failOn: never", "report: {out: reports, failOm: never")) })
    expect(stderr).toMatch(/pipeline\.yaml:\d+:\d+: .*failOm.*failOn/)
  })

  it("is refused with file, line, column and the nearest key: policy", async () => {
    const { stderr } = await refused("policy", (folder) => { edit(join(folder, "policy.yaml"), (text) => text.replace("stopWithin:", "stopWithn:")) })
    expect(stderr).toMatch(/policy\.yaml:\d+:\d+: .*stopWithn.*stopWithin/)
  })

  it("is refused with the place of the condition: CEL", async () => {
    const { stderr } = await refused("cel", (folder) => { edit(join(folder, "policy.yaml"), (text) => text.replace("facts.daysSincePurchase > 90", "facts.daysSincePurchased > 90")) })
    expect(stderr).toMatch(/policy\.yaml:\d+:\d+: /)
  })

  it("is refused by name: a key that is none", async () => {
    const { stderr } = await refused("key", (folder) => { copyFileSync(join(folder, "keys", "pseudonym.key"), join(folder, "keys", "pipeline.pem")) })
    expect(stderr).toContain(join("keys", "pipeline.pem"))
    expect(stderr).not.toContain(readFileSync(join(estate, "keys", "pseudonym.key"), "utf8").trim())
  })

  it("is refused: a flag, a time, a severity that do not exist", async () => {
    for (const flags of [["--as-off", asOf], ["--fail-on", "grave"], ["--only"]]) {
      const { code, stderr } = await earshot(estate, "run", "pipeline.yaml", ...flags)
      expect(code, flags.join(" ")).toBe(3)
      expect(lastLine(stderr)).toMatch(/^exit 3: /)
    }
    expect((await earshot(estate, "run", "pipeline.yaml", "--as-of", "yesterday")).code).toBe(3)
    expect((await earshot(estate, "run", join(dirname(estate), "none.yaml"))).code).toBe(3)
  })
})
