import type { Summary } from "../summary.ts"
import { capital, count, number, percent, spoken } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import { bar } from "./pictures.ts"

const meanings: Readonly<Record<string, string>> = { delete: "due, and nothing stands against it", keep: "not due, protected, or in doubt", hold: "due, but under a legal hold or needed as evidence: for counsel" }
const colours: Readonly<Record<string, string>> = { delete: "pass", keep: "notApplicable", hold: "unverifiable" }

/** What the gate would answer for the recordings that were judged, in numbers. */
export const retention = ({ retention: decisions }: Summary): Markup => {
  const all = Object.values(decisions).reduce((sum, { recordings }) => sum + recordings, 0)
  if (all === 0) return html``
  return html`<section id="retention" aria-labelledby="retention-title"><h2 id="retention-title">What may be deleted</h2>
<p class="intro">The decision for each of ${count(all, "recording")} as of this run; retention.ndjson holds them and is signed. A deletion job asks earshot gate, which checks again.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Retention decisions"><table class="shares"><thead><tr><th scope="col">Decision</th><th scope="col" class="picture">Share</th><th scope="col" class="n">Recordings</th><th scope="col" class="n">Of all</th><th scope="col">Why</th></tr></thead><tbody>
${Object.entries(decisions).map(([decision, { recordings, reasons }]) => html`<tr><th scope="row">${capital(decision)}<br><span class="meta">${meanings[decision] ?? ""}</span></th><td class="picture">${bar([{ kind: colours[decision] ?? "notApplicable", value: recordings }], all)}</td><td class="n">${number(recordings)}</td><td class="n">${percent(recordings, all)}</td><td>${Object.entries(reasons).slice(0, 5).map(([reason, times]) => html`${spoken(reason)} ${number(times)}<br>`)}</td></tr>`)}
</tbody></table></div></section>`
}
