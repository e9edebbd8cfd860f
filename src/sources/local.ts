/** Files on this machine. A file's name in reports is relative to the pipeline file's folder. */
import { type BigIntStats, type Dirent } from "node:fs"
import { type FileHandle, open, readdir, stat } from "node:fs/promises"
import { isAbsolute, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { fixedPart, isPattern, patternOf } from "./glob.ts"
import { type OpenObject, type Store, type StoreEntry, StoreFailure } from "./store.ts"

const chunkBytes = 1024 * 1024
/** The least that is asked for: what comes after the end tells that it is the end. */
const chunkBytesMin = 4096

const tagOf = (stats: BigIntStats): string => `${stats.size}-${stats.mtimeNs}-${stats.ctimeNs}-${stats.ino}`

const codeOf = (problem: unknown): string => problem instanceof Error && "code" in problem ? String(problem.code) : "unknown"

const failureOf = (problem: unknown, uri: string): StoreFailure => {
  if (problem instanceof StoreFailure) return problem
  const code = codeOf(problem)
  if (code === "ENOENT" || code === "ENOTDIR") return new StoreFailure("missing", `"${uri}" does not exist; check the source's uri.`)
  if (code === "EACCES" || code === "EPERM") return new StoreFailure("denied", `"${uri}" may not be read; check its permissions.`)
  return new StoreFailure("unavailable", `"${uri}" cannot be read (${code}).`)
}

/** Hidden files and folders are nobody's records (`.DS_Store`, `.git`). */
const isHidden = (entry: Dirent): boolean => entry.name.startsWith(".")

async function* filesUnder(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (isHidden(entry)) continue
    const path = resolve(folder, entry.name)
    const directory = entry.isSymbolicLink() ? (await stat(path)).isDirectory() : entry.isDirectory()
    // A link to a folder could lead in a circle; a link to a file is a file.
    if (directory && entry.isSymbolicLink()) continue
    if (directory) yield* filesUnder(path)
    else yield path
  }
}

/** A stretch of bytes: from the first one on, up to the one at `to`. */
export type Stretch = { readonly from: number; readonly to: number }

const whole: Stretch = { from: 0, to: Number.POSITIVE_INFINITY }

async function* contentOf(file: FileHandle, tag: string, { uri, bytes }: StoreEntry, { from, to }: Stretch): AsyncGenerator<Buffer> {
  try {
    let position = from
    for (;;) {
      const wanted = Math.min(chunkBytes, to - position, Math.max(bytes - position, chunkBytesMin))
      const { bytesRead, buffer } = wanted <= 0 ? { bytesRead: 0, buffer: Buffer.alloc(0) } : await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position)
      if (bytesRead === 0) break
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
    if (tagOf(await file.stat({ bigint: true })) !== tag) throw new StoreFailure("changed", `"${uri}" changed while it was read.`)
  } catch (problem) {
    throw failureOf(problem, uri)
  }
}

/** Paths are resolved against `baseFolder`, the pipeline file's folder. */
export class LocalStore implements Store {
  readonly #baseFolder: string

  constructor(baseFolder: string) {
    this.#baseFolder = resolve(baseFolder)
  }

  async *list(uri: string): AsyncGenerator<StoreEntry> {
    const name = uri.startsWith("file:") ? fileURLToPath(uri) : uri
    try {
      yield* this.#listed(name)
    } catch (problem) {
      throw failureOf(problem, uri)
    }
  }

  open(entry: StoreEntry): Promise<OpenObject> {
    return this.openStretch(entry, whole)
  }

  /** Opens a stretch of exactly the content that was listed. */
  async openStretch(entry: StoreEntry, stretch: Stretch): Promise<OpenObject> {
    try {
      const file = await open(this.#pathOf(entry.uri), "r")
      const tag = tagOf(await file.stat({ bigint: true }))
      if (tag !== entry.etag) {
        await file.close()
        throw new StoreFailure("changed", `"${entry.uri}" changed after it was listed.`)
      }
      return { bytes: contentOf(file, tag, entry, stretch), close: () => file.close(), entry, metadata: {} }
    } catch (problem) {
      throw failureOf(problem, entry.uri)
    }
  }

  async again(entry: StoreEntry): Promise<StoreEntry | undefined> {
    try {
      return await this.#entryOf(this.#pathOf(entry.uri), entry.uri)
    } catch {
      return undefined
    }
  }

  close(): void {
    // Nothing is held between objects.
  }

  #pathOf(uri: string): string {
    return resolve(this.#baseFolder, uri)
  }

  async #entryOf(path: string, uri: string): Promise<StoreEntry | undefined> {
    const stats = await stat(path, { bigint: true })
    return stats.isFile() ? { uri, etag: tagOf(stats), bytes: Number(stats.size) } : undefined
  }

  async *#listed(name: string): AsyncGenerator<StoreEntry> {
    const named = await stat(this.#pathOf(name)).catch(() => undefined)
    const pattern = named === undefined && isPattern(name) ? patternOf(resolve(this.#baseFolder, name).split(sep).join("/")) : undefined
    const start = this.#pathOf(pattern === undefined ? name : fixedPart(name))
    const paths = named?.isFile() === true ? [start] : filesUnder(start)
    for await (const path of paths) {
      if (pattern !== undefined && !pattern.test(path.split(sep).join("/"))) continue
      const entry = await this.#entryOf(path, this.#shown(path, name))
      if (entry !== undefined) yield entry
    }
  }

  /** A machine's own folders belong into no report, unless the pipeline names them. */
  #shown(path: string, name: string): string {
    return isAbsolute(name) ? path : relative(this.#baseFolder, path).split(sep).join("/")
  }
}
