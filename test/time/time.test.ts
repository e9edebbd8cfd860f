import { DuckDBInstance } from "@duckdb/node-api"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { addDuration, formatInstant, instantOf, intervalText, parseDuration, parseInstant, subtractDuration } from "../../src/time/index.ts"

const plus = (time: string, duration: string): string => formatInstant(addDuration(instantOf(time), parseDuration(duration)!))
const minus = (time: string, duration: string): string => formatInstant(subtractDuration(instantOf(time), parseDuration(duration)!))

describe("instants", () => {
  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01T02:30:00+02:30", "2026-01-01T00:00:00Z"],
    ["2025-12-31T19:00:00-05:00", "2026-01-01T00:00:00Z"],
    ["2026-01-01t00:00:00.1234567z", "2026-01-01T00:00:00.123456Z"],
    ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
    ["1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"],
    ["0099-01-01T00:00:00Z", "0099-01-01T00:00:00Z"],
    ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"]
  ])("%s", (text, same) => {
    expect(formatInstant(instantOf(text))).toBe(same)
  })

  it.each(["2026-01-01", "2026-01-01T00:00:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+25:00", "yesterday", ""])("refuses %s", (text) => {
    expect(parseInstant(text)).toBeUndefined()
    expect(() => instantOf(text)).toThrow(RangeError)
  })
})

describe("durations", () => {
  it.each([
    ["PT30S", 0, 0, 30_000_000n],
    ["P1Y2M3W4DT5H6M7.25S", 14, 25, 18_367_250_000n],
    ["PT72H", 0, 0, 259_200_000_000n],
    ["P0D", 0, 0, 0n],
    ["PT0,5S", 0, 0, 500_000n]
  ])("%s", (text, months, days, micros) => {
    expect(parseDuration(text)).toEqual({ months, days, micros })
  })

  it.each(["", "P", "PT", "P1", "1D", "-P1D", "P-1D", "P1.5D", "P1DT", "PT1D", "P1H", "p1d", "PT1S2M"])("refuses %s", (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it.each([
    ["2024-02-29T10:00:00Z", "P1Y", "2025-02-28T10:00:00Z"],
    ["2024-02-29T10:00:00Z", "P4Y", "2028-02-29T10:00:00Z"],
    ["2026-01-31T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"],
    ["2026-01-31T00:00:00Z", "P1M1D", "2026-03-01T00:00:00Z"],
    ["2026-12-31T23:59:59Z", "P2M", "2027-02-28T23:59:59Z"],
    ["2026-03-29T00:30:00Z", "P1D", "2026-03-30T00:30:00Z"]
  ])("%s plus %s", (time, duration, sum) => {
    expect(plus(time, duration)).toBe(sum)
  })

  it("subtracts by the calendar too", () => {
    expect(minus("2026-03-31T00:00:00Z", "P1M")).toBe("2026-02-28T00:00:00Z")
    expect(minus("2026-01-15T00:00:00Z", "P2M1DT1H")).toBe("2025-11-13T23:00:00Z")
  })

  it("agrees with DuckDB", async () => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect()
    const cases = fc.sample(fc.tuple(
      fc.integer({ min: Date.UTC(1950, 0, 1), max: Date.UTC(2100, 0, 1) }),
      fc.record({ months: fc.nat(60), days: fc.nat(400), micros: fc.nat(10_000_000_000).map(BigInt) })
    ), { numRuns: 300, seed: 7 })
    for (const [millis, duration] of cases) {
      const instant = BigInt(millis) * 1000n
      const [row] = (await connection.runAndReadAll(
        `SELECT epoch_us(make_timestamp(${instant}) + INTERVAL '${intervalText(duration)}'), epoch_us(make_timestamp(${instant}) - INTERVAL '${intervalText(duration)}')`
      )).getRows()
      expect([addDuration(instant, duration), subtractDuration(instant, duration)]).toEqual(row)
    }
    connection.closeSync()
  })
})
