import { describe, expect, it } from "vitest"
import { sha256, sha256Hex } from "../../src/attest/digest.ts"
import { leafHash, merkleRoot, merkleTree, rootFromProof } from "../../src/attest/merkle.ts"

const inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map((hex) => Buffer.from(hex, "hex"))

const treeOf = (leaves: ReadonlyArray<Buffer>) => {
  const tree = merkleTree()
  for (const leaf of leaves) tree.add(leafHash(leaf))
  return tree
}

/** RFC 6962 §2.1 word for word: split at the largest power of two below n. */
const slowRoot = (leaves: ReadonlyArray<Buffer>): Buffer => {
  if (leaves.length === 0) return sha256("")
  if (leaves.length === 1) return sha256(Buffer.concat([Buffer.of(0), leaves[0] ?? Buffer.alloc(0)]))
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Buffer.concat([Buffer.of(1), slowRoot(leaves.slice(0, k)), slowRoot(leaves.slice(k))]))
}

describe("Merkle tree (RFC 6962)", () => {
  it.each([
    [0, sha256Hex("")],
    [1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"],
    [2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    [3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"],
    [5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"],
    [8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"],
  ])("has the published root for %i leaves", (count, root) => {
    expect(treeOf(inputs.slice(0, count)).root().toString("hex")).toBe(root)
  })

  it("has the same root without its leaves, at every size", () => {
    const rooted = merkleRoot()
    const leaves: Array<Buffer> = []
    for (let size = 0; size <= 130; size++) {
      expect(rooted.size()).toBe(size)
      expect(rooted.root()).toEqual(slowRoot(leaves))
      leaves.push(Buffer.from(`leaf ${size}`))
      rooted.addInput(Buffer.concat([Buffer.of(0), Buffer.from(`leaf ${size}`)]))
    }
  })

  it("agrees with the recursive definition for every size up to 130, and proves every leaf", () => {
    const leaves = Array.from({ length: 130 }, (_, index) => Buffer.from(`leaf ${index}`))
    for (let size = 1; size <= leaves.length; size++) {
      const tree = treeOf(leaves.slice(0, size))
      const root = tree.root().toString("hex")
      expect(root).toBe(slowRoot(leaves.slice(0, size)).toString("hex"))
      for (let index = 0; index < size; index++) {
        expect(rootFromProof(leafHash(leaves[index] ?? Buffer.alloc(0)), index, size, tree.proof(index))?.toString("hex")).toBe(root)
      }
    }
  })

  it("refuses a proof for another leaf, place or size, and one that is too short, too long or changed", () => {
    const tree = treeOf(inputs.slice(0, 7))
    const root = tree.root().toString("hex")
    const leaf = leafHash(inputs[4] ?? Buffer.alloc(0))
    const path = tree.proof(4)
    const holds = (...[hash, index, size, given]: Parameters<typeof rootFromProof>): boolean => rootFromProof(hash, index, size, given)?.toString("hex") === root
    expect(holds(leaf, 4, 7, path)).toBe(true)
    expect(holds(leafHash(Buffer.from("x")), 4, 7, path)).toBe(false)
    expect(holds(leaf, 5, 7, path)).toBe(false)
    expect(holds(leaf, 4, 5, path)).toBe(false)
    expect(holds(leaf, 4, 7, path.slice(1))).toBe(false)
    expect(holds(leaf, 4, 7, [...path, leaf])).toBe(false)
    expect(holds(leaf, 4, 7, path.map((hash) => sha256(hash)))).toBe(false)
    expect(holds(leaf, -1, 7, path)).toBe(false)
    expect(holds(leaf, 7, 7, path)).toBe(false)
  })

  it("can be added to after its root was taken", () => {
    const tree = treeOf(inputs.slice(0, 3))
    tree.root()
    for (const leaf of inputs.slice(3)) tree.add(leafHash(leaf))
    expect(tree.root().toString("hex")).toBe(slowRoot(inputs).toString("hex"))
  })
})
