/** The repository's own order: which room reads which, what may stand where. A new exception is a line here, with its reason. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("..", import.meta.url))

/** Files of the repository as it would be committed now. */
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })
  .split("\n").filter((file) => file !== "" && existsSync(join(root, file)))

const text = (file: string): string => readFileSync(join(root, file), "utf8")
const programs = files.filter((file) => file.startsWith("src/") && file.endsWith(".ts"))
const tests = files.filter((file) => file.startsWith("test/") && file.endsWith(".ts"))

type Import = { readonly from: string; readonly to: string; readonly typesOnly: boolean }

const isTypesOnly = (clause: string): boolean => {
  if (/^type\s/.test(clause)) return true
  const named = /^\{([\s\S]*)\}$/.exec(clause)?.[1]
  return named !== undefined && named.split(",").map((name) => name.trim()).filter((name) => name !== "").every((name) => name.startsWith("type "))
}

const importsOf = (file: string): ReadonlyArray<Import> => {
  const source = text(file)
  const resolved = (path: string): string => normalize(join(dirname(file), path))
  const fixed = [...source.matchAll(/^(?:import|export)\s+((?:type\s+)?(?:\*(?: as \w+)?|\w+|\{[^}]*\})(?:\s*,\s*\{[^}]*\})?)\s+from\s+"(\.[^"]+)"/gm)]
    .map(([, clause = "", path = ""]) => ({ from: file, to: resolved(path), typesOnly: isTypesOnly(clause.trim()) }))
  const late = [...source.matchAll(/\bimport\("(\.[^"]+)"\)/g)].map(([, path = ""]) => ({ from: file, to: resolved(path), typesOnly: false }))
  return [...fixed, ...late]
}

const roomOf = (file: string): string => file.split("/").length > 2 ? file.split("/")[1] ?? "" : "door"

const imports = programs.flatMap(importsOf).filter(({ to }) => to.startsWith("src/"))
const crossing = imports.filter(({ from, to }) => roomOf(from) !== roomOf(to))

/** Room -> rooms that it may import. What only lends types is in `lenders`. */
const reads: Readonly<Record<string, ReadonlyArray<string>>> = {
  time: [], statistics: [], attest: [], records: ["time"],
  yaml: ["records", "time"],
  formats: ["records"],
  sources: ["formats", "records"],
  policy: ["records", "time", "yaml"],
  pipeline: ["records", "time", "yaml"],
  evidence: [],
  controls: ["evidence", "formats", "policy", "records", "statistics", "yaml"],
  findings: ["attest", "controls", "evidence", "pipeline", "time"],
  report: ["attest", "findings"],
  notify: ["attest"],
  gate: ["attest", "evidence", "findings", "pipeline", "records", "report", "sources", "time", "yaml"],
  simulate: ["records", "time"],
  run: ["attest", "controls", "evidence", "findings", "formats", "gate", "notify", "pipeline", "policy", "report", "sources", "time", "yaml"],
  cli: ["attest", "controls", "findings", "gate", "pipeline", "report", "run", "simulate", "time", "yaml"],
  door: ["attest", "cli", "gate", "pipeline", "run", "simulate", "yaml"]
}

/** Room -> rooms of which it may name types, though nothing of them runs in it. */
const lenders: Readonly<Record<string, ReadonlyArray<string>>> = {
  controls: ["findings"],
  findings: ["report"],
  report: ["controls"],
  notify: ["pipeline", "report"],
  door: ["findings", "report"]
}

/** Files beside index.ts that other rooms may import. */
const doors: Readonly<Record<string, string>> = {
  "src/cli/command-line.ts": "the entry point's only call",
  "src/run/exit-codes.ts": "numbers for every verb, without loading a run for --help",
  "src/run/selection.ts": "validate selects controls as a run does, without opening a store",
  "src/run/settings.ts": "types of what a run is told",
  "src/findings/finding.ts": "types of what stands in findings.ndjson",
  "src/report/summary.ts": "types of what stands in summary.json",
  "src/records/types.ts": "types made from the schemas",
  "src/formats/canonical.ts": "read by worker threads, which must not load every format",
  "src/formats/format.ts": "types of a format",
  "src/formats/lines.ts": "read by worker threads, which must not load every format",
  "src/formats/transcript/scan.ts": "read by worker threads and by the cases, which must not load every format",
  "src/findings/assemble.ts": "steps of the run, composed there one by one", "src/findings/collect.ts": "the same", "src/findings/identity.ts": "the same",
  "src/findings/pseudonyms.ts": "the same", "src/findings/searches.ts": "the same", "src/findings/status.ts": "the same", "src/findings/timeline.ts": "the same", "src/findings/waived.ts": "the same",
  "src/findings/diff.ts": "what diff, waive and explain share, without loading a run"
}

const told = ({ from, to, typesOnly }: Import): string => `${from} imports ${typesOnly ? "types of " : ""}${to}`

