import type { Summary } from "../summary.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** Pictures of the consistency of decisions. */
export const consistency = (summary: Summary): Markup => html`<section id="consistency" aria-labelledby="consistency-title"><h2 id="consistency-title">Are like cases decided alike?</h2>
${summary.consistency.length === 0 ? html`<p>Nothing was compared in this run.</p>` : ""}</section>`
