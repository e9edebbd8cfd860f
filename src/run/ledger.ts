import { existsSync, linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { chainFolder, nextInChain, readChain } from "../attest/index.ts"
import { processStart } from "../gate/index.ts"

/** The number of a run in the chain of reports. */
export type Turn = { readonly sequence: number; readonly previousStatement?: string }

/** A run that is under way or died: what chain/run.json says; `elsewhere`: it ran on another machine, which may have put a part of its report. */
export type StartedRun = Turn & { readonly elsewhere?: true; readonly id: string; readonly pid: number; readonly processStart: string; readonly startedAt: string; readonly pipeline: string; readonly asOf: string }

/** Another run holds the chain. */
export class ChainBusy extends Error {
  override readonly name = "ChainBusy"
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

/** Looks whether a run that lives holds the chain of this out folder. @throws ChainBusy */
export const refuseBusy = (out: string): void => {
  const found = readStarted(lockFile(out))
  if (found !== undefined && holds(found)) throw new ChainBusy(busySentence(found, out))
}

/** Whether chain/run.json of this out folder speaks of this run, and the run is dead. */
export const deadHere = (out: string, id: string): boolean => {
  const started = readStarted(lockFile(out))
  return started?.id === id && !holds(started)
}

/** Removes what dead runs were building; a report appears only by rename, so these are never reports. */
export const clearBuilding = (out: string): void => {
  for (const name of existsSync(out) ? readdirSync(out) : []) if (name.startsWith(".building-")) rmSync(join(out, name), { recursive: true, force: true })
}

/** Whether the holder of the chain lives: another process, or another run of this one. */
const holds = (run: StartedRun): boolean => (run.pid !== process.pid || run.processStart !== "") && alive(run)

/**
 * Takes what a dead run left out of the way; undefined where nothing lies there or it is none's. Moved and then looked at:
 * of two runs that begin at once only one gets it. @throws ChainBusy where a run that lives holds it.
 */
const takeDead = (file: string, aside: string, out: string): StartedRun | undefined => {
  refuseBusy(out)
  if (!existsSync(file)) return undefined
  try {
    renameSync(file, aside)
  } catch {
    throw new ChainBusy(begunSentence(out))
  }
  const moved = readStarted(aside)
  if (moved === undefined || !holds(moved)) return moved
  // It had just been taken by a run that lives: it gets it back.
  if (!existsSync(file)) renameSync(aside, file)
  throw new ChainBusy(begunSentence(out))
}

const busySentence = ({ pid }: StartedRun, out: string): string => `Another run (process ${pid}) is writing to ${out}; wait for it or name another report.out.`

const begunSentence = (out: string): string => `Another run has just begun to write to ${out}; wait for it or name another report.out.`

/** Leaves a run that died elsewhere to be stated by the run that takes the chain next. @throws ChainBusy where a run that lives holds it. */
export const markDead = (out: string, run: Omit<StartedRun, "pid" | "processStart">): void => {
  mkdirSync(join(out, chainFolder), { recursive: true })
  const file = lockFile(out)
  const own = `${file}.${process.pid}-${run.id}`
  try {
    takeDead(file, `${own}.dead`, out)
    // The number of this process: takeChain never mistakes it for another that lives.
    writeFileSync(own, `${JSON.stringify({ ...run, elsewhere: true, pid: process.pid, processStart: "" })}\n`, { mode: 0o600 })
    linkSync(own, file)
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "EEXIST" ? new ChainBusy(begunSentence(out)) : error
  } finally {
    for (const name of [own, `${own}.dead`]) rmSync(name, { force: true })
  }
}

/**
 * Takes the chain of the out folder for one run. A run that died while holding it is returned, so that its number
 * gets a failure statement. @throws ChainBusy while the holder lives.
 */
export const takeChain = (out: string, run: Omit<StartedRun, "pid" | "processStart" | "sequence" | "previousStatement" | "elsewhere">): { readonly dead: StartedRun | undefined; readonly claim: (turn: Turn) => void; readonly release: () => void } => {
  mkdirSync(join(out, chainFolder), { recursive: true })
  const file = lockFile(out)
  const own = `${file}.${process.pid}-${run.id}`
  const written = (turn: Partial<Turn>): void => { writeFileSync(own, `${JSON.stringify({ ...run, ...turn, pid: process.pid, processStart: processStart(process.pid) })}\n`, { mode: 0o600 }) }
  try {
    const dead = takeDead(file, `${own}.dead`, out)
    written({})
    // A link appears with its content or not at all, so that nobody reads a lock that is half written.
    try {
      linkSync(own, file)
    } catch (error) {
      if (["EEXIST", "ENOENT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw new ChainBusy(begunSentence(out))
      throw error
    }
    for (const name of readdirSync(join(out, chainFolder))) if (name.startsWith("run.json.")) rmSync(join(out, chainFolder, name), { force: true })
    return {
      dead: dead?.sequence === undefined ? undefined : dead,
      claim: (turn) => {
        written(turn)
        renameSync(own, file)
      },
      release: () => { rmSync(file, { force: true }) }
    }
  } finally {
    for (const name of [own, `${own}.dead`]) rmSync(name, { force: true })
  }
}

/** The next number of the chain and the statement before it. */
export const nextTurn = async (out: string): Promise<Turn> => {
  const { entries } = await readChain(out)
  return nextInChain(entries)
}
