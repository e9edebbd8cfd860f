/**
 * Small estates with the report that must come of them, byte by byte: one that can be trusted and finds something of each
 * family, and those that make a run untrustworthy. `UPDATE_GOLDEN=1 npx vitest run test/golden` writes expected/ again; read the
 * difference before it is committed.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"
import { audit, verify } from "../../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-golden-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const here = fileURLToPath(new URL(".", import.meta.url))
const update = process.env["UPDATE_GOLDEN"] === "1"

type Golden = { readonly exitCode: number; readonly only?: string; readonly problem?: RegExp }

/** What each is about; those that ask only some controls leave the chain alone. */
const estates: Readonly<Record<string, Golden>> = {
  found: { exitCode: 1 },
  stale: { exitCode: 2, only: "evidence/*", problem: /evidence\/source-stale/ },
  empty: { exitCode: 2, only: "evidence/*", problem: /evidence\/source-empty/ },
  "over-rejected": { exitCode: 2, only: "evidence/*", problem: /evidence\/rejected-over-allowance/ },
  unreadable: { exitCode: 2, only: "evidence/*", problem: /evidence\/unreadable-objects/ },
  unverifiable: { exitCode: 2, only: "consent/recorded-without-consent", problem: /consent\/recorded-without-consent: 1 of 1 could not be verified/ },
  "self-test": { exitCode: 2, only: "house/*", problem: /self-test of house\/named-queue \(case wrong-on-purpose\) failed/ }
}

const compared = ["findings.ndjson", "inputs.ndjson", "quarantine.ndjson", "retention.ndjson"]

const compare = (name: string, file: string, text: string): void => {
  const expected = join(here, name, "expected", file)
  if (update) {
    mkdirSync(join(here, name, "expected"), { recursive: true })
    writeFileSync(expected, text)
  }
  expect(text, `${name}/expected/${file}`).toBe(existsSync(expected) ? readFileSync(expected, "utf8") : "")
}

describe("the golden estate", () => {
  for (const [name, { exitCode, only, problem }] of Object.entries(estates)) {
    it(name, { timeout: 120_000 }, async () => {
      const flags = { asOf: "2026-06-30T00:00:00Z", out: join(root, name), ...(only === undefined ? {} : { only }) }
      const { folder, summary } = await audit({ pipeline: join(here, name, "pipeline.yaml"), flags, env: { EARSHOT_STORE: join(root, `${name}.duckdb`) } })
      for (const file of compared) compare(name, file, readFileSync(join(folder, file), "utf8"))
      const { trust, counts, totals, merkle } = summary
      const told = { exitCode: summary.exitCode, trustworthy: trust.trustworthy, problems: trust.problems, selfTestFailed: trust.selfTest.failed, counts, totals, merkle }
      compare(name, "summary.json", `${JSON.stringify(told, null, 2)}\n`)
      expect(summary.exitCode).toBe(exitCode)
      expect(trust.trustworthy).toBe(exitCode !== 2)
      if (problem !== undefined) {
        expect(trust.problems.join("\n")).toMatch(problem)
        expect(readFileSync(join(folder, "summary.md"), "utf8")).toMatch(/can ?not be trusted|can't be trusted|not trustworthy/i)
      }
      expect((await verify({ path: folder, integrityOnly: true })).ok).toBe(true)
    })
  }
})
