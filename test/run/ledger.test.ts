/** One run at a time holds the chain; a dead one does not. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { ChainBusy, takeChain } from "../../src/run/ledger.ts"

const fresh = (): string => mkdtempSync(join(tmpdir(), "earshot-ledger-"))
const run = (id: string) => ({ id, startedAt: "2026-06-30T02:00:00Z", pipeline: "nightly", asOf: "2026-06-30T00:00:00Z" })
const chainOf = (out: string): ReadonlyArray<string> => readdirSync(join(out, "chain"))

describe("the chain", () => {
  it("is held by one run, also of two in one process, until it is released", () => {
    const out = fresh()
    const first = takeChain(out, run("a"))
    expect(() => takeChain(out, run("b"))).toThrow(ChainBusy)
    first.claim({ sequence: 1 })
    expect(() => takeChain(out, run("b"))).toThrow(ChainBusy)
    expect(chainOf(out)).toEqual(["run.json"])
    first.release()
    expect(chainOf(out)).toEqual([])
    expect(takeChain(out, run("b")).dead).toBeUndefined()
  })

  it("goes from a dead run to the next, which is told its number", () => {
    const out = fresh()
    mkdirSync(join(out, "chain"))
    const gone = spawnSync(process.execPath, ["-e", "console.log(process.pid)"], { encoding: "utf8" })
    const file = join(out, "chain", "run.json")
    for (const holder of [{ pid: Number(gone.stdout), processStart: "1" }, { pid: process.pid, processStart: "1" }, { pid: process.pid, processStart: "" }]) {
      writeFileSync(file, JSON.stringify({ ...run("dead"), ...holder, sequence: 7 }))
      const taken = takeChain(out, run("next"))
      expect([taken.dead?.id, taken.dead?.sequence]).toEqual(["dead", 7])
      expect((JSON.parse(readFileSync(file, "utf8")) as { readonly id: string }).id).toBe("next")
      taken.release()
    }
  })

  it("is free where its lock was cut off by a crash", () => {
    const out = fresh()
    mkdirSync(join(out, "chain"))
    writeFileSync(join(out, "chain", "run.json"), '{"id":"cu')
    writeFileSync(join(out, "chain", "run.json.17-cut"), "{")
    const taken = takeChain(out, run("next"))
    expect(taken.dead).toBeUndefined()
    taken.release()
    expect(chainOf(out)).toEqual([])
  })
})
