import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { configurationLines, loadWaivers, resolveConfiguration } from "../../src/pipeline/index.ts"
import type { Invocation } from "../../src/pipeline/index.ts"
import { ConfigurationError } from "../../src/yaml/index.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-pipeline-"))
const file = join(folder, "nightly.yaml")

const contract = `pipeline: nightly
policy: policies/northwind.yaml
schedule: "0 2 * * *"
controls: [controls/]
sources:
  - id: contacts
    uri: s3://acme-contacts/2026/
    format: canonical
    mode: append
    provides: [contact, recording, notice-played]
    freshWithin: P1D
    minObjects: 1
    allowRejected: 0.001
    allowUnreadableObjects: 0
  - id: access-log
    uri: s3://acme-trail/AWSLogs/
    format: cloudtrail
    layer: storage
    recordings: ["arn:aws:s3:::acme-recordings/*"]
    maxSilence: PT2H
    matchWithin: PT5M
s3: {endpoint: "http://127.0.0.1:7480", region: us-east-1, forcePathStyle: true}
evidence: {store: .earshot/evidence.duckdb, memory: 2GB, threads: 2, verifyRecordings: checksum}
report: {out: reports, formats: [html, pdf, sarif, ocsf, oscal, csv, parquet, junit], failOn: high, identities: pseudonymous, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
signing: {keys: [keys/pipeline.pem]}
waivers: waivers.yaml
outOfScope:
  - {control: access/untrained, reason: no training feed yet, owner: security}
`

const minimal = "pipeline: p\npolicy: p.yaml\nsources: [{id: a, uri: records/}]\nreport: {identities: clear}\n"

const resolved = (text: string, invocation: Partial<Invocation> = {}) => {
  writeFileSync(file, text)
  return resolveConfiguration({ file, cwd: "/somewhere", ...invocation })
}

const problemsOf = (make: () => unknown): ReadonlyArray<string> => {
  try {
    make()
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.message.replaceAll(`${folder}/`, "").split("\n")
  }
}

