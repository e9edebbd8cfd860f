import { createHash } from "node:crypto"
import { readFileSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })

/** SHA-256 over the program as it runs (its own files, facts and schemas, each with its name), hex. */
export const programDigest = (): string => {
  const root = fileURLToPath(new URL("../..", import.meta.url))
  const program = fileURLToPath(new URL("..", import.meta.url))
  const digest = createHash("sha256")
  for (const folder of [program, join(root, "pipelines", "facts"), join(root, "schemas")]) {
    for (const file of filesBelow(folder)) digest.update(`${file.slice(root.length).replace(/\.[jt]s$/, "")}\0`).update(readFileSync(file)).update("\0")
  }
  return digest.digest("hex")
}
