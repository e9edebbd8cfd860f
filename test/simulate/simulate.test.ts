import { createHash } from "node:crypto"
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { loadPack } from "../../src/policy/index.ts"
import { fits } from "../../src/records/index.ts"
import type { CanonicalRecord } from "../../src/records/index.ts"
import { simulate } from "../../src/simulate/index.ts"
import type { Estate, Label } from "../../src/simulate/index.ts"
import { plants } from "../../src/simulate/plants/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-simulate-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const partsOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.name.startsWith("part-")).map((file) => join(file.parentPath, file.name)).sort()

const linesOf = (file: string): ReadonlyArray<unknown> =>
  readFileSync(file, "utf8").split("\n").filter((line) => line !== "").map((line): unknown => JSON.parse(line))

const digestOf = (folder: string): string => {
  const hash = createHash("sha256")
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
  for (const file of files) hash.update(file.slice(folder.length)).update(readFileSync(file))
  return hash.digest("hex")
}

const quickstart = join(root, "quickstart")
const records: Array<CanonicalRecord> = []
let estate: Estate
let labels: ReadonlyArray<Label> = []

beforeAll(() => {
  estate = simulate({ contacts: 2000, seed: 1, out: quickstart })
  for (const part of partsOf(quickstart)) records.push(...(linesOf(part) as ReadonlyArray<CanonicalRecord>))
  labels = linesOf(join(quickstart, "labels.ndjson")) as ReadonlyArray<Label>
})

describe("a synthetic estate", () => {
  it("has the contacts that were asked for, and its account adds up", () => {
    expect(estate.contacts).toBe(2000)
    expect(new Set(records.flatMap((record) => (record.kind === "contact" ? [record.id] : []))).size).toBe(2000)
    expect(estate.records).toBe(records.length)
    expect(estate.labels).toBe(labels.length)
    expect(estate.bytes).toBe(partsOf(quickstart).reduce((sum, part) => sum + readFileSync(part).length, 0))
  })

  it("has records that fit their schemas, of every kind but reviews, and one that is misspelt", () => {
    const misfits = records.filter((record) => !fits(record))
    expect(misfits).toMatchObject([{ id: "event-misspelt", recordedat: expect.any(String) as string }])
    expect(new Set(records.map((record) => record.kind)).size).toBe(15)
  })

  it("says that it is synthetic", () => {
    expect(JSON.parse(readFileSync(join(quickstart, "estate.json"), "utf8"))).toMatchObject({ synthetic: true, seed: 1, contacts: 2000 })
    expect(readFileSync(join(quickstart, "README.md"), "utf8")).toContain("invented")
  })

  it("uses fictitious telephone numbers and addresses only", () => {
    const aliases = records.flatMap((record) => (record.kind === "identity" ? record.aliases : [])).map((alias) => (typeof alias === "string" ? alias : alias.alias))
    const telephones = aliases.filter((alias) => alias.startsWith("tel:"))
    expect(telephones.length).toBeGreaterThan(100)
    for (const telephone of telephones) expect(telephone).toMatch(/^tel:(\+1\d{3}55501\d\d|\+442079460\d{3})$/)
    for (const alias of aliases.filter((one) => one.includes("@"))) expect(alias).toMatch(/^mailto:[a-z0-9-]+@mail\.example$/)
  })

  it("repeats an id only as a duplicate, as a version with a time of its own, or as the planted conflict", () => {
    const versions = new Map<string, Set<string>>()
    const lines = new Map<string, number>()
    for (const record of records) {
      const id = "id" in record ? record.id : "subject" in record ? record.subject : undefined
      if (id === undefined) continue
      const key = `${record.kind}/${id}/${record.recordedAt ?? ""}`
      versions.set(key, (versions.get(key) ?? new Set()).add(JSON.stringify(record)))
      lines.set(key, (lines.get(key) ?? 0) + 1)
    }
    expect([...versions].filter(([, contents]) => contents.size > 1).map(([key]) => key.split("/")[0])).toEqual(["event"])
    const duplicates = [...lines].filter(([key, count]) => count > 1 && versions.get(key)?.size === 1).map(([key]) => key.split("/")[0] ?? "")
    expect(duplicates.length).toBeGreaterThan(5)
    expect(new Set(duplicates)).toEqual(new Set(["access"]))
    expect(records.filter((record) => record.kind === "contact" && record.recordedAt !== undefined).length).toBeGreaterThan(10)
  })

  it("has nothing that happens at or after its end", () => {
    for (const record of records) {
      if (record.kind === "contact") expect((record.endedAt ?? "") < estate.asOf, record.id).toBe(true)
      if (record.kind === "recording") expect((record.deletedAt ?? "") < estate.asOf, record.id).toBe(true)
      if ("at" in record) expect(record.at < estate.asOf, JSON.stringify(record)).toBe(true)
      if ("createdAt" in record) expect(record.createdAt < estate.asOf, JSON.stringify(record)).toBe(true)
    }
  })

  it("has a policy that loads", () => {
    expect(loadPack(join(quickstart, "policy.yaml")).packKey).toBe("synthetic@1")
  })
})

