import { inFamilyOrder } from "../output.ts"
import { judgedOf } from "../page-one.ts"
import type { Population, Summary } from "../summary.ts"
import { capital, count, number, spoken } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import { bar } from "./pictures.ts"

const outcomes = ["fail", "unverifiable", "pass", "notApplicable"] as const
const outcomeWords = { fail: "failed", unverifiable: "could not be verified", pass: "passed", notApplicable: "not applicable" } as const

const reasonLines = ({ reasons }: Population): Markup => {
  const lines = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  if (lines.length === 0) return html``
  return html`<details><summary>Why, in numbers</summary><ul class="reasons">${lines.map(([key, value]) => {
    const [outcome = "", ...reason] = key.split(":")
    return html`<li><b>${number(value)}</b> ${spoken(reason.join(":"))} <span class="outcome">${outcomeWords[outcome as keyof typeof outcomeWords] ?? outcome}</span></li>`
  })}</ul></details>`
}

const controlRow = (control: Population): Markup => html`<li class="control" id="control-${control.control.replace("/", "-")}">
<div class="what"><h4>${control.title} <span class="badge ${control.kind === "lead" ? "lead" : control.severity}">${control.kind === "lead" ? "lead" : control.severity}</span></h4>
<p>${control.question}</p><p class="meta"><code>${control.control}</code> One unit: ${control.unit}.${control.outOfScope === undefined ? "" : html` <b>Out of scope:</b> ${control.outOfScope.reason} (${control.outOfScope.owner}).`}</p></div>
<div class="population">${bar(outcomes.map((outcome) => ({ kind: outcome, value: control[outcome] })))}
<p class="numbers">${control.population === 0 ? "nothing to judge" : outcomes.filter((outcome) => control[outcome] > 0 || outcome === "fail").map((outcome, index) => html`${index === 0 ? "" : ", "}<span class="${outcome}-words">${number(control[outcome])} ${outcomeWords[outcome]}</span>`)}</p>${reasonLines(control)}</div>
</li>`

/** Every control with its population. Needs no script. */
export const controlList = (summary: Summary): Markup => {
  const families = inFamilyOrder(summary.controls.map((control) => control.family))
  return html`<section id="controls" aria-labelledby="controls-title"><h2 id="controls-title">Every question that was asked</h2>
<p class="intro">One line a control. The bar shows all units of its population; the parts add up to the whole, so that what could not be verified is never mistaken for what passed.</p>
<ul class="legend" aria-label="Colours">${outcomes.map((outcome) => html`<li><span class="swatch ${outcome}"></span>${outcomeWords[outcome]}</li>`)}</ul>
${families.map((family) => {
    const controls = summary.controls.filter((control) => control.family === family)
    const sum = judgedOf(controls)
    return html`<h3 id="controls-${family}">${capital(family)} <span class="meta">${count(controls.length, "control")}, ${number(sum.fail)} of ${number(sum.judged)} judged failed, ${number(sum.unverifiable)} could not be verified</span></h3><ul class="controls">${controls.map(controlRow)}</ul>`
  })}</section>`
}
