/**
 * A small pseudo-random generator with a seed (sfc32 by Chris Doty-Humphrey, public domain):
 * the same seed gives the same estate on every machine.
 */
export type Random = {
  /** Uniform in [0, 2^32). */
  readonly word: () => number
  /** Uniform integer in [0, limit). */
  readonly below: (limit: number) => number
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
  /** One of the items, which must not be empty. */
  readonly pick: <A>(items: ReadonlyArray<A>) => A
  /** 64 hexadecimal digits, as a SHA-256 looks. */
  readonly hex64: () => string
}

/** Makes the generator from an integer seed. */
export const seeded = (seed: number): Random => {
  let a = seed | 0
  let b = Math.trunc(seed / 0x1_0000_0000) | 0
  let c = 0x9e3779b9 | 0
  let d = 1
  const word = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let round = 0; round < 12; round++) word()
  const below = (limit: number): number => Math.floor((word() / 0x1_0000_0000) * limit)
  const hex8 = (): string => word().toString(16).padStart(8, "0")
  return {
    word,
    below,
    chance: (probability) => word() < probability * 0x1_0000_0000,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError("Nothing to pick from: the list is empty.")
      return item
    },
    hex64: () => hex8() + hex8() + hex8() + hex8() + hex8() + hex8() + hex8() + hex8()
  }
}
