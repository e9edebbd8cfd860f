/** Peak memory of a process and all that it starts, from /proc (Linux). */
import { spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"

/** What a process took: wall seconds, CPU seconds unknown here, peak resident bytes of the whole tree. */
export type Cost = { readonly seconds: number; readonly peakBytes: number; readonly code: number | null; readonly stderr: string }

const pageBytes = 4096

const parents = (): ReadonlyMap<number, { readonly parent: number; readonly bytes: number }> => {
  const known = new Map<number, { parent: number; bytes: number }>()
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8")
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
      known.set(Number(name), { parent: Number(fields[1]), bytes: Number(fields[21]) * pageBytes })
    } catch {
      // It ended between the listing and the reading.
    }
  }
  return known
}

const residentBytes = (root: number): number => {
  const known = parents()
  let sum = 0
  for (const [pid, { bytes }] of known) {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = known.get(at)?.parent) {
      if (at === root) {
        sum += bytes
        break
      }
    }
  }
  return sum
}

/** Runs a Node program to its end, looking at its memory twenty times a second. */
export const cost = (cwd: string, ...args: ReadonlyArray<string>): Promise<Cost> => new Promise((resolve) => {
  const began = process.hrtime.bigint()
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, CI: "1" } })
  let peakBytes = 0
  let stderr = ""
  child.stderr.on("data", (bytes: Buffer) => { stderr += bytes.toString() })
  const looking = setInterval(() => { peakBytes = Math.max(peakBytes, residentBytes(child.pid ?? 0)) }, 50)
  child.on("close", (code) => {
    clearInterval(looking)
    resolve({ seconds: Number(process.hrtime.bigint() - began) / 1e9, peakBytes, code, stderr })
  })
})
