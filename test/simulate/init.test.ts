import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import pipelineSchema from "../../schemas/pipeline.schema.json" with { type: "json" }
import waiversSchema from "../../schemas/waivers.schema.json" with { type: "json" }
import { loadPack } from "../../src/policy/index.ts"
import { fits } from "../../src/records/index.ts"
import { initPipeline, simulate } from "../../src/simulate/index.ts"
import { loadYaml } from "../../src/yaml/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-init-"))
afterAll(() => rmSync(root, { recursive: true, force: true }))

it("writes a pipeline folder whose files are valid", () => {
  const out = join(root, "first")
  expect(initPipeline(out)).toEqual(["pipeline.yaml", "policy.yaml", "waivers.yaml", "records/sample.ndjson", ".gitignore"])
  expect(loadYaml(join(out, "pipeline.yaml"), pipelineSchema).value).toMatchObject({ pipeline: "first", policy: "policy.yaml" })
  expect(loadYaml(join(out, "waivers.yaml"), waiversSchema).value).toEqual({ waivers: [] })
  expect(loadPack(join(out, "policy.yaml")).packKey).toBe("house-rules@1")
  const records = readFileSync(join(out, "records/sample.ndjson"), "utf8").trim().split("\n").map((line): unknown => JSON.parse(line))
  expect(records.length).toBeGreaterThan(5)
  for (const record of records) expect(fits(record), JSON.stringify(record)).toBe(true)
})

it("never overwrites a pipeline", () => {
  const out = join(root, "second")
  initPipeline(out)
  expect(() => initPipeline(out)).toThrow("EEXIST")
})

it("describes a simulated estate by a pipeline that fits the schema", () => {
  const out = join(root, "estate")
  simulate({ contacts: 30, seed: 1, out, plants: [] })
  expect(loadYaml(join(out, "pipeline.yaml"), pipelineSchema).value).toMatchObject({ report: { failOn: "never" } })
})
