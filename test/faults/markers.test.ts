/**
 * Markers planted in an estate (names, numbers, phrases, card digits, free text, broken records) never surface in what a run
 * writes, sends or says. The store holds names, since it joins by them; what was said and free text are not even there.
 */
import { execFileSync, spawn } from "node:child_process"
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EvidenceStore } from "../../src/evidence/index.ts"
import { simulate } from "../../src/simulate/index.ts"
import { listening } from "../notify/listening.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-markers-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

/** Who: stored, but told to nobody. */
const names = ["crm:zephyrine-quandary", "+12025550142", "zephyrine.quandary@mail.example", "agent-quillfeather", "192.0.2.77"]
/** What was said, free text, and what did not fit: not even stored. */
const words = ["purple umbrellas whistle", "4111111111111111", "4111 1111 1111 1111", "378282246310005", "the reviewer muttered", "an excuse in prose", "a hold for gossip", "brokenmarker", "oddvaluemarker", "ticklish refusal"]
const markers = [...names, ...words]

const tel = "tel:+12025550142"
const mail = "mailto:zephyrine.quandary@mail.example"
const at = (minute: number): string => `2026-06-10T10:${String(minute).padStart(2, "0")}:00Z`
const uri = "s3://northwind-recordings/zephyrine.quandary@mail.example/+12025550142.wav"
const recording = "rec-zephyrine.quandary@mail.example"

const planted: ReadonlyArray<readonly [string, unknown]> = [
  ["contacts", { kind: "contact", id: "contact-planted", channel: "voice", startedAt: at(0), endedAt: at(9), queue: "support", site: "munich", parties: [{ id: tel, role: "customer", jurisdiction: "DE" }, { id: mail, role: "thirdParty", jurisdiction: "DE" }, { id: "agent-quillfeather", role: "agent" }], attributes: { note: "purple umbrellas whistle" } }],
  ["contacts", { kind: "recording", id: recording, contactId: "contact-planted", medium: "audio", startedAt: at(0), endedAt: at(9), uri, purposes: ["recording"] }],
  ["contacts", { kind: "transcript", contactId: "contact-planted", recordingId: recording, turns: [
    { partyId: tel, at: at(1), until: at(2), text: "I do not want to be recorded, purple umbrellas whistle." },
    { partyId: tel, at: at(3), until: at(4), text: "My card is 4111 1111 1111 1111, or 4111111111111111, code 973, and 378282246310005." }
  ] }],
  ["identities", { kind: "identity", subject: "crm:zephyrine-quandary", aliases: [tel, mail] }],
  ["access-log", { kind: "access", id: "access-planted", at: "2026-06-12T10:00:00Z", actor: { id: "agent-quillfeather", type: "user" }, action: "download", recordingId: recording, uri, outcome: "success", ip: "192.0.2.77", reason: "an excuse in prose" }],
  ["cases", { kind: "hold", id: "hold-planted", from: "2026-06-01T00:00:00Z", createdAt: "2026-06-01T00:00:00Z", subjects: [tel], reason: "a hold for gossip" }],
  ["cases", { kind: "request", id: "request-planted", subject: mail, type: "access", receivedAt: "2026-03-01T00:00:00Z", completedAt: "2026-06-20T00:00:00Z", outcome: "refused", refusalReason: "ticklish refusal" }],
  ["decisions", { kind: "decision", id: "decision-planted", contactId: "contact-planted", at: at(8), staff: "agent-quillfeather", subject: "crm:zephyrine-quandary", policy: "refunds", policyVersion: "7", outcome: "granted", facts: { reason: "zephyrine.quandary@mail.example" }, amount: 5000, currency: "USD" }],
  ["consent", { kind: "consent", id: "consent-planted", subject: tel, status: "refused", at: at(1), purposes: ["recording"], form: "verbal", contactId: "contact-planted" }],
  ["consent", { kind: "consent", id: "consent-broken", subject: tel, status: "oddvaluemarker", at: at(1), purposes: ["recording"], form: "verbal", "zephyrine.quandary@mail.example": "4111111111111111" }]
]

/** Every text that a file holds: as it is, unpacked, and what base64 in it decodes to. */
const texts = (bytes: Buffer, depth = 0): ReadonlyArray<string> => {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
  const text = plain.toString("latin1")
  if (depth > 2) return [text]
  const inner = [...text.matchAll(/[A-Za-z0-9+/_-]{120,}={0,2}/g)].flatMap(([run]) => texts(Buffer.from(run, "base64"), depth + 1))
  return [text, ...inner]
}

const surfacing = (name: string, all: ReadonlyArray<string>, wanted: ReadonlyArray<string>): ReadonlyArray<string> =>
  wanted.filter((marker) => all.some((text) => text.toLowerCase().includes(marker.toLowerCase()) || text.includes(encodeURIComponent(marker)))).map((marker) => `${name}: ${marker}`)

const filesBelow = (folder: string): ReadonlyArray<string> => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))
const earshot = (environment: Readonly<Record<string, string>>, ...args: ReadonlyArray<string>): Promise<{ readonly code: number | null; readonly said: string }> => new Promise((resolve) => {
  const child = spawn(process.execPath, [main, ...args], { cwd: root, env: { ...process.env, CI: "1", ...environment } })
  let said = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => { said += piece.toString() })
  child.on("close", (code) => { resolve({ code, said }) })
})

