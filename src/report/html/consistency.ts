import type { Summary } from "../summary.ts"
import { beyondRuleSentence, beyondRuleTotals } from "../beyond-rule.ts"
import { count, day, number, percent, spoken } from "../words.ts"
import { funnelPicture, ratioPicture } from "./funnel.ts"
import type { Unit } from "./funnel.ts"
import { trendPicture } from "./trend.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"
import { bar } from "./pictures.ts"

type Row = Summary["consistency"][number]

const textOf = (value: unknown): string => (typeof value === "string" ? value : typeof value === "number" ? String(value) : Array.isArray(value) ? value.map(textOf).join(", ") : "")
const numberOf = (row: Row, name: string): number | undefined => (typeof row[name] === "number" ? row[name] : undefined)
const shown = (value: number | undefined, places: number): string => (value === undefined ? "" : value.toFixed(places))
const whole = (row: Row, name: string): string => number(numberOf(row, name) ?? 0)

/** Probabilities below a ten-thousandth are not written out. */
const probability = (value: number | undefined): string => (value === undefined ? "" : value < 0.0001 ? "under 0.0001" : value.toFixed(4))

const limitsOf = (row: Row, name: "warning" | "alarm"): readonly [number, number] | undefined => {
  const limits = row["limits"]
  const pair: unknown = typeof limits === "object" && limits !== null ? (limits as Readonly<Record<string, unknown>>)[name] : undefined
  return Array.isArray(pair) && typeof pair[0] === "number" && typeof pair[1] === "number" ? [pair[0], pair[1]] : undefined
}

const unitOf = (row: Row): Unit => {
  const [warning, alarm] = [limitsOf(row, "warning"), limitsOf(row, "alarm")]
  return { unit: textOf(row["unit"]), cases: numberOf(row, "cases") ?? 0, rate: numberOf(row, "rate") ?? 0, expectedRate: numberOf(row, "expectedRate") ?? 0, ...(warning === undefined ? {} : { warning }), ...(alarm === undefined ? {} : { alarm }) }
}

const scroll = (label: string, content: Markup): Markup => html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`

/** A rate or probability as a percentage. */
const chance = (value: number | undefined): string => (value === undefined ? "" : `${shown(value * 100, 1)} %`)

const judged = (row: Row): string => (row["outcome"] === "fail" ? "lead" : row["outcome"] === "pass" ? "within chance" : spoken(textOf(row["reason"]) || textOf(row["outcome"])))

const periodOf = (row: Row | undefined): string => (row === undefined ? "" : `${textOf(row["period"])} from ${day(textOf(row["startsAt"]))}`)

const table = (label: string, head: ReadonlyArray<readonly [string, boolean]>, rows: ReadonlyArray<ReadonlyArray<string | Markup>>): Markup =>
  scroll(label, html`<table><thead><tr>${head.map(([title, isNumber]) => html`<th scope="col" class="${isNumber ? "n" : ""}">${title}</th>`)}</tr></thead><tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${head[index]?.[1] === true ? "n" : ""}">${cell}</td>`))}</tr>`)}</tbody></table>`)

/** The families of tests, fixed before anybody looked: what was tested together, how often, and the rate of false leads kept to. */
const families = (rows: ReadonlyArray<Row>, keys: ReadonlyArray<string>): Markup => {
  const tested = [...Map.groupBy(rows, (row) => JSON.stringify(keys.map((key) => row[key]))).values()].flatMap((family) => {
    const row = family.find((one) => numberOf(one, "tests") !== undefined)
    return row === undefined ? [] : [`${keys.map((key) => (key === "startsAt" ? periodOf(row) : textOf(row[key]))).join(", ")}: ${count(numberOf(row, "tests") ?? 0, "test")}, leads at q of ${shown(numberOf(row, "fdr"), 2)} or less`]
  })
  return tested.length === 0 ? html`` : html`<p class="meta">Families of tests, fixed in advance. ${tested.join("; ")}.</p>`
}

const funnels = (rows: ReadonlyArray<Row>): ReadonlyArray<Markup> =>
  [...Map.groupBy(rows, (row) => JSON.stringify([row["policy"], row["startsAt"], row["attribute"]])).values()].map((units) => {
    const [first] = units
    const title = `${textOf(first?.["policy"])} by ${textOf(first?.["attribute"])}, ${periodOf(first)}`
    return html`<div class="figure"><h3>${title}</h3>${funnelPicture(units.map(unitOf), title)}
<p class="meta">Each dot is a unit: how many cases it decided, and which share in the customer's favour. The bar behind it is where chance alone would leave 19 of 20 (strong) and 998 of 1,000 (faint) units of its size and mix of cases; the line is what was expected of it. The shrunk rate is drawn towards all units the more, the fewer cases the unit has.</p>
${families(units, ["policy", "startsAt", "attribute"])}
<details><summary>Numbers</summary>${table(`Units of ${title}`, [["Unit", false], ["Cases", true], ["Favourable", true], ["Rate", true], ["Expected", true], ["Ratio", true], ["z, adjusted", true], ["q", true], ["Shrunk rate", true], ["Beyond the material margin", true], ["Outcome", false]],
      units.map((row) => [textOf(row["unit"]), whole(row, "cases"), whole(row, "favourable"), percent(numberOf(row, "favourable") ?? 0, numberOf(row, "cases") ?? 0), `${shown((numberOf(row, "expectedRate") ?? 0) * 100, 1)} %`, shown(numberOf(row, "ratio"), 2), shown(numberOf(row, "adjustedZ"), 2), probability(numberOf(row, "q")), chance(numberOf(row, "shrunkRate")), chance(numberOf(row, "probabilityMaterial")), judged(row)]))}</details></div>`
  })

