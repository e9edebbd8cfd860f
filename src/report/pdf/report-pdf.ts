import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Evidence, Finding } from "../../findings/finding.ts"
import { coverageOf, coverageSentence, resultOf } from "../framework-coverage.ts"
import { Gravest } from "../gravest.ts"
import type { Output, Report } from "../output.ts"
import { changeSentence, changesOf, checksOf, DueBook, familiesOf, subtitleOf, verdictOf } from "../page-one.ts"
import type { OwnerDue } from "../page-one.ts"
import type { Summary } from "../summary.ts"
import { capital, count, day, minute, number, percent, second } from "../words.ts"
import { addSignatureField, signPdf } from "./signature.ts"
import type { PdfSigner } from "./signature.ts"
import { table } from "./table.ts"
import { soft, TaggedDocument } from "./tagged-document.ts"

/** Findings that are printed in full; the rest is counted and left to findings.ndjson. */
const findingsMax = 2000
const causesShown = 4

const body = { size: 10, after: 4 }
const small = { size: 8.5, colour: soft, after: 3 }
const trustWords = { good: "Good", bad: "Problem", note: "Note" } as const
const verdictColours = { good: "#1f6f54", bad: "#9b1237" } as const

const pageOne = (document: TaggedDocument, summary: Summary, owners: ReadonlyArray<OwnerDue>): void => {
  const verdict = verdictOf(summary)
  document.heading(1, `Privacy audit: ${summary.run.pipeline}`)
  document.paragraph(subtitleOf(summary), { ...body, colour: soft, after: 10 })
  if (!summary.trust.signed) document.paragraph("UNSIGNED: nobody can tell whether this report was changed.", { size: 12, bold: true, colour: verdictColours.bad })
  document.heading(2, "Can this audit be trusted?")
  document.paragraph(`${verdict.headline}.`, { size: 12, bold: true, colour: verdict.trusted ? verdictColours.good : verdictColours.bad })
  document.paragraph(verdict.sentence, body)
  for (const problem of summary.trust.problems) document.paragraph(`Problem: ${problem}`, { ...body, indent: 12 })
  for (const check of checksOf(summary)) document.paragraph(`${check.topic} (${trustWords[check.state].toLowerCase()}): ${check.sentence}`, { size: 9.5, indent: 12, after: 3 })
  document.heading(2, "What was found?")
  table(document, [{ title: "Family", share: 3 }, ...["Critical", "High", "Medium", "Low", "Leads", "Judged", "Failed"].map((title) => ({ title, share: 1.4, numbers: true }))],
    familiesOf(summary).map((family) => [capital(family.family), ...[family.bySeverity.critical, family.bySeverity.high, family.bySeverity.medium, family.bySeverity.low, family.leads, family.judged].map(number), percent(family.fail, family.judged)]))
  for (const cause of summary.causes.slice(0, causesShown)) {
    document.paragraph(`${capital(cause.kind === "lead" ? "lead" : cause.severity)}${cause.findings === 1 ? "" : `, ${number(cause.findings)} findings`}: ${cause.sentence}`, { size: 9.5, after: 1 })
    document.paragraph(`${cause.control}${cause.owner === undefined ? "" : `, owner ${cause.owner}`}${cause.due === undefined ? "" : `, due ${day(cause.due)}`}`, { ...small, indent: 12, after: 5 })
  }
  document.heading(2, "What changed since last time?")
  document.paragraph([changeSentence(summary), ...changesOf(summary).map((change) => `${number(change.count)} ${change.status} (${change.meaning}).`)].join(" "), body)
  document.heading(2, "What is due, and whose is it?")
  if (owners.length === 0) document.paragraph("Nothing is open.", body)
  else table(document, [{ title: "Owner", share: 3 }, { title: "Overdue", share: 1, numbers: true }, { title: "Within 7 days", share: 1.3, numbers: true }, { title: "Later", share: 1, numbers: true }, { title: "Next", share: 2 }],
    owners.map((owner) => [owner.owner, number(owner.overdue), number(owner.week), number(owner.later + owner.undated), owner.next === undefined ? "no date" : day(owner.next)]))
  if (summary.outOfScope.length > 0) {
    document.heading(2, "What was left out on purpose")
    for (const one of summary.outOfScope) document.paragraph(`${one.control}: ${one.reason}. Owner: ${one.owner}.`, body)
  }
}

