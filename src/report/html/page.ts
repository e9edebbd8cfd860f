import { createHash } from "node:crypto"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Output, Report } from "../output.ts"
import { DueBook } from "../page-one.ts"
import { consistency } from "./consistency.ts"
import { controlList } from "./control-list.ts"
import { EmbeddedFindings, embeddedText } from "./embedded.ts"
import { explanations } from "./explanations.ts"
import { frameworks } from "./frameworks.ts"
import { front } from "./front.ts"
import { findingsTable, verifyPanel } from "./interactive.ts"
import { html, Markup } from "./markup.ts"
import { retention } from "./retention.ts"
import { causes, method, quarantine, sources, waivers } from "./sections.ts"

const asset = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8")

/** The browser's part, in the order in which its files build on one another. */
const scriptFiles = ["unpack.js", "table.js", "timeline.js", "finding.js", "verify.js", "start.js"]

/** The files are modules, so that tests and editors can read them; in the page they are one script, their imports and exports taken out. */
const joinable = (text: string): string => text.replaceAll(/^import .*\n/gm, "").replaceAll(/^export const /gm, "const ")

const script = (): string => `"use strict";(() => {\n${scriptFiles.map((name) => joinable(asset(`browser/${name}`))).join("\n")}\n})()`

const source = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`

const links: ReadonlyArray<readonly [string, string]> = [
  ["summary", "Summary"], ["findings", "Findings"], ["causes", "Causes"], ["controls", "Controls"], ["consistency", "Consistency"], ["access", "Access"], ["frameworks", "Laws"], ["sources", "Sources"], ["waivers", "Waivers"], ["method", "Method"], ["verify", "Check"]
]

const footer = ({ summary, signed }: Report): Markup => html`<footer><p>Earshot ${summary.earshot.version}. Run ${summary.run.id}. ${signed ? "Signed" : "UNSIGNED"}. This file is complete in itself and loads nothing.</p></footer>`

const body = (report: Report, due: DueBook): Markup => {
  const { summary } = report
  return html`<a class="skip" href="#summary">Skip to the summary</a>
<nav aria-label="Sections"><ul>${links.filter(([id]) => id !== "frameworks" || (summary.frameworks ?? []).length > 0).map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>${front(summary, due.sorted())}${findingsTable(summary)}${causes(summary)}${controlList(summary)}${consistency(summary)}${explanations(summary)}${retention(summary)}${frameworks(summary)}${sources(summary)}${quarantine(report)}${waivers(summary)}${method(summary)}${verifyPanel(summary)}</main>
${footer(report)}`
}

/**
 * report.html: one file, for people. It loads nothing; its one style and one script are named by digest in its
 * Content-Security-Policy, so that nothing that a record smuggled in could run.
 */
export const pageOutput = (report: Report): Output => {
  const findings = new EmbeddedFindings()
  const due = new DueBook(report.summary.run.asOf)
  return {
    take: (finding, line) => {
      findings.add(finding, line)
      due.add(finding)
    },
    finish: () => {
      const style = asset("page.css")
      const code = script()
      const policy = `default-src 'none'; script-src ${source(code)}; style-src ${source(style)}; img-src data:; base-uri 'none'; form-action 'none'`
      const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>Privacy audit: ${report.summary.run.pipeline}, ${report.summary.run.asOf.slice(0, 10)}</title><style>${new Markup(style)}</style></head>
<body>${body(report, due)}
${embeddedText("core", report.coreEnvelope)}${embeddedText("summary-json", readFileSync(join(report.folder, "summary.json"), "utf8"))}${findings.elements(report.summary.controls)}<script>${new Markup(code)}</script></body></html>
`
      writeFileSync(join(report.out, "report.html"), page.text)
    }
  }
}
