import { join } from "node:path"
import { linesOf } from "../lines.ts"
import type { Report } from "../output.ts"
import { capital, count, number, percent, spoken } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import { bar } from "./pictures.ts"

type Line = { readonly decision?: string; readonly reasons?: ReadonlyArray<string> }

const meanings: Readonly<Record<string, string>> = { delete: "due, and nothing stands against it", keep: "not due, protected, or in doubt", hold: "due, but needed as evidence: for counsel" }
const colours: Readonly<Record<string, string>> = { delete: "pass", keep: "notApplicable", hold: "unverifiable" }

const counted = (counts: Map<string, number>, key: string): void => { counts.set(key, (counts.get(key) ?? 0) + 1) }

/** What the gate would answer for the recordings that were judged, in numbers. */
export const retention = ({ folder }: Report): Markup => {
  const decisions = new Map<string, number>()
  const reasons = new Map<string, number>()
  let all = 0
  for (const text of linesOf(join(folder, "retention.ndjson"))) {
    const line = JSON.parse(text) as Line
    all += 1
    counted(decisions, line.decision ?? "keep")
    for (const reason of line.reasons ?? []) counted(reasons, `${line.decision ?? "keep"}\0${reason}`)
  }
  if (all === 0) return html``
  return html`<section id="retention" aria-labelledby="retention-title"><h2 id="retention-title">What may be deleted</h2>
<p class="intro">The decision for each of ${count(all, "recording")} as of this run; retention.ndjson holds them and is signed. A deletion job asks earshot gate, which checks again.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Retention decisions"><table class="shares"><thead><tr><th scope="col">Decision</th><th scope="col" class="picture">Share</th><th scope="col" class="n">Recordings</th><th scope="col" class="n">Of all</th><th scope="col">Why</th></tr></thead><tbody>
${[...decisions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([decision, value]) => html`<tr><th scope="row">${capital(decision)}<br><span class="meta">${meanings[decision] ?? ""}</span></th><td class="picture">${bar([{ kind: colours[decision] ?? "notApplicable", value }], all)}</td><td class="n">${number(value)}</td><td class="n">${percent(value, all)}</td><td>${[...reasons].filter(([key]) => key.startsWith(`${decision}\0`)).sort(([, a], [, b]) => b - a).slice(0, 5).map(([key, times]) => html`${spoken(key.slice(decision.length + 1))} ${number(times)}<br>`)}</td></tr>`)}
</tbody></table></div></section>`
}
