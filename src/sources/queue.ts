/** Which objects, and parts of objects, are read next. */
import { mayBeCut, type Part, partBytesOf } from "./parts.ts"
import { prefetchBytesMax, prefetchObjectsMax } from "./prefetching.ts"
import type { ReadingTask } from "./reading.ts"
import { isRemote } from "./stores.ts"

/** What a thread does next: read objects one after the other, cut a large one into parts, or read a part. */
export type Work =
  | { readonly type: "objects"; readonly tasks: ReadonlyArray<ReadingTask> }
  | { readonly type: "cut"; readonly task: ReadingTask; readonly partBytes: number }
  | { readonly type: "part"; readonly task: ReadingTask; readonly part: Part }

const isSmall = (task: ReadingTask | undefined): boolean => task !== undefined && task.listed.bytes <= prefetchBytesMax && isRemote(task.listed.uri)

/** The largest first, so that the threads end together; small remote ones in batches that are fetched at once; parts as soon as they are there. */
export class ReadingQueue {
  readonly #tasks: Array<ReadingTask>
  readonly #parts: Array<{ readonly task: ReadingTask; readonly part: Part }> = []
  /** An object of more bytes would keep one thread busy while the others have nothing left to do. */
  readonly #cutAbove: number
  readonly #partBytes: number
  readonly #uncut = new Set<number>()

  /** `partBytesMin`: no part is smaller, and no object is cut that is not longer than two parts. */
  constructor(tasks: ReadonlyArray<ReadingTask>, threads: number, partBytesMin: number) {
    this.#tasks = [...tasks].sort((left, right) => left.listed.bytes - right.listed.bytes || right.objectNumber - left.objectNumber)
    const bytes = tasks.reduce((sum, task) => sum + task.listed.bytes, 0)
    this.#partBytes = partBytesOf(bytes, threads, partBytesMin)
    this.#cutAbove = threads === 1 ? Number.POSITIVE_INFINITY : Math.max(2 * partBytesMin, bytes / (2 * threads))
  }

  /** Is there an object that several threads would share? */
  get hasLarge(): boolean {
    return this.#tasks.some((task) => this.#isLarge(task))
  }

  /** The next for one thread; undefined when there is nothing now. */
  take(): Work | undefined {
    const cut = this.#parts.shift()
    if (cut !== undefined) return { type: "part", ...cut }
    const first = this.#tasks.pop()
    if (first === undefined) return undefined
    if (this.#isLarge(first)) return { type: "cut", task: first, partBytes: this.#partBytes }
    const batch = [first]
    while (isSmall(first) && batch.length < prefetchObjectsMax && isSmall(this.#tasks.at(-1))) batch.push(this.#tasks.pop() as ReadingTask)
    return { type: "objects", tasks: batch }
  }

  /** A part that was found. */
  part(task: ReadingTask, part: Part): void {
    this.#parts.push({ task, part })
  }

  /** An object that must be read in one piece: next, for it is large, and without the parts of it that wait. */
  uncut(task: ReadingTask): void {
    const waiting = this.#parts.filter((each) => each.task !== task)
    this.#parts.splice(0, this.#parts.length, ...waiting)
    this.#uncut.add(task.objectNumber)
    this.#tasks.push(task)
  }

  #isLarge(task: ReadingTask): boolean {
    return task.listed.bytes > this.#cutAbove && mayBeCut(task) && !this.#uncut.has(task.objectNumber)
  }
}
