import { gzipSync } from "node:zlib"
import type { Finding } from "../../findings/finding.ts"
import { severities } from "../../findings/finding.ts"
import type { Population } from "../summary.ts"
import type { Markup } from "./markup.ts"
import { html, plain } from "./markup.ts"

/** Findings in one compressed piece of the page: opening a finding unpacks one piece and not all. */
const findingsInPiece = 400

const packed = (text: string): string => gzipSync(text, { level: 6 }).toString("base64")

/** A script element that holds data: gzip, base64; never run. */
const dataElement = (id: string, text: string): Markup => html`<script type="application/gzip+base64" id="${id}">${packed(text)}</script>
`

/** Numbers the different values of a column, so that a table of 100,000 rows names each once. */
class Dictionary {
  readonly values: Array<string> = []
  readonly #places = new Map<string, number>()

  place(value: string): number {
    const known = this.#places.get(value)
    if (known !== undefined) return known
    this.#places.set(value, this.values.length)
    return this.values.push(value) - 1
  }
}

/**
 * Findings as the page carries them: the lines of findings.ndjson unchanged in compressed pieces, from which the
 * verify panel computes their digest, and one column-wise index for the table.
 */
export class EmbeddedFindings {
  readonly #pieces: Array<Markup> = []
  #lines: Array<string> = []
  readonly #controls = new Dictionary()
  readonly #owners = new Dictionary()
  readonly #statuses = new Dictionary()
  readonly #index = {
    id: [] as Array<string>, control: [] as Array<number>, severity: [] as Array<number>, lead: [] as Array<number>, status: [] as Array<number>, owner: [] as Array<number>,
    at: [] as Array<string>, due: [] as Array<string>, sentence: [] as Array<string>, subjects: [] as Array<string>
  }

  /** Takes a finding and its line. */
  add(finding: Finding, line: string): void {
    this.#lines.push(line)
    if (this.#lines.length === findingsInPiece) this.#flush()
    const index = this.#index
    index.id.push(finding.id)
    index.control.push(this.#controls.place(finding.control))
    index.severity.push(severities.indexOf(finding.severity))
    index.lead.push(finding.kind === "lead" ? 1 : 0)
    index.status.push(this.#statuses.place(finding.status))
    index.owner.push(this.#owners.place(finding.owner ?? ""))
    index.at.push(finding.at ?? "")
    index.due.push(finding.due ?? "")
    index.sentence.push(plain(finding.sentence))
    index.subjects.push([finding.contactId, finding.recordingId, finding.party, finding.staff].filter((one) => one !== undefined).map(plain).join(" "))
  }

  #flush(): void {
    if (this.#lines.length === 0) return
    this.#pieces.push(dataElement(`findings-${this.#pieces.length}`, `${this.#lines.join("\n")}\n`))
    this.#lines = []
  }

  /** The script elements with the data; call once, at the end. */
  elements(controls: ReadonlyArray<Population>): ReadonlyArray<Markup> {
    this.#flush()
    const titles = new Map(controls.map((control) => [control.control, control.title]))
    const index = {
      pieces: this.#pieces.length, inPiece: findingsInPiece, controls: this.#controls.values, titles: this.#controls.values.map((control) => titles.get(control) ?? control),
      owners: this.#owners.values, statuses: this.#statuses.values, ...this.#index
    }
    return [dataElement("index", JSON.stringify(index)), ...this.#pieces]
  }
}

/** The core envelope and summary.json as they stand in the folder, for the verify panel. */
export const embeddedText = (id: string, text: string): Markup => dataElement(id, text)
