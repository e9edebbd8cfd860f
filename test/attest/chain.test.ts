import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { digestsOf, nextInChain, readChain, verifyChain } from "../../src/attest/chain.ts"
import type { ChainOptions, ChainVerification } from "../../src/attest/chain.ts"
import { writeCheckpoint } from "../../src/attest/checkpoint.ts"
import { succeedKey, writeKeyList } from "../../src/attest/keyList.ts"
import type { Signer } from "../../src/attest/keys.ts"
import { missedNights } from "../../src/attest/nights.ts"
import { writeFailure } from "../../src/attest/seal.ts"
import { countersign } from "../../src/attest/sign.ts"
import type { StatedRun } from "../../src/attest/statement.ts"
import { verifyReport } from "../../src/attest/verify.ts"
import { ecdsa, ed25519, freshFolder, makeReport, run } from "./sampleReport.ts"

const signer = ecdsa()
const schedule = "0 2 * * *"

const night = (sequence: number): string => `2026-06-${String(sequence).padStart(2, "0")}T02:00:05Z`

const add = async (dir: string, sequence: number, changes: Partial<StatedRun> = {}, by: Signer = signer): Promise<string> => {
  const next = nextInChain((await readChain(dir)).entries)
  const { final } = await makeReport(join(dir, `report-${changes.id ?? sequence}`), [by], { id: `run-${sequence}`, schedule, startedAt: night(sequence), ...next, ...changes })
  return final.digest
}

const chainOf = async (length: number): Promise<string> => {
  const dir = await freshFolder()
  for (let sequence = 1; sequence <= length; sequence++) await add(dir, sequence)
  return dir
}

const check = (dir: string, options: Partial<ChainOptions> = {}): Promise<ChainVerification> => verifyChain({ dir, keys: [signer.key], ...options })

const sentences = ({ problems }: ChainVerification): string => problems.map(({ sentence }) => sentence).join("\n")

