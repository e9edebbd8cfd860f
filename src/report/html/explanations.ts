import type { ExplainedPart, Summary, UnexplainedMatter } from "../summary.ts"
import { count, day, number, percent, spoken } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import { bar } from "./pictures.ts"

/** Matters that stand open, and those that the page lists at most. */
const mattersOpen = 20
const mattersShown = 200

const scroll = (label: string, table: Markup): Markup => html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${table}</div>`

const shareRow = (name: string, kind: "pass" | "unverifiable" | "fail", value: number, sessions: number): Markup =>
  html`<tr><th scope="row">${name}</th><td class="picture">${bar([{ kind, value }], sessions)}</td><td class="n">${number(value)}</td><td class="n">${percent(value, sessions)}</td></tr>`

const shares = ({ sessions, byTemplate, unexplained: missing }: ExplainedPart): Markup => {
  const { none = 0, undecided = 0, ...templates } = byTemplate
  return scroll("Explanations of access", html`<table class="shares"><thead><tr><th scope="col">Explanation</th><th scope="col" class="picture">Share</th><th scope="col" class="n">Sessions</th><th scope="col" class="n">Of all</th></tr></thead><tbody>
${Object.entries(templates).sort(([, a], [, b]) => b - a).map(([template, value]) => shareRow(spoken(template), "pass", value, sessions))}
${undecided === 0 ? "" : shareRow("the records cannot tell", "unverifiable", undecided, sessions)}
${shareRow("nothing explains it", "fail", missing + none, sessions)}</tbody></table>`)
}

/** One row a team or action, one column an explanation: shares of the row's sessions. */
const cross = (title: string, rows: ReadonlyArray<ExplainedPart & { readonly name: string }>): Markup => {
  const templates = [...new Set(rows.flatMap(({ byTemplate }) => Object.keys(byTemplate)))].filter((name) => name !== "undecided").sort()
  const share = (part: ExplainedPart, value = 0): Markup => html`<td class="n">${value === 0 ? "" : percent(value, part.sessions)}</td>`
  return rows.length === 0 ? html`` : scroll(title, html`<table><caption>${title}</caption><thead><tr><th scope="col">${title}</th><th scope="col" class="n">Sessions</th>${templates.map((name) => html`<th scope="col" class="n">${spoken(name)}</th>`)}<th scope="col" class="n">cannot tell</th><th scope="col" class="n">nothing explains it</th></tr></thead><tbody>
${rows.map((row) => html`<tr><th scope="row">${row.name}</th><td class="n">${number(row.sessions)}</td>${templates.map((name) => share(row, row.byTemplate[name]))}${share(row, row.byTemplate["undecided"])}${share(row, row.unexplained)}</tr>`)}</tbody></table>`)
}

const matterTable = (label: string, matters: ReadonlyArray<UnexplainedMatter>): Markup => scroll(label, html`<table class="roomy"><thead><tr><th scope="col">Person</th><th scope="col">Customer</th><th scope="col">Day</th><th scope="col" class="n">Sessions</th><th scope="col">Did</th><th scope="col">Opened</th><th scope="col">Reported as</th></tr></thead><tbody>
${matters.map((one) => html`<tr><td class="id">${one.person}</td><td class="id">${one.customer ?? "not known"}</td><td class="date">${day(`${one.day}T00:00:00Z`)}</td><td class="n">${number(one.sessions)}</td><td>${one.actions.join(", ")}</td><td class="id">${one.targets.slice(0, 5).join(", ")}${one.targets.length > 5 ? " …" : ""}</td><td>${one.controls.join(", ")}</td></tr>`)}</tbody></table>`)

const review = ({ toReview = [], matters = toReview.length }: Summary["explanations"]): Markup => toReview.length === 0 ? html`` : html`<h3>What to ask about</h3>
<p class="intro">What nothing explains, as ${count(matters, "matter")}: one person, one customer, one day.${matters > mattersShown ? ` These are the ${number(mattersShown)} largest; summary.json lists more, findings.ndjson has every session.` : ""}</p>
${matterTable("Accesses to ask about", toReview.slice(0, mattersOpen))}
${toReview.length > mattersOpen ? html`<details><summary>${count(Math.min(toReview.length, mattersShown) - mattersOpen, "more matter")}</summary>${matterTable("Further accesses to ask about", toReview.slice(mattersOpen, mattersShown))}</details>` : ""}`

/** What explains accesses, in all, by team and by action, and what nothing explains, by person, customer and day. */
export const explanations = ({ explanations: all }: Summary): Markup => html`<section id="access" aria-labelledby="access-title"><h2 id="access-title">Why people opened recordings</h2>
${all.sessions === 0 ? html`<p>No access by a person was judged in this run.</p>` : html`<p class="intro">${count(all.sessions, "session")} of access. One session may have several explanations, so the shares can add up to more than the whole.</p>
${shares(all)}
${cross("By team", (all.byTeam ?? []).map(({ team, ...part }) => ({ name: team ?? "no team", ...part })))}
${cross("By action", (all.byAction ?? []).map(({ action, ...part }) => ({ name: action, ...part })))}
${review(all)}`}</section>`
