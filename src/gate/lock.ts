/** One process at a time writes the log of answers; a process that died holds nothing. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { GateError } from "./GateError.ts"

/** When the kernel started a process, in ticks since boot; tells a process from a later one with its number. Empty where that is not told. */
export const processStart = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""
  } catch {
    return ""
  }
}

/** Whether the holder that a lock names lives. In containers numbers come again: the one that died had the number of this one, say. */
const holds = (text: string): boolean => {
  const [number, start = ""] = text.split(" ")
  const pid = Number(number)
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false
  }
  return start === "" || processStart(pid) === start
}

const held = (file: string): boolean => {
  try {
    return holds(readFileSync(file, "utf8"))
  } catch {
    // It has just been let go.
    return false
  }
}

/** Takes what a dead gate left out of the way: moved and then looked at, for of two that do so at once one may have taken the lock already. */
const clearDead = (file: string, aside: string): void => {
  try {
    renameSync(file, aside)
    if (held(aside)) linkSync(aside, file)
  } catch {
    // Another gate was quicker; whoever makes the link next has the lock.
  }
}

/** Takes a lock file for this process. @throws GateError where another gate holds it or nothing can be written there. */
export const takeLock = (file: string): void => {
  const own = `${file}.${process.pid}`
  try {
    writeFileSync(own, `${process.pid} ${processStart(process.pid)}`, { mode: 0o600 })
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        // A link appears with its content or not at all, so that nobody reads a lock that is half written.
        linkSync(own, file)
        return
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
        if (held(file)) break
        clearDead(file, `${own}.dead`)
      }
    }
  } catch {
    throw new GateError("log", `The log of answers cannot be written beside ${file}; give the gate a folder that it may write to.`)
  } finally {
    for (const name of [own, `${own}.dead`]) rmSync(name, { force: true })
  }
  throw new GateError("log", `Another gate is writing the log of answers (${file}); wait for it.`)
}
