import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { afterAll, expect, it } from "vitest"
import { pseudonymOf, saltOf, type TreeHead } from "../../src/attest/index.ts"
import { readTree } from "../../src/attest/leaves.ts"
import { writeHere, writeInThread } from "../../src/run/file-thread.ts"
import { type OutcomeRows, OutcomesFile, type OutcomesFileSettings } from "../../src/run/outcomes-file.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-outcomes-file-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const keys = { pseudonymKey: Buffer.alloc(32, 5), idKey: Buffer.alloc(80, 7) }
const patterns = ['"consent/recorded-without-consent":"pass"', '"consent/recorded-without-consent":"fail+pass","evidence/orphan-recording":"unverifiable"']
const settings = (name: string): OutcomesFileSettings => {
  mkdirSync(join(root, name))
  return { folder: join(root, name), patterns, ...keys }
}

// Longer than a piece that is packed, in letters of one to four bytes, and one that names somebody.
const subjects = ["rec-\"1\"", "rec-é-漢-😀", "x".repeat(300_000), "call of +14255550123", ...Array.from({ length: 3000 }, (_, number) => `rec-${number}`)]
const batches = async function* (times: number): AsyncGenerator<OutcomeRows> {
  for (let time = 0; time < times; time++) {
    yield { levels: subjects.map((_, row) => row % 2), subjects: subjects.map((subject) => `${subject}/${time}`), places: subjects.map((_, row) => row % 3 === 0 ? 1 : 0) }
    await Promise.resolve()
  }
}

it("writes the same lines in a thread as here, and the leaves of a thread's tree are those of its lines", async () => {
  const here = settings("here")
  const thread = settings("thread")
  const head = await writeHere(new OutcomesFile(here), batches(3))
  expect(await writeInThread<OutcomeRows, TreeHead>("outcomesWorker", thread, batches(3))).toEqual(head)
  const [one, other] = [here, thread].map(({ folder }) => gunzipSync(readFileSync(join(folder, "outcomes.ndjson.gz"))).toString())
  expect(one).toBe(other)
  const { tree } = await readTree(join(thread.folder, "outcomes.ndjson.gz"), "outcomes", "outcomes.ndjson.gz")
  expect({ root: tree.root().toString("hex"), size: tree.size() }).toEqual(head)
  const lines = (one ?? "").trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toHaveLength(3 * subjects.length)
  expect(lines[0]).toEqual({ recordingId: "rec-\"1\"/0", outcomes: { "consent/recorded-without-consent": "fail+pass", "evidence/orphan-recording": "unverifiable" }, salt: saltOf(keys.idKey, "recordingId\0rec-\"1\"/0") })
  expect(lines[1]).toEqual({ contactId: "rec-é-漢-😀/0", outcomes: { "consent/recorded-without-consent": "pass" }, salt: saltOf(keys.idKey, "contactId\0rec-é-漢-😀/0") })
  expect(lines[3]?.["contactId"]).toBe(`call of ${pseudonymOf(keys.pseudonymKey, "+14255550123")}/0`)
})

it("tells of a full disk by its code, from a thread as from here", async () => {
  const full = ["full-thread", "full-here"].map((name) => {
    const made = settings(name)
    symlinkSync("/dev/full", join(made.folder, "outcomes.ndjson.gz"))
    return made
  })
  const [thread, here] = full
  await expect(writeInThread("outcomesWorker", thread ?? {}, batches(20))).rejects.toMatchObject({ code: "ENOSPC" })
  await expect(writeHere(new OutcomesFile(here as OutcomesFileSettings), batches(20))).rejects.toMatchObject({ code: "ENOSPC" })
})
