import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { lawFolder, lawPacks, loadLaw, policyTables, rowsUnder } from "../../src/policy/index.ts"
import { formatInstant, instantOf } from "../../src/time/index.ts"
import { packWith } from "./packs.ts"

const law = loadLaw()
const choosable = rowsUnder(law, [])
const row = (jurisdiction: string) => law.rows.find((one) => one.jurisdiction === jurisdiction)!
const ruleAt = (jurisdiction: string, time: string, rows = choosable) => {
  const at = instantOf(time)
  return rows.find((one) => one.jurisdiction === jurisdiction)?.versions.filter((one) => (one.from === null || one.from <= at) && (one.until === null || at < one.until))
}

describe("the built-in law pack", () => {
  it("opens by saying what it is and what it is not", () => {
    const text = readFileSync(join(lawFolder(), "recording-consent.yaml"), "utf8")
    expect(text.split("\n")[0]).toBe("# Engineering data for review by counsel, not legal advice.")
    expect(law.notice).toMatch(/^This is engineering data for review by counsel, not legal advice\./)
    expect(lawPacks()).toContain("recording-consent")
  })

  it("has 83 rows, of which 80 can be chosen: US, AU and EU alone decide nothing", () => {
    expect(law.rows).toHaveLength(83)
    expect(choosable).toHaveLength(80)
    const left = law.rows.map((one) => one.jurisdiction).filter((code) => !choosable.some((one) => one.jurisdiction === code))
    expect(left).toEqual(["US", "EU", "AU"])
  })

  it("has one rule at every time in every row", () => {
    for (const one of law.rows) {
      expect(one.versions[0]!.from).toBeNull()
      expect(one.versions.at(-1)!.until).toBeNull()
      one.versions.slice(1).forEach((version, index) => expect(version.from).toBe(one.versions[index]!.until))
      for (const version of one.versions) {
        expect(version.citation.length).toBeGreaterThan(0)
        expect(version.consentForms.length).toBeGreaterThan(0)
      }
    }
  })

  it("counts its rules as the matrix does", () => {
    const modes = law.rows.map((one) => one.versions.at(-1)!.mode)
    const count = (mode: string) => modes.filter((one) => one === mode).length
    expect([count("all-party"), count("lawful-basis"), count("one-party")]).toEqual([31, 14, 38])
  })

  it("wants the notice inside the recording in Connecticut and Washington alone", () => {
    expect(law.rows.filter((one) => one.versions.some((version) => version.noticeInRecording)).map((one) => one.jurisdiction)).toEqual(["US-CT", "US-WA"])
  })

  it("knows where a data-protection regime asks for a documented basis", () => {
    expect(law.rows.filter((one) => one.versions[0]!.dataProtection).map((one) => one.jurisdiction).sort())
      .toEqual(["BR", "CH", "DE", "DK", "ES", "EU", "FR", "GB", "IE", "IN", "IT", "NL", "PT", "ZA"])
  })

  it("dates the changes of the rule, and marks what is older than the first as assumed", () => {
    const dated = law.rows.filter((one) => one.versions.length > 1)
    expect(dated.map((one) => [one.jurisdiction, ...one.versions.slice(1).map((version) => version.version)])).toEqual([
      ["US", "1986-01-01", "2017-10-20"],
      ["US-CA", "2006-07-13", "2021-04-01"],
      ["US-IL", "2014-03-20", "2014-12-30"],
      ["US-MA", "2021-06-14"],
      ["US-MI", "1982-01-01", "2019-06-14"],
      ["US-NV", "1998-01-01"],
      ["GB", "2018-05-25"]
    ])
    for (const one of law.rows) expect(one.versions.map((version) => version.assumed)).toEqual(one.versions.map((_, index) => dated.includes(one) && index === 0))
  })

  it("leaves only the federal floor in Illinois while the statute was struck down", () => {
    expect(ruleAt("US-IL", "2014-06-01T00:00:00Z")).toMatchObject([{ mode: "one-party", confidence: "low", assumed: false }])
    expect(ruleAt("US-IL", "2014-12-30T00:00:00Z")).toMatchObject([{ mode: "all-party", assumed: false }])
    expect(ruleAt("US-IL", "2010-01-01T00:00:00Z")).toMatchObject([{ assumed: true }])
  })

  it("no longer cites the repealed federal tone rule", () => {
    expect(row("US").versions.at(-1)!.citation.join()).not.toContain("64.501")
  })
})

