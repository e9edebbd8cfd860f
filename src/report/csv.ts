import type { Evidence, Finding } from "../findings/finding.ts"
import { TextFile } from "./file-writer.ts"
import type { Output, Report } from "./output.ts"

const place = (one: Evidence): string => `${one.kind} ${one.id} @ ${one.object}${one.versionId === undefined ? "" : `#${one.versionId}`}${one.line === undefined ? "" : `:${one.line}`}${one.pointer ?? ""}`

const columns: ReadonlyArray<readonly [string, (finding: Finding) => string | undefined]> = [
  ["id", (finding) => finding.id],
  ["control", (finding) => finding.control],
  ["kind", (finding) => finding.kind],
  ["severity", (finding) => finding.severity],
  ["status", (finding) => finding.status],
  ["newBecause", (finding) => finding.newBecause],
  ["at", (finding) => finding.at],
  ["due", (finding) => finding.due],
  ["owner", (finding) => finding.owner],
  ["contactId", (finding) => finding.contactId],
  ["recordingId", (finding) => finding.recordingId],
  ["party", (finding) => finding.party],
  ["staff", (finding) => finding.staff],
  ["reason", (finding) => finding.reason],
  ["sentence", (finding) => finding.sentence],
  ["cause", (finding) => finding.cause],
  ["rule", ({ rule }) => [rule.pack, rule.version, rule.ref].filter((part) => part !== undefined).join(" ")],
  ["law", (finding) => finding.law.map((law) => `${law.jurisdiction} ${law.version}: ${law.citation}`).join("; ")],
  ["citations", (finding) => finding.citations.join("; ")],
  ["evidence", (finding) => finding.evidence.map(place).join("; ")],
  ["contrary", (finding) => finding.contrary.map(place).join("; ")],
  ["searched", (finding) => finding.searched.map((search) => `${search.records} ${search.kind} of ${search.sources.join(", ")}`).join("; ")],
  ["remedy", (finding) => finding.remedy]
]

/** Signs, also in full width, after which a spreadsheet takes a cell for a formula; white space before them does not help. */
const formula = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20|%]|^[\t\r\n]/

const controls = new RegExp(String.raw`[\u0000-\u001F\u007F]+`, "g")

/** One cell after RFC 4180, always quoted; what a spreadsheet would run as a formula is made text by an apostrophe. */
export const csvCell = (text: string): string => {
  const tame = (formula.test(text) ? `'${text}` : text).replace(controls, " ")
  return `"${tame.replaceAll('"', '""')}"`
}

const line = (cells: ReadonlyArray<string | undefined>): string => `${cells.map((cell) => csvCell(cell ?? "")).join(",")}\r\n`

/** findings.csv: every finding a row, for spreadsheets; RFC 4180, UTF-8. */
export const csvOutput = (report: Report): Output => {
  const file = new TextFile(report.out, "findings.csv")
  file.write(line(columns.map(([name]) => name)))
  return { take: (finding) => file.write(line(columns.map(([, value]) => value(finding)))), finish: () => file.close() }
}
