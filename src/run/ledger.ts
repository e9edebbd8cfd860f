import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { chainFolder, nextInChain, readChain } from "../attest/index.ts"

/** The number of a run in the chain of reports. */
export type Turn = { readonly sequence: number; readonly previousStatement?: string }

/** A run that is under way or died: what chain/run.json says. */
export type StartedRun = Turn & { readonly id: string; readonly pid: number; readonly processStart: string; readonly startedAt: string; readonly pipeline: string; readonly asOf: string }

/** Another run holds the chain. */
export class ChainBusy extends Error {
  override readonly name = "ChainBusy"
}

/** When the kernel started a process, in ticks since boot; tells a process from a later one with its number. */
const processStart = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""
  } catch {
    return ""
  }
}

const alive = (run: StartedRun): boolean => {
  try {
    process.kill(run.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false
  }
  return run.processStart === "" || processStart(run.pid) === run.processStart
}

const lockFile = (out: string): string => join(out, chainFolder, "run.json")

const readStarted = (file: string): StartedRun | undefined => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as StartedRun
  } catch {
    return undefined
  }
}

/** The run that chain/run.json of this out folder speaks of, alive or dead; undefined where there is none. */
export const startedHere = (out: string): StartedRun | undefined => readStarted(lockFile(out))

/** Leaves a run that died elsewhere to be stated by the run that takes the chain next, unless one is under way here. */
export const markDead = (out: string, run: Omit<StartedRun, "pid" | "processStart">): void => {
  mkdirSync(join(out, chainFolder), { recursive: true })
  // The number of this process: takeChain never mistakes it for another that lives.
  writeFileSync(lockFile(out), `${JSON.stringify({ ...run, pid: process.pid, processStart: "" })}\n`, { flag: "wx", mode: 0o600 })
}

/** Removes what dead runs were building; a report appears only by rename, so these are never reports. */
export const clearBuilding = (out: string): void => {
  for (const name of existsSync(out) ? readdirSync(out) : []) if (name.startsWith(".building-")) rmSync(join(out, name), { recursive: true, force: true })
}

/**
 * Takes the chain of the out folder for one run. A run that died while holding it is returned, so that its number
 * gets a failure statement. @throws ChainBusy while the holder lives.
 */
export const takeChain = (out: string, run: Omit<StartedRun, "pid" | "processStart" | "sequence" | "previousStatement">): { readonly dead: StartedRun | undefined; readonly claim: (turn: Turn) => void; readonly release: () => void } => {
  mkdirSync(join(out, chainFolder), { recursive: true })
  const file = lockFile(out)
  const dead = existsSync(file) ? readStarted(file) : undefined
  if (dead !== undefined && dead.pid !== process.pid && alive(dead)) throw new ChainBusy(`Another run (process ${dead.pid}) is writing to ${out}; wait for it or name another report.out.`)
  rmSync(file, { force: true })
  const write = (flag: "wx" | "w", turn: Partial<Turn>): void => {
    let handle: number
    try {
      handle = openSync(file, flag, 0o600)
    } catch {
      throw new ChainBusy(`Another run has just begun to write to ${out}; wait for it or name another report.out.`)
    }
    writeSync(handle, `${JSON.stringify({ ...run, ...turn, pid: process.pid, processStart: processStart(process.pid) })}\n`)
    closeSync(handle)
  }
  write("wx", {})
  return { dead: dead?.sequence === undefined ? undefined : dead, claim: (turn) => write("w", turn), release: () => rmSync(file, { force: true }) }
}

/** The next number of the chain and the statement before it. */
export const nextTurn = async (out: string): Promise<Turn> => {
  const { entries } = await readChain(out)
  return nextInChain(entries)
}