describe("planted markers", () => {
  const estate = join(root, "estate")
  let report = ""
  let said = ""
  let sent = ""

  beforeAll(async () => {
    simulate({ contacts: 15, seed: 5, out: estate })
    for (const [source, record] of planted) {
      mkdirSync(join(estate, source), { recursive: true })
      appendFileSync(join(estate, source, "planted.ndjson"), `${JSON.stringify(record)}\n`)
    }
    // Not even a line that breaks off, and an object whose name is an address.
    writeFileSync(join(estate, "access-log", "zephyrine.quandary@mail.example.ndjson"), `{"kind":"access","id":"brokenmarker 4111111111111111`)
    const { url, heard, close } = await listening(200)
    appendFileSync(join(estate, "pipeline.yaml"), `notify:\n  - {webhook: "${url}/hook"}\n  - {heartbeat: "${url}/beat"}\n  - {prometheus: earshot.prom}\n`)
    const ran = await earshot({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, "run", join(estate, "pipeline.yaml"), "--as-of", "2026-07-01T00:00:00Z", "--log", join(root, "run.ndjson"), "--verbose", "--json")
    const reports = join(estate, "reports")
    report = join(reports, readdirSync(reports).find((name) => name.startsWith("20")) ?? "")
    const finding = readFileSync(join(report, "findings.ndjson"), "utf8").split("\n").find((line) => line.includes("contact-planted"))
    const explained = await earshot({}, "explain", (JSON.parse(finding ?? "{}") as { id?: string }).id ?? "", report)
    said = [ran.said, explained.said].join("\n")
    sent = JSON.stringify(heard)
    await close()
  }, 120_000)

  it("did lead to findings, a quarantine and notifications, so that silence means something", () => {
    const findings = readFileSync(join(report, "findings.ndjson"), "utf8").split("\n").filter((line) => line.includes("contact-planted"))
    expect(findings.map((line) => (JSON.parse(line) as { control: string }).control)).toEqual(expect.arrayContaining(["consent/continued-after-withdrawal", "consent/recorded-without-consent", "consent/card-data-recorded", "access/unknown-actor"]))
    expect(readFileSync(join(report, "quarantine.ndjson"), "utf8").trimEnd().split("\n")).toHaveLength(2)
    for (const path of ["/hook", "/beat", "/v1/traces", "/v1/metrics"]) expect(sent).toContain(path)
    expect(said).toContain("Timeline (UTC)")
  })

  it("are in no file of the report", () => {
    expect(filesBelow(report).length).toBeGreaterThan(15)
    expect(filesBelow(report).flatMap((file) => surfacing(file.slice(report.length + 1), texts(readFileSync(file)), markers))).toEqual([])
  })

  it("are not on the pages of the PDF", ({ skip }) => {
    const pdf = join(report, "report.pdf")
    let text = ""
    try {
      text = execFileSync("pdftotext", [pdf, "-"], { encoding: "utf8" })
    } catch {
      skip("pdftotext is not installed")
    }
    expect(text).toContain("contact-planted")
    expect(surfacing("report.pdf", [text], markers)).toEqual([])
  })

  it("are not in the Parquet file", async () => {
    const store = await EvidenceStore.open({ path: ":memory:", threads: 1 })
    try {
      const rows = await store.all(`SELECT to_json(f)::VARCHAR AS line FROM read_parquet('${join(report, "findings.parquet")}') f`)
      expect(rows.length).toBeGreaterThan(0)
      expect(surfacing("findings.parquet", rows.map((row) => String(row["line"])), markers)).toEqual([])
    } finally {
      store.close()
    }
  })

  it("are neither said, nor logged, nor sent", () => {
    expect(surfacing("terminal", [said], markers)).toEqual([])
    expect(surfacing("sent", [sent], markers)).toEqual([])
    for (const file of [join(root, "run.ndjson"), join(estate, "earshot.prom"), ...filesBelow(join(estate, "reports", "chain"))]) expect(surfacing(file, [readFileSync(file, "latin1")], markers)).toEqual([])
  })

  it("leave no word of what was said, and no free text, in the store or beside it", async () => {
    const store = join(estate, ".earshot", "evidence.duckdb")
    expect(existsSync(store)).toBe(true)
    const opened = await EvidenceStore.open({ path: store, threads: 1 })
    const dumped: Array<string> = []
    try {
      const tables = await opened.all(`SELECT table_name AS name FROM duckdb_tables() WHERE database_name = 'stored'`)
      for (const { name } of tables) for (const row of await opened.all(`SELECT to_json(t)::VARCHAR AS line FROM stored."${String(name)}" t`)) dumped.push(String(row["line"]))
    } finally {
      opened.close()
    }
    expect(dumped.some((line) => line.includes("contact-planted"))).toBe(true)
    // What a source puts into attributes is its own to state.
    const inText = words.filter((word) => word !== "purple umbrellas whistle")
    expect(surfacing("store", dumped, inText)).toEqual([])
    expect(surfacing("signals and turns", dumped.filter((line) => !line.includes('"attributes":{')), words)).toEqual([])
    for (const file of filesBelow(join(estate, ".earshot"))) expect(surfacing(file, [readFileSync(file, "latin1")], inText)).toEqual([])
  })
})
