import { saltOf } from "../attest/index.ts"
import { type Control, failedInOrder } from "../controls/index.ts"
import { type EvidenceStore, locate } from "../evidence/index.ts"
import { assemble, type Assembly } from "./assemble.ts"
import { Causes } from "./causes.ts"
import type { CanonicalFinding, Finding } from "./finding.ts"
import type { Standing } from "./status.ts"
import { timelines } from "./timeline.ts"

/** What the findings come to; they themselves went to `write`. */
export type Collected = {
  readonly causes: Causes
  readonly findings: number
  readonly leads: number
}

/** What the findings are made with beside the store. */
export type Collection = {
  readonly controls: ReadonlyArray<Control>
  readonly assembly: Omit<Assembly, "locate" | "timeline">
  /** Status, due time and owner of a canonical finding. */
  readonly stand: (finding: CanonicalFinding, control: Control) => Standing
  /** Takes finished lines of findings.ndjson, in the order of the report. */
  readonly write: (lines: ReadonlyArray<string>) => Promise<void>
}

/**
 * Writes the findings of everything that failed, in order of control and unit,
 * so that the same inputs give the same bytes whatever the threads and the order of files.
 */
export const collect = async (store: EvidenceStore, { controls, assembly, stand, write }: Collection): Promise<Collected> => {
  const causes = new Causes()
  const totals = { finding: 0, lead: 0 }
  const places: Assembly = { ...assembly, locate: await locate(store), timeline: await timelines(store, assembly.names) }
  for await (const rows of failedInOrder(store)) {
    const lines = rows.map((row) => {
      const control = controls[row.place] as Control
      const canonical = assemble(control, row, places)
      const finding: Finding = { ...canonical, ...stand(canonical, control), salt: saltOf(assembly.idKey, canonical.id) }
      causes.add(finding)
      totals[finding.kind] += 1
      return JSON.stringify(finding)
    })
    await write(lines)
  }
  return { causes, findings: totals.finding, leads: totals.lead }
}
