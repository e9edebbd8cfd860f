import { access } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { canonicalBytes } from "./canonical.ts"
import { digestBytes, hmac, hmacUnder, isSha256Hex } from "./digest.ts"
import { leafHash, merkleRoot, merkleTree } from "./merkle.ts"
import type { MerkleRoot, MerkleTree } from "./merkle.ts"
import { parseLine, readLines } from "./ndjson.ts"
import type { ReadLines } from "./ndjson.ts"

/** Members of a line of findings.ndjson that are no part of the canonical finding, because they depend on other runs or on today. */
export const runMembers = ["status", "newBecause", "salt", "due", "owner"] as const

type Document = Readonly<Record<string, unknown>>

const without = (document: Document, names: ReadonlyArray<string>): Document =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)))

/** The canonical finding of a line of findings.ndjson. */
export const canonicalFinding = (finding: Document): Document => without(finding, runMembers)

/** Salt of a leaf, hex: HMAC-SHA-256(idKey, id), so that a guesser without idKey cannot try contents against its hash. */
export const saltOf = (idKey: Uint8Array, id: string): string => hmac(idKey, id).toString("hex")

/** The same as {@link saltOf} for many ids. */
export const saltsUnder: (idKey: Uint8Array) => (id: string) => string = hmacUnder

/** Leaf of a salted document: SHA-256(0x00 || salt || RFC 8785 of the document). */
export const saltedLeaf = (document: Document, salt: string): Buffer => leafHash(Buffer.from(salt, "hex"), canonicalBytes(document))

/** Bytes of a leaf's input before its document: the byte 0 and the salt. */
const headBytes = 1 + digestBytes

/** Puts parts of a text in UTF-8 one after the other into a buffer; gives the place after the last. */
const written = (target: Buffer, at: number, parts: ReadonlyArray<Uint8Array | string>): number => {
  let place = at
  for (const part of parts) {
    if (typeof part === "string") place += target.write(part, place, "utf8")
    else {
      target.set(part, place)
      place += part.length
    }
  }
  return place
}

/**
 * Adds to a tree the leaves of documents whose canonical text the caller has in parts, which come again and again as bytes, with
 * its salt (32 bytes, or 64 hexadecimal digits). Gives the bytes of the text, which are the taker's until the next.
 */
export const saltedParts = (tree: MerkleRoot): ((parts: ReadonlyArray<Uint8Array | string>, salt: Uint8Array | string) => Buffer) => {
  let input = Buffer.alloc(64 * 1024)
  return (parts, salt) => {
    const most = parts.reduce((sum, part) => sum + (typeof part === "string" ? 3 * part.length : part.length), headBytes)
    if (most > input.length) input = Buffer.alloc(2 * most)
    if (typeof salt === "string") input.write(salt, 1, "hex")
    else input.set(salt, 1)
    const end = written(input, headBytes, parts)
    tree.addInput(input.subarray(0, end))
    return input.subarray(headBytes, end)
  }
}

/**
 * Adds to a tree the leaves of documents whose canonical text the caller has, with its salt (32 bytes, or 64 hexadecimal digits):
 * the same leaves as {@link saltedLeaf}.
 */
export const saltedTexts = (tree: MerkleRoot): ((canonical: Uint8Array | string, salt: Uint8Array | string) => void) => {
  const leaf = saltedParts(tree)
  return (canonical, salt) => { leaf([canonical], salt) }
}

/** The three trees of a report. */
export const treeNames = ["findings", "inputs", "outcomes"] as const
export type TreeName = (typeof treeNames)[number]

/** A leaf taken from its line: what is hashed, and with which salt. */
export type Leaf = { readonly document: Document; readonly salt?: string }

const salted = (document: Document, dropped: ReadonlyArray<string>, where: string): Leaf => {
  const salt = document["salt"]
  if (!isSha256Hex(salt)) throw new AttestError("format", `${where} has no salt of 64 hexadecimal digits.`)
  return { document: without(document, dropped), salt }
}

/**
 * The leaf that a line stands for: of findings.ndjson the canonical finding with its salt, of inputs.ndjson the whole
 * line without a salt, of outcomes.ndjson ({recordingId, outcomes, salt}) all but the salt.
 */
export const leafOf = (tree: TreeName, line: Document, where: string): Leaf => {
  if (tree === "inputs") return { document: line }
  return salted(line, tree === "findings" ? runMembers : ["salt"], where)
}

