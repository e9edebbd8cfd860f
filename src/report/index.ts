import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Signer, TimestampAuthority } from "../attest/index.ts"
import type { Control } from "../controls/index.ts"
import type { Finding } from "../findings/finding.ts"
import { certificationOutput } from "./certification.ts"
import { csvOutput } from "./csv.ts"
import { pageOutput } from "./html/page.ts"
import { junitOutput } from "./junit.ts"
import { linesOf } from "./lines.ts"
import { ocsfOutput } from "./ocsf.ts"
import { oscalOutput } from "./oscal.ts"
import type { Output, Report } from "./output.ts"
import { parquetOutput } from "./parquet.ts"
import { sarifOutput } from "./sarif.ts"
import { markdownOutput } from "./summary-markdown.ts"
import type { Summary } from "./summary.ts"

export type { Summary } from "./summary.ts"
export { count } from "./words.ts"

/** What the renderers get: the folder with its signed files, and what stands in them. */
export type Rendering = {
  readonly folder: string
  readonly summary: Summary
  /** Not read: what controls mean stands in the summary, so that a stored report renders the same without them. */
  readonly controls?: ReadonlyArray<Control>
  readonly coreEnvelope: string
  readonly formats: ReadonlyArray<string>
  readonly signed: boolean
  /** Who signs report.pdf: the first of P-256. Without it the PDF has no signature of its own, but carries the signed core. */
  readonly signers?: ReadonlyArray<Signer>
  /** Certificates (PEM) of the signers' keys; one is made where none fits. */
  readonly certificates?: ReadonlyArray<string>
  /** Time-stamps the PDF's signature. */
  readonly timestamp?: TimestampAuthority | undefined
}

/** An output by its name in `report.formats`, its file, and what makes it. */
type Format = { readonly format: string; readonly file: string; readonly output: (report: Report, by: Signing) => Output | Promise<Output> }

type Signing = Pick<Rendering, "signers" | "certificates" | "timestamp">

/** Every output, one file each. Those whose format is `always` belong to every report. */
const formats: ReadonlyArray<Format> = [
  { format: "always", file: "summary.md", output: markdownOutput },
  { format: "always", file: "certification.md", output: certificationOutput },
  { format: "html", file: "report.html", output: pageOutput },
  { format: "pdf", file: "report.pdf", output: async (report, { signers = [], certificates = [], timestamp }) => {
    const { pdfOutput, pdfSignerOf } = await import("./pdf/index.ts")
    return pdfOutput(report, await pdfSignerOf(signers, certificates, new Date(report.summary.run.finishedAt), timestamp))
  } },
  { format: "csv", file: "findings.csv", output: csvOutput },
  { format: "sarif", file: "findings.sarif", output: sarifOutput },
  { format: "ocsf", file: "findings.ocsf.ndjson", output: ocsfOutput },
  { format: "oscal", file: "assessment-results.oscal.json", output: oscalOutput },
  { format: "junit", file: "junit.xml", output: junitOutput },
  { format: "parquet", file: "findings.parquet", output: parquetOutput },
]

const write = async (report: Report, wanted: ReadonlyArray<Format>, by: Signing = {}): Promise<ReadonlyArray<string>> => {
  const outputs: Array<Output> = []
  for (const { output } of wanted) outputs.push(await output(report, by))
  for (const line of linesOf(join(report.folder, "findings.ndjson"))) {
    const finding = JSON.parse(line) as Finding
    for (const output of outputs) output.take(finding, line)
  }
  for (const output of outputs) await output.finish()
  return wanted.map(({ file }) => file)
}

/** Writes every output that is not signed by itself into the report folder; the findings are read once for all. */
export const renderReport = async ({ folder, summary, coreEnvelope, formats: names, signed, ...by }: Rendering): Promise<void> => {
  await write({ folder, summary, coreEnvelope, signed, out: folder }, formats.filter(({ format }) => format === "always" || names.includes(format)), by)
}

/** True for an output that is there and has no signature of its own, which could not be made again without the key. */
const isUnsigned = (path: string): boolean => existsSync(path) && !(path.endsWith(".pdf") && readFileSync(path).includes("/ByteRange", 0, "latin1"))

/**
 * Writes again, from a stored report, every unsigned output that it has, byte-identical, into another folder.
 * @returns the names of the files.
 */
export const renderAgain = async (folder: string, out: string): Promise<Array<string>> => {
  mkdirSync(out, { recursive: true })
  const summary = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary
  const report: Report = { folder, summary, coreEnvelope: readFileSync(join(folder, "core.dsse.json"), "utf8"), signed: summary.trust.signed, out }
  return [...await write(report, formats.filter(({ file }) => isUnsigned(join(folder, file))))]
}
