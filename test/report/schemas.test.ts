import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import addFormats from "ajv-formats"
import { describe, expect, it } from "vitest"
import { findings, summary } from "./example.ts"

const checkOf = (name: string) => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true })
  addFormats.default(ajv)
  return ajv.compile(JSON.parse(readFileSync(new URL(`../../schemas/${name}`, import.meta.url), "utf8")) as object)
}

describe("schemas of what a report holds", () => {
  it("accept every finding and the summary", () => {
    const [finding, whole] = [checkOf("finding.schema.json"), checkOf("summary.schema.json")]
    for (const one of findings) expect(finding(one) ? [] : finding.errors).toEqual([])
    expect(whole(summary()) ? [] : whole.errors).toEqual([])
  })

  it.each([
    ["a misspelt field", { ...findings[0], recordingID: "r1" }],
    ["a status that does not exist", { ...findings[0], status: "open" }],
    ["a time without an offset", { ...findings[0], at: "2026-06-05T10:00:00" }],
    ["an id that is not derived", { ...findings[0], id: "f-1" }],
  ])("refuse a finding with %s", (_what, one) => {
    expect(checkOf("finding.schema.json")(one)).toBe(false)
  })

  it("refuse a summary without its denominators", () => {
    const [first] = summary().controls
    const { population: _population, ...rest } = first ?? { population: 0 }
    expect(checkOf("summary.schema.json")({ ...summary(), controls: [rest] })).toBe(false)
  })
})
