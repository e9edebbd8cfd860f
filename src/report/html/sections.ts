import { join } from "node:path"
import { linesOf } from "../lines.ts"
import type { Report } from "../output.ts"
import type { Cause, SourceSummary, Summary } from "../summary.ts"
import { bytes, count, day, minute, number, second } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** Causes and quarantine lines that the page lists; the rest is counted and named by its file. */
const causesShown = 500
const causesOpen = 20
const quarantineShown = 200

const scroll = (label: string, table: Markup): Markup => html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`

const causeRow = (cause: Cause): Markup => html`<tr><td><span class="badge ${cause.kind === "lead" ? "lead" : cause.severity}">${cause.kind === "lead" ? "lead" : cause.severity}</span></td><td><a href="#${cause.example}">${cause.sentence}</a><br><code>${cause.control}</code></td><td class="id">${cause.at}</td><td class="n">${number(cause.findings)}</td><td class="n">${number(cause.open)}</td><td class="n">${number(cause.new)}</td><td class="date">${cause.due === undefined ? "" : day(cause.due)}</td><td>${cause.owner}</td></tr>`

const causeTable = (label: string, rows: ReadonlyArray<Cause>): Markup => scroll(label, html`<table class="roomy"><thead><tr><th scope="col">Severity</th><th scope="col">For example</th><th scope="col">At fault</th><th scope="col" class="n">Findings</th><th scope="col" class="n">Open</th><th scope="col" class="n">New</th><th scope="col">Due</th><th scope="col">Owner</th></tr></thead><tbody>
${rows.map(causeRow)}</tbody></table>`)

/** Every cause, with one example each; the gravest stand open. */
export const causes = ({ causes: all }: Summary): Markup => html`<section id="causes" aria-labelledby="causes-title"><h2 id="causes-title">Causes</h2>
<p class="intro">Findings with one root are one cause: a wrong announcement is one line here, however many recordings it touched.${all.length > causesShown ? ` These are the ${number(causesShown)} gravest of ${number(all.length)}; summary.json has them all.` : ""}</p>
${all.length === 0 ? html`<p>There are none.</p>` : causeTable("The gravest causes", all.slice(0, causesOpen))}
${all.length > causesOpen ? html`<details><summary>${count(Math.min(all.length, causesShown) - causesOpen, "more cause")}</summary>${causeTable("Further causes", all.slice(causesOpen, causesShown))}</details>` : ""}</section>`

const sourceRow = (source: SourceSummary): Markup => html`<tr><th scope="row">${source.id}<br><span class="meta">${source.format}</span></th><td class="n">${number(source.objects)}${source.unreadable === 0 ? "" : html`<br><span class="alarm">${number(source.unreadable)} unreadable</span>`}</td><td class="n">${bytes(source.bytes)}</td><td class="n">${number(source.read)}</td><td class="n">${number(source.accepted)}</td><td class="n">${number(source.duplicate)}</td><td class="n">${number(source.superseded)}</td><td class="n">${number(source.conflicting)}</td><td class="n">${number(source.ignored)}</td><td class="n">${number(source.rejected)}</td><td class="date">${source.newest === undefined ? "nothing" : second(source.newest)}</td></tr>`

/** Sources with their accounting. */
export const sources = (summary: Summary): Markup => {
  const { totals } = summary
  return html`<section id="sources" aria-labelledby="sources-title"><h2 id="sources-title">Sources</h2>
<p class="intro">Every record that was read is accounted for: ${number(totals.read)} read = ${number(totals.accepted)} accepted + ${number(totals.duplicate)} duplicate + ${number(totals.superseded)} superseded + ${number(totals.conflicting)} conflicting + ${number(totals.ignored)} ignored + ${number(totals.rejected)} rejected. Each object with its digest stands in inputs.ndjson, which is signed.</p>
${scroll("Accounting by source", html`<table><thead><tr><th scope="col">Source</th><th scope="col" class="n">Objects</th><th scope="col" class="n">Size</th><th scope="col" class="n">Read</th><th scope="col" class="n">Accepted</th><th scope="col" class="n">Duplicate</th><th scope="col" class="n">Superseded</th><th scope="col" class="n">Conflicting</th><th scope="col" class="n">Ignored</th><th scope="col" class="n">Rejected</th><th scope="col">Newest</th></tr></thead><tbody>${summary.sources.map(sourceRow)}</tbody></table>`)}
${summary.coverage.length === 0 ? "" : html`<details><summary>What exporters vouch to have delivered</summary>${scroll("Coverage", html`<table><thead><tr><th scope="col">Source</th><th scope="col">From</th><th scope="col">To</th><th scope="col">Kinds</th><th scope="col">Only for</th></tr></thead><tbody>${summary.coverage.map((one) => html`<tr><th scope="row">${one.source}</th><td class="date">${day(one.from)}</td><td class="date">${day(one.to)}</td><td>${one.kinds.join(", ")}</td><td>${[...one.queues ?? [], ...one.sites ?? []].join(", ")}</td></tr>`)}</tbody></table>`)}</details>`}</section>`
}

type Quarantined = { readonly object?: string; readonly line?: number; readonly pointer?: string; readonly reason?: string; readonly sentence?: string; readonly source?: string }

/** Rejected records: place and reason, no content. */
export const quarantine = ({ folder, summary }: Report): Markup => {
  const rows: Array<Markup> = []
  let all = 0
  for (const line of linesOf(join(folder, "quarantine.ndjson"))) {
    all += 1
    if (rows.length >= quarantineShown) continue
    const entry = JSON.parse(line) as Quarantined
    rows.push(html`<tr><td class="id">${entry.object}</td><td class="n">${entry.line}</td><td class="id">${entry.pointer}</td><td>${entry.sentence ?? entry.reason}</td></tr>`)
  }
  return html`<section id="quarantine" aria-labelledby="quarantine-title"><h2 id="quarantine-title">Quarantine</h2>
