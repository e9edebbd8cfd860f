/** Which objects are read next. */
import { prefetchBytesMax, prefetchObjectsMax } from "./prefetching.ts"
import type { ReadingTask } from "./reading.ts"
import { isRemote } from "./stores.ts"

const isSmall = (task: ReadingTask | undefined): boolean => task !== undefined && task.listed.bytes <= prefetchBytesMax && isRemote(task.listed.uri)

/** The largest first, so that the threads end together; small remote ones in batches that are fetched at once. */
export class ReadingQueue {
  readonly #tasks: Array<ReadingTask>

  constructor(tasks: ReadonlyArray<ReadingTask>) {
    this.#tasks = [...tasks].sort((left, right) => left.listed.bytes - right.listed.bytes || right.objectNumber - left.objectNumber)
  }

  /** The next objects for one thread; empty when there are no more. */
  take(): ReadonlyArray<ReadingTask> {
    const first = this.#tasks.pop()
    if (first === undefined) return []
    const batch = [first]
    while (isSmall(first) && batch.length < prefetchObjectsMax && isSmall(this.#tasks.at(-1))) batch.push(this.#tasks.pop() as ReadingTask)
    return batch
  }
}
