import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** A part of a bar. `kind` is its class, which gives the colour. */
export type Part = { readonly kind: string; readonly value: number }

/** Width of the drawing; the picture itself stretches. */
const width = 1000
/** A part that is not nought stays visible, however small its share. */
const least = 10

/** Widths that add up to the whole, each part that is not nought at least `least`. */
const widths = (parts: ReadonlyArray<Part>, total: number, room: number): ReadonlyArray<number> => {
  const raw = parts.map(({ value }) => (value === 0 ? 0 : Math.max(least, (value / total) * room)))
  const over = raw.reduce((sum, one) => sum + one, 0) - room
  if (over <= 0) return raw
  const widest = raw.indexOf(Math.max(...raw))
  return raw.map((one, index) => (index === widest ? Math.max(least, one - over) : one))
}

/** A stacked bar of `parts` on a scale of `of` (their sum where left out). Decorative: the numbers stand beside it. */
export const bar = (parts: ReadonlyArray<Part>, of?: number): Markup => {
  const sum = parts.reduce((total, { value }) => total + value, 0)
  const whole = Math.max(of ?? sum, 1)
  const room = (sum / whole) * width
  let at = 0
  const drawn = widths(parts, Math.max(sum, 1), Math.max(room, sum > 0 ? least : 0)).map((wide, index) => {
    const rect = html`<rect class="${parts[index]?.kind}" x="${at.toFixed(1)}" y="0" width="${Math.max(0, wide - (wide > 6 ? 2 : 0)).toFixed(1)}" height="10"/>`
    at += wide
    return wide === 0 ? html`` : rect
  })
  return html`<svg class="bar" viewBox="0 0 ${width} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" x="0" y="0" width="${width}" height="10"/>${drawn}</svg>`
}

const paths: Readonly<Record<string, string>> = { good: "M4.5 10.5 8.5 14.5 15.5 6", bad: "M6 6 14 14M14 6 6 14", note: "M10 5V11M10 14V14.6" }

/** A sign in a disc, for the verdict and its checks; its meaning stands beside it in words. */
export const sign = (state: "good" | "bad" | "note"): Markup =>
  html`<svg class="sign ${state}" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><circle cx="10" cy="10" r="9.5"/><path d="${paths[state]}"/></svg>`