describe("rooms", () => {
  it("are read in one direction", () => {
    const wrong = crossing.filter(({ from, to, typesOnly }) => {
      const allowed = [...(reads[roomOf(from)] ?? []), ...(typesOnly ? lenders[roomOf(from)] ?? [] : [])]
      return !allowed.includes(roomOf(to)) && roomOf(to) !== "door"
    })
    expect(wrong.map(told)).toEqual([])
  })

  it("are all in the table, which has no circle", () => {
    const unlisted = [...new Set(programs.map(roomOf))].filter((room) => !(room in reads))
    expect(unlisted).toEqual([])
    const below = (room: string, path: ReadonlyArray<string>): void => {
      expect(path, `${[...path, room].join(" -> ")} is a circle`).not.toContain(room)
      for (const next of reads[room] ?? []) below(next, [...path, room])
    }
    for (const room of Object.keys(reads)) below(room, [])
  })

  it("are entered by their door", () => {
    const wrong = crossing.filter(({ to }) => !to.endsWith("/index.ts") && to !== "src/index.ts" && !(to in doors))
    expect(wrong.map(told)).toEqual([])
  })

  it("give nothing to the rooms below them: nobody imports the command line, and proof imports nobody", () => {
    expect(crossing.filter(({ from, to }) => roomOf(to) === "cli" && from !== "src/main.ts").map(told)).toEqual([])
    expect(crossing.filter(({ from }) => roomOf(from) === "attest").map(told)).toEqual([])
  })

  it("use files with names of their own: no drawer for odds and ends", () => {
    expect(programs.filter((file) => /(^|\/)(utils?|helpers?|managers?|misc|common|data)\b/i.test(file))).toEqual([])
  })
})

describe("clock, chance and the terminal", () => {
  /** Where the outside is touched. */
  const edges: Readonly<Record<string, ReadonlyArray<string>>> = {
    "the clock": ["src/cli/", "src/index.ts", "src/run/services.ts", "src/run/missing-keys.ts"],
    "chance": ["src/attest/certificate.ts", "src/attest/keygen.ts", "src/attest/timestampAuthority.ts", "src/run/services.ts", "src/sources/s3Client.ts", "src/evidence/store.ts"],
    "the terminal": ["src/cli/terminal.ts", "src/cli/command-line.ts", "src/build.ts"]
  }
  const uses: Readonly<Record<string, RegExp>> = {
    "the clock": /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bhrtime\b/,
    "chance": /\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/,
    "the terminal": /\bconsole\.\w|\bprocess\.std(?:out|err)\.write\b/
  }
  for (const [edge, use] of Object.entries(uses)) {
    it(`are left to the edges: ${edge}`, () => {
      const allowed = edges[edge] ?? []
      expect(programs.filter((file) => use.test(text(file)) && !allowed.some((place) => file.startsWith(place)))).toEqual([])
    })
  }
})

describe("text", () => {
  const written = files.filter((file) => /\.(ts|js|mjs|sql|sh|ya?ml|css|md)$/.test(file) || file.startsWith(".ci/"))
  const self = "test/tidy.test.ts"

  it("leaves nothing unfinished and silences no check", () => {
    const unfinished = /\b(TODO|FIXME|XXX)\b|@ts-(ignore|expect-error|nocheck)|(eslint|oxlint)-disable/
    expect(written.filter((file) => file !== self && unfinished.test(text(file)))).toEqual([])
  })

  it("names no place of one machine", () => {
    const place = new RegExp(["/work/", "/farm/", "/home/\\w", "/root/", "/Users/\\w", "/tmp/[a-z]+_jobs"].join("|"))
    const wrong = written.filter((file) => file !== self && !file.endsWith(".yaml") && place.test(text(file)))
    expect(wrong).toEqual([])
  })

  it("keeps queries in .sql files, but for short bookkeeping", () => {
    /** Rooms and files whose queries are made from column lists or are steps of their own tables. */
    const allowed = ["src/evidence/", "src/policy/load-expected-outcomes.ts", "src/run/outcomes.ts", "src/gate/"]
    const long = (file: string): boolean => [...text(file).matchAll(/`[^`]*`/g)]
      .some(([literal]) => /\b(SELECT|INSERT INTO|CREATE (?:OR REPLACE )?(?:TEMP )?TABLE)\b/.test(literal) && literal.split("\n").length > 3)
    expect(programs.filter((file) => !allowed.some((place) => file.startsWith(place)) && long(file))).toEqual([])
  })

  it("fits: no query or script over 300 lines, no folder of tests that mirrors nothing", () => {
    expect(files.filter((file) => /\.(sql|js|css)$/.test(file) && text(file).split("\n").length > 301)).toEqual([])
    const families = files.filter((file) => file.startsWith("pipelines/controls/")).map((file) => file.split("/")[2] ?? "").flatMap((family) => [family, `${family}-controls`])
    const mirrored = new Set([...programs.map(roomOf), ...families, "faults", "golden", "bench", "package", "server", "peers"])
    expect([...new Set(tests.filter((file) => file.split("/").length > 2).map(roomOf))].filter((room) => !mirrored.has(room))).toEqual([])
  })

  it("links only to what is there", () => {
    const pages = files.filter((file) => file.endsWith(".md") && !file.includes("/fixtures/"))
    const broken = pages.flatMap((page) => [...text(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = ""]) => target.replace(/#.*$/, "")).filter((target) => target !== "" && !/^[a-z]+:/.test(target))
      .filter((target) => !existsSync(join(root, dirname(page), target))).map((target) => `${page} -> ${target}`))
    expect(broken).toEqual([])
  })
})
