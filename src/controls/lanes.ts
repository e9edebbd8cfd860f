import type { EvidenceStore } from "../evidence/index.ts"

/** A piece of judging: made once what it needs is there; a need that is no task's name is there already. */
export type Task = { readonly name: string; readonly needs: ReadonlyArray<string>; readonly work: (lane: EvidenceStore) => Promise<void> }

/** The first task whose needs are all done, taken off the list. */
const takeReady = (waiting: Array<Task>, unfinished: ReadonlySet<string>): Task | undefined => {
  const place = waiting.findIndex((task) => task.needs.every((need) => need === task.name || !unfinished.has(need)))
  return place < 0 ? undefined : waiting.splice(place, 1)[0]
}

/**
 * Runs tasks side by side, one at a time on each connection, each after what it needs: many queries are small or plan longer
 * than they run, so that one connection leaves a core idle. Fails with the first failure once every connection is quiet.
 */
export const inLanes = async (lanes: ReadonlyArray<EvidenceStore>, tasks: ReadonlyArray<Task>): Promise<void> => {
  const waiting = [...tasks]
  const unfinished = new Set(tasks.map(({ name }) => name))
  const failures: Array<unknown> = []
  let changed = Promise.withResolvers<void>()
  const drive = async (lane: EvidenceStore): Promise<void> => {
    while (waiting.length > 0 && failures.length === 0) {
      const task = takeReady(waiting, unfinished)
      if (task === undefined) {
        if (unfinished.size === waiting.length) throw new Error(`nothing can be made first of ${waiting.map(({ name }) => name).join(", ")}`)
        await changed.promise
        continue
      }
      try {
        await task.work(lane)
        unfinished.delete(task.name)
      } catch (failure) {
        failures.push(failure)
      }
      changed.resolve()
      changed = Promise.withResolvers()
    }
  }
  await Promise.all(lanes.map(drive))
  if (failures.length > 0) throw failures[0]
}
