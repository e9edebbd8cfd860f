import type { Finding } from "../findings/finding.ts"
import { severities } from "../findings/finding.ts"

/** Keeps the gravest of what passes by, up to a cap, in the order in which it came; the rest is counted. */
export class Gravest<Kept> {
  readonly #cap: number
  readonly #kept = new Map<string, Array<{ readonly place: number; readonly value: Kept }>>()
  #seen = 0
  #held = 0

  constructor(cap: number) {
    this.#cap = cap
  }

  /** How many passed by. */
  get seen(): number {
    return this.#seen
  }

  add(severity: Finding["severity"], value: () => Kept): void {
    this.#seen += 1
    if (this.#held === this.#cap && !this.#dropBelow(severity)) return
    const mine = this.#kept.get(severity) ?? []
    mine.push({ place: this.#seen, value: value() })
    this.#kept.set(severity, mine)
    this.#held += 1
  }

  /** Makes room for one of `severity` by dropping the last of the least grave, if that is less grave. */
  #dropBelow(severity: Finding["severity"]): boolean {
    for (const lower of severities) {
      if (lower === severity) return false
      const pool = this.#kept.get(lower)
      if (pool === undefined || pool.length === 0) continue
      pool.pop()
      this.#held -= 1
      return true
    }
    return false
  }

  /** What was kept, in the order in which it came. */
  values(): ReadonlyArray<Kept> {
    return [...this.#kept.values()].flat().sort((a, b) => a.place - b.place).map(({ value }) => value)
  }
}
