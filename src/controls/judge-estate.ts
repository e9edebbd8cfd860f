import type { EvidenceStore } from "../evidence/index.ts"
import type { Control } from "./catalogue.ts"
import { beginFailed, count, type Counts, judge, keepFailed } from "./evaluate.ts"
import type { Fact } from "./facts.ts"
import { inLanes } from "./lanes.ts"

/** What a judged control leaves behind. */
export type Judged = { readonly control: Control; readonly counts: Counts }

/** What is derived and judged, and who is told. */
export type Judging = {
  /** In an order in which each can be made. */
  readonly facts: ReadonlyArray<Fact>
  readonly controls: ReadonlyArray<Control>
  /** Called after each control with its place in `controls`, while its rows are still in that connection's temp table `judged`. */
  readonly judgedOne: (lane: EvidenceStore, judged: Judged, place: number) => Promise<void>
  /** Called after each fact and control with how many are done. */
  readonly progress: (done: number) => void
}

/**
 * Derives the facts and judges every control on as many connections as given; what failed goes to the table `failed`.
 * Gives the counts in the order of the controls, whatever finished first.
 */
export const judgeEstate = async (lanes: ReadonlyArray<EvidenceStore>, { facts, controls, judgedOne, progress }: Judging): Promise<ReadonlyArray<Judged>> => {
  const [first] = lanes
  if (first === undefined) return []
  await beginFailed(first)
  const judged: Array<Judged> = []
  let done = 0
  const deriving = facts.map((fact) => ({ name: fact.name, needs: fact.needs, work: async (lane: EvidenceStore) => {
    await fact.make(lane)
    progress(++done)
  } }))
  const judging = controls.map((control, place) => ({ name: control.id, needs: control.reads, work: async (lane: EvidenceStore) => {
    await judge(lane, control)
    const one = { control, counts: await count(lane, control) }
    if (one.counts.fail > 0) await keepFailed(lane, place)
    await judgedOne(lane, one, place)
    judged[place] = one
    progress(++done)
  } }))
  await inLanes(lanes, [...deriving, ...judging])
  return judged
}
