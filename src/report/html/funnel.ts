import { max } from "d3-array"
import { scaleLinear, scaleLog } from "d3-scale"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** A unit in a funnel picture. Rates lie between 0 and 1; limits are of the unit's own size and case mix. */
export type Unit = { readonly unit: string; readonly cases: number; readonly rate: number; readonly expectedRate: number; readonly warning?: readonly [number, number]; readonly alarm?: readonly [number, number] }

const size = { width: 760, height: 320, left: 56, right: 24, top: 16, bottom: 44 }
/** About as many numbers stand along an axis. */
const ticks = { cases: 6, rates: 4 }
/** Half the width of what is drawn at a unit's place. */
const half = { range: 5, target: 7, dot: 5 }
/** As many dots are all named; of more, those that stand out. */
const namedMax = 3

const isOut = ({ rate, alarm }: Unit): boolean => alarm !== undefined && (rate < alarm[0] || rate > alarm[1])

/**
 * A funnel picture: each unit at its number of cases with its share of favourable outcomes, before the range in which
 * chance alone would leave 19 of 20 (strong) and 998 of 1,000 (faint) units of its size.
 */
export const funnelPicture = (units: ReadonlyArray<Unit>, label: string): Markup => {
  const x = scaleLinear([0, Math.max(1, max(units, ({ cases }) => cases) ?? 1)], [size.left, size.width - size.right - half.range]).nice(ticks.cases)
  const y = scaleLinear([0, 1], [size.height - size.bottom, size.top])
  const place = { cases: (unit: Unit): number => x(unit.cases), rate: (rate: number): string => y(rate).toFixed(1) }
  const range = (kind: string, unit: Unit, limits: readonly [number, number] | undefined): Markup =>
    limits === undefined ? html`` : html`<rect class="range ${kind}" x="${(place.cases(unit) - half.range).toFixed(1)}" y="${place.rate(limits[1])}" width="${half.range * 2}" height="${Math.max(1, y(limits[0]) - y(limits[1])).toFixed(1)}" rx="2"/>`
  const target = (unit: Unit): Markup =>
    html`<line class="target" x1="${(place.cases(unit) - half.target).toFixed(1)}" x2="${(place.cases(unit) + half.target).toFixed(1)}" y1="${place.rate(unit.expectedRate)}" y2="${place.rate(unit.expectedRate)}"/>`
  const dot = (unit: Unit): Markup =>
    html`<circle class="dot${isOut(unit) ? " out" : ""}" cx="${place.cases(unit).toFixed(1)}" cy="${place.rate(unit.rate)}" r="${half.dot}"><title>${unit.unit}: ${(unit.rate * 100).toFixed(1)} % of ${unit.cases}</title></circle>`
  const name = (unit: Unit): Markup => {
    // A long name has room towards the middle only.
    const side = place.cases(unit) < size.width / 2 ? 1 : -1
    return html`<text x="${(place.cases(unit) + side * half.dot * 2).toFixed(1)}" y="${(y(unit.rate) + 4).toFixed(1)}" text-anchor="${side > 0 ? "start" : "end"}" class="name">${unit.unit}</text>`
  }
  const caseWords = x.tickFormat(ticks.cases)
  return html`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}; the numbers stand in the table below">
${y.ticks(ticks.rates).map((rate) => html`<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${place.rate(rate)}" y2="${place.rate(rate)}"/><text x="${size.left - 8}" y="${(y(rate) + 4).toFixed(1)}" text-anchor="end">${(rate * 100).toFixed(0)} %</text>`)}
${x.ticks(ticks.cases).filter(Number.isInteger).map((cases) => html`<text x="${x(cases).toFixed(1)}" y="${size.height - size.bottom + 20}" text-anchor="middle">${caseWords(cases)}</text>`)}
<text x="${(size.left + size.width - size.right) / 2}" y="${size.height - 6}" text-anchor="middle">cases decided</text>
${units.map((unit) => range("alarm-range", unit, unit.alarm))}${units.map((unit) => range("warning-range", unit, unit.warning))}${units.map(target)}
${units.map(dot)}${units.filter((unit) => isOut(unit) || units.length <= namedMax).map(name)}
</svg>`
}

/** Log scale of the ratio pictures: from a quarter to four times; what lies beyond stands at the edge. */
const ratios = scaleLog([1 / 4, 4], [4, 196]).clamp(true)

/** An estimate with its interval on a log scale around one; cut off at a quarter and four. */
export const ratioPicture = (estimate: number, lower: number, upper: number): Markup => {
  // The logarithm of nought has no place.
  const x = (ratio: number): string => ratios(Math.max(ratio, Number.MIN_VALUE)).toFixed(1)
  return html`<svg class="ratio" viewBox="0 0 200 16" aria-hidden="true" focusable="false"><line class="target" x1="${x(1)}" x2="${x(1)}" y1="0" y2="16"/><line class="interval" x1="${x(lower)}" x2="${x(upper)}" y1="8" y2="8"/><circle class="dot" cx="${x(estimate)}" cy="8" r="4"/></svg>`
}
