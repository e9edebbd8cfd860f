import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** A unit in a funnel picture. Rates lie between 0 and 1; limits are of the unit's own size and case mix. */
export type Unit = { readonly unit: string; readonly cases: number; readonly rate: number; readonly expectedRate: number; readonly warning?: readonly [number, number]; readonly alarm?: readonly [number, number] }

const size = { width: 760, height: 320, left: 56, right: 24, top: 16, bottom: 44 }

/** Round steps from nought to a number of cases. */
const steps = (most: number): ReadonlyArray<number> => {
  const rough = most / 5
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? power * 10
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
}

const isOut = ({ rate, alarm }: Unit): boolean => alarm !== undefined && (rate < alarm[0] || rate > alarm[1])

/**
 * A funnel picture: each unit at its number of cases with its share of favourable outcomes, before the range in which
 * chance alone would leave 19 of 20 (strong) and 998 of 1,000 (faint) units of its size.
 */
export const funnelPicture = (units: ReadonlyArray<Unit>, label: string): Markup => {
  const most = Math.max(1, ...units.map(({ cases }) => cases)) * 1.06
  const x = (cases: number): number => size.left + (cases / most) * (size.width - size.left - size.right)
  const y = (rate: number): number => size.top + (1 - rate) * (size.height - size.top - size.bottom)
  const range = (kind: string, cases: number, limits: readonly [number, number] | undefined): Markup =>
    limits === undefined ? html`` : html`<rect class="${kind}" x="${(x(cases) - 5).toFixed(1)}" y="${y(limits[1]).toFixed(1)}" width="10" height="${Math.max(1, y(limits[0]) - y(limits[1])).toFixed(1)}" rx="2"/>`
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}; the numbers stand in the table below">
${[0, 0.25, 0.5, 0.75, 1].map((rate) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${y(rate).toFixed(1)}" y2="${y(rate).toFixed(1)}"/><text x="${size.left - 8}" y="${(y(rate) + 4).toFixed(1)}" text-anchor="end">${rate * 100} %</text>`)}
${steps(most).map((cases) => html`<text x="${x(cases).toFixed(1)}" y="${size.height - size.bottom + 20}" text-anchor="middle">${cases}</text>`)}
<text x="${(size.left + size.width - size.right) / 2}" y="${size.height - 6}" text-anchor="middle">cases decided</text>
${units.map((unit) => html`<g>${range("range alarm-range", unit.cases, unit.alarm)}${range("range warning-range", unit.cases, unit.warning)}<line class="target" x1="${(x(unit.cases) - 7).toFixed(1)}" x2="${(x(unit.cases) + 7).toFixed(1)}" y1="${y(unit.expectedRate).toFixed(1)}" y2="${y(unit.expectedRate).toFixed(1)}"/><circle class="dot${isOut(unit) ? " out" : ""}" cx="${x(unit.cases).toFixed(1)}" cy="${y(unit.rate).toFixed(1)}" r="5"><title>${unit.unit}: ${(unit.rate * 100).toFixed(1)} % of ${unit.cases}</title></circle>${isOut(unit) || units.length <= 3 ? html`<text x="${(x(unit.cases) - 10).toFixed(1)}" y="${(y(unit.rate) + 4).toFixed(1)}" text-anchor="end" class="name">${unit.unit}</text>` : ""}</g>`)}
</svg>`
}

/** Log scale of the ratio pictures: from a quarter to four times. */
const reach = 4

/** An estimate with its interval on a log scale around one; cut off at a quarter and four. */
export const ratioPicture = (estimate: number, lower: number, upper: number): Markup => {
  const x = (ratio: number): number => 100 + (Math.log(Math.min(reach, Math.max(1 / reach, ratio))) / Math.log(reach)) * 96
  return html`<svg class="ratio" viewBox="0 0 200 16" aria-hidden="true" focusable="false"><line class="target" x1="100" x2="100" y1="0" y2="16"/><line class="interval" x1="${x(lower).toFixed(1)}" x2="${x(upper).toFixed(1)}" y1="8" y2="8"/><circle class="dot" cx="${x(estimate).toFixed(1)}" cy="8" r="4"/></svg>`
}