describe("the chain of reports", () => {
  it("holds, and says that the newest report needs a head", async () => {
    const dir = await chainOf(4)
    const result = await check(dir)
    expect(sentences(result)).toBe("")
    expect(result.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4])
    expect(result.notes.join()).toMatch(/number 4, was not checked.*--head or a timestamp/)
    expect(await check(dir, { head: result.head })).toMatchObject({ ok: true, notes: [] })
    expect(await check(join(dir, "chain"), { head: `sha256:${result.head?.toUpperCase()}` })).toMatchObject({ ok: true })
  })

  it("names a copied folder as that alone, and goes on with the checkpoint past it", async () => {
    const dir = await chainOf(3)
    const state = async (): Promise<unknown> => writeCheckpoint({ dir, origin: "earshot/one", digests: digestsOf((await readChain(dir)).entries), signers: [signer] })
    await state()
    await cp(join(dir, "report-2"), join(dir, "copy"), { recursive: true })
    expect(sentences(await check(dir))).toBe("Number 2: copy and report-2 hold the same report twice.")
    await add(dir, 4)
    expect(await state()).toEqual({ checkpoint: expect.objectContaining({ size: 4 }) })
    expect(sentences(await check(dir))).toBe("Number 2: copy and report-2 hold the same report twice.")
  })

  it("shows a report removed in the middle, at the beginning, and, with a head, at the end", async () => {
    const dir = await chainOf(4)
    const { head } = await check(dir)
    await rm(join(dir, "report-3"), { recursive: true })
    expect(sentences(await check(dir))).toContain("Number 3 is missing")
    await rm(join(dir, "report-2"), { recursive: true })
    expect(sentences(await check(dir))).toContain("Number 2 to 3 is missing")
    const other = await chainOf(3)
    const remembered = (await check(other)).head
    await rm(join(other, "report-1"), { recursive: true })
    expect(sentences(await check(other))).toContain("Number 1 is missing")
    const short = await chainOf(3)
    await rm(join(short, "report-3"), { recursive: true })
    expect((await check(short)).ok).toBe(true)
    expect(sentences(await check(short, { head: remembered }))).toContain("given with --head")
    expect(sentences(await check(short, { head }))).toContain("the newest report was removed or replaced")
  })

  it("shows a report replaced by another of the same key and number", async () => {
    const dir = await chainOf(3)
    const { head } = await check(dir)
    const before = (await readChain(dir)).entries
    await makeReport(join(dir, "report-2"), [signer], { ...before[1]?.run, trustworthy: false })
    expect(sentences(await check(dir))).toContain("number 2 was replaced")
    const newest = await chainOf(3)
    await makeReport(join(newest, "report-3"), [signer], { ...(await readChain(newest)).entries[2]?.run, trustworthy: false })
    expect((await check(newest)).ok).toBe(true)
    expect(sentences(await check(newest, { head }))).toContain("was removed or replaced")
  })

  it("shows a chain that was reordered", async () => {
    const dir = await freshFolder()
    const first = await add(dir, 1)
    const second = await add(dir, 2)
    await makeReport(join(dir, "report-3"), [signer], { sequence: 3, previousStatement: first, startedAt: night(3) })
    await makeReport(join(dir, "report-4"), [signer], { sequence: 4, previousStatement: second, startedAt: night(1) })
    const result = sentences(await check(dir))
    expect(result).toContain("Number 3 names the statement of number 1 as the one before it")
    expect(result).toContain("Number 4 started before number 3")
  })

  it("shows reports that carry each other's folder names", async () => {
    const dir = await chainOf(2)
    const names = ["2026-06-01T02-00-05Z-aa", "2026-06-02T02-00-05Z-bb"].map((name) => join(dir, name))
    for (const [index, id] of ["aa", "bb"].entries()) {
      await rm(join(dir, `report-${index + 1}`), { recursive: true })
      await makeReport(names[index] ?? "", [signer], { id, startedAt: night(index + 1), sequence: index + 1, ...(index === 0 ? {} : { previousStatement: (await check(dir)).head ?? "" }) })
    }
    expect(sentences(await check(dir))).toBe("")
    await rename(names[0] ?? "", join(dir, "kept"))
    await rename(names[1] ?? "", names[0] ?? "")
    await rename(join(dir, "kept"), names[1] ?? "")
    expect(sentences(await check(dir))).toContain("2026-06-01T02-00-05Z-aa holds number 2, run bb, and carries the name of another run")
  })

  it("shows a fork and a copy", async () => {
    const dir = await chainOf(3)
    const [, second] = (await readChain(dir)).entries
    await makeReport(join(dir, "report-3b"), [signer], { id: "run-3b", sequence: 3, previousStatement: second?.digest ?? "", startedAt: night(3) })
    expect(sentences(await check(dir))).toMatch(/Number 3: report-3b? and report-3b? both carry it, so the chain forks/)
    const copied = await chainOf(2)
    await cp(join(copied, "report-2"), join(copied, "report-2-copy"), { recursive: true })
    expect(sentences(await check(copied))).toContain("hold the same report twice")
  })

  it("shows nights that never ran, between reports and after the newest", async () => {
    const dir = await freshFolder()
    await add(dir, 1)
    await add(dir, 2, { startedAt: night(5) })
    expect(sentences(await check(dir))).toContain("3 scheduled runs never ran before number 2: the first was due at 2026-06-02T02:00:00.000Z.")
    const late = await chainOf(2)
    expect(sentences(await check(late, { now: new Date("2026-06-05T01:00:00Z") }))).toContain("A scheduled run never ran after number 2: the first was due at 2026-06-03T02:00:00.000Z.")
    expect((await check(late, { now: new Date("2026-06-03T09:00:00Z") })).ok).toBe(true)
  })

  it("counts a failed run as one that ran, whose number is no hole", async () => {
    const dir = await chainOf(2)
    const next = nextInChain((await readChain(dir)).entries)
    const folder = join(dir, "failed-3")
    await mkdir(folder)
    const stated = run({ id: "run-3", schedule, startedAt: night(3), trustworthy: false, ...next })
    await writeFailure({ folder, run: stated, failure: { stage: "collect", reason: "The source did not answer.", failedAt: "2026-06-03T02:10:00Z" }, signers: [signer] })
    await add(dir, 4)
    expect(sentences(await check(dir))).toBe("")
    expect(await verifyReport(folder, { keys: [signer.key], chainDir: dir })).toMatchObject({ ok: true, kind: "failure" })
  })

  it("is not disturbed by a countersignature, partial runs, stray folders and names with a dot", async () => {
    const dir = await chainOf(2)
    await countersign(join(dir, "report-2"), ed25519(), { keys: [signer.key] })
    await makeReport(join(dir, "partial"), [signer], { id: "partial", full: false })
    await makeReport(join(dir, ".unfinished"), [signer], { id: "unfinished", sequence: 3 })
    await mkdir(join(dir, "empty"))
    expect(sentences(await check(dir))).toBe("")
    const partial = await verifyReport(join(dir, "partial"), { keys: [signer.key], chainDir: dir })
    expect(partial).toMatchObject({ ok: true })
    expect(partial.notes.join()).toContain("no place in the chain")
  })

  it("refuses statements of foreign keys and ones that cannot be read, naming them", async () => {
    const dir = await chainOf(2)
    expect((await verifyChain({ dir, keys: [ed25519().key] })).problems.map(({ file }) => file)).toContain("report-1/statement.dsse.json")
    await writeFile(join(dir, "report-1", "statement.dsse.json"), "{}")
    expect((await check(dir)).problems.map(({ file }) => file)).toEqual(["report-1/statement.dsse.json", "report-2/statement.dsse.json"])
    expect((await check(join(dir, "nowhere"))).ok).toBe(false)
  })

  it("refuses a report that is not of the chain", async () => {
    const dir = await chainOf(2)
    await rename(join(dir, "report-2"), join(await freshFolder(), "report-2"))
    const outside = join(await freshFolder(), "report")
    await makeReport(outside, [signer], { sequence: 2 })
    const result = await verifyReport(outside, { keys: [signer.key], chainDir: dir })
    expect(result.problems.map(({ sentence }) => sentence).join()).toContain("is not part of the chain")
  })
})

