/**
 * `node fillingDisk.ts PIPELINE AS-OF DISK STAGE LEFT`, in a mount namespace of its own: an audit that keeps its store and its
 * reports on a small disk, which is full but for LEFT bytes from the moment at which a stage begins. What is on the disk in
 * the end is copied to `<DISK>-after`, for the disk goes with the namespace; what the audit said is the last line of stdout.
 */
import { spawnSync } from "node:child_process"
import { closeSync, cpSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs"
import { join } from "node:path"
import { audit } from "../../src/index.ts"

const [pipeline = "", asOf = "", disk = "", wanted = "", left = "0"] = process.argv.slice(2)
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", disk], { stdio: "inherit" })
if (mounted.status !== 0) process.exit(3)
for (const name of [".earshot", "reports"]) mkdirSync(join(disk, name))

const ballast = join(disk, "ballast")

/** Writes until nothing more goes, then gives back what is to be left. */
const fill = (): void => {
  const handle = openSync(ballast, "w")
  const piece = Buffer.alloc(64 * 1024)
  const { bavail, bsize } = statfsSync(disk)
  try {
    for (let room = bavail * bsize - Number(left); room > 0; room -= piece.length) writeSync(handle, piece, 0, Math.min(room, piece.length))
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== "ENOSPC") throw failure
  } finally {
    closeSync(handle)
  }
}

const outcome = await audit({ pipeline, flags: { asOf }, observer: { stage: (name) => { if (name === wanted) fill() } } })
  .then(({ folder }) => ({ report: folder }), (failure: unknown) => ({ failure: failure instanceof Error ? failure.message : "unknown", code: (failure as NodeJS.ErrnoException).code }))
rmSync(ballast, { force: true })
cpSync(disk, `${disk}-after`, { recursive: true })
process.stdout.write(`${JSON.stringify(outcome)}\n`)
process.exit(0)
