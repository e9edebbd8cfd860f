/** A run that is killed leaves no half report and no store that lies, and the next run gives the bytes of an undisturbed one. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { asOf, copyOf, earshot, type Ended, killedAs, makeEstate, promised, reportsOf, type Running, scratch, start, wholeReports } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

let estate = ""
let undisturbed: Readonly<Record<string, string>> = {}
let seconds = 0

const run = (folder: string): Promise<Ended> => earshot(folder, "run", "pipeline.yaml", "--as-of", asOf)

beforeAll(async () => {
  estate = await makeEstate(root)
  const folder = copyOf(estate, root, "undisturbed")
  const ended = await run(folder)
  expect(ended.code, ended.stderr).toBe(0)
  seconds = ended.seconds
  undisturbed = promised(wholeReports(folder)[0] ?? "")
})

/** What stands after the kill is whole; then the next run repairs, repeats and chains. */
const survives = async (folder: string): Promise<void> => {
  const before = wholeReports(folder)
  for (const report of before) {
    const { code, stdout } = await earshot(folder, "verify", report, "--key", "keys/pipeline.pub")
    expect(code, stdout).toBe(0)
  }
  const again = await run(folder)
  expect(again.code, again.stderr).toBe(0)
  const newest = wholeReports(folder).at(-1) ?? ""
  expect(wholeReports(folder)).toHaveLength(before.length + 1)
  // A report that stood already makes this its successor, with other statuses; the canonical bytes are then in the Merkle root.
  const { findings, ...rest } = undisturbed
  expect(promised(newest)).toMatchObject(before.length === 0 ? { findings, ...rest } : rest)
  expect(readdirSync(join(folder, "reports")).filter((name) => name.startsWith("."))).toEqual([])
  expect(existsSync(join(folder, ".earshot", "staged"))).toBe(false)
  const chain = await earshot(folder, "verify", newest, "--key", "keys/pipeline.pub", "--chain", "reports")
  expect(chain.code, chain.stdout).toBe(0)
}

/** Waits until the log says that the judging has begun. */
const judging = async (log: string): Promise<void> => {
  while (!existsSync(log) || !readFileSync(log, "utf8").includes('"stage":"judge"')) await sleep(20)
}

const kill = async (running: Running): Promise<Ended> => {
  running.process.kill("SIGKILL")
  return running.ended
}

describe("a run that is killed", () => {
  for (const stage of ["read", "store", "settle", "self-test", "judge", "report"]) {
    it(`as it begins to ${stage}, leaves nothing half`, async () => {
      const folder = copyOf(estate, root, `stage-${stage}`)
      const ended = await killedAs(stage, folder)
      expect(ended.signal, ended.stderr).toBe("SIGKILL")
      expect(wholeReports(folder)).toEqual([])
      await survives(folder)
      // The number that the dead run had taken is stated as failed.
      expect(reportsOf(folder)).toHaveLength(2)
    })
  }

  const moments = Number(process.env["EARSHOT_KILLS"] ?? "6")
  for (let moment = 1; moment <= moments; moment += 1) {
    it(`at moment ${moment} of ${moments}, leaves nothing half`, async () => {
      const folder = copyOf(estate, root, `moment-${moment}`)
      const running = start(folder, "run", "pipeline.yaml", "--as-of", asOf)
      await Promise.race([sleep((1000 * seconds * moment) / (moments + 1)), running.ended])
      await kill(running)
      await survives(folder)
    })
  }

  it("twice in a row, still gives the same", async () => {
    const folder = copyOf(estate, root, "twice")
    for (const part of [0.5, 0.8]) {
      const running = start(folder, "run", "pipeline.yaml", "--as-of", asOf)
      await Promise.race([sleep(1000 * seconds * part), running.ended])
      await kill(running)
    }
    await survives(folder)
  })
})

describe("a run that is asked to end", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`by ${signal}, ends within seconds and says so`, async () => {
      const folder = copyOf(estate, root, signal)
      const running = start(folder, "run", "pipeline.yaml", "--as-of", asOf, "--log", "run.log")
      await judging(join(folder, "run.log"))
      const asked = process.hrtime.bigint()
      running.process.kill(signal)
      const ended = await running.ended
      expect(Number(process.hrtime.bigint() - asked) / 1e9).toBeLessThan(10)
      expect(ended.code, ended.stderr).toBe(2)
      expect(ended.stderr.trim().split("\n").at(-1)).toMatch(/^exit 2: /)
      expect(wholeReports(folder)).toEqual([])
      await survives(folder)
    })
  }
})

describe("two runs at once", () => {
  it("are not: one is refused and harms nothing", async () => {
    const folder = copyOf(estate, root, "both")
    const ended = await Promise.all([run(folder), run(folder)])
    expect(ended.map(({ code }) => String(code)).sort()).toEqual(["0", "2"])
    expect(ended.find(({ code }) => code === 2)?.stderr).toMatch(/another run|in use/i)
    expect(wholeReports(folder)).toHaveLength(1)
    expect(promised(wholeReports(folder)[0] ?? "")).toEqual(undisturbed)
  })
})
