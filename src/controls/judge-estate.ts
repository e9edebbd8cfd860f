import type { EvidenceStore } from "../evidence/index.ts"
import type { Control } from "./catalogue.ts"
import { beginFailed, type Counts } from "./evaluate.ts"
import type { Fact } from "./facts.ts"
import { inLanes, type Task } from "./lanes.ts"
import { countVerdicts, findVerdicts, keepFailures, type Naming, verdictTable } from "./verdicts.ts"

/** What a judged control leaves behind. */
export type Judged = { readonly control: Control; readonly counts: Counts }

/** What is derived and judged, and who is told. */
export type Judging = Naming & {
  /** In an order in which each can be made. */
  readonly facts: ReadonlyArray<Fact>
  readonly controls: ReadonlyArray<Control>
  /** Facts that are read after the judging; of the others each goes once nothing that waits reads it. */
  readonly kept: ReadonlyArray<string>
  /** Called after each control with its place in `controls`, while its rows are still in that connection's temp table `verdict`. */
  readonly judgedOne: (lane: EvidenceStore, judged: Judged, place: number) => Promise<void>
  /** Called after each fact and control with how many are done. */
  readonly progress: (done: number) => void
}

/** Each control right after the facts that only it still lacks, so that few facts fill the memory at a time; what no control reads comes last. */
const besideTheirControls = (facts: ReadonlyArray<Task>, controls: ReadonlyArray<Task>): ReadonlyArray<Task> => {
  const waiting = new Map(facts.map((fact) => [fact.name, fact]))
  const ordered: Array<Task> = []
  const take = (task: Task): void => {
    for (const need of task.needs) {
      const fact = waiting.get(need)
      if (fact === undefined) continue
      waiting.delete(need)
      take(fact)
    }
    ordered.push(task)
  }
  for (const control of controls) take(control)
  return [...ordered, ...waiting.values()]
}

/** What is read where these are: a view's tables are read by whoever reads the view. */
const throughViews = (needs: ReadonlyArray<string>, views: ReadonlyMap<string, Fact>): ReadonlySet<string> =>
  new Set(needs.flatMap((need) => [need, ...throughViews(views.get(need)?.needs ?? [], views)]))

/** Says after each task which of the facts nothing that is still to come reads. */
const noLongerRead = (tasks: ReadonlyArray<Task>, facts: ReadonlyArray<Fact>, kept: ReadonlyArray<string>): ((done: Task) => ReadonlyArray<string>) => {
  const views = new Map(facts.filter(({ view }) => view === true).map((fact) => [fact.name, fact]))
  const stay = throughViews(kept, views)
  const readers = new Map(facts.filter(({ name }) => !stay.has(name) && !views.has(name)).map(({ name }) => [name, 0]))
  const count = (task: Task, by: number): ReadonlyArray<string> => [...throughViews(task.needs, views)].filter((need) => {
    const left = readers.get(need)
    if (left === undefined || need === task.name) return false
    readers.set(need, left + by)
    return left + by === 0
  })
  for (const task of tasks) count(task, 1)
  return (done) => count(done, -1)
}

/**
 * Derives the facts and judges every control on as many connections as given; what failed goes to the table `failed`.
 * Gives the counts in the order of the controls, whatever finished first.
 */
export const judgeEstate = async (lanes: ReadonlyArray<EvidenceStore>, { facts, controls, kept, judgedOne, progress, ...naming }: Judging): Promise<ReadonlyArray<Judged>> => {
  const [first] = lanes
  if (first === undefined) return []
  await beginFailed(first)
  const judged: Array<Judged> = []
  let done = 0
  const deriving = facts.map((fact): Task => ({ name: fact.name, needs: fact.needs, work: (lane) => fact.make(lane) }))
  const judging = controls.map((control, place): Task => ({ name: control.id, needs: control.reads, work: async (lane) => {
    await findVerdicts(lane, control, naming)
    const one = { control, counts: await countVerdicts(lane, control) }
    if (one.counts.fail > 0) await keepFailures(lane, place)
    await judgedOne(lane, one, place)
    judged[place] = one
  } }))
  const tasks = besideTheirControls(deriving, judging)
  const unread = noLongerRead(tasks, facts, kept)
  await inLanes(lanes, tasks.map((task): Task => ({ ...task, work: async (lane) => {
    await task.work(lane)
    for (const name of unread(task)) await lane.run(`DROP TABLE IF EXISTS "${name}"`)
    progress(++done)
  } })))
  for (const lane of lanes) await lane.run(`DROP TABLE IF EXISTS ${verdictTable}`)
  return judged
}
