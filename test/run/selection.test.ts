import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { type Control, readCatalogue } from "../../src/controls/index.ts"
import { resolveConfiguration } from "../../src/pipeline/index.ts"
import { packIssueSentences, packFromValue } from "../../src/policy/index.ts"
import { selectControls } from "../../src/run/selection.ts"
import { ConfigurationError } from "../../src/yaml/index.ts"

const root = mkdtempSync(join(tmpdir(), "earshot-selection-"))
afterAll(() => { rmSync(root, { recursive: true, force: true }) })

const file = join(root, "pipeline.yaml")
writeFileSync(file, `pipeline: one
policy: policy.yaml
sources: [{id: a, uri: a/, provides: [contact]}]
report: {identities: clear}
outOfScope:
  - {control: access/untrained, reason: no feed, owner: security}
  - {control: access/untraind, reason: no feed, owner: security}
`)

const catalogue = ["access/bulk", "access/untrained", "consent/form-not-accepted"].map((id) => ({ id, family: id.slice(0, id.indexOf("/")) }) as Control)
const select = (settings: Partial<Parameters<typeof selectControls>[1]>): ReadonlyArray<string> => selectControls(catalogue, { file, outOfScope: [], ...settings }).map(({ id }) => id)
const refused = (settings: Parameters<typeof select>[0]): string => {
  try {
    return select(settings).join()
  } catch (error) {
    return error instanceof ConfigurationError ? error.message : String(error)
  }
}

it("selects by pattern, several with commas between", () => {
  expect(select({ only: "access/*, consent/form-not-accepted", skip: "access/bulk" })).toEqual(["access/untrained", "consent/form-not-accepted"])
})

it("says which pattern matches nothing and what was meant, naming the flag and no place in a file", () => {
  expect(refused({ only: "acess/*" })).toBe(`--only: "acess/*" matches no control; did you mean "access/*"?`)
  expect(refused({ skip: "access/*,access/untraind" })).toBe(`--skip: "access/untraind" matches no control; did you mean "access/untrained"?`)
  expect(refused({ only: "access/bulk", skip: "access/*" })).toBe("--skip: leaves no control to judge; leave fewer out")
})

it("names the place of a control out of scope that does not exist", () => {
  const outOfScope = ["access/untrained", "access/untraind"].map((control) => ({ control, reason: "no feed", owner: "security" }))
  expect(refused({ outOfScope })).toBe(`${file}:7:15: the control "access/untraind" does not exist; did you mean "access/untrained"?`)
})

it("refuses a folder of controls that does not exist", async () => {
  await expect(readCatalogue([join(root, "controls")])).rejects.toThrow(/controls:1:1: does not exist/)
})

it("takes :memory: for no path", () => {
  expect(resolveConfiguration({ file, env: { EARSHOT_STORE: ":memory:" }, cwd: root }).values.evidence.store).toBe(":memory:")
})

it("tells overlaps and holes of packs", () => {
  const pack = (version: string, from: string, until?: string) => packFromValue({ policy: "p", version, from, ...(until === undefined ? {} : { until }), approvedBy: "cco", approvedAt: from, timezone: "UTC" }, `${version}.yaml`)
  expect(packIssueSentences([pack("1", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"), pack("2", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"), pack("3", "2026-04-01T00:00:00Z")])).toEqual([
    "policies p@1 and p@2 both hold from 2026-02-01T00:00:00Z until 2026-03-01T00:00:00Z; the one that starts later is in force.",
    "no policy is in force from 2026-03-01T00:00:00Z until 2026-04-01T00:00:00Z; what happened then cannot be judged."
  ])
})
