import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { countRows, readCatalogue } from "../../src/controls/index.ts"
import { instantOf } from "../../src/time/index.ts"
import { rowsOf, storeOf } from "./estate.ts"
import { type OracleContact, type OracleHold, type OracleRecording, type OracleRule, retentionOf } from "./oracle.ts"

const judgedHere = ["retention/conflict", "retention/overdue", "retention/deleted-early", "retention/deleted-under-hold"]
const asOf = "2026-03-31T00:00:00Z"

/** Days around month ends and the leap day, where calendar arithmetic shows. */
const time = fc.constantFrom("2024-01-31", "2024-02-29", "2024-03-31", "2025-02-28", "2025-03-01", "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31").map((day) => `${day}T00:00:00Z`)
const duration = fc.constantFrom("P1M", "P2M", "P1Y", "P2Y", "P30D", "P1Y1M")
const maybe = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
const defined = <A extends object>(value: A): A => JSON.parse(JSON.stringify(value)) as A

const rule = fc.record({
  media: maybe(fc.constant(["audio"])), purposes: maybe(fc.constantFrom(["training"], ["quality-assurance", "training"])), queues: maybe(fc.constantFrom(["sales"], ["collections"])),
  jurisdictions: maybe(fc.constantFrom(["US"], ["US-TX"], ["DE", "US-CA"])), anchor: fc.constantFrom<OracleRule["anchor"]>("recordingStart", "recordingEnd", "contactStart", "contactEnd"), keep: maybe(duration), delete: maybe(duration)
})
const contact = fc.record({ endedAt: maybe(time), queue: fc.constantFrom("sales", "collections"), places: fc.array(maybe(fc.constantFrom("US", "US-TX", "US-CA", "DE")), { minLength: 1, maxLength: 2 }) })
const recording = fc.record({ on: fc.nat(4), medium: fc.constantFrom("audio", "screen"), startedAt: time, endedAt: maybe(time), purposes: maybe(fc.constantFrom(["training"], ["quality-assurance"])), deleteBy: maybe(time), deletedAt: maybe(time) })
const hold = fc.record({ from: time, until: maybe(time), createdAt: time, contactIds: maybe(fc.constantFrom(["k0"], ["k1", "k2"])), recordingIds: maybe(fc.constantFrom(["r0"], ["r1", "r5"])), subjects: maybe(fc.constantFrom(["c3-0"], ["c4-1"])) })

describe("retention", () => {
  it("judges random estates as the definition does", { timeout: 120_000 }, async () => {
    const controls = await readCatalogue([], (id) => judgedHere.includes(id))
    const estates = fc.sample(fc.record({ rules: fc.array(rule, { maxLength: 4 }), contacts: fc.array(contact, { minLength: 5, maxLength: 5 }), recordings: fc.array(recording, { minLength: 60, maxLength: 60 }), holds: fc.array(hold, { maxLength: 3 }) }), { numRuns: 12, seed: 7 })
    const seen = new Set<string>()
    for (const drawn of estates) {
      const rules = drawn.rules.filter((one) => one.keep !== undefined || one.delete !== undefined).map((one, index) => defined({ ...one, id: `rule-${index}`, citation: "house rule" })) as ReadonlyArray<OracleRule>
      const contacts = drawn.contacts.map(({ places, ...one }, index) => defined({ id: `k${index}`, startedAt: "2024-01-30T00:00:00Z", ...one, parties: places.map((jurisdiction, place) => ({ id: `c${index}-${place}`, role: "customer", jurisdiction })) })) as ReadonlyArray<OracleContact>
      const recordings = drawn.recordings.map(({ on, ...one }, index) => defined({ id: `r${index}`, contactId: `k${on}`, ...one })) as ReadonlyArray<OracleRecording>
      const holds = drawn.holds.map((one, index) => defined({ id: `h${index}`, ...one })) as ReadonlyArray<OracleHold>
      const records = [...contacts.map((one) => ({ kind: "contact", channel: "voice", ...one })), ...recordings.map((one) => ({ kind: "recording", ...one })), ...holds.map((one) => ({ kind: "hold", ...one }))]
      const store = await storeOf({ records, asOf, policy: { retention: rules } }, controls.flatMap((control) => control.reads))
      try {
        for (const control of controls) {
          const rows = await rowsOf(store, control)
          countRows(control, rows)
          const found = Object.fromEntries(rows.map(({ unit, outcome }) => [unit, outcome]))
          const expected = Object.fromEntries(recordings.filter(({ startedAt }) => instantOf(startedAt) <= instantOf(asOf)).map((one) => {
            const own = contacts.find(({ id }) => id === one.contactId)
            return [one.id, own === undefined ? "" : retentionOf(one, own, rules, holds.filter(({ createdAt }) => instantOf(createdAt) <= instantOf(asOf)), instantOf(asOf))[control.id] ?? ""]
          }))
          expect([control.id, found]).toEqual([control.id, expected])
          for (const outcome of Object.values(found)) seen.add(`${control.id} ${outcome}`)
        }
      } finally {
        store.close()
      }
    }
    for (const control of judgedHere) expect([...seen]).toContain(`${control} fail`)
  })
})
