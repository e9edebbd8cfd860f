import { digestBytes as width, sha256, sha256Into } from "./digest.ts"

const nodeInput = Buffer.alloc(1 + 2 * width, 1)

/** Interior node after RFC 6962 §2.1: SHA-256(0x01 || left || right). */
const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer => {
  nodeInput.set(left, 1)
  nodeInput.set(right, 1 + width)
  return sha256(nodeInput)
}

/** Leaf after RFC 6962 §2.1, with parts joined: SHA-256(0x00 || part || part …). */
export const leafHash = (...parts: ReadonlyArray<Uint8Array>): Buffer => sha256(Buffer.concat([Buffer.of(0), ...parts]))

/** A tree of which only the root is asked for: one digest a level is kept, whatever the number of leaves. */
export type MerkleRoot = {
  /** Number of leaves. */
  readonly size: () => number
  /** Appends the hash of a leaf's whole input, which begins with the byte 0. */
  readonly addInput: (input: Uint8Array) => void
  /** Root after RFC 6962 §2.1; of no leaves: SHA-256 of nothing. */
  readonly root: () => Buffer
}

/** A tree of leaf hashes in the order in which they were added; 32 bytes a leaf, so a million leaves are 32 MB. */
export type MerkleTree = Omit<MerkleRoot, "addInput"> & {
  /** Appends a leaf's hash (32 bytes, see {@link leafHash}). */
  readonly add: (leaf: Uint8Array) => void
  /** Audit path of the leaf at a 0-based index after RFC 6962 §2.1.1, from the leaf upwards. */
  readonly proof: (index: number) => ReadonlyArray<Buffer>
}

/** Folds one level of `count` digests in place into the next and returns its count; an odd last one moves up as it is. */
const foldLevel = (level: Buffer, count: number): number => {
  const pairs = count >> 1
  for (let pair = 0; pair < pairs; pair++) {
    level.copy(nodeInput, 1, pair * 2 * width, (pair + 1) * 2 * width)
    sha256Into(nodeInput, level, pair * width)
  }
  if ((count & 1) === 1) level.copy(level, pairs * width, (count - 1) * width, count * width)
  return pairs + (count & 1)
}

/** An empty tree. */
export const merkleTree = (): MerkleTree => {
  let leaves = Buffer.alloc(64 * width)
  let count = 0
  const climb = (visit: (level: Buffer, size: number) => void): Buffer => {
    if (count === 0) return sha256("")
    const level = Buffer.from(leaves.subarray(0, count * width))
    let size = count
    while (size > 1) {
      visit(level, size)
      size = foldLevel(level, size)
    }
    return Buffer.from(level.subarray(0, width))
  }
  return {
    size: () => count,
    add: (leaf) => {
      if (leaf.length !== width) throw new RangeError(`a leaf hash has ${width} bytes`)
      if (count * width === leaves.length) leaves = Buffer.concat([leaves], leaves.length * 2)
      leaves.set(leaf, count * width)
      count += 1
    },
    root: () => climb(() => undefined),
    proof: (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= count) throw new RangeError(`there is no leaf ${index} of ${count}`)
      const path: Array<Buffer> = []
      let at = index
      climb((level, size) => {
        const sibling = at ^ 1
        if (sibling < size) path.push(Buffer.from(level.subarray(sibling * width, (sibling + 1) * width)))
        at >>= 1
      })
      return path
    },
  }
}

/** Levels that a tree of as many leaves as a number can count may have. */
const levelsMax = 53

/** An empty tree that keeps no leaves: each level holds the digest of a whole subtree where the number of leaves has that bit. */
export const merkleRoot = (): MerkleRoot => {
  const levels = Buffer.alloc(levelsMax * width)
  const joined = Buffer.alloc(1 + 2 * width, 1)
  let count = 0
  return {
    size: () => count,
    addInput: (input) => {
      sha256Into(input, joined, 1 + width)
      let level = 0
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
        levels.copy(joined, 1, level * width, (level + 1) * width)
        sha256Into(joined, joined, 1 + width)
        level += 1
      }
      joined.copy(levels, level * width, 1 + width)
      count += 1
    },
    root: () => {
      let root: Buffer | undefined
      for (let rest = count, level = 0; rest > 0; rest = Math.floor(rest / 2), level++) {
        if (rest % 2 === 0) continue
        const digest = levels.subarray(level * width, (level + 1) * width)
        root = root === undefined ? Buffer.from(digest) : nodeHash(digest, root)
      }
      return root ?? sha256("")
    }
  }
}

/**
 * The root that an audit path leads to, or `undefined` where the path does not fit index and size
 * (RFC 9162 §2.1.3.2: exactly as many hashes as the place in the tree asks for).
 */
export const rootFromProof = (leaf: Uint8Array, index: number, size: number, path: ReadonlyArray<Uint8Array>): Buffer | undefined => {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return undefined
  let node: Buffer = Buffer.from(leaf)
  let at = index
  let last = size - 1
  let used = 0
  while (last > 0) {
    // The last node of an odd level has no sibling and moves up as it is.
    if (at % 2 === 1 || at < last) {
      const sibling = path[used]
      if (sibling?.length !== width) return undefined
      node = at % 2 === 1 ? nodeHash(sibling, node) : nodeHash(node, sibling)
      used += 1
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return used === path.length ? node : undefined
}
