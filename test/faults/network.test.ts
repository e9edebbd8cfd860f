/** The audit needs no network and looks for none: whole runs in a network namespace without one, with every connection that any of its threads asks for written down. */
import { spawn, spawnSync } from "node:child_process"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { asOf, copyOf, makeEstate, scratch, wholeReports } from "./program.ts"

const { root, dispose } = scratch()
afterAll(dispose)

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))
const canIsolate = spawnSync("unshare", ["-n", "true"]).status === 0
const canTrace = spawnSync("strace", ["--version"], { stdio: "ignore" }).status === 0

let estate = ""
beforeAll(async () => { estate = await makeEstate(root) })

type Ended = { readonly code: number | null; readonly stderr: string }

const command = (cwd: string, words: ReadonlyArray<string>): Promise<Ended> => new Promise((resolve) => {
  const [program = "", ...rest] = words
  const child = spawn(program, rest, { cwd, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, CI: "1" } })
  let stderr = ""
  child.stderr.on("data", (bytes: Buffer) => { stderr += bytes.toString() })
  child.on("close", (code) => { resolve({ code, stderr }) })
})

/** Sockets that a trace shows beside those of the kernel and of name services on the machine itself. */
const sockets = (trace: string): ReadonlyArray<string> =>
  readFileSync(trace, "utf8").split("\n").filter((line) => /\b(connect|sendto|sendmsg|bind)\(/.test(line) && /AF_INET6?/.test(line))

describe("without a network", () => {
  it.skipIf(!canIsolate)("every verb of a night works: run, verify, gate", async () => {
    const folder = copyOf(estate, root, "alone")
    const alone = ["unshare", "-n", process.execPath, main]
    const ran = await command(folder, [...alone, "run", "pipeline.yaml", "--as-of", asOf])
    expect(ran.code, ran.stderr).toBe(0)
    const [report = ""] = wholeReports(folder)
    expect((await command(folder, [...alone, "verify", report, "--key", "keys/pipeline.pub", "--chain", "reports"])).code).toBe(0)
    writeFileSync(join(folder, "objects.ndjson"), '{"uri":"s3://northwind-recordings/unknown","versionId":"v1","etag":"a"}\n')
    expect((await command(folder, [...alone, "gate", report, "--key", "keys/pipeline.pub", "--objects", "objects.ndjson", "--as-of", asOf])).code).toBe(0)
  })

  it.skipIf(!canTrace)("no thread of a run opens a connection, asks for a name or listens", async () => {
    const folder = copyOf(estate, root, "traced")
    const trace = join(folder, "trace.txt")
    const ran = await command(folder, ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind", "-o", trace, process.execPath, main, "run", "pipeline.yaml", "--as-of", asOf])
    expect(ran.code, ran.stderr).toBe(0)
    expect(existsSync(trace)).toBe(true)
    expect(sockets(trace)).toEqual([])
  })

  it.skipIf(!canTrace)("the trace would show one", async () => {
    const trace = join(root, "control.txt")
    await command(root, ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind", "-o", trace, process.execPath, "-e", "require('net').connect(9, '127.0.0.1').on('error', () => undefined)"])
    expect(sockets(trace).length).toBeGreaterThan(0)
  })
})
