import { saltOf } from "../attest/index.ts"
import { beginFailed, type Control, type Counts, count, failedInOrder, judge, keepFailed } from "../controls/index.ts"
import { type EvidenceStore, locate } from "../evidence/index.ts"
import { assemble, type Assembly } from "./assemble.ts"
import { Causes } from "./causes.ts"
import type { CanonicalFinding, Finding } from "./finding.ts"
import type { Standing } from "./status.ts"
import { timelines } from "./timeline.ts"

/** What a judged control leaves behind. */
export type Judged = { readonly control: Control; readonly counts: Counts }

/** What the judging of all controls gives; the findings themselves went to `write`. */
export type Collected = {
  readonly judged: ReadonlyArray<Judged>
  readonly causes: Causes
  readonly findings: number
  readonly leads: number
}

/** What the judging needs beside the store. */
export type Collection = {
  readonly controls: ReadonlyArray<Control>
  readonly assembly: Omit<Assembly, "locate" | "timeline">
  /** Status, due time and owner of a canonical finding. */
  readonly stand: (finding: CanonicalFinding, control: Control) => Standing
  /** Takes finished lines of findings.ndjson, in the order of the report. */
  readonly write: (lines: ReadonlyArray<string>) => Promise<void>
  /** Called after each control, while its rows are still in the temp table `judged`. */
  readonly judgedOne: (judged: Judged) => Promise<void>
}

/**
 * Judges every control in order of id and writes its findings in order of unit,
 * so that the same inputs give the same bytes whatever the threads and the order of files.
 */
export const collect = async (store: EvidenceStore, collection: Collection): Promise<Collected> => {
  const { controls, judgedOne } = collection
  const judged: Array<Judged> = []
  await beginFailed(store)
  for (const [place, control] of controls.entries()) {
    await judge(store, control)
    const one = { control, counts: await count(store, control) }
    if (one.counts.fail > 0) await keepFailed(store, place)
    await judgedOne(one)
    judged.push(one)
  }
  return { judged, ...await writeFindings(store, collection) }
}

const writeFindings = async (store: EvidenceStore, { controls, assembly, stand, write }: Collection): Promise<Omit<Collected, "judged">> => {
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
