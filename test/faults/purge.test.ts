/** A purge that is killed leaves the store as it was or as it should be, and the next one completes it. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { sha256Hex } from "../../src/attest/index.ts"
import { EvidenceStore } from "../../src/evidence/index.ts"
import { asOf, copyOf, earshot, makeEstate, scratch, start } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

const purging = ["purge", "pipeline.yaml", "--as-of", asOf, "--due"]

let estate = ""
let seconds = 0
let before = ""
let after = ""

/** How many rows of each stored kind there are. */
const held = async (folder: string): Promise<string> => {
  const store = await EvidenceStore.open({ path: join(folder, ".earshot", "evidence.duckdb"), threads: 1 })
  try {
    return JSON.stringify(await store.all(`SELECT (SELECT count(*) FROM stored_contact) AS contacts, (SELECT count(*) FROM stored_recording) AS recordings, (SELECT count(*) FROM stored_event) AS events, (SELECT count(*) FROM tombstone) AS tombstones`))
  } finally {
    store.close()
  }
}

const chained = (folder: string): boolean =>
  readFileSync(join(folder, ".earshot", "purge-log.ndjson"), "utf8").trimEnd().split("\n").every((line, index, lines) =>
    (JSON.parse(line) as { previous: string }).previous === (index === 0 ? "0".repeat(64) : sha256Hex(lines[index - 1] ?? "")))

beforeAll(async () => {
  estate = await makeEstate(root)
  const ended = await earshot(estate, "run", "pipeline.yaml", "--as-of", asOf)
  expect(ended.code, ended.stderr).toBe(0)
  before = await held(estate)
  const whole = copyOf(estate, root, "whole")
  const purged = await earshot(whole, ...purging)
  expect(purged.code, purged.stderr).toBe(0)
  seconds = purged.seconds
  after = await held(whole)
  expect(after).not.toBe(before)
})

it("is whole or not at all wherever it is killed, and is completed by the next", async () => {
  const seen = new Map<string, number>()
  for (let index = 0; index < 10; index++) {
    const folder = copyOf(estate, root, `killed-${index}`)
    const { process: child, ended } = start(folder, ...purging)
    // The last third of a purge is where it writes.
    const timer = setTimeout(() => child.kill("SIGKILL"), 1000 * seconds * (0.5 + 0.5 * (index / 9)))
    await ended
    clearTimeout(timer)
    const found = await held(folder)
    expect([before, after]).toContain(found)
    seen.set(found, (seen.get(found) ?? 0) + 1)
    const again = await earshot(folder, ...purging)
    expect(again.code, again.stderr).toBe(0)
    expect(await held(folder)).toBe(after)
    expect(chained(folder)).toBe(true)
  }
  process.stdout.write(`purges killed: ${[...seen.values()].join(" + ")} (before + after)\n`)
})

it("turns no purged recording into a finding of the next run", async () => {
  const next = await earshot(join(root, "whole"), "run", "pipeline.yaml", "--as-of", asOf, "--json")
  expect(next.code, next.stderr).toBe(0)
  const { counts, trust } = JSON.parse(next.stdout) as { counts: { byStatus: Record<string, number>; notReassessed: number }; trust: { problems: ReadonlyArray<string> } }
  expect(trust.problems).toEqual([])
  expect(Object.keys(counts.byStatus)).toEqual(["persisting"])
})
