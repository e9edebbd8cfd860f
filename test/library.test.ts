/** The library says what the command line says, as promises and as Effects; a real audit by it is in test/golden and test/run. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { afterAll, describe, expect, it } from "vitest"
import { generateKeys, publicPem } from "../src/attest/index.ts"
import * as programs from "../src/effect.ts"
import { audit, type GateAnswer, gate, verify } from "../src/index.ts"
import { dueLine, object, reportOf } from "./gate/gateReport.ts"
import { listening } from "./notify/listening.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-library-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const signedReport = async (): Promise<{ readonly folder: string; readonly key: string }> => {
  const { folder, signer } = await reportOf([dueLine()])
  const key = join(root, "report.pub")
  writeFileSync(key, publicPem(signer.key))
  return { folder, key }
}

describe("the library", () => {
  it("verifies a report, and names what does not hold", async () => {
    const { folder, key } = await signedReport()
    const plain = await verify({ path: folder, keys: [key] })
    const program = await Effect.runPromise(programs.verify({ path: folder, keys: [key] }))
    expect(program).toEqual(plain)
    expect((await verify({ path: folder })).ok).toBe(false)
    writeFileSync(join(folder, "note.txt"), "all is well")
    expect((await verify({ path: folder, keys: [key] })).problems.map(({ file }) => file)).toContain("note.txt")
  })

  it("asks the gate, as an iteration and as a stream, and logs beside the report", async () => {
    const { folder, key } = await signedReport()
    const question = { report: folder, keys: [key], objects: [object, { uri: "s3://recordings/unknown" }], asOf: "2026-06-30T12:00:00Z" }
    const { answers, verified } = await gate(question)
    const plain: Array<GateAnswer> = []
    for await (const answer of answers) plain.push(answer)
    expect([verified, ...plain.map(({ decision }) => decision)]).toEqual([true, "delete", "keep"])
    const streamed = await Effect.runPromise(programs.gate(question).pipe(Effect.flatMap((opened) => Stream.runCollect(opened.answers))))
    expect([...streamed]).toEqual(plain)
  })

  it("ends an audit with the signal's own reason, or by interruption, and leaves the folder of reports free before that is told", async () => {
    await generateKeys({ out: join(root, "keys"), at: new Date("2026-06-01T00:00:00Z") })
    writeFileSync(join(root, "policy.yaml"), `policy: p\nversion: "1"\nfrom: 2026-01-01T00:00:00Z\napprovedBy: cco\napprovedAt: 2026-01-01T00:00:00Z\ntimezone: UTC\n`)
    writeFileSync(join(root, "a.ndjson"), `${JSON.stringify({ kind: "hold", id: "h1", from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z" })}\n`)
    const pipeline = join(root, "pipeline.yaml")
    writeFileSync(pipeline, "pipeline: one\npolicy: policy.yaml\nsources: [{id: a, uri: a.ndjson}]\nreport: {identities: clear, formats: []}\nsigning: {keys: [keys/pipeline.pem]}\nevidence: {store: \":memory:\"}\nnotify: [{heartbeat: \"env:BEAT\"}]\n")
    const left = (): ReadonlyArray<string> => [...readdirSync(join(root, "reports")), ...readdirSync(join(root, "reports", "chain"))].filter((name) => name.startsWith(".building") || name.startsWith("run.json"))
    const stopping = new AbortController()
    const runs = new Set<unknown>()
    const beats = await listening(204)
    const stopped = audit({ pipeline, env: { BEAT: beats.url }, signal: stopping.signal, observer: { log: (_, fields) => { runs.add(fields?.["run"]) }, stage: (name) => { if (name === "read") stopping.abort(new Error("enough")) } } })
    await expect(stopped).rejects.toThrow("enough")
    // Each line of the log names the run, also what is told before it begins.
    expect([beats.heard.length, runs.size, [...runs][0]]).toEqual([2, 1, expect.stringMatching(/^[0-9a-f]{8}$/)])
    expect(left()).toEqual([])
    const reading = Promise.withResolvers<void>()
    const fiber = Effect.runFork(programs.audit({ pipeline, env: { BEAT: beats.url }, observer: { stage: (name) => { if (name === "read") reading.resolve() } } }))
    await reading.promise
    expect(left()).not.toEqual([])
    await Effect.runPromise(Fiber.interrupt(fiber))
    await beats.close()
    expect(left()).toEqual([])
  }, 30_000)

  it("fails with the reason: configuration, key, gate", async () => {
    const reasonOf = async (program: Effect.Effect<unknown, programs.EarshotFailure>): Promise<string> => {
      const result = await Effect.runPromise(Effect.result(program))
      return Result.isFailure(result) ? result.failure.reason : "none"
    }
    const { folder, key } = await signedReport()
    expect(await reasonOf(programs.audit({ pipeline: join(root, "none.yaml") }))).toBe("configuration")
    expect(await reasonOf(programs.verify({ path: folder, keys: [join(root, "none.pub")] }))).toBe("attest")
    expect(await reasonOf(programs.gate({ report: folder, keys: [key], objects: [object], maxAge: "one day" }))).toBe("gate")
    await expect(audit({ pipeline: join(root, "none.yaml") })).rejects.toThrow("none.yaml")
  })
})
