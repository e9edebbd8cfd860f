import { namesUnder, type Pseudonymiser } from "../findings/pseudonyms.ts"
import { type Preserved, retentionLine } from "../gate/index.ts"
import type { RetentionTotals } from "../report/summary.ts"
import { Lines } from "./outputs.ts"

/** What retention.ndjson is written with. */
export type RetentionFileSettings = {
  /** Where the report is being built. */
  readonly folder: string
  /** Without it people stand there by their names. */
  readonly pseudonymKey: Uint8Array | undefined
  readonly preserved: Preserved
}

/** A reason without the request that it is about (`due:erasure:<request>`): there are as many as requests. */
const kindOf = (reason: string): string => {
  const end = reason.indexOf(":", reason.indexOf(":") + 1)
  return end < 0 ? reason : reason.slice(0, end)
}

/** retention.ndjson while it is written. */
export class RetentionFile {
  readonly #names: Pseudonymiser
  readonly #preserved: Preserved
  readonly #lines: Lines
  readonly #decisions = new Map<string, { recordings: number; readonly reasons: Map<string, number> }>()

  constructor({ folder, pseudonymKey, preserved }: RetentionFileSettings) {
    this.#names = namesUnder(pseudonymKey)
    this.#preserved = preserved
    this.#lines = new Lines(folder, "retention.ndjson")
  }

  /** Writes the lines of rows of the fact `retentionDecision`. */
  take(rows: ReadonlyArray<string>): void {
    this.#lines.write(rows.map((row) => {
      const line = retentionLine(row, this.#names, this.#preserved)
      const counted = this.#decisions.get(line.decision) ?? { recordings: 0, reasons: new Map<string, number>() }
      this.#decisions.set(line.decision, counted)
      counted.recordings += 1
      for (const reason of new Set(line.reasons.map(kindOf))) counted.reasons.set(reason, (counted.reasons.get(reason) ?? 0) + 1)
      return JSON.stringify(line)
    }))
  }

  /** Ends the file and gives what was decided, in numbers. */
  close(): RetentionTotals {
    this.#lines.close()
    return Object.fromEntries([...this.#decisions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([decision, { recordings, reasons }]) =>
      [decision, { recordings, reasons: Object.fromEntries([...reasons].sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))) }]))
  }
}
