import { severities } from "../../findings/finding.ts"
import { changeSentence, changesOf, checksOf, familiesOf, judgedOf, subtitleOf, verdictOf } from "../page-one.ts"
import type { OwnerDue } from "../page-one.ts"
import type { Cause, Summary } from "../summary.ts"
import { capital, count, day, number, percent } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import { bar, sign } from "./pictures.ts"

const gravest = [...severities].reverse()

/** How many causes stand on page one. */
const causesOnFront = 6

const stateWords = { good: "Good.", bad: "Problem.", note: "Note." } as const

const masthead = (summary: Summary): Markup => html`<header class="masthead">
<p class="kind">Privacy audit of contact records</p>
<h1>${summary.run.pipeline}</h1>
<p class="subtitle">${subtitleOf(summary)}</p>
</header>`

/** The verdict and the five answers that it rests on. */
const trust = (summary: Summary): Markup => {
  const verdict = verdictOf(summary)
  const state = verdict.trusted ? (summary.trust.signed ? "good" : "note") : "bad"
  return html`<section class="trust" aria-labelledby="trust">
<div class="verdict ${state}">${sign(state)}<div><p class="question">Can this audit be trusted?</p>
<h2 id="trust">${verdict.headline}${summary.trust.signed ? "" : html` <span class="unsigned">UNSIGNED</span>`}</h2>
<p>${verdict.sentence}</p>
${summary.trust.problems.length === 0 ? "" : html`<ul class="problems">${summary.trust.problems.map((problem) => html`<li>${problem}</li>`)}</ul>`}</div></div>
<dl class="checks">${checksOf(summary).map((check) => html`<div><dt>${sign(check.state)}${check.topic}</dt><dd><span class="aside">${stateWords[check.state]}</span> ${check.sentence}</dd></div>`)}</dl>
</section>`
}

/** One cause as a line: gravity, how many, what, whose. */
export const causeLine = (cause: Cause): Markup => html`<li class="cause">
<span class="badge ${cause.kind === "lead" ? "lead" : cause.severity}">${cause.kind === "lead" ? "lead" : cause.severity}</span>
<div><p><a href="#${cause.example}">${cause.sentence}</a></p>
<p class="meta">${cause.findings === 1 ? "" : html`<b>${number(cause.findings)} findings</b> of this kind. `}${cause.control}${cause.owner === undefined ? "" : `. Owner: ${cause.owner}`}${cause.due === undefined ? "" : `. Due ${day(cause.due)}`}</p></div>
</li>`

const found = (summary: Summary): Markup => {
  const families = familiesOf(summary)
  const most = Math.max(1, ...families.map((family) => family.findings))
  const { judged, controls } = judgedOf(summary.controls)
  return html`<section class="panel wide" aria-labelledby="found">
<h2 id="found">What was found?</h2>
<p class="lead-sentence"><b>${count(summary.counts.findings, "finding")}</b> in ${number(judged)} judgements by ${count(controls, "control")}${summary.counts.leads === 0 ? "" : html`, and <b>${count(summary.counts.leads, "lead")}</b>, which accuse nobody`}. They come from ${count(summary.causes.length, "cause")}.</p>
<ul class="legend" aria-label="Colours">${gravest.map((severity) => html`<li><span class="swatch ${severity}"></span>${severity} <b>${number(summary.counts.bySeverity[severity])}</b></li>`)}</ul>
<div class="scroll" tabindex="0" role="region" aria-label="Findings by family"><table class="families"><thead><tr><th scope="col">Family</th><th scope="col" class="n">Findings</th><th scope="col" class="picture">By severity</th><th scope="col" class="n">Judged</th><th scope="col" class="n">Failed</th></tr></thead><tbody>
${families.map((family) => html`<tr><th scope="row"><a href="#controls-${family.family}">${capital(family.family)}</a></th><td class="n">${number(family.findings)}</td><td class="picture">${bar(gravest.map((severity) => ({ kind: severity, value: family.bySeverity[severity] })), most)}<span class="aside">${gravest.map((severity) => `${family.bySeverity[severity]} ${severity}`).join(", ")}</span></td><td class="n">${number(family.judged)}</td><td class="n">${percent(family.fail, family.judged)}</td></tr>`)}
</tbody></table></div>
${summary.causes.length === 0 ? "" : html`<h3>The gravest causes</h3><ul class="causes">${summary.causes.slice(0, causesOnFront).map(causeLine)}</ul>
${summary.causes.length > causesOnFront ? html`<p class="more"><a href="#causes">All ${number(summary.causes.length)} causes</a></p>` : ""}`}
</section>`
}

const changed = (summary: Summary): Markup => html`<section class="panel" aria-labelledby="changed">
<h2 id="changed">What changed since last time?</h2>
<p class="lead-sentence">${changeSentence(summary)}</p>
<ul class="changes">${changesOf(summary).map((change) => html`<li><b>${number(change.count)}</b><span><strong>${change.status}</strong> ${change.meaning}</span></li>`)}</ul>
</section>`

const due = (owners: ReadonlyArray<OwnerDue>): Markup => {
  const overdue = owners.reduce((sum, owner) => sum + owner.overdue, 0)
  return html`<section class="panel" aria-labelledby="due">
<h2 id="due">What is due, and whose is it?</h2>
${owners.length === 0 ? html`<p class="lead-sentence">Nothing is open.</p>` : html`<p class="lead-sentence">${overdue === 0 ? "Nothing is past its time." : html`<b>${count(overdue, "finding")}</b> past ${overdue === 1 ? "its" : "their"} time.`}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Due by owner"><table><thead><tr><th scope="col">Owner</th><th scope="col" class="n">Overdue</th><th scope="col" class="n">7 days</th><th scope="col" class="n">Later</th><th scope="col">Next</th></tr></thead><tbody>
${owners.map((owner) => html`<tr><th scope="row">${owner.owner}</th><td class="n${owner.overdue > 0 ? " alarm" : ""}">${number(owner.overdue)}</td><td class="n">${number(owner.week)}</td><td class="n">${number(owner.later + owner.undated)}</td><td>${owner.next === undefined ? "no date" : day(owner.next)}</td></tr>`)}
</tbody></table></div>`}
</section>`
}

const outOfScope = ({ outOfScope: left }: Summary): Markup =>
  left.length === 0 ? html`` : html`<section class="panel wide" aria-labelledby="out-of-scope"><h2 id="out-of-scope">What was left out on purpose</h2>
<ul class="plain-list">${left.map((one) => html`<li><b>${one.control}</b>: ${one.reason}. Owner: ${one.owner}.</li>`)}</ul></section>`

/** Page one: trust, findings, changes, dues. Needs no script. */
export const front = (summary: Summary, owners: ReadonlyArray<OwnerDue>): Markup => html`<div id="summary" class="front">${masthead(summary)}${trust(summary)}
<div class="panels">${found(summary)}${changed(summary)}${due(owners)}${outOfScope(summary)}</div></div>`
