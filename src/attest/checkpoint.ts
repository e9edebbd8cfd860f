import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
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

/**
 * Writes `<dir>/chain/checkpoint`, a signed note that a witness outside can cosign. Refuses (`proof`) to go back behind
 * or aside from the checkpoint that stands there, for a log must never sign two histories.
 */
export const writeCheckpoint = async ({ dir, origin, digests, signers }: CheckpointRequest): Promise<Checkpoint> => {
  if (!/^[^\s+]+$/.test(origin)) throw new AttestError("format", "The origin of a checkpoint has no spaces and no plus sign: rename the pipeline.")
  const folder = join(dir, chainFolder)
  const path = join(folder, "checkpoint")
  const before = await readFile(path, "utf8").then((text) => readCheckpoint(parseNote(text, path), path), (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
  if (before !== undefined && (before.size > digests.length || chainRoot(digests.slice(0, before.size)) !== before.root)) {
    throw new AttestError("proof", `${path} states another history than the reports do: verify the chain before anything is added to it.`)
  }
  const checkpoint = { origin, size: digests.length, root: chainRoot(digests) }
  await mkdir(folder, { recursive: true })
  await writeFile(`${path}.part`, noteText(await signNote(checkpointText(checkpoint), origin, signers)))
  await rename(`${path}.part`, path)
  return checkpoint
}
