/** What is read of a report: of custom controls what they mean, of a changed report that it was changed. */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"
import { simulate } from "../../src/simulate/index.ts"

const main = join(import.meta.dirname, "../../src/main.ts")
const root = mkdtempSync(join(tmpdir(), "earshot-reports-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const meaning = `title: "Call on the old queue"
question: "Did anybody still call the queue that was closed?"
unit: "contact"
severity: low
reasons:
  old-queue:
    outcome: fail
    sentence: "Contact {contactId} came by the closed queue {queue} at {at}."
remedy: "Take the number of the queue off the website."
citations: ["House rule 7"]
needs: [contact]
`
const query = `SELECT id AS unit, startedAt AS "at", id AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN queue = 'billing' THEN 'fail' ELSE 'pass' END AS outcome, CASE WHEN queue = 'billing' THEN 'old-queue' END AS reason,
  NULL AS severity, queue AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, [{kind: 'contact', id: id}] AS evidence, NULL AS contrary, NULL AS searched, to_json({queue: queue}) AS details
FROM contact ORDER BY unit
`
const cases = `given:
  - {kind: contact, id: k1, channel: voice, startedAt: 2026-03-02T10:00:00Z, queue: sales, parties: [{id: c1, role: customer}]}
cases:
  - name: another-queue
    expect: [{unit: k1, outcome: pass}]
  - name: the-old-queue
    records: [{kind: contact, id: k1, queue: billing}]
    expect: [{unit: k1, outcome: fail, reason: old-queue}]
`

let report = ""
beforeAll(async () => {
  simulate({ contacts: 30, seed: 5, out: join(root, "estate") })
  const folder = join(root, "estate", "controls", "house", "old-queue")
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of [["control.yaml", meaning], ["control.sql", query], ["cases.yaml", cases]] as const) writeFileSync(join(folder, name), text)
  const pipeline = join(root, "estate", "pipeline.yaml")
  const queue = /"queue":"([^"]+)"/.exec(readFileSync(join(root, "estate", "contacts", "part-0001.ndjson"), "utf8"))?.[1] ?? ""
  for (const name of ["control.sql", "cases.yaml"]) writeFileSync(join(folder, name), readFileSync(join(folder, name), "utf8").replaceAll("billing", queue))
  writeFileSync(pipeline, `${readFileSync(pipeline, "utf8")}\ncontrols: [controls/]\n`)
  report = (await audit({ pipeline, flags: { asOf: "2026-07-01T00:00:00Z", only: "house/*" }, env: { EARSHOT_FORMATS: "csv", EARSHOT_STORE: ":memory:" } })).folder
})

const earshot = (...args: ReadonlyArray<string>): { readonly code: number | null; readonly out: string; readonly said: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "" } })
  return { code: status, out: stdout, said: stderr }
}

const finding = (): Finding => JSON.parse(readFileSync(join(report, "findings.ndjson"), "utf8").split("\n")[0] ?? "{}") as Finding

describe("a pipeline's own control", () => {
  it("stands in the catalogue of its pipeline", () => {
    const listed = earshot("controls", "--pipeline", "estate/pipeline.yaml", "--json")
    expect((JSON.parse(listed.out) as ReadonlyArray<{ readonly id: string }>).map(({ id }) => id)).toContain("house/old-queue")
    expect(earshot("explain", "house/old-queue", "--pipeline", "estate/pipeline.yaml").out).toContain("fail old-queue: Contact {contactId} came by the closed queue {queue} at {at}.")
  })

  it("is validated by its own cases, and what came instead is said once", () => {
    const folder = join(root, "estate", "controls", "house", "old-queue")
    const [sql, own] = ["control.sql", "cases.yaml"].map((name) => readFileSync(join(folder, name), "utf8")) as [string, string]
    expect(earshot("validate", "estate/pipeline.yaml").code).toBe(0)
    writeFileSync(join(folder, "cases.yaml"), own.replace("{unit: k1, outcome: pass}", "{unit: k1, outcome: fail}"))
    const wrong = earshot("validate", "estate/pipeline.yaml")
    expect([wrong.code, wrong.out]).toEqual([3, ""])
    expect(wrong.said).toMatch(/^house\/old-queue, case another-queue: expected .*, which did not come\.\nhouse\/old-queue, case another-queue: came .*, which is not expected\.$/m)
    writeFileSync(join(folder, "cases.yaml"), own)
    writeFileSync(join(folder, "control.sql"), sql.replace("FROM contact", "FROM contacts"))
    expect(earshot("validate", "estate/pipeline.yaml").said.split("\n")[0]).toMatch(/^house\/old-queue, case another-queue, the-old-queue: The query of house\/old-queue fails/)
    writeFileSync(join(folder, "control.sql"), sql)
  })

  it("is explained from the report alone", () => {
    const [control, one] = [earshot("explain", "house/old-queue", report), earshot("explain", finding().id, report)]
    expect([control.code, one.code]).toEqual([0, 0])
    for (const text of ["Did anybody still call the queue that was closed?", finding().sentence, "Take the number of the queue off the website.", "House rule 7"]) expect(control.out).toContain(text)
    for (const text of [finding().sentence, "Take the number of the queue off the website.", "House rule 7"]) expect(one.out).toContain(text)
    expect([control.said, one.said].join("")).not.toContain("does not verify")
  })
})

it("logs to stderr, be --verbose before the verb or after it", () => {
  const messages = (...args: ReadonlyArray<string>): ReadonlyArray<string> => {
    const { out, said } = earshot(...args, "estate/pipeline.yaml", "--only", "house/*", "--out", "elsewhere")
    expect(out).toBe("")
    return said.split("\n").filter((line) => line.startsWith("{")).map((line) => (JSON.parse(line) as { readonly msg: string }).msg)
  }
  const logged = messages("run", "--verbose")
  expect([logged[0], logged.length > 5]).toEqual(["run started", true])
  expect(messages("--verbose", "run")).toEqual(logged)
})

it("gives no waiver that would have lapsed already", () => {
  const waive = (expires: string): ReturnType<typeof earshot> => earshot("waive", finding().id, "--owner", "o", "--reason", "r", "--approved-by", "b", "--report", report, "--expires", expires)
  expect([waive("2026-07-01T00:00:00Z"), waive("2026-07-01T01:00:00+02:00")].map(({ code, out }) => [code, out])).toEqual([[3, ""], [3, ""]])
  expect(waive("2026-07-01T00:00:01Z")).toMatchObject({ code: 0, out: expect.stringContaining("expires: 2026-07-01T00:00:01Z") as string })
})

describe("a disclosure", () => {
  it("says what it proves once it verifies, and nothing before", () => {
    const key = join(root, "estate", "keys", "pipeline.pub")
    expect(earshot("disclose", report, finding().id, "--out", "one.json").code).toBe(0)
    const verified = earshot("verify", "one.json", "--key", key)
    expect(verified.code).toBe(0)
    expect(verified.out).toContain(`It discloses finding ${finding().id} of house/old-queue (low): ${finding().sentence}`)
    expect(verified.out).toContain("That run asked only some controls.")
    expect(earshot("verify", "one.json").out).not.toContain("It discloses")
  })
})

describe("a report that was changed", () => {
  it("is explained with a word of warning, and rendered only where one insists", () => {
    const changed = join(root, "changed")
    cpSync(report, changed, { recursive: true })
    const file = join(changed, "findings.ndjson")
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("closed queue", "open queue"))
    const explained = earshot("explain", finding().id, changed)
    expect([explained.code, explained.said.split("\n")[0]]).toEqual([0, `${changed} does not verify: findings.ndjson was changed since it was stated; \`earshot verify\` tells more.`])
    expect(explained.out).toContain("open queue")
    expect(earshot("diff", report, changed).said).toContain(`${changed} does not verify: findings.ndjson was changed`)
    const refused = earshot("render", changed, "--out", "again")
    expect(refused).toMatchObject({ code: 4, out: "" })
    expect(refused.said).toContain("findings.ndjson was changed")
    expect(refused.said).toContain("exit 4: a signature, digest or proof does not verify.")
    expect(earshot("render", changed, "--out", "again", "--anyway")).toMatchObject({ code: 0, out: expect.stringContaining("findings.csv") as string })
    // Who changes what states the content has not changed what names that.
    cpSync(join(report, "findings.ndjson"), file)
    writeFileSync(join(changed, "core.dsse.json"), readFileSync(join(changed, "core.dsse.json"), "utf8").replace(/\s*$/, "\n\n"))
    expect(earshot("explain", finding().id, changed).said).toContain("core.dsse.json was changed")
  })

  it("is rendered as it was where nothing but an output is missing, also into its own place, where nothing is overwritten", () => {
    const copy = join(root, "copy")
    cpSync(report, copy, { recursive: true })
    rmSync(join(copy, "summary.md"))
    const rendered = earshot("render", copy, "--out", "once-more")
    expect([rendered.code, rendered.said]).toEqual([0, "exit 0: done.\n"])
    for (const file of ["findings.csv", "summary.md"]) expect(readFileSync(join(root, "once-more", file), "utf8")).toBe(readFileSync(join(report, file), "utf8"))
    const restored = earshot("render", copy)
    expect([restored.code, restored.out]).toEqual([0, `${copy}: written again: summary.md; as stated already: certification.md, findings.csv\n`])
    expect(earshot("verify", copy, "--integrity-only").code).toBe(0)
    writeFileSync(join(copy, "findings.csv"), "mine")
    expect(earshot("render", copy)).toMatchObject({ code: 4, said: expect.stringContaining("findings.csv is not as") as string })
    expect(readFileSync(join(copy, "findings.csv"), "utf8")).toBe("mine")
  })
})