const impact = (row: Row): Markup | string => {
  const [estimate, lower, upper] = [numberOf(row, "impact"), numberOf(row, "impactLower"), numberOf(row, "impactUpper")]
  return estimate === undefined || lower === undefined || upper === undefined ? "" : ratioPicture(estimate, lower, upper)
}

/** An odds ratio with its interval. */
const odds = (row: Row): string => numberOf(row, "odds") === undefined ? "" : `${shown(numberOf(row, "odds"), 2)} (${shown(numberOf(row, "oddsLower"), 2)} to ${shown(numberOf(row, "oddsUpper"), 2)})`

/** What became of a group: how much data would have been enough, and where no single number stands for it. */
const judgedGroup = (row: Row): string => {
  const needed = numberOf(row, "needed")
  const uneven = row["paradox"] === true ? "; paradox: totals and like cases point opposite ways" : (numberOf(row, "homogeneityP") ?? 1) < 0.05 ? "; strata disagree, no single number stands for them" : ""
  return `${judged(row)}${needed === undefined ? "" : ` (about ${number(needed)} cases on each side would show a ratio of 0.8)`}${uneven}`
}

const groups = (rows: ReadonlyArray<Row>): Markup => rows.length === 0 ? html`` : html`<div class="figure"><h3>Groups against the rest</h3>
<p class="meta">Favourable outcomes of a group compared with everybody else in like cases. A ratio of one is equal treatment; the line is its 95 % interval. Totals (pooled) and like cases (stratified) stand side by side; where they point opposite ways, or the strata disagree, neither stands for the whole. Tested by Cochran, Mantel and Haenszel over the strata, one small table by Fisher.</p>
${families(rows, ["policy", "startsAt"])}
${table("Groups against the rest", [["Group", false], ["Policy and period", false], ["Cases", true], ["Rate", true], ["Of the rest", true], ["Ratio", true], ["Interval, ¼ to 4", false], ["Odds ratio, pooled", true], ["Odds ratio, like cases", true], ["Strata", true], ["Strata alike, p", true], ["q", true], ["Outcome", false]],
    rows.map((row) => [`${textOf(row["attribute"])}: ${textOf(row["group"])}`, `${textOf(row["policy"])}, ${periodOf(row)}`, whole(row, "cases"), percent(numberOf(row, "favourable") ?? 0, numberOf(row, "cases") ?? 0), percent(numberOf(row, "restFavourable") ?? 0, numberOf(row, "restCases") ?? 0), shown(numberOf(row, "impact"), 2), impact(row), shown(numberOf(row, "pooledOdds"), 2), odds(row), whole(row, "strata"), probability(numberOf(row, "homogeneityP")), `${probability(numberOf(row, "q"))}${row["test"] === "fisher" ? " (Fisher)" : ""}`, judgedGroup(row)]))}</div>`

const limits = (rows: ReadonlyArray<Row>): Markup => rows.length === 0 ? html`` : html`<div class="figure"><h3>Amounts just below the limit</h3>
<p class="meta">Decisions within one band below the limit of a role, against the band below that. Without steering, neither band is much fuller.</p>
${families(rows, ["policy", "startsAt"])}
${table("Amounts just below the limit", [["Policy and period", false], ["Role", false], ["Limit", true], ["Band", true], ["In the band below the limit", true], ["In the band before", true], ["q", true], ["Outcome", false]],
    rows.map((row) => [`${textOf(row["policy"])}, ${periodOf(row)}`, [textOf(row["role"]), textOf(row["limitFor"])].filter((word) => word !== "").join(", "), whole(row, "limit"), whole(row, "band"), whole(row, "upper"), whole(row, "lower"), probability(numberOf(row, "q")), judged(row)]))}</div>`