/** Hash of a leaf. */
export const hashOf = (leaf: Leaf): Buffer => (leaf.salt === undefined ? leafHash(canonicalBytes(leaf.document)) : saltedLeaf(leaf.document, leaf.salt))

/** Files that may hold a tree's lines, in the order in which they are looked for. */
const treeFiles: Readonly<Record<TreeName, ReadonlyArray<string>>> = {
  findings: ["findings.ndjson"],
  inputs: ["inputs.ndjson"],
  outcomes: ["outcomes.ndjson", "outcomes.ndjson.gz"],
}

/** Name of the file of a report folder that holds a tree's lines, or `undefined` where there is none. */
export const treeFile = async (folder: string, tree: TreeName): Promise<string | undefined> => {
  for (const name of treeFiles[tree]) if (await access(join(folder, name)).then(() => true, () => false)) return name
  return undefined
}

/** A tree built from a file, with the digest of the file. */
export type FileTree = ReadLines & { readonly tree: MerkleTree }

/**
 * Builds a tree from a file; leaf order is line order. `visit` sees every line with its 0-based index.
 * The line objects are not kept, so that a million findings need 32 MB.
 */
export const readTree = async (path: string, name: TreeName, where: string, visit?: (line: Document, index: number) => void): Promise<FileTree> => {
  const tree = merkleTree()
  const read = await readLines(path, where, (bytes, number) => {
    const line = parseLine(bytes.toString("utf8"), number, where)
    visit?.(line, number - 1)
    tree.add(hashOf(leafOf(name, line, `${where} line ${number}`)))
  })
  return { ...read, tree }
}

/** How a line of outcomes.ndjson ends: its salt, which the writer puts last. */
const saltEnd = /^,"salt":"([0-9a-f]{64})"\}$/
const saltEndBytes = ',"salt":""}'.length + 2 * digestBytes

/** What the bytes of an outcomes file lead to; good for a file of that digest and no other. */
export type OutcomesRead = { readonly sha256: string; readonly head: TreeHead | undefined }

/**
 * Head of the tree of an outcomes file whose lines are as Earshot writes them: canonical but for the salt, which comes last. Such
 * a line's leaf needs no parsing. A line written in another way leads to another root, or to `undefined` where it ends
 * differently: {@link readTree} then tells what the lines mean.
 */
export const readWrittenOutcomes = async (path: string, where: string): Promise<OutcomesRead> => {
  const tree = merkleRoot()
  const add = saltedTexts(tree)
  const brace = Buffer.from("}")
  let asWritten = true
  const { sha256 } = await readLines(path, where, (line) => {
    const at = line.length - saltEndBytes
    const salt = at < 1 ? undefined : saltEnd.exec(line.toString("latin1", at))?.[1]
    if (salt === undefined) asWritten = false
    else {
      brace.copy(line, at)
      add(line.subarray(0, at + 1), salt)
    }
  })
  return { sha256, head: asWritten ? headOf(tree) : undefined }
}

/** Root and size of a tree as they stand in the core statement. */
export type TreeHead = { readonly root: string; readonly size: number }

/** Heads of a report's trees; `outcomes` only where the report has that file. */
export type TreeHeads = { readonly findings: TreeHead; readonly inputs: TreeHead; readonly outcomes?: TreeHead }

export const headOf = (tree: Pick<MerkleRoot, "root" | "size">): TreeHead => ({ root: tree.root().toString("hex"), size: tree.size() })

/** The trees' heads, read from the files of a report folder but for those that the writer of the file knows already. */
export const treeHeads = async (folder: string, known: Partial<TreeHeads> = {}): Promise<TreeHeads> => {
  const head = async (name: TreeName): Promise<TreeHead | undefined> => {
    if (known[name] !== undefined) return known[name]
    const file = await treeFile(folder, name)
    return file === undefined ? undefined : headOf((await readTree(join(folder, file), name, file)).tree)
  }
  const [findings, inputs, outcomes] = [await head("findings"), await head("inputs"), await head("outcomes")]
  if (findings === undefined || inputs === undefined) throw new AttestError("format", "The report folder lacks findings.ndjson or inputs.ndjson.")
  return { findings, inputs, ...(outcomes === undefined ? {} : { outcomes }) }
}