const place = (one: Evidence): string => `${one.kind} ${one.id}: ${one.object}${one.versionId === undefined ? "" : `, version ${one.versionId}`}${one.line === undefined ? "" : `, line ${one.line}`}`

const printed = (document: TaggedDocument, finding: Finding): void => {
  const facts = [finding.status, finding.at === undefined ? "" : second(finding.at), finding.due === undefined ? "" : `due ${day(finding.due)}`, finding.owner === undefined ? "" : `owner ${finding.owner}`, finding.id]
  const rule = [finding.rule.pack, finding.rule.version, finding.rule.ref].filter((part) => part !== undefined).join(" ")
  const law = [...finding.law.map((one) => `${one.jurisdiction} (version ${one.version}): ${one.citation}`), ...finding.citations]
  const parent = document.element("Sect")
  document.paragraph(`${capital(finding.kind === "lead" ? "lead" : finding.severity)}. ${finding.sentence}`, { size: 10, bold: true, before: 6, after: 2 }, { parent, keep: 30 })
  document.paragraph(facts.filter((fact) => fact !== "").join("; "), small, { parent })
  document.paragraph(finding.remedy, { size: 9.5, after: 2 }, { parent })
  if (rule !== "" || law.length > 0) document.paragraph(`Rule: ${rule === "" ? "none" : rule}. Law and citations: ${law.length === 0 ? "none" : law.join("; ")}.`, { ...small, after: 2 }, { parent })
  document.paragraph(`Evidence: ${finding.evidence.length === 0 ? "none; the absence is the finding" : finding.evidence.slice(0, 12).map(place).join("; ")}.${finding.evidence.length > 12 ? ` And ${finding.evidence.length - 12} more.` : ""}`, { ...small, after: 2 }, { parent })
  if (finding.contrary.length > 0) document.paragraph(`Against it: ${finding.contrary.slice(0, 12).map(place).join("; ")}.`, { ...small, after: 2 }, { parent })
  if (finding.searched.length > 0) document.paragraph(`Searched: ${finding.searched.map((one) => `${one.kind}: ${count(one.records, "record")} of ${one.sources.join(", ") || "no source"}${one.from === undefined ? "" : `, ${day(one.from)} to ${one.to === undefined ? "no end" : day(one.to)}`}${one.names === undefined ? "" : `, under ${one.names.join(", ")}`}`).join("; ")}.`, { ...small, after: 2 }, { parent })
}

const findingPages = (document: TaggedDocument, summary: Summary, all: Gravest<Finding>): void => {
  const kept = all.values()
  document.addPage()
  document.heading(2, "Findings")
  document.paragraph(all.seen === 0 ? "There are none." : kept.length < all.seen ? `The ${number(kept.length)} gravest of ${number(all.seen)} findings and leads; findings.ndjson, whose digest is signed, holds every one.` : `All ${count(summary.counts.findings, "finding")}${summary.counts.leads === 0 ? "" : ` and ${count(summary.counts.leads, "lead")}`}, by control. A lead says where to look and accuses nobody.`, body)
  const byControl = Map.groupBy(kept, ({ control }) => control)
  for (const control of summary.controls) {
    const findings = byControl.get(control.control)
    if (findings === undefined) continue
    document.heading(3, control.title)
    document.paragraph(`${control.question} ${number(control.fail)} of ${number(control.pass + control.fail)} judged failed (${control.control}).`, small)
    for (const finding of findings) printed(document, finding)
  }
}

