import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished, describe, expect, it } from "vitest"
import { resolveConfiguration } from "../../src/pipeline/index.ts"

const resolved = (more: { readonly report?: string; readonly source?: string; readonly out?: string }) => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-s3-settings-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, "p.yaml"), `pipeline: p\npolicy: p.yaml\nsources: [{id: a, ${more.source ?? "uri: in/"}}]\nreport: {identities: clear${more.report ?? ""}}\n`)
  return resolveConfiguration({ file: "p.yaml", cwd: folder, ...(more.out === undefined ? {} : { flags: { out: more.out } }) }).values
}

describe("settings of reports and sources in S3", () => {
  it("take a prefix and a retention", () => {
    expect(resolved({ report: ", out: s3://acme-audit/all nights, objectLock: {mode: compliance, days: 30}" }).report).toMatchObject({ out: "s3://acme-audit/all nights", objectLock: { mode: "compliance", days: 30 } })
    expect(resolved({ out: "s3://acme-audit" }).report.out).toBe("s3://acme-audit")
  })

  it("refuse a place that is none, two terms and versions of files", () => {
    for (const out of ["s3:acme/x", "s3://", "s3://acme-audit/a*"]) expect(() => resolved({ out })).toThrow(/s3:\/\/bucket\/prefix/)
    expect(() => resolved({ report: ', objectLock: {mode: governance, days: 1, until: "2030-01-01T00:00:00Z"}' })).toThrow(/either days or until/)
    expect(() => resolved({ report: ", objectLock: {mode: governance}" })).toThrow(/either days or until/)
    expect(() => resolved({ source: "uri: in/, versions: true" })).toThrow(/versions belongs to sources in S3/)
  })
})
