import { readFile } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { digestsOf, readChain } from "./chain.ts"
import { chainFolder, chainRoot, readCheckpoint } from "./checkpoint.ts"
import { checkCosignatures } from "./cosignature.ts"
import type { Witness } from "./cosignature.ts"
import type { VerifyingKey } from "./keys.ts"
import { parseEnvelope } from "./dsse.ts"
import { leafHash, merkleTree, rootFromProof } from "./merkle.ts"
import { checkNote, noteText, parseNote } from "./note.ts"
import type { Note } from "./note.ts"
import { statementFile } from "./reportFolder.ts"
import { statementDigest } from "./statement.ts"
import type { Problem } from "./verification.ts"
import { readNotes } from "./witnessed.ts"
import type { WitnessedSize } from "./witnessed.ts"

/** The statement digest of a report folder, which the chain holds. Fails (`notFound`, `format`) where there is none. */
export const statementDigestOf = async (folder: string): Promise<string> => {
  const bytes = await readFile(join(folder, statementFile)).catch(() => {
    throw new AttestError("notFound", `${folder} holds no ${statementFile}: give the folder of a report.`)
  })
  return statementDigest(parseEnvelope(bytes, statementFile))
}

const header = "c2sp.org/tlog-proof@v1"

/** The checkpoint to prove by: what witnesses signed of the standing one, else the longest cosigned one that is long enough, else the standing one. */
const bestNote = async (out: string, index: number): Promise<Note> => {
  const { notes } = await readNotes(out)
  const standing = notes.find(({ file }) => file === `${chainFolder}/checkpoint`)?.note
  if (standing === undefined) throw new AttestError("notFound", "There is no chain/checkpoint, so that nothing can be proved by it.")
  const signatures = notes.filter(({ note }) => note.text === standing.text).flatMap(({ note }) => note.signatures)
  const whole = { text: standing.text, signatures: [...new Map(signatures.map((one) => [noteText({ text: "", signatures: [one] }), one])).values()] }
  const origin = readCheckpoint(standing, "checkpoint").origin
  const kept = notes.map(({ note }) => ({ note, size: readCheckpoint(note, "checkpoint").size })).filter(({ note, size }) => size > index && note.signatures.some(({ name }) => name !== origin)).sort((left, right) => right.size - left.size)
  return whole.signatures.some(({ name }) => name !== origin) ? whole : (kept[0]?.note ?? whole)
}

/**
 * Proves to somebody who has one report, and not the others, that it stands in the chain that a checkpoint states and
 * that witnesses have seen: a C2SP tlog-proof. `digest` is the statement's. Fails (`notFound`, `proof`).
 */
export const proveInChain = async (dir: string, digest: string): Promise<string> => {
  const out = basename(dir) === chainFolder ? dirname(dir) : dir
  const digests = digestsOf((await readChain(out)).entries)
  const index = digests.indexOf(digest)
  if (index < 0) throw new AttestError("notFound", "The report is not part of the chain: a partial run has no place in it.")
  const note = await bestNote(out, index)
  const { size, root } = readCheckpoint(note, "checkpoint")
  const spoken = digests.slice(0, size)
  if (index >= size || spoken.length < size || chainRoot(spoken) !== root) throw new AttestError("proof", "The checkpoint does not speak of this chain with this report in it: verify the chain.")
  const tree = merkleTree()
  for (const one of spoken) tree.add(leafHash(Buffer.from(one, "hex")))
  return `${[header, `index ${index}`, ...tree.proof(index).map((hash) => hash.toString("base64"))].join("\n")}\n\n${noteText(note)}`
}

/** What a proof shows: problems, and the witnesses that saw the chain with the report in it. */
export type ProofCheck = { readonly problems: ReadonlyArray<Problem>; readonly witnessed: ReadonlyArray<WitnessedSize> }

const readProof = (text: string, file: string): { readonly index: number; readonly path: ReadonlyArray<Buffer>; readonly note: Note } => {
  const split = text.indexOf("\n\n")
  const [first, ...lines] = text.slice(0, Math.max(split, 0)).split("\n")
  const [place = "", ...path] = lines[0]?.startsWith("extra ") === true ? lines.slice(1) : lines
  const index = /^index (0|[1-9][0-9]{0,14})$/.exec(place)?.[1]
  const hashes = path.map((line) => Buffer.from(line, "base64"))
  if (first !== header || index === undefined || hashes.some((hash, n) => hash.length !== 32 || hash.toString("base64") !== path[n])) throw new AttestError("format", `${file} is not a tlog-proof.`)
  return { index: Number(index), path: hashes, note: parseNote(text.slice(split + 2), file) }
}

/** Checks a proof for a statement's digest: the path, and that a given key signed the checkpoint. Never throws for what the file holds. */
export const checkProof = (text: string, file: string, digest: string, { keys, witnesses }: { readonly keys: ReadonlyArray<VerifyingKey>; readonly witnesses: ReadonlyArray<Witness> }): ProofCheck => {
  const refused = (sentence: string): ProofCheck => ({ problems: [{ file, sentence: `${file} ${sentence}` }], witnessed: [] })
  try {
    const { index, path, note } = readProof(text, file)
    const { size, root } = readCheckpoint(note, file)
    if (rootFromProof(leafHash(Buffer.from(digest, "hex")), index, size, path)?.toString("hex") !== root) return refused("does not prove that this report is in the chain.")
    const { signedBy, broken } = checkNote(note, keys)
    if (broken || signedBy.length === 0) return refused("holds a checkpoint that no given key signed.")
    const seen = checkCosignatures(note, witnesses)
    if (seen.broken.length > 0) return refused(`holds a cosignature of ${seen.broken.join(", ")} that does not verify.`)
    return { problems: [], witnessed: seen.cosigned.map((one) => ({ ...one, size })) }
  } catch (error) {
    return refused(error instanceof AttestError ? "is not a tlog-proof." : "cannot be read.")
  }
}
