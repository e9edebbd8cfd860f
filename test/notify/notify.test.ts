/** What is sent when a run begins and ends, to real servers. */
import { createHmac, verify as verifySignature } from "node:crypto"
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SMTPServer } from "smtp-server"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { generateKeys, loadSigner } from "../../src/attest/index.ts"
import { type Channel, type Notice, tellEnd, tellStart, type Telling } from "../../src/notify/index.ts"
import { deliver, Undelivered } from "../../src/notify/deliver.ts"
import { type Heard, listening } from "./listening.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-notify-"))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

const closing: Array<() => Promise<void>> = []
afterEach(async () => { for (const close of closing.splice(0)) await close() })

const server = async (...codes: ReadonlyArray<number>): Promise<{ readonly url: string; readonly heard: ReadonlyArray<Heard> }> => {
  const one = await listening(...codes)
  closing.push(one.close)
  return one
}

const notice: Notice = {
  earshot: 1, event: "finished", pipeline: "nightly", run: "0badcafe", asOf: "2026-11-02T00:00:00Z", startedAt: "2026-11-02T02:00:00.000Z", finishedAt: "2026-11-02T02:03:00.000Z",
  exitCode: 1, meaning: "exit 1: there are findings at or above the threshold.", trustworthy: true, problems: 0,
  findings: { total: 7, bySeverity: { low: 1, medium: 2, high: 3, critical: 1 }, byStatus: { new: 2, persisting: 5 }, leads: 4, resolved: 1 },
  records: { read: 1000, rejected: 2, objects: 11, unreadable: 0 }, units: { judged: 5000, unverifiable: 3 }, report: "2026-11-02T02-00-00Z-0badcafe", statement: "ab".repeat(32)
}
const at = new Date("2026-11-02T02:03:00Z")
const telling = (channels: ReadonlyArray<Channel>, more: Partial<Telling> = {}): Telling => ({ channels, environment: {}, signers: [], now: () => at, ...more })
const stages = [{ name: "read", from: Date.parse("2026-11-02T02:00:00Z"), until: Date.parse("2026-11-02T02:01:00Z") }, { name: "judge", from: Date.parse("2026-11-02T02:01:00Z"), until: Date.parse("2026-11-02T02:03:00Z") }]
const tell = (channel: Channel, more: Partial<Telling> = {}, told: Notice = notice): ReturnType<typeof tellEnd> => tellEnd(telling([channel], more), told, stages, undefined)

describe("a webhook", () => {
  it("gets counts and a link, signed with the secret and with the pipeline's key", async () => {
    const { url, heard } = await server(200)
    const keys = await generateKeys({ out: join(folder, "keys"), at })
    const signer = await loadSigner(join(folder, "keys", "pipeline.pem"))
    expect(keys).toBeDefined()
    expect(await tell({ webhook: "env:HOOK", secret: "env:HOOK_SECRET", sign: true, link: "https://reports.example/earshot/" }, { environment: { HOOK: `${url}/hook`, HOOK_SECRET: "s3cret" }, signers: [signer] })).toEqual([{ channel: "notify.0 (webhook)" }])
    const [{ headers, body, path } = { headers: {} as Heard["headers"], body: "", path: "" }] = heard
    expect(path).toBe("/hook")
    expect(JSON.parse(body)).toMatchObject({ pipeline: "nightly", exitCode: 1, findings: { total: 7 }, link: "https://reports.example/earshot/2026-11-02T02-00-00Z-0badcafe/report.html" })
    const signed = `${String(headers["earshot-timestamp"])}.${body}`
    expect(headers["earshot-timestamp"]).toBe(String(at.getTime() / 1000))
    expect(headers["earshot-signature"]).toBe(`v1=${createHmac("sha256", "s3cret").update(signed).digest("hex")}`)
    const [keyid, signature = ""] = String(headers["earshot-signature-key"]).split(/=(.*)/s)
    expect(keyid).toBe(signer.key.keyid)
    expect(verifySignature("sha256", Buffer.from(signed), signer.key.key, Buffer.from(signature, "base64"))).toBe(true)
    expect(verifySignature("sha256", Buffer.from(`${signed} `), signer.key.key, Buffer.from(signature, "base64"))).toBe(false)
  })

  it("reads its secret from a file", async () => {
    const { url, heard } = await server(204)
    writeFileSync(join(folder, "secret"), "from a file\n")
    await tell({ webhook: url, secret: join(folder, "secret") })
    expect(heard[0]?.headers["earshot-signature"]).toBe(`v1=${createHmac("sha256", "from a file").update(`${at.getTime() / 1000}.${heard[0]?.body}`).digest("hex")}`)
  })

  it("is tried again while its server is in trouble, and not where it refuses", async () => {
    const troubled = await server(503, 429, 200)
    expect(await tell({ webhook: troubled.url })).toEqual([{ channel: "notify.0 (webhook)" }])
    expect(troubled.heard).toHaveLength(3)
    const refusing = await server(410)
    expect(await tell({ webhook: refusing.url })).toEqual([{ channel: "notify.0 (webhook)", problem: "the answer was 410" }])
    expect(refusing.heard).toHaveLength(1)
  })

  it("follows no redirect, and its problem names neither address nor secret", async () => {
    const { url, heard } = await server(307)
    const [told] = await tell({ webhook: `${url}/token-1234`, secret: "env:NOT_SET" })
    expect(told?.problem).toBe("the environment variable NOT_SET is not set")
    expect((await tell({ webhook: `${url}/token-1234` }))[0]?.problem).toBe("the answer was 307")
    expect(heard).toHaveLength(1)
  })

  it("is told only of what it asks for", async () => {
    const { url, heard } = await server(200)
    await tell({ webhook: url, on: "failure" })
    await tell({ webhook: url, on: "findings" }, {}, { ...notice, exitCode: 0 })
    expect(heard).toEqual([])
    await tell({ webhook: url, on: "failure" }, {}, { ...notice, exitCode: 2 })
    await tell({ webhook: url, on: "findings" })
    expect(heard).toHaveLength(2)
  })
})