const concentrations = (rows: ReadonlyArray<Row>): Markup => rows.length === 0 ? html`` : html`<div class="figure"><h3>Who goes with what</h3>
<p class="meta">Approvals by decider and approver, and exceptions by decider and reason, against what chance would make of the team's totals. Rosters and specialities explain many of these.</p>
${families(rows, ["of", "policy", "startsAt"])}
${table("Who goes with what", [["Decider", false], ["Approver or reason", false], ["Policy and period", false], ["Team", false], ["Together", true], ["Of the decider's", true], ["Of the other's", true], ["Of all", true], ["Expected", true], ["Times as many", true], ["q", true], ["Outcome", false]],
    rows.map((row) => [textOf(row["staff"]), textOf(row["partner"]), `${textOf(row["policy"])}, ${periodOf(row)}`, textOf(row["team"]) || "no team", whole(row, "together"), whole(row, "ofActor"), whole(row, "ofPartner"), whole(row, "total"), shown(numberOf(row, "expected"), 1), shown(numberOf(row, "lift"), 2), probability(numberOf(row, "q")), judged(row)]))}</div>`

type Outcome = { readonly outcome?: unknown; readonly cases?: unknown }
const outcomesOf = (row: Row): ReadonlyArray<Outcome> => (Array.isArray(row["outcomes"]) ? (row["outcomes"] as ReadonlyArray<Outcome>) : [])
const shades = ["pass", "fail", "unverifiable", "notApplicable"]

const strata = (rows: ReadonlyArray<Row>): Markup => rows.length === 0 ? html`` : html`<div class="figure"><h3>Like cases with different outcomes</h3>
<p class="meta">Cases that are alike in everything that the policy compares. Where one kind of case has several outcomes, nothing on record tells the people apart.</p>
${table("Like cases with different outcomes", [["Policy", false], ["Alike in", false], ["Cases", true], ["Outcomes", false], ["Shares", false], ["Pairs that differ", true]],
    rows.map((row) => [`${textOf(row["policy"])} ${textOf(row["version"])}, ${textOf(row["rule"])}`, textOf(row["alike"]), whole(row, "cases"), outcomesOf(row).map((one) => `${textOf(one.outcome)} ${number(Number(one.cases))}`).join(", "), html`<div class="small-bar">${bar(outcomesOf(row).map((one, index) => ({ kind: shades[index % shades.length] ?? "pass", value: Number(one.cases) })))}</div>`, whole(row, "discordantPairs")]))}</div>`

const trends = (rows: ReadonlyArray<Row>): Markup => rows.length === 0 ? html`` : html`<div class="figure"><h3>Month by month</h3>
${[...Map.groupBy(rows, (row) => textOf(row["policy"])).entries()].map(([policy, months]) => trendPicture(months.map((row) => ({ month: textOf(row["startsAt"]).slice(0, 7), share: (numberOf(row, "favourable") ?? 0) / Math.max(1, numberOf(row, "decisions") ?? 0) })), `Share of favourable decisions under ${policy}`))}
${table("Decisions by month", [["Policy", false], ["Month", false], ["Decisions", true], ["Favourable", true], ["Share", false], ["Granted beyond the rule", true], ["Refused against the rule", true]],
    rows.map((row) => [textOf(row["policy"]), textOf(row["startsAt"]).slice(0, 7), whole(row, "decisions"), percent(numberOf(row, "favourable") ?? 0, numberOf(row, "decisions") ?? 0), html`<div class="small-bar">${bar([{ kind: "pass", value: numberOf(row, "favourable") ?? 0 }], numberOf(row, "decisions") ?? 0)}</div>`, whole(row, "beyondRule"), whole(row, "againstCustomer")]))}</div>`

const beyondRule = (rows: ReadonlyArray<Row>, totals: ReadonlyArray<string>): Markup => rows.length === 0 ? html`` : html`<div class="figure"><h3>Granted beyond the rule</h3>
<p class="meta">What customers got that the policy did not provide for, and how much of it somebody had approved.</p>
<ul>${totals.map((total) => html`<li>${total}</li>`)}</ul>
${table("Granted beyond the rule", [["Policy", false], ["Team", false], ["Reason", false], ["Decisions", true], ["Approved", true], ["Amount", true]],
    rows.map((row) => [textOf(row["policy"]), textOf(row["team"]) || "no team", textOf(row["reason"]), whole(row, "decisions"), whole(row, "approved"), `${shown(numberOf(row, "amount"), 2)} ${textOf(row["currency"])}`]))}</div>`

/** Pictures of the consistency of decisions, each with its numbers. */
export const consistency = (summary: Summary): Markup => {
  const of = (kind: string): ReadonlyArray<Row> => summary.consistency.filter((row) => row["kind"] === kind)
  return html`<section id="consistency" aria-labelledby="consistency-title"><h2 id="consistency-title">Are like cases decided alike?</h2>
<p class="intro">Statistics say where to look; they accuse nobody. Everything compared in a period is corrected together for the number of comparisons (q), and small units are not shown.</p>
${summary.consistency.length === 0 ? html`<p>Nothing was compared in this run.</p>` : html`${funnels(of("unit"))}${strata(of("stratum"))}${groups(of("group"))}${limits(of("limit"))}${concentrations(of("concentration"))}${trends(of("trend"))}${beyondRule(of("beyondRule"), beyondRuleTotals(summary).map(beyondRuleSentence))}`}</section>`
}