describe("the checkpoint of a chain", () => {
  const withCheckpoint = async (length: number): Promise<string> => {
    const dir = await chainOf(length)
    await writeCheckpoint({ dir, origin: "earshot/nightly", digests: (await readChain(dir)).entries.map(({ digest }) => digest), signers: [signer] })
    return dir
  }

  it("shows that the newest report was removed, or the whole chain rewritten", async () => {
    const dir = await withCheckpoint(3)
    expect(sentences(await check(dir))).toBe("")
    await rm(join(dir, "report-3"), { recursive: true })
    expect(sentences(await check(dir))).toContain("speaks of 3 statements, and 2 are here")
    const [rewritten, other] = [await withCheckpoint(2), await freshFolder()]
    await add(other, 1, { trustworthy: false })
    await add(other, 2)
    await cp(join(rewritten, "chain"), join(other, "chain"), { recursive: true })
    expect(sentences(await check(other))).toContain("states another history")
  })

  it("must be signed by a given key", async () => {
    const dir = await withCheckpoint(2)
    const path = join(dir, "chain", "checkpoint")
    const text = await readFile(path, "utf8")
    await writeFile(path, text.replace("\n2\n", "\n1\n"))
    expect(sentences(await check(dir))).toContain("chain/checkpoint is not signed by a given key")
    await writeFile(path, "nothing")
    expect(sentences(await check(dir))).toContain("chain/checkpoint is not a signed checkpoint")
  })
})

