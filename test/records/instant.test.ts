import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { instantFault, isInstant, isUnusualInstant, storedInstant } from "../../src/records/instant.ts"

describe("times at the border", () => {
  it.each([
    "2026-01-31T09:30:00Z", "2026-01-31t09:30:00z", "2026-01-31T09:30:00.5Z", "2026-01-31T09:30:00.123456789Z", "2024-02-29T00:00:00Z", "2000-02-29T00:00:00Z",
    "2026-12-31T23:59:59+23:59", "2026-12-31T23:59:59-00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T10:00:00+10:00", "9999-12-31T13:59:59-10:00",
    "2016-12-31T23:59:60Z", "2016-12-31t23:59:60.25z", "1990-12-31T15:59:60-08:00", "2017-01-01T00:59:60+01:00"
  ])("takes %s", (text) => expect(isInstant(text)).toBe(true))

  it.each([
    ["2026-01-31T09:30:00", /no offset/], ["2026-01-31", /day without a time/], ["2026-02-29T00:00:00Z", /does not exist/], ["1900-02-29T00:00:00Z", /does not exist/],
    ["2026-04-31T00:00:00Z", /does not exist/], ["2026-13-01T00:00:00Z", /does not exist/], ["2026-00-01T00:00:00Z", /does not exist/], ["2026-01-00T00:00:00Z", /does not exist/],
    ["2026-01-01T24:00:00Z", /does not exist/], ["2026-01-01T00:60:00Z", /does not exist/], ["2016-12-31T22:59:60Z", /leap second/], ["2016-12-31T23:59:60+01:00", /leap second/], ["2016-12-31T23:59:61Z", /does not exist/], ["9999-12-31T23:59:60Z", /leap second/], ["2026-01-01T00:00:00+24:00", /does not exist/],
    ["2026-01-01T00:00:00+0100", /does not exist/], ["2026-01-01T00:00:00 Z", /does not exist/], ["2026-01-01 00:00:00Z", /RFC 3339/], ["2026-01-01T00:00Z", /RFC 3339/],
    ["2026-01-01T00:00:00.Z", /does not exist/], ["0000-01-01T00:00:00Z", /does not exist/], ["0001-01-01T00:00:00+10:00", /does not exist/], ["9999-12-31T23:59:59-10:00", /does not exist/],
    ["", /RFC 3339/], ["yesterday", /RFC 3339/], ["1767225600", /RFC 3339/], ["２026-01-01T00:00:00Z", /RFC 3339/]
  ])("refuses %s and says why", (text, why) => {
    expect(isInstant(text)).toBe(false)
    expect(instantFault(text)).toMatch(why)
  })

  it.each([
    ["2026-01-31t09:30:00z", "2026-01-31T09:30:00Z"], ["1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"], ["2016-12-31t23:59:60.25z", "2017-01-01T00:00:00.25Z"]
  ])("keeps %s as %s", (text, kept) => {
    expect(isUnusualInstant(text)).toBe(true)
    expect(storedInstant(text)).toBe(kept)
  })

  it("agrees with the calendar on every day and takes what JavaScript writes", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (year, month, day) => {
      const text = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}T12:00:00Z`
      const real = new Date(0)
      real.setUTCFullYear(year, month - 1, day)
      const exists = real.getUTCFullYear() === year && real.getUTCMonth() === month - 1 && real.getUTCDate() === day
      expect(isInstant(text)).toBe(exists)
    }), { numRuns: 5000, seed: 20261122 })
    fc.assert(fc.property(fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true }), (date) => {
      expect(isInstant(date.toISOString())).toBe(true)
    }), { seed: 20261122 })
  })

  it("never throws and quotes nothing of what it refuses", () => {
    fc.assert(fc.property(fc.string({ minLength: 3, unit: "grapheme" }), (text) => {
      if (isInstant(text)) return
      expect(instantFault(`${text}\u2603`)).not.toContain("\u2603")
    }), { seed: 20261122 })
  })
})