describe("overrides", () => {
  const german = { jurisdiction: "DE", from: "2024-01-01T00:00:00Z", until: "2025-01-01T00:00:00Z", mode: "lawful-basis" as const, citation: "counsel memo 4" }

  it("replace a row inside their period and leave what they do not state", () => {
    const rows = rowsUnder(law, [german])
    const modes = rows.find((one) => one.jurisdiction === "DE")!.versions.map((version) => [version.from === null ? null : formatInstant(version.from), version.mode, version.citation.join("; ")])
    const before = row("DE").versions[0]!
    expect(modes).toEqual([
      [null, "all-party", before.citation.join("; ")],
      ["2024-01-01T00:00:00Z", "lawful-basis", "counsel memo 4"],
      ["2025-01-01T00:00:00Z", "all-party", before.citation.join("; ")]
    ])
    expect(ruleAt("DE", "2024-06-01T00:00:00Z", rows)).toMatchObject([{ version: "override:2024-01-01", consentForms: before.consentForms, dataProtection: true }])
  })

  it("reach over several versions, and are never assumed", () => {
    const rows = rowsUnder(law, [{ jurisdiction: "GB", from: "2018-01-01T00:00:00Z", mode: "all-party", citation: "x" }])
    expect(rows.find((one) => one.jurisdiction === "GB")!.versions.map((version) => [version.mode, version.assumed])).toEqual([
      ["lawful-basis", true], ["all-party", false], ["all-party", false]
    ])
  })

  it("apply in order, the later over the earlier", () => {
    const rows = rowsUnder(law, [german, { ...german, from: "2024-07-01T00:00:00Z", mode: "one-party", citation: "memo 5" }])
    expect([ruleAt("DE", "2024-06-30T00:00:00Z", rows), ruleAt("DE", "2024-07-01T00:00:00Z", rows)]).toMatchObject([[{ mode: "lawful-basis" }], [{ mode: "one-party" }]])
  })

  it("of which two overlap: the later-starting wins, in whatever order they are written, also of a country that the pack lacks", () => {
    const whole = { from: "2024-01-01T00:00:00Z", mode: "all-party" as const, consentForms: ["notice_all"] as ["notice_all"], citation: "memo 1" }
    const inner = { ...whole, from: "2024-07-01T00:00:00Z", until: "2024-08-01T00:00:00Z", mode: "lawful-basis" as const, citation: "memo 2" }
    for (const jurisdiction of ["DE", "PL"]) {
      for (const overrides of [[whole, inner], [inner, whole]]) {
        const rows = rowsUnder(law, overrides.map((one) => ({ jurisdiction, ...one })))
        const cited = ["2024-06-30T23:59:59Z", "2024-07-01T00:00:00Z", "2024-07-31T23:59:59Z", "2024-08-01T00:00:00Z"].map((at) => (ruleAt(jurisdiction, at, rows) ?? []).map(({ citation }) => citation.join()))
        expect(cited).toEqual([["memo 1"], ["memo 2"], ["memo 2"], ["memo 1"]])
      }
    }
  })

  it("may add a country that the pack lacks", () => {
    const poland = { jurisdiction: "PL", from: "2024-01-01T00:00:00Z", mode: "lawful-basis", consentForms: ["lawful_basis_plus_notice"], dataProtection: true, citation: "GDPR art. 6" }
    const tables = policyTables([packWith({ consent: { overrides: [poland] } })])
    const named = (name: string) => tables.find((table) => table.table === name)!.rows
    expect(named("law").filter((cells) => cells[1] === "PL")).toHaveLength(1)
    expect(named("lawCountry")).toContainEqual(["PL", false])
  })
})