describe("a pipeline file", () => {
  it("is read as the contract writes it, relative paths from the file's folder", () => {
    const { values } = resolved(contract)
    expect(values).toMatchObject({
      pipeline: "nightly",
      file,
      baseFolder: folder,
      policy: [join(folder, "policies/northwind.yaml")],
      controls: [join(folder, "controls")],
      evidence: { store: join(folder, ".earshot/evidence.duckdb"), memory: "2GB", threads: 2, verifyRecordings: "checksum" },
      report: { out: join(folder, "reports"), failOn: "high", failOnOpen: false, pseudonymKey: join(folder, "keys/pseudonym.key") },
      signing: { keys: [join(folder, "keys/pipeline.pem")] },
      waivers: join(folder, "waivers.yaml"),
      s3: { endpoint: "http://127.0.0.1:7480", forcePathStyle: true }
    })
    expect(values.sources.map((source) => source.uri)).toEqual(["s3://acme-contacts/2026/", "s3://acme-trail/AWSLogs/"])
    expect(values.asOf).toBeUndefined()
  })

  it("needs a name, a policy and a source; the rest has defaults", () => {
    expect(resolved(minimal).values).toMatchObject({
      controls: [], outOfScope: [], signing: { keys: [] }, notify: [], s3: {},
      evidence: { store: join(folder, ".earshot/evidence.duckdb"), memory: "2GB", threads: 2, verifyRecordings: "checksum" },
      report: { out: join(folder, "reports"), failOn: "high", identities: "clear", formats: ["html", "pdf", "sarif", "ocsf", "oscal", "csv", "parquet", "junit"] }
    })
  })

  it("leaves keys in the environment and reports on S3 as written", () => {
    const { values } = resolved(contract.replace("keys/pseudonym.key", "env:PSEUDONYM_KEY").replace("out: reports", "out: s3://acme-reports/nightly/"))
    expect([values.report.pseudonymKey, values.report.out]).toEqual(["env:PSEUDONYM_KEY", "s3://acme-reports/nightly/"])
  })

  it.each([
    ["an unknown key", "failOn: high", "failon: high", "unknown key \"failon\"; did you mean \"failOn\"?", "nightly.yaml:24:87"],
    ["an unknown format", "format: cloudtrail", "format: cloudtrails", "sources.1.format: \"cloudtrails\" is not known; did you mean \"cloudtrail\"?", "nightly.yaml:17:13"],
    ["an unknown kind of record", "[contact, recording, notice-played]", "[contact, recordings]", "sources.0.provides.1: \"recordings\" is not known; did you mean \"recording\"?", "nightly.yaml:10:25"],
    ["two sources of one name", "id: access-log", "id: contacts", "there is already a source \"contacts\"; give this one another name", "nightly.yaml:15:9"],
    ["a bucket that is none", "s3://acme-trail/AWSLogs/", "s3:acme", "is not written as s3://bucket/prefix", "nightly.yaml:16:10"],
    ["a schedule that is no cron", "\"0 2 * * *\"", "nightly", "the schedule is not written as cron, such as \"0 2 * * *\" for two o'clock every night", "nightly.yaml:3:11"],
    ["a schedule that never comes", "0 2 * * *", "0 2 30 2 *", "the schedule never comes; check its fields", "nightly.yaml:3:11"],
    ["an option of another format", "    mode: append\n", "    mode: append\n    columns: {id: call_id}\n", "columns belongs to format csv, but this source has format canonical; take it out or change the format", "nightly.yaml:10:14"],
    ["a csv column for no field", "format: canonical", "format: csv\n    kind: access\n    columns: {actor.idd: user}", "a record of kind access has no field \"idd\" there; did you mean \"id\"?", "nightly.yaml:10:26"],
    ["csv of several kinds", "format: canonical", "format: csv", "a csv source needs kind, the record kind of its rows, where provides does not name exactly one", "nightly.yaml:6:5"],
    ["a listing of a folder", "    uri: s3://acme-trail/AWSLogs/\n    format: cloudtrail", "    uri: trail/\n    format: listing", "a listing asks S3, so it needs s3://bucket/prefix", "nightly.yaml:16:10"],
    ["pseudonyms without a key", ", pseudonymKey: keys/pseudonym.key", "", "pseudonymous identities need report.pseudonymKey (earshot keygen makes one); or say identities: clear", "nightly.yaml:24:9"],
    ["a control that is no id", "control: access/untrained", "control: untrained", "outOfScope.0.control: \"untrained\" is not written as expected (family/name, such as access/untrained)", "nightly.yaml:28:15"],
    ["a missing reason", "reason: no training feed yet, ", "", "outOfScope.0: the key \"reason\" is missing; add it", "nightly.yaml:28:5"],
    ["memory without a unit", "memory: 2GB", "memory: \"2\"", "evidence.memory: \"2\" is not written as expected (such as 2GB)", "nightly.yaml:23:53"]
  ])("refuses %s", (_, find, replacement, sentence, place) => {
    expect(contract).toContain(find)
    expect(problemsOf(() => resolved(contract.replace(find, replacement)))).toEqual([`${place}: ${sentence}`])
  })

  it("refuses a PIN in the file and a notice to nobody", () => {
    expect(problemsOf(() => resolved(`${minimal}signing: {pkcs11: [{module: m.so, token: t, key: k, pin: "1234"}]}\n`))[0]).toContain("env:NAME, never the PIN itself")
    expect(problemsOf(() => resolved(`${minimal}notify: [{smtp: "env:MAIL"}]\n`))).toEqual(["nightly.yaml:5:10: mail needs from and to"])
    expect(problemsOf(() => resolved(`${minimal}notify: [{on: failure}]\n`))).toEqual(["nightly.yaml:5:10: needs one of webhook, smtp, heartbeat and prometheus"])
  })
})