${all === 0 ? html`<p>No record was rejected${summary.totals.unreadable === 0 ? "" : `; ${count(summary.totals.unreadable, "object")} could not be read, see the sources`}.</p>` : html`<p class="intro">${count(all, "record")} did not fit and ${all === 1 ? "was" : "were"} left out whole.${all > quarantineShown ? ` The first ${number(quarantineShown)}; quarantine.ndjson has them all.` : ""}</p>
${scroll("Rejected records", html`<table><thead><tr><th scope="col">Object</th><th scope="col" class="n">Line</th><th scope="col">Where</th><th scope="col">What is wrong</th></tr></thead><tbody>${rows}</tbody></table>`)}`}</section>`
}

/** So many reviews are shown; summary.json has them all. */
const reviewsShown = 500

const verdictWords: Readonly<Record<string, string>> = { policyUnclear: "policy unclear", dataError: "data error" }

const reviewTable = (reviews: NonNullable<Summary["reviews"]>): Markup => reviews.length === 0 ? html`` : html`<p>${count(reviews.length, "finding")} ${reviews.length === 1 ? "was" : "were"} reviewed.${reviews.length > reviewsShown ? ` The first ${number(reviewsShown)}; summary.json has them all.` : ""}</p>
${scroll("Reviews", html`<table class="roomy"><thead><tr><th scope="col">Of</th><th scope="col">Verdict</th><th scope="col">Reviewed by</th><th scope="col">Approved by</th><th scope="col">On</th><th scope="col">Effect</th></tr></thead><tbody>${reviews.slice(0, reviewsShown).map((review) => html`<tr><td class="id">${review.closes ? html`<a href="#${review.finding}">${review.finding}</a>` : review.finding}</td><td>${verdictWords[review.verdict] ?? review.verdict}</td><td class="id">${review.by}</td><td class="id">${review.approvedBy ?? "nobody"}</td><td class="date">${day(review.at)}</td><td>${review.closes ? "closes it" : "closes nothing"}</td></tr>`)}</tbody></table>`)}`

/** Waivers in force and past, and what reviews said. */
export const waivers = ({ waivers: all, reviews = [], counts }: Summary): Markup => html`<section id="waivers" aria-labelledby="waivers-title"><h2 id="waivers-title">Waivers and reviews</h2>
<p class="intro">A waived finding stays visible and counted. ${number(counts.byStatus["waived"] ?? 0)} waived, ${number(counts.byStatus["closed"] ?? 0)} closed by a review, ${number(counts.byStatus["lapsed"] ?? 0)} lapsed.</p>
${all.length === 0 ? html`<p>The pipeline has no waivers.</p>` : scroll("All waivers", html`<table class="roomy"><thead><tr><th scope="col">Of</th><th scope="col">Reason</th><th scope="col">Owner</th><th scope="col">Approved by</th><th scope="col">Until</th><th scope="col">State</th><th scope="col" class="n">Covers</th></tr></thead><tbody>${all.map((waiver) => html`<tr><td class="id">${waiver.finding === undefined ? waiver.cause : html`<a href="#${waiver.finding}">${waiver.finding}</a>`}</td><td>${waiver.reason}</td><td>${waiver.owner}</td><td>${waiver.approvedBy}</td><td class="date">${day(waiver.expires)}</td><td>${waiver.state}</td><td class="n">${number(waiver.covers)}</td></tr>`)}</tbody></table>`)}${reviewTable(reviews)}</section>`

/** How the audit was done, and what it cannot say. */
export const method = (summary: Summary): Markup => html`<section id="method" aria-labelledby="method-title"><h2 id="method-title">Method</h2>
<div class="prose"><p>The sources were read to their end and every record was checked against its schema; what did not fit was set aside and counted. From the accepted records it was established who was present, who was recorded, what each person had been told or had agreed to at that time, and what each access can be explained by. Each control then asked one question of every unit of its population and gave one of four outcomes: passed, failed, could not be verified, or not applicable. Where evidence was missing or contradictory the outcome is "could not be verified", never "passed".</p>
<p>People were judged by the policy and the law in force at the time of the act. Legal findings name the rule and its citation, but they are the reading of a program and no legal advice. Leads are statistical or circumstantial: they say where to look and accuse nobody. People stand as pseudonyms unless the pipeline says otherwise.</p>
<p>The same records, policies, law, waivers, reviews, program and time give the same findings again, byte for byte.</p></div>
<dl class="facts">
<div><dt>Policies</dt><dd>${summary.policies.map((policy) => html`<p>${policy.policy} ${policy.version}, in force from ${day(policy.from)}${policy.until === undefined ? "" : ` to ${day(policy.until)}`}<br><code>${policy.sha256}</code></p>`)}</dd></div>
<div><dt>Law</dt><dd>${summary.law.pack}, ${count(summary.law.rows, "row")}<br><code>${summary.law.sha256}</code></dd></div>
<div><dt>Program</dt><dd>Earshot ${summary.earshot.version}<br><code>${summary.earshot.digest}</code></dd></div>
<div><dt>Run</dt><dd>${summary.run.id}, from ${minute(summary.run.startedAt)} to ${minute(summary.run.finishedAt)}; judged as of ${second(summary.run.asOf)}${summary.run.full ? "" : "; a partial run"}</dd></div>
<div><dt>Merkle roots</dt><dd>findings <code>${summary.merkle.findings}</code><br>inputs <code>${summary.merkle.inputs}</code>${summary.merkle.outcomes === "" ? "" : html`<br>outcomes <code>${summary.merkle.outcomes}</code>`}</dd></div>
</dl></section>`
