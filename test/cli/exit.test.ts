/** What a user gets for a wrong word on the command line: the code, and a last line that says what it means for that verb. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { generateKeys } from "../../src/attest/index.ts"

const main = join(import.meta.dirname, "../../src/main.ts")
let root = ""
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "earshot-exit-"))
  await generateKeys({ out: join(root, "keys"), at: new Date("2026-06-01T00:00:00Z") })
  mkdirSync(join(root, "report"))
  mkdirSync(join(root, "begun"))
  writeFileSync(join(root, "begun", "pipeline.yaml"), "pipeline: begun\n")
  writeFileSync(join(root, "sourceless.yaml"), "pipeline: a\npolicy: policy.yaml\nsources: []\nreport: {identities: clear}\n")
  writeFileSync(join(root, "objects.ndjson"), `{"uri":"s3://bucket/a"}\n`)
})
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const earshot = (...args: ReadonlyArray<string>): { readonly code: number | null; readonly out: string; readonly said: ReadonlyArray<string> } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "" } })
  return { code: status, out: stdout, said: stderr.trim().split("\n") }
}

it.each([
  [["keygen", "--out", "keys"], "keys/pipeline.pem exists"],
  [["verify", "nothing", "--key", "keys/pipeline.pub"], "nothing does not exist"],
  [["verify", "report", "--key", "keys/pipeline.pub", "--chain", "nothing"], "nothing does not exist"],
  [["verify", "report", "--key", "keys/pipeline.pub", "--proof", "nothing"], "nothing does not exist"],
  [["gate", "report", "--key", "keys/pipeline.pub", "--objects", "nothing.ndjson"], "nothing.ndjson does not exist"],
  [["gate", "report", "--key", "keys/pipeline.pub", "--objects", "begun"], "A file was to be read where a folder is"],
  [["render", "nothing", "--out", "again"], "nothing is not a report folder"],
  [["keygen", "--out", "objects.ndjson"], "A folder was to be made where a file is"],
  [["simulate", "--contacts", "1", "--out", "objects.ndjson/inside"], "A folder was to be made inside a file"],
  [["sign", "s3://bucket/report", "--key", "keys/pipeline.pem"], "sign writes into the report, so it wants a folder"],
  [["sign", "nothing", "--key", "keys/pipeline.pem"], "nothing does not exist"],
  [["waive", "f-0", "--owner", "o", "--reason", " ", "--expires", "2026-12-31T00:00:00Z", "--approved-by", "b"], "--reason is empty"],
  [["verify", "--key", "keys/pipeline.pub"], "No report is named"],
  [["init", "begun"], "begun holds a pipeline already"],
  [["validate", "sourceless.yaml"], "sourceless.yaml:3:10: sources: must not be an empty list; name at least one"],
  [["simulate", "--contacts", "20", "--out", "begun"], "begun holds something else than a simulated estate"],
  [["simulate", "--contacts", "20", "--out", "objects.ndjson"], "objects.ndjson holds something else"],
  [["explain", "consent/recorded-after-refusa"], "did you mean \"consent/recorded-after-refusal\"?"]
])("answers %j with exit 3 and nothing on stdout", (args, sentence) => {
  const { code, out, said } = earshot(...args)
  expect([code, out, said.at(-1)]).toEqual([3, "", "exit 3: the command line or a configuration file is wrong."])
  expect(said[0]).toContain(sentence)
  expect(said[0]).not.toContain("?.")
})

it("takes a report that stands after its keys", () => {
  expect(earshot("verify", "--key", "keys/pipeline.pub", "report").out).toContain("report is not a whole report")
  expect(JSON.parse(earshot("gate", "--key", "keys/pipeline.pub", "report", "--objects", "objects.ndjson").out)).toMatchObject({ decision: "keep" })
})

it("keeps its code where nobody reads on", () => {
  const { stdout, stderr } = spawnSync("sh", ["-c", `{ "$0" "$1" controls --json; echo "code $?" >&2; } | head -c 1`, process.execPath, main], { cwd: root, encoding: "utf8" })
  expect([stdout, stderr.trim().split("\n").slice(-2)]).toEqual(["[", ["exit 0: done.", "code 0"]])
})

it("simulates where nothing lies, and again where it did", () => {
  for (const seed of ["1", "2"]) expect(earshot("simulate", "--contacts", "20", "--seed", seed, "--out", "estate").code).toBe(0)
  expect(readFileSync(join(root, "begun", "pipeline.yaml"), "utf8")).toBe("pipeline: begun\n")
})

it("says where to look after a wrong word", () => {
  expect(earshot("verfy", "x").said).toEqual(["error: unknown command 'verfy'", "(Did you mean verify?)", "earshot --help shows what can be said, with examples.", "exit 3: the command line or a configuration file is wrong."])
  expect(earshot("waive", "f-1").said.at(-2)).toBe("earshot waive --help shows what can be said, with examples.")
})

it("lets no name steer the terminal that shows it", () => {
  const { code, said } = earshot("verify", "report\u001b[2J", "--key", "keys/pipeline.pub")
  expect([code, said[0]]).toEqual([3, "report\ufffd[2J does not exist; check the path."])
})

it("says what the code means for the verb", () => {
  const gate = earshot("gate", "report", "--key", "keys/pipeline.pub", "--objects", "objects.ndjson")
  expect([gate.code, gate.said.at(-1)]).toEqual([4, "exit 4: a signature, digest or proof does not verify."])
  expect(JSON.parse(gate.out)).toMatchObject({ uri: "s3://bucket/a", decision: "keep" })
  expect(earshot("explain", "access/bulk").said.at(-1)).toBe("exit 0: done.")
})
