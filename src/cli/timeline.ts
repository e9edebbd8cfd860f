import type { Finding } from "../findings/finding.ts"
import type { TimelineItem } from "../findings/timeline.ts"

const width = 56

const clock = (time: number): string => new Date(time).toISOString().slice(0, 19).replace("T", " ")

/** What lies far outside the contact (a standing consent, a later access) is pinned to the edge, or the picture shows nothing else. */
const frame = (items: ReadonlyArray<TimelineItem>, at: number | undefined): readonly [number, number] => {
  const core = items.filter((item) => item.lane === "recording" || item.lane === "party" || item.lane === "pause")
  const times = (core.length === 0 ? items : core).flatMap((item) => [Date.parse(item.from), ...(item.until === undefined ? [] : [Date.parse(item.until)])])
  if (core.length === 0 && at !== undefined) times.push(at)
  const start = Math.min(...times)
  return [start, Math.max(start + 1000, ...times)]
}

/** Draws lanes on one time axis: `=` an interval, `|` a moment, `<` and `>` what lies before or after. */
export const drawTimeline = (finding: Finding): ReadonlyArray<string> => {
  const items = (finding.details["timeline"] ?? []) as ReadonlyArray<TimelineItem>
  if (items.length === 0) return []
  const [start, end] = frame(items, finding.at === undefined ? undefined : Date.parse(finding.at))
  const column = (time: number): number => Math.round(((time - start) / (end - start)) * (width - 1))
  const draw = (from: number, until: number | undefined, mark: string): string => {
    if (from > end) return `${" ".repeat(width - 1)}>`
    if ((until ?? from) < start) return `<${" ".repeat(width - 1)}`
    const first = Math.max(0, column(from))
    const last = Math.min(width - 1, until === undefined ? first : column(until))
    return `${" ".repeat(first)}${(last > first ? mark.repeat(last - first + 1) : "|").padEnd(width - first)}`
  }
  const rows = items.map((item) => {
    const name = `${item.label}${item.who === undefined ? "" : ` ${item.who}`}`
    const until = item.until === undefined ? undefined : Date.parse(item.until)
    return `${draw(Date.parse(item.from), until, item.lane === "pause" ? "-" : "=")} ${name} ${clock(Date.parse(item.from))}${until === undefined ? "" : ` to ${clock(until)}`}`
  })
  const axis = `${clock(start)}${" ".repeat(width - 38)}${clock(end)}`
  const act = finding.at === undefined ? [] : [`${draw(Date.parse(finding.at), undefined, "^").replace("|", "^")} the act at issue ${clock(Date.parse(finding.at))}`]
  return [axis, ...rows, ...act]
}
