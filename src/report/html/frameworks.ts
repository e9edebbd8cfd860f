import { coverageOf, coverageSentence, resultOf } from "../framework-coverage.ts"
import type { Framework, Summary } from "../summary.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

const framework = (one: Framework, summary: Summary): Markup => {
  const covered = coverageOf(one, summary)
  return html`<article class="framework" aria-labelledby="framework-${one.framework}"><h3 id="framework-${one.framework}">${one.title} <span class="meta">${one.citation}</span></h3>
<p class="prose">${one.scope}</p><p class="prose">${coverageSentence(one, covered)}</p>
<details><summary>Requirement by requirement</summary><div class="scroll" tabindex="0" role="region" aria-label="Requirements of ${one.title}"><table class="roomy"><thead><tr><th scope="col">Place</th><th scope="col">Requirement</th><th scope="col">In this run</th><th scope="col">What records cannot show</th></tr></thead><tbody>
${covered.map((requirement) => html`<tr><th scope="row">${requirement.ref}</th><td>${requirement.requirement}<br><span class="meta">${requirement.controls.length === 0 ? "No control: records show nothing of it." : requirement.controls.join(", ")}</span></td><td class="${requirement.failed > 0 ? "alarm" : ""}">${resultOf(requirement)}${requirement.missing.length === 0 || requirement.judged === 0 ? "" : html`<br><span class="meta">not judged: ${requirement.missing.join(", ")}</span>`}</td><td>${requirement.cannotShow}<br><span class="meta">confidence in this reading: ${requirement.confidence}</span></td></tr>`)}
</tbody></table></div></details></article>`
}

/** What the run says to laws and standards, with an honest statement of what it cannot say. */
export const frameworks = (summary: Summary): Markup => summary.frameworks === undefined || summary.frameworks.length === 0 ? html`` : html`<section id="frameworks" aria-labelledby="frameworks-title"><h2 id="frameworks-title">Laws and standards</h2>
<p class="intro">Which requirement each control speaks to. A reading for counsel to check, and no legal advice.</p>
${summary.frameworks.map((one) => framework(one, summary))}</section>`
