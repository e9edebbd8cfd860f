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

/** A tree of leaf hashes in the order in which they were added; 32 bytes a leaf, so a million leaves are 32 MB. */
export type MerkleTree = {
  /** Number of leaves. */
  readonly size: () => number
  /** Appends a leaf's hash (32 bytes, see {@link leafHash}). */
  readonly add: (leaf: Uint8Array) => void
  /** Appends the hash of a leaf's whole input, which begins with the byte 0. */
  readonly addInput: (input: Uint8Array) => void
  /** Root after RFC 6962 §2.1; of no leaves: SHA-256 of nothing. */
  readonly root: () => Buffer
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
  const room = (): number => {
    if (count * width === leaves.length) leaves = Buffer.concat([leaves], leaves.length * 2)
    return count++ * width
  }
  return {
    size: () => count,
    add: (leaf) => {
      if (leaf.length !== width) throw new RangeError(`a leaf hash has ${width} bytes`)
      const at = room()
      leaves.set(leaf, at)
    },
    addInput: (input) => {
      const at = room()
      sha256Into(input, leaves, at)
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
