import type { Finding } from "../findings/finding.ts"
import { TextFile } from "./file-writer.ts"
import { isOpen } from "./output.ts"
import type { Output, Report } from "./output.ts"
import type { Population } from "./summary.ts"

const replacements: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;" }

const impossible = new RegExp(String.raw`[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]`, "g")

/** Text for XML 1.0: what it cannot hold at all (controls, half surrogate pairs, U+FFFE and U+FFFF) becomes a replacement sign. */
export const xmlText = (text: string): string =>
  text.toWellFormed().replace(impossible, "\uFFFD").replace(/[&<>"'\n\r\t]/g, (sign) => replacements[sign] ?? sign)

type Case = { readonly state: "failure" | "skipped" | "passed"; readonly text: string }

const testCase = (finding: Finding): Case => {
  const head = `    <testcase classname="${xmlText(finding.control)}" name="${xmlText(`${finding.id} ${finding.sentence}`)}" time="0">`
  if (finding.kind === "lead") return { state: "skipped", text: `${head}<skipped message="A lead, to look into."/></testcase>\n` }
  if (!isOpen(finding)) return { state: "skipped", text: `${head}<skipped message="${xmlText(finding.status)}"/></testcase>\n` }
  const places = finding.evidence.map((one) => `${one.kind} ${one.id}: ${one.object}${one.line === undefined ? "" : `:${one.line}`}`)
  return { state: "failure", text: `${head}<failure type="${finding.severity}" message="${xmlText(finding.sentence)}">${xmlText([finding.remedy, ...finding.citations, ...places].join("\n"))}</failure></testcase>\n` }
}

/** A control without findings is one case: passed, or skipped where there was nothing to judge. */
const wholeControl = (control: Population): Case => {
  const head = `    <testcase classname="${xmlText(control.control)}" name="${xmlText(control.question)}" time="0"`
  const skipped = control.outOfScope === undefined ? (control.pass + control.fail === 0 ? "Nothing could be judged." : undefined) : `Out of scope: ${control.outOfScope.reason}`
  return skipped === undefined ? { state: "passed", text: `${head}/>\n` } : { state: "skipped", text: `${head}><skipped message="${xmlText(skipped)}"/></testcase>\n` }
}

const tally = (cases: ReadonlyArray<Case>): string => `tests="${cases.length}" failures="${cases.filter(({ state }) => state === "failure").length}" skipped="${cases.filter(({ state }) => state === "skipped").length}"`

/** junit.xml: a suite a control; every open finding fails, waived and closed ones and leads are skipped, a control without findings is one case. */
export const junitOutput = (report: Report): Output => {
  const { summary } = report
  const found = new Map<string, Array<Case>>()
  return {
    take: (finding) => {
      const cases = found.get(finding.control) ?? []
      cases.push(testCase(finding))
      found.set(finding.control, cases)
    },
    finish: () => {
      const suites = summary.controls.map((control) => ({ control, cases: found.get(control.control) ?? [wholeControl(control)] }))
      const { problems } = summary.trust
      const file = new TextFile(report.out, "junit.xml")
      const all = suites.flatMap(({ cases }) => cases)
      const trust = problems.length === 0 ? 1 : problems.length
      file.write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xmlText(summary.run.pipeline)}" tests="${all.length + trust}" failures="${all.filter(({ state }) => state === "failure").length}" errors="${problems.length}" skipped="${all.filter(({ state }) => state === "skipped").length}" time="0">\n`)
      file.write(`  <testsuite name="trust" tests="${trust}" failures="0" errors="${problems.length}" skipped="0" time="0" timestamp="${summary.run.asOf.slice(0, 19)}">\n`)
      if (problems.length === 0) file.write('    <testcase classname="trust" name="The audit can be trusted." time="0"/>\n')
      for (const problem of problems) file.write(`    <testcase classname="trust" name="${xmlText(problem)}" time="0"><error type="untrustworthy" message="${xmlText(problem)}"/></testcase>\n`)
      file.write("  </testsuite>\n")
      for (const { control, cases } of suites) {
        file.write(`  <testsuite name="${xmlText(control.control)}" ${tally(cases)} errors="0" time="0" timestamp="${summary.run.asOf.slice(0, 19)}">\n`)
        for (const { text } of cases) file.write(text)
        file.write("  </testsuite>\n")
      }
      file.write("</testsuites>\n")
      file.close()
    }
  }
}
