/** The real program in a process of its own, on a synthetic estate of its own, for tests that kill, fill and damage it. */
import { type ChildProcess, spawn } from "node:child_process"
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { simulate } from "../../src/simulate/index.ts"

/** Every run of these tests judges as of this time. */
export const asOf = "2026-07-01T00:00:00Z"

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url))
const staged = fileURLToPath(new URL("stages.ts", import.meta.url))

/** How a process ended. */
export type Ended = { readonly code: number | null; readonly signal: string | null; readonly stdout: string; readonly stderr: string; readonly seconds: number }

/** A process under way. */
export type Running = { readonly process: ChildProcess; readonly ended: Promise<Ended> }

const watch = (child: ChildProcess): Running => {
  const began = process.hrtime.bigint()
  let stdout = ""
  let stderr = ""
  child.stdout?.on("data", (bytes: Buffer) => { stdout += bytes.toString() })
  child.stderr?.on("data", (bytes: Buffer) => { stderr += bytes.toString() })
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => { resolve({ code, signal, stdout, stderr, seconds: Number(process.hrtime.bigint() - began) / 1e9 }) })
  })
  return { process: child, ended }
}

/** `earshot ARGUMENTS` in a folder. */
export const start = (cwd: string, ...args: ReadonlyArray<string>): Running =>
  watch(spawn(process.execPath, [main, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, CI: "1" } }))

/** The same to its end. */
export const earshot = (cwd: string, ...args: ReadonlyArray<string>): Promise<Ended> => start(cwd, ...args).ended

/** An audit by the library in a process of its own that is killed as a stage begins. */
export const killedAs = (stage: string, cwd: string): Promise<Ended> => watch(spawn(process.execPath, [staged, join(cwd, "pipeline.yaml"), asOf, stage], { cwd, stdio: ["ignore", "pipe", "pipe"] })).ended

/** `earshot ARGUMENTS` under `ulimit -f` in blocks of 1,024 bytes: no file can grow beyond it, as on a disk that is full. */
export const limited = (cwd: string, blocks: number, ...args: ReadonlyArray<string>): Promise<Ended> =>
  watch(spawn("bash", ["-c", `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`, "limited", process.execPath, main, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] })).ended

/** A folder for a test file; removed with `dispose`. */
export const scratch = (): { readonly root: string; readonly dispose: () => void } => {
  const root = mkdtempSync(join(tmpdir(), "earshot-faults-"))
  return { root, dispose: () => { rmSync(root, { recursive: true, force: true }) } }
}

/** Writes the estate that copies are made of, with keys. */
export const makeEstate = async (root: string, contacts = 80): Promise<string> => {
  const folder = join(root, "estate")
  simulate({ contacts, seed: 21, out: folder })
  const { code, stderr } = await earshot(folder, "keygen", "--out", "keys")
  if (code !== 0) throw new Error(stderr)
  return folder
}

/** A copy of the estate in a folder of its own. */
export const copyOf = (estate: string, root: string, name: string): string => {
  const folder = join(root, name)
  cpSync(estate, folder, { recursive: true })
  return folder
}

/** Report folders below an estate, oldest first; failure statements are folders too. */
export const reportsOf = (folder: string): ReadonlyArray<string> => {
  const out = join(folder, "reports")
  return existsSync(out) ? readdirSync(out).filter((name) => name.startsWith("20")).sort().map((name) => join(out, name)) : []
}

/** The reports among them that hold findings. */
export const wholeReports = (folder: string): ReadonlyArray<string> => reportsOf(folder).filter((report) => existsSync(join(report, "findings.ndjson")))

/** What must be the same bytes after whatever befell an earlier run: findings, inputs, quarantine, retention, Merkle roots. */
export const promised = (report: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(["findings", "inputs", "quarantine", "retention"].map((name) => [name, readFileSync(join(report, `${name}.ndjson`), "utf8")])),
  merkle: JSON.stringify((JSON.parse(readFileSync(join(report, "summary.json"), "utf8")) as { readonly merkle: unknown }).merkle)
})
