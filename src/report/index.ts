import { constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseEnvelope, readStatement, sha256File, type Signer, statementFile, type TimestampAuthority } from "../attest/index.ts"
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

/** Digests of the report's files by name, as its final statement says; none where that cannot be read. */
const statedDigests = (folder: string): ReadonlyMap<string, string> => {
  try {
    const { subject } = readStatement(parseEnvelope(readFileSync(join(folder, statementFile)), statementFile), statementFile)
    return new Map(subject.map(({ name, digest }) => [name, digest.sha256]))
  } catch {
    return new Map()
  }
}

/** A PDF with a signature of its own could not be made again without the key; of one that is gone a signed report does not tell. */
const isSigned = (path: string, signed: boolean): boolean => path.endsWith(".pdf") && (existsSync(path) ? readFileSync(path).includes("/ByteRange", 0, "latin1") : signed)

/**
 * Writes again, from a stored report, every unsigned output that it has or had, byte-identical, into another folder.
 * @returns the names of the files.
 */
export const renderAgain = async (folder: string, out: string): Promise<ReadonlyArray<string>> => {
  mkdirSync(out, { recursive: true })
  const summary = JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")) as Summary
  const { signed } = summary.trust
  const stated = statedDigests(folder)
  const report: Report = { folder, summary, coreEnvelope: readFileSync(join(folder, "core.dsse.json"), "utf8"), signed, out }
  return write(report, formats.filter(({ file }) => (existsSync(join(folder, file)) || stated.has(file)) && !isSigned(join(folder, file), signed)))
}

/** What came of rendering a report into its own folder: outputs that are there as stated, that were missing and are there again, and that are not as stated. */
export type Restored = { readonly there: ReadonlyArray<string>; readonly restored: ReadonlyArray<string>; readonly different: ReadonlyArray<string> }

/** Puts every unsigned output that is missing back into the report, where it comes out as the statement says; what is there is never touched. */
export const restoreOutputs = async (folder: string): Promise<Restored> => {
  const aside = mkdtempSync(join(tmpdir(), "earshot-render-"))
  try {
    const stated = statedDigests(folder)
    const result = { there: [] as Array<string>, restored: [] as Array<string>, different: [] as Array<string> }
    for (const file of await renderAgain(folder, aside)) {
      const isThere = existsSync(join(folder, file))
      const { sha256 } = await sha256File(join(isThere ? folder : aside, file))
      if (sha256 !== stated.get(file)) result.different.push(file)
      else if (isThere) result.there.push(file)
      else {
        copyFileSync(join(aside, file), join(folder, file), constants.COPYFILE_EXCL)
        result.restored.push(file)
      }
    }
    return result
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