// They wait beside each other, each for a server of its own.
describe.concurrent("a server that does not answer", () => {
  it("holds up a stopped run for two seconds at most", async ({ onTestFinished }) => {
    const { url, close } = await listening(0)
    onTestFinished(close)
    const began = process.hrtime.bigint()
    expect(await tell({ webhook: url }, { hurry: true })).toEqual([{ channel: "notify.0 (webhook)", problem: "nobody answered in time" }])
    // Less than the five seconds of an attempt that has time, on a busy machine too.
    expect(Number(process.hrtime.bigint() - began) / 1e9).toBeLessThan(4.5)
  })

  it("is asked no more once the time for all is over", async () => {
    let attempts = 0
    const failing = deliver(() => { attempts += 1; return Promise.reject(new Undelivered("nobody answered there", true)) }, { attempts: 9, firstPause: 200, each: 100, all: 500 })
    await expect(failing).rejects.toThrow("nobody answered in time")
    // The third would come after 600 ms; a busy machine may be late for the second.
    expect([1, 2]).toContain(attempts)
  })

  it("of OpenTelemetry is no failure and takes its time only", async ({ onTestFinished }) => {
    const { url, close } = await listening(0)
    onTestFinished(close)
    expect(await tellEnd(telling([], { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: url }, hurry: true }), notice, stages, undefined)).toEqual([{ channel: "OpenTelemetry" }])
  })
})

