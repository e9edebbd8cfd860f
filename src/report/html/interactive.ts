import { severities } from "../../findings/finding.ts"
import type { Summary } from "../summary.ts"
import { count } from "../words.ts"
import type { Markup } from "./markup.ts"
import { html } from "./markup.ts"

/** The table of findings, filled by the page's script, and the place where one finding opens. */
export const findingsTable = (summary: Summary): Markup => html`<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>
<noscript><p class="notice">The table needs JavaScript. The causes below name an example of each kind of finding; findings.csv and findings.ndjson beside this file hold every finding.</p></noscript>
<p class="notice print-only">The table of findings is for the screen; findings.csv and findings.ndjson hold every finding.</p>
<div class="needs-script" hidden>
<form class="filters" role="search" aria-label="Filter findings">
<label class="grow">Search<input type="search" id="filter-text" autocomplete="off" spellcheck="false" placeholder="words, recording, contact, person, id"></label>
<label>Severity<select id="filter-severity"><option value="">all</option>${[...severities].reverse().map((severity) => html`<option>${severity}</option>`)}<option value="lead">leads</option></select></label>
<label>Control<select id="filter-control"><option value="">all</option></select></label>
<label>Status<select id="filter-status"><option value="">all</option></select></label>
<label>Owner<select id="filter-owner"><option value="">all</option></select></label>
</form>
<p id="shown" class="meta" role="status">${count(summary.counts.findings + summary.counts.leads, "finding")}</p>
<div class="browse"><div class="rows" id="rows" tabindex="0" role="region" aria-label="Findings; arrow keys move, Enter opens">
<table aria-rowcount="-1"><thead><tr>
<th scope="col" aria-sort="descending"><button type="button" data-sort="severity">Severity</button></th><th scope="col"><button type="button" data-sort="control">What happened</button></th><th scope="col"><button type="button" data-sort="at">When</button></th><th scope="col"><button type="button" data-sort="status">Status</button></th><th scope="col"><button type="button" data-sort="due">Due</button></th>
</tr></thead><tbody id="body"></tbody></table></div>
<article id="finding" class="finding" tabindex="-1" aria-live="polite" aria-label="The finding that is open"><p class="meta">Choose a finding to see what happened, on what evidence, and under which rule.</p></article></div>
</div></section>`

/** Checks the embedded findings against the embedded core, and the core against a key that the reader brings. */
export const verifyPanel = (summary: Summary): Markup => html`<section id="verify" aria-labelledby="verify-title"><h2 id="verify-title">Check this page yourself</h2>
<div class="prose"><p>This page carries the findings and the summary as they were signed, and the signed core statement that names their digests. Your browser can compare them without any network. A key that came with the page would prove nothing: take the public key from where you know it is genuine.</p></div>
<noscript><p class="notice">This check needs JavaScript. Without it: <code>earshot verify REPORT --key FILE</code>.</p></noscript>
<div class="needs-script" hidden>
<p><button type="button" id="check-digests" class="action">Compare digests</button></p>
<label class="block" for="key">Public key (PEM)${summary.trust.signed ? "" : "; this report is UNSIGNED, so there is no signature to check"}</label>
<textarea id="key" rows="4" spellcheck="false" placeholder="-----BEGIN PUBLIC KEY-----"></textarea>
<p><button type="button" id="check-signature" class="action">Check the signature</button></p>
<div role="status"><ul id="verified" class="results"></ul></div>
</div></section>`
