import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import type { Signer } from "./keys.ts"
import { leafHash, merkleTree } from "./merkle.ts"
import { noteText, parseNote, signNote } from "./note.ts"
import type { Note } from "./note.ts"

/** Folder of the chain's own files beside the report folders. */
export const chainFolder = "chain"

/** What a checkpoint says (c2sp.org/tlog-checkpoint): which log, how many statements, their Merkle root (hex). */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: string }

/** Root over the statements' digests (hex) in the order of their numbers; the leaf's content is the 32 bytes of a digest. */
export const chainRoot = (digests: ReadonlyArray<string>): string => {
  const tree = merkleTree()
  for (const digest of digests) tree.add(leafHash(Buffer.from(digest, "hex")))
  return tree.root().toString("hex")
}

/** The checkpoint's text: origin, decimal size, base64 root, each on its line. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\n`

/** Reads a checkpoint from a signed note's text; extension lines are ignored. */
export const readCheckpoint = ({ text }: Note, where: string): Checkpoint => {
  const [origin = "", size = "", root = ""] = text.split("\n")
  const bytes = Buffer.from(root, "base64")
  if (origin === "" || !/^(?:0|[1-9][0-9]{0,14})$/.test(size) || bytes.length !== 32) throw new AttestError("format", `${where} is not a checkpoint.`)
  return { origin, size: Number(size), root: bytes.toString("hex") }
}

/** The chain to state: the folder of reports, its origin (a name without spaces or `+`, unique to the pipeline), every statement's digest from number 1. */
export type CheckpointRequest = { readonly dir: string; readonly origin: string; readonly digests: ReadonlyArray<string>; readonly signers: ReadonlyArray<Signer> }

/** The checkpoint that stands now; `refused` says in a sentence why it was not written. */
export type CheckpointResult = { readonly checkpoint: Checkpoint; readonly refused?: string }

/** Why a new checkpoint would contradict the one that stands at a path, or `undefined`. */
const contradiction = async (path: string, digests: ReadonlyArray<string>): Promise<string | undefined> => {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    const before = readCheckpoint(parseNote(text, path), path)
    const same = before.size <= digests.length && chainRoot(digests.slice(0, before.size)) === before.root
    return same ? undefined : `${path} states another history than the reports do, so it was left as it is: verify the chain.`
  } catch (error) {
    if (error instanceof AttestError) return `${error.message.slice(0, -1)}, so it was left as it is: verify the chain.`
    throw error
  }
}

/** A file beside the checkpoint with signature lines only, as a witness answers. */
export const isCosignatureFile = (name: string): boolean => name.endsWith(".cosignature")

/**
 * Keeps what witnesses said of the standing checkpoint before a new one takes its place: as `checkpoint.<size>`, with the
 * lines of `*.cosignature`, which then go. Nothing is kept where no witness has signed. `origin` is the log's own name.
 */
const keepCosigned = async (folder: string, origin: string): Promise<void> => {
  const names = await readdir(folder)
  if (!names.includes("checkpoint")) return
  const note = parseNote(await readFile(join(folder, "checkpoint"), "utf8"), "checkpoint")
  const loose: Array<string> = []
  const lines = [...note.signatures]
  for (const name of names.filter(isCosignatureFile)) {
    try {
      lines.push(...parseNote(`${note.text}\n${await readFile(join(folder, name), "utf8")}`, name).signatures)
      loose.push(name)
    } catch {
      // What is no cosignature stays, and verify names it.
    }
  }
  if (lines.every(({ name }) => name === origin)) return
  await writeFile(join(folder, `checkpoint.${readCheckpoint(note, "checkpoint").size}`), noteText({ text: note.text, signatures: lines }))
  for (const name of loose) await rm(join(folder, name))
}

/**
 * Writes `<dir>/chain/checkpoint`, a signed note that a witness outside can cosign. What stands there already is left,
 * and `refused` says so, where the new one would go back behind it or aside from it, for a log must never sign two
 * histories; so it is where there is no signer. A report that is whole is not undone by either.
 */
export const writeCheckpoint = async ({ dir, origin, digests, signers }: CheckpointRequest): Promise<CheckpointResult> => {
  if (!/^[^\s+]+$/.test(origin)) throw new AttestError("format", "The origin of a checkpoint has no spaces and no plus sign: rename the pipeline.")
  const path = join(dir, chainFolder, "checkpoint")
  const checkpoint = { origin, size: digests.length, root: chainRoot(digests) }
  const refused = signers.length === 0 ? "There is no checkpoint of the chain, for nothing signs it: name a signing key." : await contradiction(path, digests)
  if (refused !== undefined) return { checkpoint, refused }
  await mkdir(join(dir, chainFolder), { recursive: true })
  await keepCosigned(join(dir, chainFolder), origin)
  await writeFile(`${path}.part`, noteText(await signNote(checkpointText(checkpoint), origin, signers)))
  await rename(`${path}.part`, path)
  return { checkpoint }
}
