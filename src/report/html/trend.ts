import { scaleLinear, scaleUtc } from "d3-scale"
import { line } from "d3-shape"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** A month (YYYY-MM) and the share of decisions in the customer's favour, between 0 and 1. */
export type TrendPoint = { readonly month: string; readonly share: number }

const size = { width: 760, height: 150, left: 56, right: 24, top: 22, bottom: 30 }
/** About how many months to name under the line, the most first, and as many as have room. */
const named = [12, 6, 4, 2, 1]
const namesMax = 13

const begin = (month: string): Date => new Date(`${month}-01T00:00:00Z`)
const monthOf = (time: Date): string => time.toISOString().slice(0, 7)
const isFirstOfMonth = (time: Date): boolean => monthOf(time) !== monthOf(new Date(time.getTime() - 1))

/** Every month from the first to the last. */
const monthsFrom = (first: string, last: string): ReadonlyArray<string> => {
  const months: Array<string> = []
  for (const at = begin(first); monthOf(at) <= last; at.setUTCMonth(at.getUTCMonth() + 1)) months.push(monthOf(at))
  return months
}

/** A line through the shares, month by month; months without decisions leave a gap. One month alone is no line and is not drawn. */
export const trendPicture = (points: ReadonlyArray<TrendPoint>, label: string): Markup => {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || points.length < 2) return html``
  const x = scaleUtc([begin(first.month), begin(last.month)], [size.left, size.width - size.right])
  const y = scaleLinear([0, 1], [size.height - size.bottom, size.top])
  const shares = new Map(points.map(({ month, share }) => [month, share]))
  const path = line<string>((month) => x(begin(month)), (month) => y(shares.get(month) ?? 0)).defined((month) => shares.has(month)).digits(1)
  const ticks = named.map((count) => x.ticks(count)).find((times) => times.length > 0 && times.length <= namesMax && times.every(isFirstOfMonth)) ?? []
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}; the numbers stand in the table below">
<text x="${size.left}" y="12" class="name">${label}</text>
${y.ticks(2).map((share) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(share).toFixed(1)}" y2="${y(share).toFixed(1)}"/><text x="${size.left - 8}" y="${(y(share) + 4).toFixed(1)}" text-anchor="end">${share * 100} %</text>`)}
${ticks.map((time) => html`<text x="${x(time).toFixed(1)}" y="${size.height - 8}" text-anchor="middle">${monthOf(time)}</text>`)}
<path class="interval" fill="none" d="${path(monthsFrom(first.month, last.month)) ?? ""}"/>
${points.map(({ month, share }) => html`<circle class="dot" cx="${x(begin(month)).toFixed(1)}" cy="${y(share).toFixed(1)}" r="4"><title>${month}: ${(share * 100).toFixed(1)} %</title></circle>`)}
</svg>`
}
