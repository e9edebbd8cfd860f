/** The examples of docs/examples and the Dockerfile, each by its own validator where one exists on this machine, and by what Earshot itself understands. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { Ajv2020 } from "ajv/dist/2020.js"
import { Cron } from "croner"
import { afterAll, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { audit } from "../src/index.ts"
import { resolveConfiguration } from "../src/pipeline/index.ts"
import { initPipeline } from "../src/simulate/index.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const text = (name: string): string => readFileSync(`${root}/${name}`, "utf8")
const require = createRequire(import.meta.url)

const present = (command: string): boolean => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0
const main = `${root}/src/main.ts`
const help = spawnSync(process.execPath, [main, "run", "--help"], { encoding: "utf8" }).stdout

/** Flags that `earshot run` does not know. */
const unknownFlags = (command: string): ReadonlyArray<string> => (command.match(/ --[a-z-]+/g) ?? []).map((flag) => flag.trim()).filter((flag) => !help.includes(flag))

const image = text("Dockerfile")
type Mount = { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }
type Pod = {
  readonly securityContext: { readonly runAsNonRoot: boolean; readonly runAsUser: number }
  readonly volumes: ReadonlyArray<{ readonly name: string }>
  readonly containers: ReadonlyArray<{ readonly args: ReadonlyArray<string>; readonly env: ReadonlyArray<{ readonly name: string; readonly value: string }>; readonly securityContext: Readonly<Record<string, unknown>>; readonly volumeMounts: ReadonlyArray<Mount> }>
}
type CronJob = { readonly spec: { readonly schedule: string; readonly timeZone: string; readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: Pod } } } } }
const cronJob = parse(text("docs/examples/cronjob.yaml"), { schema: "yaml-1.1" }) as CronJob

describe("crontab", () => {
  const lines = text("docs/examples/crontab").split("\n").filter((line) => line !== "" && !line.startsWith("#"))

  it("has a schedule that a cron understands, and a command that Earshot does", () => {
    const [zone, entry = "", ...more] = lines
    expect([zone, more]).toEqual(["CRON_TZ=UTC", []])
    const [, schedule = "", command = ""] = /^((?:\S+\s+){5})(.*)$/.exec(entry) ?? []
    expect(new Cron(schedule.trim(), { timezone: "UTC" }).nextRun(new Date("2026-11-22T12:00:00Z"))?.toISOString()).toBe("2026-11-23T02:00:00.000Z")
    // A bare % ends the command of a crontab line.
    expect(command).not.toMatch(/(^|[^\\])%/)
    expect(unknownFlags(command)).toEqual([])
  })
})

describe("systemd", () => {
  const units = ["earshot.service", "earshot.timer"].map((name) => `docs/examples/${name}`)

  it.skipIf(!present("systemd-analyze"))("is accepted by systemd-analyze, and little is left open to the service", () => {
    const verified = spawnSync("systemd-analyze", ["verify", "--man=no", ...units], { cwd: root, encoding: "utf8" })
    expect([verified.status, verified.stderr.split("\n").filter((line) => line.includes("earshot.")).filter((line) => !/is not executable/.test(line))]).toEqual([0, []])
    const security = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=25", units[0] ?? ""], { cwd: root, encoding: "utf8" })
    expect(security.status, security.stdout.split("\n").slice(-3).join("\n")).toBe(0)
  })

  it.skipIf(!present("systemd-analyze"))("starts at two in the morning", () => {
    const calendar = /^OnCalendar=(.*)$/m.exec(text("docs/examples/earshot.timer"))?.[1] ?? ""
    expect(spawnSync("systemd-analyze", ["calendar", calendar], { encoding: "utf8" }).stdout).toMatch(/Next elapse: .* 02:00:00/)
  })

  it("takes findings for news and the rest for failures", () => {
    const service = text("docs/examples/earshot.service")
    expect(/^SuccessExitStatus=(.*)$/m.exec(service)?.[1]).toBe("1")
    expect(unknownFlags(/^ExecStart=(.*)$/m.exec(service)?.[1] ?? "")).toEqual([])
  })
})

