import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Ajv } from "ajv"
import addFormats from "ajv-formats"
import { parse } from "csv-parse/sync"
import { XMLParser, XMLValidator } from "fast-xml-parser"
import { parquetReadObjects } from "hyparquet"
import { beforeAll, describe, expect, it } from "vitest"
import { renderAgain, renderReport } from "../../src/report/index.ts"
import { finding, findings, folderOf, hostile, signer, summary } from "./example.ts"
import { ocsfMistakes } from "./ocsf-checker.ts"

const formats = ["html", "pdf", "sarif", "ocsf", "oscal", "csv", "parquet", "junit"]
let folder = ""
const text = (name: string): string => readFileSync(join(folder, name), "utf8")

beforeAll(async () => {
  const made = await folderOf(findings, summary(), [signer()])
  folder = made.folder
  await renderReport({ ...made, summary: summary(), formats, signed: true })
})

/** Draft-04 as draft-07 knows it: only the name of `id` differs in these schemas. */
const schemaOf = (path: string): object => {
  const { id: _id, $schema: _schema, ...schema } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as Record<string, unknown>
  return schema
}

const mistakes = (path: string, value: unknown): unknown => {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: true })
  addFormats.default(ajv)
  const check = ajv.compile(schemaOf(path))
  return check(value) ? [] : check.errors
}

describe("SARIF", () => {
  it("satisfies the OASIS schema", () => {
    expect(mistakes("schemas/sarif/sarif-schema-2.1.0.json", JSON.parse(text("findings.sarif")))).toEqual([])
  })

  it("carries fingerprints, baseline states, suppressions, and leads for review", () => {
    const { results } = (JSON.parse(text("findings.sarif")) as { runs: [{ results: ReadonlyArray<Record<string, unknown>> }] }).runs[0]
    expect(results.map((one) => [one["kind"], one["level"], one["baselineState"], (one["suppressions"] as ReadonlyArray<unknown> | undefined)?.length ?? 0])).toEqual([
      ["fail", "error", "new", 0], ["fail", "error", "new", 0], ["fail", "error", "unchanged", 1], ["fail", "warning", "unchanged", 1], ["review", "none", "unchanged", 0]
    ])
    expect(results[0]?.["partialFingerprints"]).toEqual({ "earshotFinding/v1": findings[0]?.id })
  })
})

describe("OSCAL", () => {
  it("satisfies the schema of assessment results", () => {
    expect(mistakes("schemas/oscal/oscal_assessment-results_schema.json", JSON.parse(text("assessment-results.oscal.json")))).toEqual([])
  })
})

describe("OCSF", () => {
  it("satisfies the class definitions: findings as 2003, leads as 2004", () => {
    const events = text("findings.ocsf.ndjson").trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(events.map((event) => event["class_uid"])).toEqual([2003, 2003, 2003, 2003, 2004])
    expect(events.flatMap(ocsfMistakes)).toEqual([])
  })
})

describe("JUnit", () => {
  it("is well-formed, counts right, and fails open findings only", () => {
    expect(XMLValidator.validate(text("junit.xml"))).toBe(true)
    const parsed = new XMLParser({ ignoreAttributes: false, isArray: (name) => name === "testcase" || name === "testsuite" }).parse(text("junit.xml")) as { testsuites: { "@_tests": string; "@_failures": string; "@_skipped": string; testsuite: ReadonlyArray<{ "@_tests": string; testcase: ReadonlyArray<object> }> } }
    const { testsuites } = parsed
    expect([testsuites["@_tests"], testsuites["@_failures"], testsuites["@_skipped"]]).toEqual(["7", "2", "4"])
    for (const suite of testsuites.testsuite) expect(suite.testcase).toHaveLength(Number(suite["@_tests"]))
  })
})

describe("CSV", () => {
  it("is read back cell by cell, with formulas made text", () => {
    const rows = parse(text("findings.csv"), { columns: true }) as ReadonlyArray<Record<string, string>>
    expect(rows.map((row) => row["id"])).toEqual(findings.map(({ id }) => id))
    for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/)
  })
})

describe("Parquet", () => {
  it("holds every finding with its lists", async () => {
    const bytes = readFileSync(join(folder, "findings.parquet"))
    const { compressors } = await import("./zstd.ts")
    const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength), compressors })
    expect(rows.map((row) => row["id"])).toEqual(findings.map(({ id }) => id))
    expect(rows[0]?.["evidence"]).toMatchObject([{ kind: "recording", id: "r1" }])
  })
})

describe("Markdown", () => {
  it("lets nothing from a record become markup", () => {
    for (const name of ["summary.md", "certification.md"]) {
      expect(text(name)).not.toMatch(/(?<!\\)<img|(?<!\\)\[a|(?<!\\)\]\(/)
    }
    expect(text("summary.md")).toContain("This audit can be trusted")
  })
})

describe("rendering again", () => {
  it("gives every output byte for byte, but the signed PDF", async () => {
    const out = mkdtempSync(join(tmpdir(), "earshot-again-"))
    const files = await renderAgain(folder, out)
    expect(readdirSync(out).sort()).toEqual([...files].sort())
    expect(files).toContain("report.html")
    for (const name of files) expect(readFileSync(join(out, name)).equals(readFileSync(join(folder, name))), name).toBe(true)
  })
})

describe("no findings at all", () => {
  it("still gives valid outputs", async () => {
    const whole = summary({ causes: [], controls: [], counts: { findings: 0, leads: 0, bySeverity: { low: 0, medium: 0, high: 0, critical: 0 }, byFamily: {}, byControl: {}, byCause: {}, byStatus: {}, resolved: 0, notReassessed: 0 } })
    const made = await folderOf([], whole, [])
    await renderReport({ ...made, summary: whole, formats, signed: false })
    const read = (name: string): unknown => JSON.parse(readFileSync(join(made.folder, name), "utf8"))
    expect(mistakes("schemas/sarif/sarif-schema-2.1.0.json", read("findings.sarif"))).toEqual([])
    expect(mistakes("schemas/oscal/oscal_assessment-results_schema.json", read("assessment-results.oscal.json"))).toEqual([])
    expect(XMLValidator.validate(readFileSync(join(made.folder, "junit.xml"), "utf8"))).toBe(true)
  })
})

describe("the cap of SARIF", () => {
  it("keeps the gravest and says so", async () => {
    const many = Array.from({ length: 25_003 }, (_, n) => finding(n, { severity: n === 25_002 ? "critical" : "low", evidence: [], details: {}, searched: [] }))
    const made = await folderOf(many, summary(), [])
    await renderReport({ ...made, summary: summary(), formats: ["sarif"], signed: false })
    const { runs: [run] } = JSON.parse(readFileSync(join(made.folder, "findings.sarif"), "utf8")) as { runs: [{ results: ReadonlyArray<{ partialFingerprints: Record<string, string> }>; invocations: [{ toolExecutionNotifications: ReadonlyArray<{ message: { text: string } }> }] }] }
    expect(run.results).toHaveLength(25_000)
    expect(run.results.at(-1)?.partialFingerprints["earshotFinding/v1"]).toBe(many.at(-1)?.id)
    expect(run.invocations[0].toolExecutionNotifications[0]?.message.text).toContain("25000 gravest of 25003")
  })
})

describe("hostile text", () => {
  it("is in the fixture, or these tests prove nothing", () => {
    expect(text("findings.ndjson")).toContain(JSON.stringify(hostile.toWellFormed()).slice(1, 40))
  })
})
