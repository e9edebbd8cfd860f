/** Audit, gate, deletion, receipts, audit again: what was deleted with an answer passes, what was deleted without one is found. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import type { GateAnswer } from "../../src/gate/index.ts"
import type { Summary } from "../../src/report/summary.ts"
import { copyOf, earshot, type Ended, makeEstate, scratch, wholeReports } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

const sha = (letter: string): string => letter.repeat(64)
const uri = (name: string): string => `s3://northwind-recordings/loop/${name}.wav`

/** A call on a queue whose recordings are deleted after a week, in a place where one party's consent suffices. */
const call = (name: string, letter: string, changes: Readonly<Record<string, unknown>> = {}): ReadonlyArray<unknown> => [
  {
    kind: "contact", id: `contact-${name}`, channel: "voice", direction: "inbound", startedAt: "2026-06-08T15:00:00Z", answeredAt: "2026-06-08T15:00:05Z", endedAt: "2026-06-08T15:05:00Z", queue: "surveys", site: "austin", language: "en",
    parties: [{ id: `cust-${name}`, role: "customer", jurisdiction: "US-TX", jurisdictionSource: "declared" }, { id: "agent-00007", role: "agent", jurisdiction: "US-TX", jurisdictionSource: "declared" }]
  },
  { kind: "recording", id: `rec-${name}`, contactId: `contact-${name}`, medium: "audio", startedAt: "2026-06-08T15:00:05Z", endedAt: "2026-06-08T15:05:00Z", uri: uri(name), versionId: "v1", sha256: sha(letter), bytes: 10, purposes: ["quality-assurance"], ...changes }
]

const names: Readonly<Record<string, string>> = { asked: "a", unasked: "b", refused: "c", late: "d" }

const append = (file: string, records: ReadonlyArray<unknown>): void => { writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join("")) }

const run = async (folder: string, asOf: string): Promise<Ended> => {
  const ended = await earshot(folder, "run", "pipeline.yaml", "--as-of", asOf)
  expect(ended.code, ended.stderr).toBe(0)
  return ended
}

const gate = async (folder: string, report: string, asOf: string, objects: ReadonlyArray<unknown>, ...flags: ReadonlyArray<string>): Promise<ReadonlyArray<GateAnswer>> => {
  append(join(folder, "objects.ndjson"), objects)
  const { code, stdout, stderr } = await earshot(folder, "gate", report, "--key", "keys/pipeline.pub", "--pseudonym-key", "keys/pseudonym.key", "--objects", "objects.ndjson", "--as-of", asOf, ...flags)
  expect(code, stderr).toBe(0)
  return stdout.trim().split("\n").map((line) => JSON.parse(line) as GateAnswer)
}

const found = (report: string): ReadonlyArray<readonly [string, string]> =>
  readFileSync(join(report, "findings.ndjson"), "utf8").split("\n").filter((line) => line.includes('"retention/deleted-without-gate"')).map((line) => {
    const { recordingId, reason } = JSON.parse(line) as { readonly recordingId: string; readonly reason: string }
    return [recordingId, reason] as const
  })

describe("the loop of a retention job", () => {
  it("closes", async () => {
    const folder = copyOf(await makeEstate(root), root, "loop")
    const held = { kind: "hold", id: "hold-loop", from: "2026-06-10T00:00:00Z", createdAt: "2026-06-10T00:00:00Z", recordingIds: ["rec-refused"] }
    append(join(folder, "contacts", "loop.ndjson"), Object.entries(names).flatMap(([name, letter]) => call(name, letter)))
    append(join(folder, "cases", "loop.ndjson"), [held])
    await run(folder, "2026-07-01T00:00:00Z")
    const [first = ""] = wholeReports(folder)

    const objects = ["asked", "refused", "late"].map((name) => ({ uri: uri(name), versionId: "v1", sha256: sha(names[name] ?? "") }))
    const answers = await gate(folder, first, "2026-07-01T06:00:00Z", objects, "--tags", "tags", "--batch-manifest", "delete.csv")
    expect(answers.map(({ decision }) => decision)).toEqual(["delete", "hold", "delete"])
    expect(readFileSync(join(folder, "delete.csv"), "utf8")).toBe('"northwind-recordings","loop/asked.wav","v1"\n"northwind-recordings","loop/late.wav","v1"\n')
    expect(readdirSync(join(folder, "tags")).sort()).toEqual(["delete.csv", "delete.operation.json", "hold.csv", "hold.operation.json", "keep.csv", "keep.operation.json", "tags.ndjson"])

    // The job deletes: one within the answer's validity, one after it, one that it was told to hold, one that it never asked for.
    mkdirSync(join(folder, "contacts"), { recursive: true })
    const receipt = (name: string, at: string): unknown => call(name, names[name] ?? "", { deletedAt: at, recordedAt: at })[1]
    append(join(folder, "contacts", "receipts.ndjson"), [
      receipt("asked", "2026-07-01T07:00:00Z"), receipt("late", "2026-07-02T00:00:01Z"), receipt("refused", "2026-07-01T07:00:00Z"), receipt("unasked", "2026-07-01T07:00:00Z")
    ])
    await run(folder, "2026-07-03T00:00:00Z")
    const second = wholeReports(folder).at(-1) ?? ""
    expect(found(second)).toEqual(expect.arrayContaining([["rec-late", "answer-expired"], ["rec-refused", "not-allowed"], ["rec-unasked", "no-answer"]]))
    expect(found(second).map(([recording]) => recording)).not.toContain("rec-asked")

    // Statements name where the log of answers ended; a log that was cut or changed afterwards makes the next run untrustworthy.
    const log = join(folder, "reports", "chain", "gate-log.ndjson")
    const text = readFileSync(log, "utf8")
    writeFileSync(log, text.split("\n").slice(0, 1).join("\n").concat("\n"))
    const cut = await earshot(folder, "run", "pipeline.yaml", "--as-of", "2026-07-04T00:00:00Z")
    expect(cut.code, cut.stderr).toBe(2)
    const summary = JSON.parse(readFileSync(join(wholeReports(folder).at(-1) ?? "", "summary.json"), "utf8")) as Summary
    expect(summary.trust.problems.join(" ")).toContain("a signed statement names 3")
    writeFileSync(log, text)
    expect((await earshot(folder, "run", "pipeline.yaml", "--as-of", "2026-07-04T00:00:00Z")).code).toBe(0)
  })
})