describe("CronJob", () => {
  const pod = cronJob.spec.jobTemplate.spec.template.spec
  const [container] = pod.containers

  it("has the fields and values of batch/v1, and no others", () => {
    const valid = new Ajv2020({ allErrors: true }).compile(JSON.parse(text("test/cronjob.schema.json")) as object)
    expect([valid(cronJob), valid.errors]).toEqual([true, null])
    expect(new Cron(cronJob.spec.schedule, { timezone: cronJob.spec.timeZone }).nextRun(new Date("2026-11-22T12:00:00Z"))?.toISOString()).toBe("2026-11-23T02:00:00.000Z")
  })

  it("mounts what it names, and writes only where a volume may be written", () => {
    expect(container?.volumeMounts.map(({ name }) => name).sort()).toEqual(pod.volumes.map(({ name }) => name).sort())
    const writable = container?.volumeMounts.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath) ?? []
    for (const { name, value } of container?.env ?? []) expect([name, writable.some((path) => value === path || value.startsWith(`${path}/`))]).toEqual([name, true])
    expect(container?.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } })
  })

  it("runs as the user of the image", () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: Number(/^USER (\d+)/m.exec(image)?.[1]) })
  })

  it("sets only variables that Earshot knows", () => {
    const env = Object.fromEntries((container?.env ?? []).map(({ name, value }) => [name, value]))
    const { values } = resolveConfiguration({ file: `${root}/pipelines/quickstart/pipeline.yaml`, env, cwd: root })
    expect([values.report.out, values.evidence.store]).toEqual([env["EARSHOT_OUT"], env["EARSHOT_STORE"]])
  })
})

describe("Step Functions", () => {
  const machine = JSON.parse(text("docs/examples/step-functions.asl.json")) as { readonly States: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

  it("is a valid state machine", () => {
    const validate = require("asl-validator") as (definition: unknown) => { readonly isValid: boolean; readonly errors: ReadonlyArray<unknown> }
    expect(validate(machine)).toMatchObject({ isValid: true, errors: [] })
    expect(validate({ ...machine, StartAt: "Nowhere" }).isValid).toBe(false)
  })

  it("lets only findings pass as an end; whatever else is not 0 fails", () => {
    expect(Object.entries(machine.States).filter(([, { Type }]) => Type === "Succeed").map(([name]) => name).sort()).toEqual(["Findings", "NothingFails"])
    expect(machine.States["ByExitCode"]?.["Default"]).toBe("NotCompleted")
  })
})

describe("Dockerfile", () => {
  const stages = image.split(/^(?=FROM )/m).slice(1)
  const last = stages.at(-1) ?? ""

  it("passes its linter", () => {
    const linted = spawnSync(process.execPath, [require.resolve("dockerfilelint/bin/dockerfilelint"), "-o", "json", "Dockerfile"], { cwd: root, encoding: "utf8" })
    expect(JSON.parse(linted.stdout)).toMatchObject({ totalIssues: 0 })
  })

  it("ends as a user by number who owns nothing of the program, and installs what the lock file says, without scripts", () => {
    expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m)
    expect(last.slice(last.indexOf("USER"))).not.toMatch(/^(RUN|COPY|ADD)/m)
    expect([...last.matchAll(/^COPY (.*)$/gm)].every(([, copy = ""]) => copy.includes("--from=build") && copy.includes("--chown=root:root"))).toBe(true)
    expect(image).toMatch(/npm ci --ignore-scripts/)
    expect(image).not.toMatch(/^ADD|curl|wget|npm install|:latest/m)
  })

  it("installs before it copies what changes, and copies only what is there and not ignored", () => {
    const [build = ""] = stages
    expect(build.indexOf("npm ci")).toBeLessThan(build.indexOf("COPY src"))
    const kept = new Set(text(".dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1)))
    const copied = [...build.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, names = ""]) => names.split(" "))
    expect(copied.filter((name) => !kept.has(name))).toEqual([])
  })
})

