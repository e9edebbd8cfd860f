import { DuckDBInstance } from "@duckdb/node-api"
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { loadPolicyTables } from "../../src/policy/index.ts"
import { packWith } from "../policy/packs.ts"
import { generator } from "./world.ts"

type Hours = { readonly days: ReadonlyArray<string>; readonly from: string; readonly to: string }
type Calendar = { readonly timezone: string; readonly hours: ReadonlyArray<Hours>; readonly holidays: ReadonlyArray<string> }

const quarter = 900_000
const weekdays = ["mon", "tue", "wed", "thu", "fri"]

/** Clocks change in these zones within two weeks after the first starts, both ways, and not at the same time. */
const calendars: ReadonlyArray<Calendar> = [
  { timezone: "America/Chicago", hours: [{ days: weekdays, from: "08:00", to: "18:00" }], holidays: ["2026-03-10", "2026-11-03"] },
  { timezone: "Europe/Berlin", hours: [{ days: ["mon", "wed", "fri"], from: "09:15", to: "12:30" }, { days: ["wed", "sat"], from: "12:00", to: "16:00" }], holidays: ["2026-03-27"] },
  { timezone: "Australia/Adelaide", hours: [{ days: ["sat", "sun", "mon"], from: "22:00", to: "06:00" }], holidays: ["2026-04-04"] },
  { timezone: "America/Chicago", hours: [{ days: [...weekdays, "sat", "sun"], from: "00:00", to: "24:00" }], holidays: ["2026-03-09"] },
  { timezone: "Asia/Kolkata", hours: [{ days: [...weekdays, "sat"], from: "20:00", to: "04:00" }, { days: ["sun"], from: "02:00", to: "05:00" }], holidays: [] }
]
const starts = ["2026-03-05T00:00:00Z", "2026-03-26T00:00:00Z", "2026-04-02T00:00:00Z", "2026-10-23T00:00:00Z", "2026-10-30T00:00:00Z"]

const clocks = new Map<string, Intl.DateTimeFormat>()
const local = (zone: string, at: number): { readonly date: string; readonly weekday: string; readonly minute: number } => {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", weekday: "short" })
  clocks.set(zone, clock)
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]))
  return { date: `${parts["year"]}-${parts["month"]}-${parts["day"]}`, weekday: String(parts["weekday"]).toLowerCase().slice(0, 3), minute: Number(parts["hour"]) * 60 + Number(parts["minute"]) }
}
const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

/** Whether the quarter of an hour that begins then is working time: asked of the wall clock, nothing else. */
const open = (calendar: Calendar, at: number): boolean => {
  const now = local(calendar.timezone, at)
  const yesterday = local(calendar.timezone, at - now.minute * 60_000 - 6 * 3_600_000)
  const begins = (day: { readonly date: string; readonly weekday: string }, hours: Hours): boolean => hours.days.includes(day.weekday) && !calendar.holidays.includes(day.date)
  return calendar.hours.some((hours) => {
    const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)]
    return from < to ? begins(now, hours) && now.minute >= from && now.minute < to : (begins(now, hours) && now.minute >= from) || (begins(yesterday, hours) && now.minute < to)
  })
}

/** The end of the n-th open quarter from then on. */
const dueAfter = (calendar: Calendar, begun: number, quarters: number): number => {
  let left = quarters
  let at = begun
  for (; left > 0; at += quarter) if (open(calendar, at)) left--
  return at
}

/** The same time of day on the n-th working day after, for hours within one day. */
const dueAfterDays = (calendar: Calendar, begun: number, days: number): number => {
  let at = begun
  while (!open(calendar, at)) at += quarter
  const { minute } = local(calendar.timezone, at)
  let date = local(calendar.timezone, at).date
  for (let left = days; left > 0; at += quarter) {
    const now = local(calendar.timezone, at)
    if (now.date !== date && open(calendar, at)) {
      date = now.date
      left--
      if (left === 0) break
    }
  }
  while (open(calendar, at) && local(calendar.timezone, at).minute < minute) at += quarter
  return at
}

const fact = (name: string): string => readFileSync(new URL(`../../pipelines/facts/${name}.sql`, import.meta.url), "utf8")

describe("targets in working time agree with a walk along the wall clock", () => {
  for (const [index, calendar] of calendars.entries()) {
    it(`in ${calendar.timezone}, calendar ${index + 1}`, async () => {
      const random = generator(index + 1)
      const asked = Array.from({ length: 40 }, (_, id) => ({
        id, begun: Date.parse(starts[id % starts.length] as string) + Math.floor(random() * 7 * 96) * quarter, quarters: 1 + Math.floor(random() * 60), days: index === 0 && id % 2 === 0 ? 1 + Math.floor(random() * 3) : 0
      }))
      const connection = await (await DuckDBInstance.create(":memory:")).connect()
      const { timezone, hours, holidays } = calendar
      await loadPolicyTables(connection, [packWith({ timezone, service: { hours, holidays } })])
      const rows = asked.map(({ begun, quarters, days }) => `('p@1', 'email', NULL, epoch_ms(${begun}::BIGINT), ${days > 0 ? `INTERVAL ${days} DAY` : `INTERVAL ${quarters * 15} MINUTE`})`)
      await connection.run(`CREATE TABLE run AS SELECT TIMESTAMP '2026-12-31' AS "asOf";
        CREATE TABLE firstResponse AS SELECT * FROM (VALUES ${rows.join(", ")}) AS t(packKey, channel, queue, waitedFrom, within);
        CREATE TABLE servicePromise (packKey VARCHAR, channel VARCHAR, queue VARCHAR, base TIMESTAMP, term INTERVAL)`)
      for (const name of ["workingBase", "workingCalendar", "workingSpan", "workingDue"]) await connection.run(`CREATE TABLE ${name} AS ${fact(name)}`)
      const due = (await connection.runAndReadAll("SELECT epoch_ms(begun), target, epoch_ms(due) FROM workingDue")).getRows()
      const found = new Map(due.map(([begun, target, at]) => [`${String(begun)} ${String(target)}`, Number(at)]))
      expect(due).toHaveLength(new Set(rows).size)
      for (const { begun, quarters, days } of asked) {
        const target = days > 0 ? `${days} day${days > 1 ? "s" : ""}` : `${String(Math.floor(quarters / 4)).padStart(2, "0")}:${String((quarters % 4) * 15).padStart(2, "0")}:00`
        const expected = days > 0 ? dueAfterDays(calendar, begun, days) : dueAfter(calendar, begun, quarters)
        expect({ begun: new Date(begun).toISOString(), target, due: new Date(found.get(`${begun} ${target}`) ?? 0).toISOString() }).toEqual({ begun: new Date(begun).toISOString(), target, due: new Date(expected).toISOString() })
      }
      connection.closeSync()
    })
  }
})
