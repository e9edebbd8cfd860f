/** A control's digest speaks of everything that it judges with, so that a finding that is new for that reason says so. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { createHash } from "node:crypto"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { builtIn, readCatalogue } from "../../src/controls/index.ts"
import { factDigests } from "../../src/controls/facts.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-digests-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const digestWith = async (name: string, changed: Readonly<Record<string, string>>, reads: ReadonlyArray<string>): Promise<string | undefined> => {
  const folder = join(root, name)
  mkdirSync(folder)
  for (const [fact, sql] of Object.entries({ near: "SELECT * FROM far", far: "SELECT id FROM contact", other: "SELECT 1 AS one", ...changed })) writeFileSync(join(folder, `${fact}.sql`), sql)
  return (await factDigests(folder))(reads)
}

it("covers the facts that it reads, also those that these read, and no others", async () => {
  const before = await digestWith("before", {}, ["near", "contact"])
  expect(before).toMatch(/^[\da-f]{64}$/)
  expect(await digestWith("far", { far: "SELECT id FROM contact WHERE true" }, ["near", "contact"])).not.toBe(before)
  expect(await digestWith("near", { near: "SELECT id FROM far" }, ["contact", "near"])).not.toBe(before)
  expect(await digestWith("other", { other: "SELECT 2 AS one" }, ["contact", "near"])).toBe(before)
  expect(await digestWith("none", {}, ["contact"])).toBeUndefined()
})

it("stands in the catalogue: a control that reads facts has another digest than its own two files", async () => {
  const control = (await readCatalogue()).find(({ id }) => id === "consent/recorded-after-refusal")
  const files = createHash("sha256").update(readFileSync(join(builtIn, "controls", control?.id ?? "", "control.yaml"))).update("\0").update(control?.sql ?? "").digest("hex")
  const facts = (await factDigests(join(builtIn, "facts")))(control?.reads ?? [])
  expect(control?.sha256).toBe(createHash("sha256").update(`${files}\0${facts ?? ""}`).digest("hex"))
  // A fact far below changes it.
  cpSync(join(builtIn, "facts"), join(root, "facts"), { recursive: true })
  const deep = join(root, "facts", "exposure.sql")
  writeFileSync(deep, `${readFileSync(deep, "utf8")}\n`.replace("SELECT", "SELECT /* changed */"))
  expect((await factDigests(join(root, "facts")))(control?.reads ?? [])).not.toBe(facts)
})