describe("changing keys", () => {
  it("accepts old reports by a signed list of keys, each in its time only", async () => {
    const dir = await chainOf(2)
    const newer = ed25519()
    await add(dir, 3, {}, newer)
    const keys = [newer.key]
    expect((await verifyChain({ dir, keys })).ok).toBe(false)
    await writeKeyList(dir, [{ key: signer.key, from: "2026-01-01T00:00:00Z", until: "2026-06-03T00:00:00Z" }], [newer])
    expect(sentences(await verifyChain({ dir, keys }))).toBe("")
    await add(dir, 4, {}, signer)
    expect((await verifyChain({ dir, keys })).problems.map(({ file }) => file)).toEqual(["report-4/statement.dsse.json"])
  })

  it("lets one key follow another, and another that one: whoever holds any of them can check every report", async () => {
    const dir = await chainOf(2)
    const [second, third] = [ed25519(), ecdsa()]
    const since = night(1)
    await succeedKey({ dir, retired: signer, next: second, at: new Date("2026-06-02T12:00:00Z"), since })
    await add(dir, 3, {}, second)
    await succeedKey({ dir, retired: second, next: third, at: new Date("2026-06-03T12:00:00Z"), since })
    await add(dir, 4, {}, third)
    for (const { key } of [second, third]) {
      expect(sentences(await verifyChain({ dir, keys: [key] }))).toBe("")
      for (const number of [1, 2, 3, 4]) expect((await verifyReport(join(dir, `report-${number}`), { keys: [key], keysFrom: dir })).problems).toEqual([])
    }
    // The first key signed the first list only, which the second list has replaced.
    expect(sentences(await check(dir))).toContain("the keys in it do not count")
    // A report that a retired key signs after its time is nobody's.
    await add(dir, 5, {}, second)
    expect((await verifyReport(join(dir, "report-5"), { keys: [third.key], chainDir: dir })).ok).toBe(false)
    await expect(succeedKey({ dir, retired: signer, next: ecdsa(), at: new Date(night(6)), since })).rejects.toMatchObject({ reason: "proof" })
    await expect(succeedKey({ dir, retired: third, next: third, at: new Date(night(6)), since })).rejects.toMatchObject({ reason: "key" })
  })

  it("does not believe a list that no given key signed", async () => {
    const dir = await chainOf(2)
    const stranger = ed25519()
    await writeKeyList(dir, [{ key: signer.key, from: "2026-01-01T00:00:00Z" }], [stranger])
    expect(sentences(await verifyChain({ dir, keys: [ecdsa().key] }))).toContain("the keys in it do not count")
  })
})

describe("missed nights", () => {
  const from = (startedAt: string, more: Partial<StatedRun> = {}): StatedRun => run({ schedule, startedAt, ...more })
  it.each([
    ["on time", from(night(1)), night(2), 0],
    ["hours late", from(night(1)), "2026-06-02T23:00:00Z", 0],
    ["a minute early by its clock", from(night(1)), "2026-06-02T01:59:30Z", 0],
    ["by hand at noon, then on time", from("2026-06-01T12:00:00Z"), night(2), 0],
    ["one night missed", from(night(1)), night(3), 1],
    ["no schedule", run({ startedAt: night(1) }), night(9), 0],
    ["a schedule that cannot be read", from(night(1), { schedule: "every night" }), night(9), 0],
    ["weekdays only, over a weekend", from("2026-06-05T02:00:05Z", { schedule: "0 2 * * 1-5" }), "2026-06-08T02:00:05Z", 0],
  ])("%s: counted rightly", (_what, earlier, next, missed) => {
    expect(missedNights(earlier, new Date(next))).toHaveLength(missed)
  })

  it("reads the schedule in its own time zone", () => {
    const berlin = from("2026-06-01T00:00:05Z", { scheduleTimezone: "Europe/Berlin" })
    expect(missedNights(berlin, new Date("2026-06-03T00:00:05Z")).map((at) => at.toISOString())).toEqual(["2026-06-02T00:00:00.000Z"])
  })
})