const appendix = (document: TaggedDocument, { summary, signed }: Report): void => {
  document.addPage()
  document.heading(2, "Every control")
  table(document, [{ title: "Control", share: 6 }, ...["Population", "Passed", "Failed", "Not verified", "Not applicable"].map((title) => ({ title, share: 1.5, numbers: true }))],
    summary.controls.map((control) => [control.title, ...[control.population, control.pass, control.fail, control.unverifiable, control.notApplicable].map(number)]))
  document.heading(2, "Sources")
  table(document, [{ title: "Source", share: 3 }, ...["Objects", "Read", "Accepted", "Rejected"].map((title) => ({ title, share: 1.2, numbers: true })), { title: "Newest", share: 3 }],
    summary.sources.map((source) => [source.id, ...[source.objects, source.read, source.accepted, source.rejected].map(number), source.newest === undefined ? "nothing" : second(source.newest)]))
  document.heading(2, "Method and proof")
  document.paragraph("People were judged by the policy and the law in force at the time of the act. Where evidence was missing or contradictory the outcome is \"could not be verified\", never \"passed\". The reading of law is a program's and no legal advice.", body)
  document.paragraph(`Earshot ${summary.earshot.version}, run ${summary.run.id}, ${minute(summary.run.startedAt)} to ${minute(summary.run.finishedAt)}. ${summary.policies.map((policy) => `Policy ${policy.policy} ${policy.version}, SHA-256 ${policy.sha256}.`).join(" ")} Law ${summary.law.pack}, SHA-256 ${summary.law.sha256}. Merkle root of the findings ${summary.merkle.findings}, of the inputs ${summary.merkle.inputs}.`, small)
  document.paragraph(signed ? "The signed core statement is attached to this file (core.dsse.json). It names the digests of the findings and of everything that they were made from; earshot verify checks it offline." : "This report was not signed.", body)
}

const frameworkPages = (document: TaggedDocument, summary: Summary): void => {
  for (const framework of summary.frameworks ?? []) {
    const covered = coverageOf(framework, summary)
    document.addPage()
    document.heading(2, framework.title)
    document.paragraph(`${framework.citation}. ${framework.scope}`, { ...body, colour: soft })
    document.paragraph(coverageSentence(framework, covered), body)
    table(document, [{ title: "Place", share: 1.6 }, { title: "Requirement", share: 4 }, { title: "In this run", share: 2 }, { title: "What records cannot show", share: 3.4 }],
      covered.map((requirement) => [requirement.ref, requirement.requirement, resultOf(requirement), requirement.cannotShow]))
  }
}

/** report.pdf: the first page and the findings for filing; tagged, bookmarked, signed where the pipeline has a P-256 key. */
export const pdfOutput = (report: Report, by?: PdfSigner): Output => {
  const { summary } = report
  const all = new Gravest<Finding>(findingsMax)
  const book = new DueBook(summary.run.asOf)
  return {
    take: (finding) => {
      book.add(finding)
      all.add(finding.severity, () => finding)
    },
    finish: async () => {
      const made = new Date(summary.run.finishedAt)
      const document = new TaggedDocument(`Privacy audit: ${summary.run.pipeline}, ${summary.run.asOf.slice(0, 10)}`, made)
      pageOne(document, summary, book.sorted())
      findingPages(document, summary, all)
      frameworkPages(document, summary)
      appendix(document, report)
      document.attach("core.dsse.json", Buffer.from(report.coreEnvelope, "utf8"), "application/json", "The signed core statement of this report")
      if (by !== undefined) addSignatureField(document, made, by)
      const bytes = await document.finish(`Privacy audit: ${summary.run.pipeline}, run ${summary.run.id}, ${report.signed ? "signed" : "UNSIGNED"}`)
      writeFileSync(join(report.out, "report.pdf"), by === undefined ? bytes : await signPdf(bytes, by))
    }
  }
}