describe("labels", () => {
  it("name every control that can be planted, and only those", () => {
    expect([...new Set(labels.map((label) => label.control))].sort()).toEqual([...new Set(plants.map((plant) => plant.control))].sort())
  })

  it("point at contacts, recordings, parties and staff of the estate", () => {
    const contacts = new Map(records.flatMap((record) => (record.kind === "contact" ? [[record.id, record] as const] : [])))
    const recordings = new Map(records.flatMap((record) => (record.kind === "recording" ? [[record.id, record] as const] : [])))
    const staff = new Set(records.flatMap((record) => (record.kind === "staff" ? [record.id] : [])))
    for (const label of labels) {
      const contact = contacts.get(label.contactId ?? "")
      if (label.contactId !== undefined && label.control !== "evidence/orphan-recording") expect(contact, JSON.stringify(label)).toBeDefined()
      if (label.recordingId !== undefined && label.control !== "evidence/dangling-reference") expect(recordings.get(label.recordingId)?.contactId, JSON.stringify(label)).toBe(label.contactId)
      if (label.staff !== undefined) expect(staff.has(label.staff), JSON.stringify(label)).toBe(true)
      if (contact !== undefined && label.party !== undefined) expect(contact.parties.map((party) => party.id), JSON.stringify(label)).toContain(label.party)
    }
  })
})

describe("simulate", () => {
  it("gives the same bytes for the same seed, and others for another", () => {
    for (const [name, seed] of [["a", 7], ["b", 7], ["c", 8]] as const) simulate({ contacts: 300, seed, out: join(root, name) })
    expect(digestOf(join(root, "a"))).toBe(digestOf(join(root, "b")))
    expect(digestOf(join(root, "a"))).not.toBe(digestOf(join(root, "c")))
  })

  it("gave the quickstart estate that is shipped", () => {
    const shipped = fileURLToPath(new URL("../../pipelines/quickstart", import.meta.url))
    const files = readdirSync(quickstart, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(quickstart.length + 1))
    expect(files.length).toBeGreaterThan(15)
    for (const file of files) {
      const same = readFileSync(join(shipped, file)).equals(readFileSync(join(quickstart, file)))
      expect(same, `${file}: make the quickstart again with "earshot simulate --contacts 2000 --seed 1 --out pipelines/quickstart"`).toBe(true)
    }
  })

  it("leaves nothing behind of an estate that was in the folder before", () => {
    const out = join(root, "again")
    simulate({ contacts: 30, seed: 1, out, plants: [] })
    writeFileSync(join(out, "contacts", "part-0002.ndjson"), "left over\n")
    simulate({ contacts: 30, seed: 1, out, plants: [] })
    expect(readdirSync(join(out, "contacts"))).toEqual(["part-0001.ndjson"])
  })

  it("plants nothing where nothing is asked for, and one control where one is", () => {
    for (const contacts of [50, 51, 52, 53]) expect(simulate({ contacts, seed: 3, out: join(root, "clean"), plants: [] })).toMatchObject({ contacts, labels: 0 })
    simulate({ contacts: 50, seed: 3, out: join(root, "one"), plants: ["access/bulk"] })
    expect(linesOf(join(root, "one", "labels.ndjson"))).toMatchObject([{ control: "access/bulk" }])
  })

  it("plants everything again for every ten thousand contacts, but statistics once", () => {
    simulate({ contacts: 20_000, seed: 3, out: join(root, "twice"), plants: ["access/anonymous", "policy/unit-deviates"] })
    const controls = (linesOf(join(root, "twice", "labels.ndjson")) as ReadonlyArray<Label>).map((label) => label.control).sort()
    expect(controls).toEqual(["access/anonymous", "access/anonymous", "policy/like-cases-differ", "policy/unit-deviates"])
  })

  it.each([
    [{ contacts: 0 }, "number of contacts"],
    [{ contacts: 10, seed: 0.5 }, "seed"],
    [{ contacts: 10, days: 3 }, "number of days"],
    [{ contacts: 10, asOf: "2026-07-01" }, "RFC 3339"],
    [{ contacts: 10, plants: ["consent/nothing"] }, "consent/nothing"]
  ])("refuses %o with a sentence", (options, sentence) => {
    expect(() => simulate({ seed: 1, out: join(root, "refused"), ...options })).toThrow(sentence)
  })
})
