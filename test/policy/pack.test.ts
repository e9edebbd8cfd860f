import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { loadPack, loadPacks } from "../../src/policy/index.ts"
import { baselineText, packWith, problemsOf } from "./packs.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-policy-"))

/** Problems of the baseline with one piece of text replaced, without the folder. */
const problemsAfter = (find: string, replacement: string): ReadonlyArray<string> => {
  expect(baselineText).toContain(find)
  const file = join(folder, "policy.yaml")
  writeFileSync(file, baselineText.replace(find, () => replacement))
  return problemsOf(() => loadPack(file)).map((line) => line.replace(`${folder}/`, ""))
}

/** Line and column (1-based) of text in the baseline. */
const placeOf = (text: string, within = text): string => {
  const start = baselineText.indexOf(within) + within.indexOf(text)
  const before = baselineText.slice(0, start).split("\n")
  return `policy.yaml:${before.length}:${before.at(-1)!.length + 1}`
}

describe("a policy pack", () => {
  it("is read whole", () => {
    const file = join(folder, "good.yaml")
    writeFileSync(file, baselineText)
    const pack = loadPack(file)
    expect([pack.packKey, pack.until, pack.law.pack, pack.decisions.length]).toEqual(["northwind@2026.11", null, "recording-consent", 1])
    expect(pack.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it("needs a name, a version and a start, and nothing else", () => {
    expect(packWith().packKey).toBe("p@1")
    expect(problemsOf(() => packWith({ from: undefined }))).toEqual([expect.stringContaining("the key \"from\" is missing")])
  })

  it("refuses a holiday that is no day, and working hours that never end", () => {
    const hours = { days: ["mon"], from: "08:00", to: "08:00" }
    expect(problemsOf(() => packWith({ service: { holidays: ["2026-02-30"] } }))).toEqual([expect.stringContaining("service.holidays.0: \"2026-02-30\" is not a day, such as 2026-12-25")])
    expect(problemsOf(() => packWith({ service: { hours: [hours] } }))).toEqual([expect.stringContaining("to must differ from from")])
  })

  it.each([
    ["a misspelt key", "  stopWithin:", "  stopWitin:", "  stopWithin:".trim(), "unknown key \"stopWitin\"; did you mean \"stopWithin\"?"],
    ["a version that YAML reads as a number", "version: \"2026.11\"", "version: 2026.11", "\"2026.11\"", "version: must be text, not a number; write it in quotes"],
    ["an unknown law pack", "law: recording-consent", "law: recording-consents", "recording-consent", "the law pack \"recording-consents\" does not exist; did you mean \"recording-consent\"?"],
    ["an unknown action", "agent: {actions: [list, view, play]}", "agent: {actions: [list, veiw, play]}", "view, play]}", "access.roles.agent.actions.1: \"veiw\" is not known; did you mean \"view\"?"],
    ["an unknown anchor", "anchor: recordingEnd", "anchor: recordingend", "recordingEnd", "retention.0.anchor: \"recordingend\" is not known; did you mean \"recordingEnd\"?"],
    ["an unknown day", "days: [mon,", "days: [monday,", "mon, tue", "access.hours.0.days.0: \"monday\" is not known; known here: mon, tue, wed, thu, fri, sat, sun"],
    ["a country by an alias", "munich: DE", "munich: UK", "DE}", "\"UK\" is in no country that ISO 3166 knows; did you mean \"GB\"?"],
    ["a place of a wrong shape", "munich: DE", "munich: germany", "DE}", "consent.sites.munich: \"germany\" is not written as expected (ISO 3166-1 alpha-2 or 3166-2, such as DE or US-CA)"],
    ["a role that is nearly another", "mayOverride: [supervisor,", "mayOverride: [supervisr,", "supervisor, manager]}", "the role \"supervisr\" stands nowhere else in the policy; did you mean \"supervisor\"?"],
    ["a purpose that is nearly another", "purposes: [analytics]}]", "purposes: [analytcs]}]", "analytics]}]", "the purpose \"analytcs\" stands nowhere else in the policy; did you mean \"analytics\"?"],
    ["an attribute that does not exist", "likeCase: [facts.reason,", "likeCase: [facts.reasn,", "facts.reason, facts.amountBand", "\"facts.reasn\" is no attribute of a case; did you mean \"facts.reason\"?"],
    ["a comparison by staff that nobody signed", "compare: [team,", "compare: [staff,", "team, site, segment", "comparing by \"staff\" needs signedOffBy: name who allowed it"],
    ["a stratum by language", "likeCase: [facts.reason,", "likeCase: [language,", "facts.reason, facts.amountBand", "\"language\" is a protected trait or stands for one, so that it must not make cases alike; take it out"],
    ["a fact of an unknown type", "amountBand: string", "amountBand: text", "string, tenureBand", "decisions.0.facts.amountBand: \"text\" is not known; known here: string, int, double, bool, timestamp"],
    ["an end before the start", "from: 2020-01-01T00:00:00Z\napprovedBy", "from: 2020-01-01T00:00:00Z\nuntil: 2019-01-01T00:00:00Z\napprovedBy", "approvedBy", "until must lie after from"]
  ])("refuses %s", (_, find, replacement, place, sentence) => {
    const [first] = problemsAfter(find, replacement)
    const [file, line, , ...rest] = first!.split(":")
    expect([file, rest.join(":").trim()]).toEqual(["policy.yaml", sentence])
    expect(`${file}:${line}`).toBe(placeOf(place, find.includes(place) ? find : place).split(":").slice(0, 2).join(":"))
  })

  it("says line and column of what is wrong", () => {
    expect(problemsAfter("munich: DE", "munich: XX")[0]).toMatch(new RegExp(`^${placeOf("DE", "munich: DE")}: "XX" is in no country`))
  })

  it.each([
    ["a retention rule without a term", { retention: [{ id: "a", anchor: "contactEnd" }] }, "a retention rule needs delete, keep or both"],
    ["hours that are empty", { access: { hours: [{ roles: ["agent"], days: ["mon"], from: "08:00", to: "08:00" }] } }, "to must differ from from"],
    ["two rules of one name", { retention: [{ id: "a", anchor: "contactEnd", keep: "P1Y" }, { id: "a", anchor: "contactEnd", keep: "P2Y" }] }, "there is already a retention rule \"a\""],
    ["two versions of one name", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z" }, { version: "1", from: "2025-01-01T00:00:00Z" }] }] }, "there is already a version of d \"1\""],
    ["two tables of limits for one queue and currency", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", authority: { currency: "USD", limits: { agent: 1 }, limitsFor: [{ queues: ["a", "b"], limits: { agent: 2 } }, { queues: ["b"], currency: "USD", limits: { agent: 3 } }] } }] }] }, "there are already limits for the queue \"b\" in USD; put them together"],
    ["a second table of limits for every queue", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", authority: { limits: { agent: 1 }, limitsFor: [{ limits: { agent: 2 } }] } }] }] }, "there are already limits for every queue"],
    ["limits with and without a currency", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", authority: { limits: { agent: 1 }, limitsFor: [{ currency: "EUR", limits: { agent: 2 } }] } }] }] }, "set authority.currency"],
    ["an event that no record can hold", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", before: ["identity-verifed"] }] }] }, "there is no event \"identity-verifed\"; did you mean \"identity-verified\"?"],
    ["a step about no event", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", steps: [{ type: "absence", first: "paymnt" }] }] }] }, "there is no event \"paymnt\"; did you mean \"payment\"?"],
    ["a step without its second event", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", steps: [{ type: "response", first: "complaint-raised" }] }] }] }, "a step of type response needs then"],
    ["an absence of two events", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", steps: parse("[{type: absence, first: payment, then: transferred}]") as unknown }] }] }, "a step of type absence has no then"],
    ["an attribute in both lists", { decisions: [{ id: "d", versions: [{ version: "1", from: "2024-01-01T00:00:00Z", likeCase: ["contact.channel"], compare: ["channel"] }] }] }, "\"channel\" stands in likeCase too"],
    ["a proxy that nobody signed", { decisions: [{ id: "d", facts: { homePostcode: "string" }, versions: [{ version: "1", from: "2024-01-01T00:00:00Z", compare: ["facts.homePostcode"] }] }] }, "needs signedOffBy"],
    ["an override of a row that is never chosen", { consent: { overrides: [{ jurisdiction: "US", from: "2024-01-01T00:00:00Z", citation: "x" }] } }, "US alone is never chosen"],
    ["an override of the European Union", { consent: { overrides: [{ jurisdiction: "EU", from: "2024-01-01T00:00:00Z", citation: "x" }] } }, "EU alone is never chosen; name a member state"],
    ["an override of a place that does not exist", { consent: { overrides: [{ jurisdiction: "UK", from: "2024-01-01T00:00:00Z", citation: "x" }] } }, "has no row UK"],
    ["a new country half described", { consent: { overrides: [{ jurisdiction: "PL", from: "2024-01-01T00:00:00Z", citation: "x" }] } }, "must state mode and consentForms"],
    ["an override without citation", { consent: { overrides: [{ jurisdiction: "DE", from: "2024-01-01T00:00:00Z" }] } }, "the key \"citation\" is missing"]
  ])("refuses %s", (_, keys, sentence) => {
    expect(problemsOf(() => packWith(keys))).toEqual([expect.stringContaining(sentence)])
  })

  it("accepts names that differ in digits, signed comparisons and the names of products", () => {
    const version = { version: "1", from: "2024-01-01T00:00:00Z", compare: ["staff", "facts.productName"], signedOffBy: "counsel", authority: { limits: { tier1: 5 }, mayOverride: ["tier2"] } }
    expect(problemsOf(() => packWith({ decisions: [{ id: "d", facts: { productName: "string" }, versions: [version] }] }))).toEqual([])
  })

  it("takes names that are merely alike as they are", () => {
    const consent = { purposes: { training: "notice" }, bases: [{ purposes: ["trading"], basis: "legalObligation", from: "2024-01-01T00:00:00Z" }] }
    expect(problemsOf(() => packWith({ consent }))).toEqual([])
  })

  it("refuses two files of one policy and version", () => {
    const files = ["a.yaml", "b.yaml"].map((name) => join(folder, name))
    for (const file of files) writeFileSync(file, baselineText)
    expect(problemsOf(() => loadPacks(files))).toEqual([expect.stringContaining("has the policy and version of")])
  })
})
