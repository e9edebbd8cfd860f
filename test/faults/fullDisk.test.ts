/** A disk that fills up while a run goes on, wherever it is: no half report, a store that opens, and the next run gives the bytes of an undisturbed one. */
import { spawn, spawnSync } from "node:child_process"
import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { asOf, copyOf, earshot, makeEstate, promised, scratch, wholeReports } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

const program = fileURLToPath(new URL("fillingDisk.ts", import.meta.url))
// A disk of one's own wants a user namespace, which some machines and containers forbid: there these are skipped.
const canMount = spawnSync("unshare", ["-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"]).status === 0

let estate = ""
let undisturbed: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  estate = await makeEstate(root, 60)
  const folder = copyOf(estate, root, "undisturbed")
  const ended = await earshot(folder, "run", "pipeline.yaml", "--as-of", asOf)
  expect(ended.code, ended.stderr).toBe(0)
  undisturbed = promised(wholeReports(folder)[0] ?? "")
})

type Outcome = { readonly report?: string; readonly failure?: string; readonly code?: string }

/** An estate whose store and reports lie on a disk that fills up at a stage; they lie there afterwards, too. */
const filled = (folder: string, stage: string, left: number): Promise<Outcome> => new Promise((resolve, reject) => {
  const disk = join(folder, "disk")
  mkdirSync(disk)
  for (const name of [".earshot", "reports"]) {
    rmSync(join(folder, name), { recursive: true, force: true })
    symlinkSync(join("disk", name), join(folder, name))
  }
  const child = spawn("unshare", ["-rm", process.execPath, program, join(folder, "pipeline.yaml"), asOf, disk, stage, String(left)], { stdio: ["ignore", "pipe", "pipe"] })
  let [out, said] = ["", ""]
  child.stdout.on("data", (bytes: Buffer) => { out += bytes.toString() })
  child.stderr.on("data", (bytes: Buffer) => { said += bytes.toString() })
  child.on("close", (code) => {
    if (code !== 0) return reject(new Error(`${code}: ${said}`))
    rmSync(disk, { recursive: true })
    renameSync(`${disk}-after`, disk)
    resolve(JSON.parse(out.trim().split("\n").at(-1) ?? "{}") as Outcome)
  })
})

describe.skipIf(!canMount)("a disk that is full", () => {
  // What is left lets some stages go on for a while before they meet the end.
  const moments = [["read", 0], ["store", 0], ["store", 300_000], ["settle", 0], ["self-test", 0], ["judge", 300_000], ["report", 0], ["report", 300_000]] as const
  it.each(moments)("from the moment a run begins to %s, but for %d bytes, leaves nothing half", async (stage, left) => {
    const folder = copyOf(estate, root, `full-${stage}-${left}`)
    const outcome = await filled(folder, stage, left)
    expect(wholeReports(folder).length, JSON.stringify(outcome)).toBe(outcome.report === undefined ? 0 : 1)
    if (left === 0) expect(outcome.failure, JSON.stringify(outcome)).toMatch(/The disk of evidence\.store is full|ENOSPC|no space left/i)
    expect(outcome.failure ?? "", JSON.stringify(outcome)).not.toContain(root)
    for (const whole of wholeReports(folder)) expect((await earshot(folder, "verify", whole, "--key", "keys/pipeline.pub")).code).toBe(0)
    const again = await earshot(folder, "run", "pipeline.yaml", "--as-of", asOf)
    expect(again.code, again.stderr).toBe(0)
    const newest = wholeReports(folder).at(-1) ?? ""
    const { findings, ...rest } = undisturbed
    expect(promised(newest)).toMatchObject(outcome.report === undefined ? { findings, ...rest } : rest)
    const chain = await earshot(folder, "verify", newest, "--key", "keys/pipeline.pub", "--chain", "reports")
    expect(chain.code, chain.stdout).toBe(0)
  })
})