describe("the CSV of docs/sources.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-csv-"))
  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it("stands beside every format that a pipeline may name", () => {
    const { $defs } = JSON.parse(text("schemas/pipeline.schema.json")) as { readonly $defs: { readonly source: { readonly properties: { readonly format: { readonly enum: ReadonlyArray<string> } } } } }
    const told = [...text("docs/sources.md").matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, name]) => name).filter((name) => name !== "format")
    expect(new Set(told)).toEqual(new Set($defs.source.properties.format.enum))
  })

  it("is read whole, two kinds out of one file too", async () => {
    const page = text("docs/sources.md")
    const files = [...page.matchAll(/^`([\w/.-]+\.csv)`:\n\n```csv\n([\s\S]*?)```/gm)]
    expect(files.map(([, name]) => name)).toEqual(["calls/2026-11-01.csv", "roster/staff.csv"])
    initPipeline(folder)
    for (const [, name = "", rows = ""] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), rows)
    }
    const sources = /```yaml\n(sources:[\s\S]*?)```/.exec(page)?.[1] ?? ""
    const twice = "  - {id: recordings, uri: calls/, format: csv, kind: recording, columns: {id: call_id, contactId: call_id, medium: =audio, startedAt: started, endedAt: ended}}\n"
    writeFileSync(join(folder, "pipeline.yaml"), `pipeline: csv\npolicy: policy.yaml\n${sources}${twice}report: {identities: clear}\n`)
    const { summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-11-02T00:00:00Z", only: "evidence/orphan-recording" }, env: { EARSHOT_FORMATS: "csv", EARSHOT_STORE: ":memory:" } })
    expect(summary.sources.map(({ id, accepted, rejected }) => [id, accepted, rejected])).toEqual([["calls", 2, 0], ["roster", 2, 0], ["recordings", 2, 0]])
    expect(summary.controls.map(({ pass, fail }) => [pass, fail])).toEqual([[2, 0]])
  })
})

describe("the control of docs/controls.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-control-"))
  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it("is taken by a pipeline, passes its own cases and judges", async () => {
    const files = [...text("docs/controls.md").matchAll(/^`(\w+\.(?:yaml|sql))`[^\n]*:\n\n```\w+\n([\s\S]*?)```/gm)]
    expect(files.map(([, name]) => name)).toEqual(["control.yaml", "control.sql", "cases.yaml"])
    initPipeline(folder)
    const control = join(folder, "controls", "house", "no-video")
    mkdirSync(control, { recursive: true })
    for (const [, name = "", content = ""] of files) writeFileSync(join(control, name), content)
    writeFileSync(join(folder, "pipeline.yaml"), "pipeline: own\npolicy: policy.yaml\ncontrols: [controls/]\nsources: [{id: records, uri: records/}]\nreport: {identities: clear}\n")
    const { summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-11-02T00:00:00Z", only: "house/*" }, env: { EARSHOT_FORMATS: "csv", EARSHOT_STORE: ":memory:" } })
    expect(summary.trust).toMatchObject({ trustworthy: true, selfTest: { cases: 3, failed: [] } })
    expect(summary.controls.map(({ control: id, pass, fail }) => [id, pass, fail])).toEqual([["house/no-video", 2, 0]])
  })
})

describe("the commands of docs/handing-over.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-handing-"))
  afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

  it("prove a finding, and its evidence by hand", async () => {
    initPipeline(folder)
    const { folder: report } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf: "2026-11-02T00:00:00Z", only: "consent/recorded-without-consent" }, env: { EARSHOT_FORMATS: "csv", EARSHOT_STORE: ":memory:" } })
    const [first = "{}"] = readFileSync(join(report, "findings.ndjson"), "utf8").split("\n")
    const { id, evidence } = JSON.parse(first) as { readonly id: string; readonly evidence: ReadonlyArray<{ readonly kind: string; readonly id: string; readonly object: string; readonly line: number; readonly sha256: string }> }
    const [commands = "", byHand = ""] = [...text("docs/handing-over.md").matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = ""]) => block)
    const sh = (script: string, environment: Readonly<Record<string, string>>): { readonly status: number | null; readonly stdout: string } =>
      spawnSync("sh", ["-euc", `earshot() { "${process.execPath}" "${main}" "$@"; }\n${script}`], { cwd: folder, encoding: "utf8", env: { PATH: process.env["PATH"] ?? "", ...environment } })
    expect(sh(commands.replace("--out", "--id-key keys/id.key --out"), { REPORT: report, FINDING: id })).toMatchObject({ status: 0, stdout: expect.stringContaining(`It discloses finding ${id}`) as string })
    const { openings } = JSON.parse(readFileSync(join(folder, "finding.json"), "utf8")) as { readonly openings: ReadonlyArray<{ readonly kind: string; readonly id: string; readonly opening: string }> }
    expect(evidence.length).toBeGreaterThan(0)
    for (const one of evidence) {
      const { opening = "" } = openings.find(({ kind, id: of }) => kind === one.kind && of === one.id) ?? {}
      expect(sh(byHand, { line: String(one.line), object: one.object, opening }).stdout.trim()).toBe(one.sha256)
    }
  }, 60_000)
})