describe("mail", () => {
  type Received = { readonly from: string; readonly to: ReadonlyArray<string>; readonly text: string; readonly secure: boolean; readonly user: string | undefined }
  const received: Array<Received> = []
  let url = ""
  let smtp: SMTPServer
  let refuse = 0

  beforeAll(async () => {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "mail.key", "-out", "mail.crt", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], { cwd: folder, stdio: "ignore" })
    smtp = new SMTPServer({
      key: readFileSync(join(folder, "mail.key")), cert: readFileSync(join(folder, "mail.crt")), authOptional: true,
      onAuth: ({ username, password }, _session, done) => { done(password === "right" ? null : new Error("no"), { user: username }) },
      onData: (stream, session, done) => {
        let text = ""
        stream.on("data", (piece: Buffer) => { text += piece.toString("utf8") })
        stream.on("end", () => {
          if (refuse-- > 0) return done(Object.assign(new Error("later"), { responseCode: 451 }))
          received.push({ from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(({ address }) => address), text: text.replaceAll("=\r\n", ""), secure: session.secure, user: session.user })
          done()
        })
      }
    })
    await new Promise<void>((resolve) => { smtp.listen(0, "127.0.0.1", resolve) })
    url = `smtp://localhost:${(smtp.server.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise<void>((resolve) => { smtp.close(resolve) }))

  const people = { from: "earshot@audit.example", to: ["privacy@audit.example", "audit@audit.example"] }

  it("goes over STARTTLS with credentials from the environment, and is tried again", async () => {
    refuse = 1
    expect(await tell({ smtp: url, user: "mailer", password: "env:MAIL_PASSWORD", ca: join(folder, "mail.crt"), ...people }, { environment: { MAIL_PASSWORD: "right" } })).toEqual([{ channel: "notify.0 (mail)" }])
    const [mail] = received
    expect(mail).toMatchObject({ from: people.from, to: people.to, secure: true, user: "mailer" })
    expect(mail?.text).toContain("Subject: [Earshot] nightly: 2 new of 7 findings (exit 1)")
    expect(mail?.text).toContain("7 findings: 1 low, 2 medium, 3 high, 1 critical; 4 leads.")
    expect(mail?.text).toContain("Report: 2026-11-02T02-00-00Z-0badcafe")
  })

  it("never sends a password where the server's certificate cannot be trusted, and says no address when it fails", async () => {
    const before = received.length
    const [untrusted] = await tell({ smtp: url, user: "mailer", password: "env:MAIL_PASSWORD", ...people }, { environment: { MAIL_PASSWORD: "right" }, hurry: true })
    expect(untrusted?.problem).toMatch(/^the mail server /)
    const [refused] = await tell({ smtp: url, user: "mailer", password: "env:MAIL_PASSWORD", ca: join(folder, "mail.crt"), ...people }, { environment: { MAIL_PASSWORD: "wrong" } })
    expect(refused?.problem).toBe("the mail server refused the credentials")
    expect(received).toHaveLength(before)
  })
})

it("a heartbeat begins, succeeds with findings, and fails with what can't be trusted", async () => {
  const { url, heard } = await server(200)
  const channels = [{ heartbeat: `${url}/ping/uuid` }]
  await tellStart(telling(channels))
  await tellEnd(telling(channels), notice, stages, undefined)
  await tellEnd(telling(channels), { ...notice, exitCode: 2 }, stages, undefined)
  expect(heard.map(({ path, body }) => `${path} ${body}`)).toEqual(["/ping/uuid/start ", "/ping/uuid exit 1", "/ping/uuid/fail exit 2"])
})

it("a Prometheus file is written whole, with durations by stage and no half-written file beside", async () => {
  const file = join(folder, "textfile", "earshot.prom")
  await tell({ prometheus: file }, {}, { ...notice, pipeline: 'night"ly' })
  const text = readFileSync(file, "utf8")
  expect(text).toContain('earshot_last_run_exit_code{pipeline="night\\"ly"} 1\n')
  expect(text).toContain(`earshot_last_run_timestamp_seconds{pipeline="night\\"ly"} ${Date.parse(notice.finishedAt) / 1000}\n`)
  expect(text).toContain('earshot_stage_duration_seconds{pipeline="night\\"ly",stage="judge"} 120\n')
  expect(text.split("\n").filter((line) => line !== "" && !/^(# (HELP|TYPE) \w+ .+|\w+\{\w+="([^"\\]|\\.)*"(,\w+="[^"]*")*\} -?[\d.]+)$/.test(line))).toEqual([])
  expect(readdirSync(join(folder, "textfile"))).toEqual(["earshot.prom"])
})

describe("OpenTelemetry", () => {
  it("gets the run as a trace, a span a stage, and its measures", async () => {
    const { url, heard } = await server(200)
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json", OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=audit" }
    expect(await tellEnd(telling([], { environment }), notice, stages, undefined)).toEqual([{ channel: "OpenTelemetry" }])
    expect(heard.map(({ path }) => path).sort()).toEqual(["/v1/metrics", "/v1/traces"])
    expect(heard[0]?.headers["x-tenant"]).toBe("audit")
    type Span = { readonly name: string; readonly spanId: string; readonly parentSpanId?: string; readonly traceId: string; readonly startTimeUnixNano: string; readonly endTimeUnixNano: string }
    const traces = JSON.parse(heard.find(({ path }) => path === "/v1/traces")?.body ?? "{}") as { resourceSpans: ReadonlyArray<{ resource: unknown; scopeSpans: ReadonlyArray<{ spans: ReadonlyArray<Span> }> }> }
    const spans = traces.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    const root = spans.find(({ name }) => name === "earshot run")
    const judge = spans.find(({ name }) => name === "judge")
    expect(spans.map(({ name }) => name).sort()).toEqual(["earshot run", "judge", "read"])
    expect(judge).toMatchObject({ parentSpanId: root?.spanId, traceId: root?.traceId, startTimeUnixNano: `${stages[1]?.from}000000`, endTimeUnixNano: `${stages[1]?.until}000000` })
    expect(JSON.stringify(traces.resourceSpans[0]?.resource)).toContain("nightly")
    const metrics = heard.find(({ path }) => path === "/v1/metrics")?.body ?? ""
    expect(metrics).toContain("earshot.last_run_exit_code")
    expect(metrics).toContain("earshot.stage_duration")
  })
})
