import type { World } from "../world.ts"

/**
 * What is planted for one control: records that break it, near misses beside them, and, in a large
 * estate, units that cannot be judged; with the label of every finding or lead that must follow.
 */
export type Plant = {
  /** Control id, `<family>/<name>`. */
  readonly control: string
  /** Planted once an estate, not once for every ten thousand contacts: statistics, policy versions, logs. */
  readonly once?: boolean
  /** Needs an estate of at least 1,000 contacts: statistics want many cases. */
  readonly large?: boolean
  /** A further decision policy that the pack then has, as YAML. */
  readonly policy?: (start: number) => string
  readonly plant: (world: World) => void
}
