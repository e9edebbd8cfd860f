import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** A month (YYYY-MM) and the share of decisions in the customer's favour, between 0 and 1. */
export type TrendPoint = { readonly month: string; readonly share: number }

const size = { width: 760, height: 150, left: 56, right: 24, top: 22, bottom: 30 }
/** Months named under the line; of more, every second, third and so on. */
const namesMax = 12

const monthsSince = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7))

/** A line through the shares, month by month; months without decisions leave a gap. One month alone is no line and is not drawn. */
export const trendPicture = (points: ReadonlyArray<TrendPoint>, label: string): Markup => {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || points.length < 2) return html``
  const span = monthsSince(last.month) - monthsSince(first.month)
  const x = (month: string): number => size.left + ((monthsSince(month) - monthsSince(first.month)) / span) * (size.width - size.left - size.right)
  const y = (share: number): number => size.top + (1 - share) * (size.height - size.top - size.bottom)
  const follows = (index: number): boolean => index > 0 && monthsSince(points[index]?.month ?? "") - monthsSince(points[index - 1]?.month ?? "") === 1
  const path = points.map(({ month, share }, index) => `${follows(index) ? "L" : "M"}${x(month).toFixed(1)} ${y(share).toFixed(1)}`).join("")
  const every = Math.ceil(points.length / namesMax)
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}; the numbers stand in the table below">
<text x="${size.left}" y="12" class="name">${label}</text>
${[0, 0.5, 1].map((share) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(share).toFixed(1)}" y2="${y(share).toFixed(1)}"/><text x="${size.left - 8}" y="${(y(share) + 4).toFixed(1)}" text-anchor="end">${share * 100} %</text>`)}
<path class="interval" fill="none" d="${path}"/>
${points.map(({ month, share }, index) => html`<circle class="dot" cx="${x(month).toFixed(1)}" cy="${y(share).toFixed(1)}" r="4"><title>${month}: ${(share * 100).toFixed(1)} %</title></circle>${index % every === 0 ? html`<text x="${x(month).toFixed(1)}" y="${size.height - 8}" text-anchor="middle">${month}</text>` : ""}`)}
</svg>`
}