describe("flags beat environment beat the file beat defaults", () => {
  const env = { EARSHOT_FAIL_ON: "low", EARSHOT_OUT: "env-reports", EARSHOT_THREADS: "4", EARSHOT_MEMORY: "" }

  it("in that order, each saying where it came from", () => {
    const { values, origins } = resolved(contract, { env, flags: { failOn: "critical", asOf: "2026-06-30T00:00:00Z" } })
    expect([values.report.failOn, values.report.out, values.evidence.threads, values.evidence.memory, values.asOf]).toEqual(["critical", "/somewhere/env-reports", 4, "2GB", "2026-06-30T00:00:00Z"])
    expect(origins).toMatchObject({
      "report.failOn": "flag --fail-on",
      "report.out": "environment EARSHOT_OUT",
      "evidence.memory": `file ${file}:23:53`,
      "report.failOnOpen": "default",
      "sources.0.uri": `file ${file}:7:10`,
      pipeline: `file ${file}:1:11`
    })
  })

  it("understands lists, booleans and paths", () => {
    const { values } = resolved(minimal, { env: { EARSHOT_FORMATS: "html, csv", EARSHOT_FAIL_ON_LEADS: "1" }, flags: { failOnOpen: true, out: "/abs", only: "consent/*" } })
    expect([values.report.formats, values.report.failOnLeads, values.report.failOnOpen, values.report.out, values.only]).toEqual([["html", "csv"], true, true, "/abs", "consent/*"])
  })

  it.each([
    [{ flags: { failOn: "hihg" } }, "--fail-on: \"hihg\" is not known; did you mean \"high\"?"],
    [{ flags: { asOf: "yesterday" } }, "--as-of: \"yesterday\" is not a time with an offset, such as 2026-01-01T00:00:00Z"],
    [{ flags: { out: "" } }, "--out: is empty; name a place"],
    [{ flags: { asof: "2026-06-30T00:00:00Z" } }, "flags.asof: is not a known flag; did you mean \"asOf\"?"],
    [{ env: { EARSHOT_THREADS: "many" } }, "EARSHOT_THREADS: must be a whole number from 1 to 999, not \"many\""],
    [{ env: { EARSHOT_FAIL_ON_OPEN: "perhaps" } }, "EARSHOT_FAIL_ON_OPEN: must be true or false, not \"perhaps\""],
    [{ env: { EARSHOT_FORMATS: "html,pdff" } }, "EARSHOT_FORMATS: \"pdff\" is not known; did you mean \"pdf\"?"],
    [{ env: { EARSHOT_FAILON: "low" } }, "EARSHOT_FAILON: is not a known environment variable; did you mean EARSHOT_FAIL_ON?"]
  ])("refuses %j", (invocation, sentence) => {
    expect(problemsOf(() => resolved(minimal, invocation))).toEqual([sentence])
  })

  it("leaves variables alone that are nothing like ours", () => {
    expect(problemsOf(() => resolved(minimal, { env: { EARSHOT_PSEUDONYM_SECRET: "x", EARSHOT_KEY_PASSPHRASE: "y" } }))).toEqual([])
  })

  it("takes log, json and verbose from both", () => {
    const { values, origins } = resolved(minimal, { env: { EARSHOT_VERBOSE: "true", EARSHOT_LOG: "run.ndjson" }, flags: { json: true, log: "/abs.ndjson" } })
    expect([values.json, values.verbose, values.log, origins["json"], origins["log"]]).toEqual([true, true, "/abs.ndjson", "flag --json", "flag --log"])
  })

  it("finds a relative pipeline file from the caller's folder", () => {
    writeFileSync(file, minimal)
    expect(resolveConfiguration({ file: "nightly.yaml", cwd: folder }).values.file).toBe(file)
  })

  it("prints every value with its origin, without credentials", () => {
    const lines = configurationLines(resolved(`${minimal}notify: [{smtp: "smtp://user:secret@mail.example:25", from: a@example.com, to: [b@example.com]}]\n`))
    expect(lines).toContain(`policy = ${JSON.stringify(join(folder, "p.yaml"))}  # file ${file}:2:9`)
    expect(lines).toContain("evidence.threads = 2  # default")
    expect(lines.join("\n")).not.toContain("secret")
  })
})

describe("waivers", () => {
  const path = join(folder, "waivers.yaml")
  const waiver = "owner: privacy-office, reason: accepted until the script is fixed, expires: 2026-12-31T00:00:00Z, approvedBy: cco"
  const problems = (text: string): ReadonlyArray<string> => {
    writeFileSync(path, text)
    return problemsOf(() => loadWaivers(path))
  }

  it("are read with their digest", () => {
    writeFileSync(path, `waivers:\n  - {finding: f1, ${waiver}}\n  - {cause: c1, max: 10, ${waiver}}\n`)
    const { waivers, sha256 } = loadWaivers(path)
    expect(waivers).toHaveLength(2)
    expect(waivers[1]).toMatchObject({ cause: "c1", max: 10, approvedBy: "cco" })
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ["one without a second approver", `waivers: [{finding: f1, ${waiver.replace(", approvedBy: cco", "")}}]\n`, "waivers.yaml:1:11: waivers.0: the key \"approvedBy\" is missing; add it"],
    ["one that its owner approved", `waivers:\n  - {finding: f1, ${waiver.replace("cco", "privacy-office")}}\n`, "waivers.yaml:2:129: the owner cannot approve their own waiver; name a second person"],
    ["one of nothing", `waivers: [{${waiver}}]\n`, "waivers.yaml:1:11: a waiver needs either finding or cause"],
    ["one of both", `waivers: [{finding: f1, cause: c1, ${waiver}}]\n`, "waivers.yaml:1:11: a waiver needs either finding or cause"],
    ["two of one finding", `waivers:\n  - {finding: f1, ${waiver}}\n  - {finding: f1, ${waiver}}\n`, "waivers.yaml:3:15: there is already a waiver for this; keep one"],
    ["a cap on a finding", `waivers:\n  - {finding: f1, max: 2, ${waiver}}\n`, "waivers.yaml:2:24: max belongs to a waiver of a cause; take it out"]
  ])("refuse %s", (_, text, sentence) => {
    expect(problems(text)).toEqual([sentence])
  })
})
