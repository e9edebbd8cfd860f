/** The same inputs give the same bytes, whatever the threads, the order of files and what the store knew before. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Finding } from "../../src/findings/finding.ts"
import { audit } from "../../src/index.ts"
import { simulate } from "../../src/simulate/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-determinism-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const asOf = "2026-07-01T00:00:00Z"

/** Splits every file of a source into three, written to disk in the given order, so that listings come in another order. */
const split = (folder: string, order: ReadonlyArray<number>): void => {
  for (const source of readdirSync(folder, { withFileTypes: true })) {
    if (!source.isDirectory() || source.name === "keys") continue
    for (const part of readdirSync(join(folder, source.name)).filter((name) => name.endsWith(".ndjson"))) {
      const file = join(folder, source.name, part)
      const lines = readFileSync(file, "utf8").trimEnd().split("\n")
      const third = Math.ceil(lines.length / 3)
      rmSync(file)
      for (const index of order) {
        const own = lines.slice(index * third, (index + 1) * third)
        if (own.length > 0) writeFileSync(join(folder, source.name, part.replace(".ndjson", `-${index}.ndjson`)), `${own.join("\n")}\n`)
      }
    }
  }
}

type Promised = { readonly findings: ReadonlyArray<string>; readonly files: Readonly<Record<string, string>>; readonly merkle: unknown }

const canonical = (line: string): string => {
  const { status: _status, newBecause: _newBecause, due: _due, ...finding } = JSON.parse(line) as Finding
  return JSON.stringify(finding)
}

const run = async (folder: string, settings: Readonly<Record<string, string>>): Promise<Promised> => {
  const { folder: report, summary } = await audit({ pipeline: join(folder, "pipeline.yaml"), flags: { asOf }, env: settings })
  expect(summary.trust.problems).toEqual([])
  return {
    findings: readFileSync(join(report, "findings.ndjson"), "utf8").trimEnd().split("\n").map(canonical),
    files: Object.fromEntries(["inputs", "quarantine", "retention"].map((name) => [name, readFileSync(join(report, `${name}.ndjson`), "utf8")])),
    merkle: summary.merkle
  }
}

/** The fewest outputs, since only what is signed is compared. */
const lean = { EARSHOT_FORMATS: "csv" }

describe("the same inputs", () => {
  let first: Promised
  const estate = join(root, "first")

  beforeAll(async () => {
    simulate({ contacts: 300, seed: 4, out: estate })
    cpSync(estate, join(root, "second"), { recursive: true })
    split(estate, [0, 1, 2])
    split(join(root, "second"), [2, 0, 1])
    first = await run(estate, { ...lean, EARSHOT_THREADS: "2" })
    // The second estate is audited under the same keys: salts, pseudonyms and ids depend on them.
    mkdirSync(join(root, "second", "keys"), { recursive: true })
    cpSync(join(estate, "keys"), join(root, "second", "keys"), { recursive: true })
  }, 120_000)

  it("found something to compare", () => {
    expect(first.findings.length).toBeGreaterThan(50)
  })

  it("give the same bytes with one thread, another order of files and a new store", { timeout: 120_000 }, async () => {
    expect(await run(join(root, "second"), { ...lean, EARSHOT_THREADS: "1", EARSHOT_STORE: join(root, "fresh.duckdb") })).toEqual(first)
  })

  it("give the same bytes again from the store that knows them, statuses aside", { timeout: 120_000 }, async () => {
    expect(await run(estate, { ...lean, EARSHOT_THREADS: "2" })).toEqual(first)
  })
})
