/** Fingerprints of millions of objects in little memory: the first 128 bits of each, and what a listing says of it. */

const wordsEach = 4
const emptyFlag = 0
const knownFlag = 1
const listedFlag = 2
const deletedFlag = 4

const wordsOf = (fingerprint: string): readonly [number, number, number, number] =>
  [0, 8, 16, 24].map((at) => Number.parseInt(fingerprint.slice(at, at + 8), 16)) as unknown as readonly [number, number, number, number]

/** Known fingerprints (hex, at least 32 digits), about 40 bytes each. */
export class FingerprintSet {
  readonly #words: Uint32Array
  readonly #flags: Uint8Array
  readonly #mask: number

  /** `count`: at least how many there will be. */
  constructor(fingerprints: Iterable<string>, count: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, count * 1.5)))
    this.#words = new Uint32Array(slots * wordsEach)
    this.#flags = new Uint8Array(slots)
    this.#mask = slots - 1
    for (const fingerprint of fingerprints) this.#add(fingerprint)
  }

  has(fingerprint: string): boolean {
    return this.#flags[this.#slot(wordsOf(fingerprint))] !== emptyFlag
  }

  /** Notes that a listing shows it, and whether as a version of what was deleted; what is not known is passed over. */
  note(fingerprint: string, deleted: boolean): void {
    const slot = this.#slot(wordsOf(fingerprint))
    const flags = this.#flags[slot] ?? emptyFlag
    if (flags !== emptyFlag) this.#flags[slot] = flags | listedFlag | (deleted ? deletedFlag : 0)
  }

  /** Did a listing show it? */
  isListed(fingerprint: string): boolean {
    return ((this.#flags[this.#slot(wordsOf(fingerprint))] ?? 0) & listedFlag) !== 0
  }

  /** Did a listing show it as a version of an object that was deleted? */
  isDeleted(fingerprint: string): boolean {
    return ((this.#flags[this.#slot(wordsOf(fingerprint))] ?? 0) & deletedFlag) !== 0
  }

  #add(fingerprint: string): void {
    const words = wordsOf(fingerprint)
    const slot = this.#slot(words)
    this.#words.set(words, slot * wordsEach)
    this.#flags[slot] = (this.#flags[slot] ?? 0) | knownFlag
  }

  /** Where it stands, or the empty place where it would. A fingerprint is a digest, so its own bits spread it. */
  #slot(words: readonly [number, number, number, number]): number {
    for (let slot = words[0] & this.#mask; ; slot = (slot + 1) & this.#mask) {
      if (this.#flags[slot] === emptyFlag) return slot
      const at = slot * wordsEach
      if (this.#words[at] === words[0] && this.#words[at + 1] === words[1] && this.#words[at + 2] === words[2] && this.#words[at + 3] === words[3]) return slot
    }
  }
}
