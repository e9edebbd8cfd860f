/** What an exporter vouches for is told with its limits, and an address in one is a pseudonym. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { generateKeys } from "../../src/attest/index.ts"
import { audit } from "../../src/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-coverage-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

it("tells the queues and sites that a statement of coverage is limited to", async () => {
  await generateKeys({ out: join(root, "keys"), at: new Date("2026-06-01T00:00:00Z") })
  writeFileSync(join(root, "policy.yaml"), `policy: p\nversion: "1"\nfrom: 2026-01-01T00:00:00Z\n`)
  writeFileSync(join(root, "a.ndjson"), `${JSON.stringify({ kind: "coverage", source: "a", kinds: ["consent"], from: "2026-06-01T00:00:00Z", to: "2026-06-03T00:00:00Z", queues: ["sales", "tel:+14155550100"], sites: ["austin"] })}\n`)
  writeFileSync(join(root, "pipeline.yaml"), `pipeline: one\npolicy: policy.yaml\nsources: [{id: a, uri: a.ndjson}]\nreport: {formats: [], pseudonymKey: keys/pseudonym.key}\nevidence: {store: ":memory:"}\n`)
  const { summary } = await audit({ pipeline: join(root, "pipeline.yaml"), flags: { asOf: "2026-06-30T00:00:00Z", only: "evidence/source-empty" } })
  expect(summary.coverage).toEqual([{ source: "a", kinds: ["consent"], from: "2026-06-01T00:00:00Z", to: "2026-06-03T00:00:00Z", queues: ["sales", expect.stringMatching(/^p-[0-9a-f]{20}$/)], sites: ["austin"] }])
})
