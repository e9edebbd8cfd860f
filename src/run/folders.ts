import { existsSync, mkdirSync } from "node:fs"
import { dirname } from "node:path"

/**
 * Makes a folder and those above it, one by one: Node's own recursive mkdir never ends where a file system refuses with ENOENT,
 * as /proc does. Fails with the system's error where none can be made.
 */
export const makeFolder = (path: string): void => {
  const above = dirname(path)
  if (above !== path && !existsSync(above)) makeFolder(above)
  mkdirSync(path, { recursive: existsSync(path) })
}
