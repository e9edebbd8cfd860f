import { mkdtemp, readFile, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { gzipSync } from "node:zlib"
import * as fc from "fast-check"
import { expect, test } from "vitest"
import { canonicalJson } from "../../src/attest/canonical.ts"
import { headOf, readTree, readWrittenOutcomes, saltedLeaf, saltedTexts, saltOf } from "../../src/attest/leaves.ts"
import { merkleRoot, merkleTree } from "../../src/attest/merkle.ts"
import { outcomesRead } from "../../src/attest/outcomesRead.ts"

const idKey = Buffer.alloc(32, 3)

const written = (document: object, id: string): string => `${canonicalJson(document).slice(0, -1)},"salt":"${saltOf(idKey, id)}"}`

const fileOf = async (lines: ReadonlyArray<string>, name = "outcomes.ndjson.gz"): Promise<string> => {
  const text = lines.map((line) => `${line}\n`).join("")
  const path = join(await mkdtemp(join(tmpdir(), "earshot-leaves-")), name)
  await writeFile(path, name.endsWith(".gz") ? gzipSync(text) : text)
  return path
}

const documents = fc.array(fc.record({ recordingId: fc.string({ unit: "grapheme" }), outcomes: fc.dictionary(fc.string({ minLength: 1 }), fc.constantFrom("pass", "fail")) }), { maxLength: 40 })

test("lines as Earshot writes them lead to the same root without being parsed, in any script and of any length", async () => {
  await fc.assert(fc.asyncProperty(documents, fc.constantFrom("outcomes.ndjson", "outcomes.ndjson.gz"), async (many, name) => {
    const long = { recordingId: "r".repeat(70_000), outcomes: {} }
    const path = await fileOf([...many, long].map((document, index) => written(document, `${index}`)), name)
    expect((await readWrittenOutcomes(path, name)).head).toEqual(headOf((await readTree(path, "outcomes", name)).tree))
  }), { numRuns: 30, seed: 20261122 })
})

test("a text's leaf is that of its document, with the salt as digits or as bytes", () => {
  const document = { outcomes: { "consent/recorded-after-refusal": "pass" }, recordingId: "ümlaut €" }
  const salt = saltOf(idKey, "x")
  const [documented, digits, bytes] = [merkleTree(), merkleRoot(), merkleRoot()]
  documented.add(saltedLeaf(document, salt))
  saltedTexts(digits)(canonicalJson(document), salt)
  saltedTexts(bytes)(Buffer.from(canonicalJson(document)), Buffer.from(salt, "hex"))
  expect(digits.root()).toEqual(documented.root())
  expect(bytes.root()).toEqual(documented.root())
})

test("a line whose salt does not come last, or is no salt, is left to be parsed", async () => {
  const salt = saltOf(idKey, "x")
  for (const line of [`{"salt":"${salt}","outcomes":{},"recordingId":"r1"}`, `{"outcomes":{},"recordingId":"r1","salt":"${salt.toUpperCase()}"}`, "{}", ""]) {
    expect((await readWrittenOutcomes(await fileOf([line]), "outcomes.ndjson.gz")).head).toBeUndefined()
  }
})

test("a line with the same meaning in other words has another root as bytes and the same root when parsed", async () => {
  const document = { outcomes: {}, recordingId: "r1" }
  const line = written(document, "x")
  const other = await fileOf([line.replace('"outcomes":{}', '"outcomes": {}')])
  const same = headOf((await readTree(await fileOf([line]), "outcomes", "outcomes.ndjson.gz")).tree)
  expect((await readWrittenOutcomes(other, "outcomes.ndjson.gz")).head).not.toEqual(same)
  expect(headOf((await readTree(other, "outcomes", "outcomes.ndjson.gz")).tree)).toEqual(same)
})

test("a large file is read in a thread, as it would be here; a small one, none and a broken one are left to whoever verifies", async () => {
  const lines = Array.from({ length: 60_000 }, (_, number) => written({ outcomes: { "consent/recorded-after-refusal": "pass" }, recordingId: `r${number}` }, `${number}`))
  const path = await fileOf(lines, "outcomes.ndjson.gz")
  const here = await readWrittenOutcomes(path, "outcomes.ndjson.gz")
  expect(here.head?.size).toBe(60_000)
  expect(await outcomesRead(dirname(path))).toEqual(here)
  expect(await outcomesRead(dirname(await fileOf(lines.slice(0, 10), "outcomes.ndjson.gz")))).toBeUndefined()
  expect(await outcomesRead(dirname(await fileOf([], "other.ndjson")))).toBeUndefined()
  const bytes = await readFile(path)
  await writeFile(path, bytes.subarray(0, bytes.length - 100))
  expect(await outcomesRead(dirname(path))).toBeUndefined()
})
