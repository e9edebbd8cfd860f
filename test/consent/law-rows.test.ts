import { describe, expect, it } from "vitest"
import { type Case, type Control, defaultAsOf, readCatalogue, runEstate } from "../../src/controls/index.ts"
import { rowOf } from "./law.ts"
import { roster } from "./world.ts"
import { loadLaw } from "../../src/policy/index.ts"

const [control] = await readCatalogue([], (id) => id === "consent/recorded-without-consent") as [Control]
const jurisdictions = loadLaw().rows.map(({ jurisdiction }) => jurisdiction)
const never = ["AU", "EU", "US"]
const choosable = jurisdictions.filter((place) => !never.includes(place))

const start = "2026-03-02T10:00:00Z"
const end = "2026-03-02T10:05:00Z"

type Told = "told" | "untold"

/** A recorded call of a customer in a place: answered by staff in Texas, or between outsiders alone; with or without their spoken yes. */
const call = (place: string, told: Told, staffed: boolean): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const id = `${place}-${told}`
  const customer = { id: `c-${id}`, role: "customer", jurisdiction: place }
  const other = staffed ? { id: "agent-1", role: "agent" } : { id: `t-${id}`, role: "thirdParty", jurisdiction: place }
  return [
    { kind: "contact", id: `k-${id}`, channel: "voice", startedAt: start, endedAt: end, parties: [customer, other] },
    { kind: "recording", id: `r-${id}`, contactId: `k-${id}`, medium: "audio", startedAt: start, endedAt: end },
    ...(told === "told" ? [{ kind: "consent", id: `yes-${id}`, subject: customer.id, contactId: `k-${id}`, status: "given", at: start, purposes: ["recording"], form: "verbal" }] : [])
  ]
}

const judge = (records: ReadonlyArray<unknown>, expected: ReadonlyArray<Readonly<Record<string, unknown>>>, consent: Readonly<Record<string, unknown>>) =>
  runEstate({
    asOf: defaultAsOf, policies: [{ consent }], provides: undefined, sources: [],
    members: [{ suffix: "", entry: { name: "rows", control, records: [...roster, ...records] as unknown as Case["records"], expect: expected } }]
  }).then((results) => results.flatMap(({ problems }) => problems))

describe("the law, row by row", () => {
  it("has 80 rows that can be chosen", () => {
    expect(choosable).toHaveLength(80)
  })

  it("passes a recording with evidence and fails one without, under every row that can be chosen", async () => {
    const onePartyRows = choosable.filter((place) => rowOf(place)?.mode === "one-party")
    const asking = choosable.filter((place) => !onePartyRows.includes(place))
    expect([onePartyRows.length > 30, asking.length > 30]).toEqual([true, true])
    const records = [
      ...asking.flatMap((place) => [...call(place, "told", true), ...call(place, "untold", true)]),
      // Under a one-party rule it is not evidence that matters, but that somebody of the organisation is there.
      ...onePartyRows.flatMap((place) => [...call(place, "told", true), ...call(place, "untold", false)])
    ]
    const expected = [
      ...asking.flatMap((place) => [
        { recordingId: `r-${place}-told`, outcome: "pass" },
        { recordingId: `r-${place}-untold`, outcome: "fail", reason: "no-evidence", law: [{ jurisdiction: place }], details: { governing: place } }
      ]),
      ...onePartyRows.flatMap((place) => [
        { recordingId: `r-${place}-told`, outcome: "pass" },
        ...["c", "t"].map((who) => ({ recordingId: `r-${place}-untold`, party: `${who}-${place}-untold`, outcome: "fail", reason: "no-participant", law: [{ jurisdiction: place }] }))
      ])
    ]
    // Unknown places as lax as can be, so that no row borrows its strictness from there.
    expect(await judge(records, expected, { unknownJurisdiction: "one-party" })).toEqual([])
  })

  it("never chooses the United States, Australia or the Union alone: such a place is unknown, as strict or lax as the policy says", async () => {
    const records = never.flatMap((place) => call(place, "untold", true))
    expect(await judge(records, never.map((place) => ({ recordingId: `r-${place}-untold`, outcome: "fail", ruleRef: "consent.unknownJurisdiction" })), { unknownJurisdiction: "all-party" })).toEqual([])
    expect(await judge(records, never.map((place) => ({ recordingId: `r-${place}-untold`, outcome: "pass" })), { unknownJurisdiction: "one-party" })).toEqual([])
  })
})
