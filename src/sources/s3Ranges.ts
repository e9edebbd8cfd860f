/**
 * Listings of one prefix beside each other. Each listing goes through a range of keys; one that has come to its end takes
 * the far half of what another still has before it, at a key that it finds by asking what lies there. Nothing has to be
 * known of how keys are made: where they cannot be halved, they are listed one page after the other.
 */
import type { Listing, Page } from "./s3Listing.ts"

/** Keys of a prefix, from `after` (exclusive; `from` is the page behind it) to `until` (inclusive), which moves when another listing takes the rest. */
export type Range = { readonly prefix: string; readonly after?: string; readonly from?: Record<string, string>; until?: string }

/** How a prefix is asked. */
export type Asking = {
  /** A page that begins after a key, or where another ended. */
  readonly page: (listing: Listing, from: Record<string, string>) => Promise<Page>
  /** The first key after another; undefined where there is none. */
  readonly keyAfter: (listing: Listing, after: string) => Promise<string | undefined>
  /** A key of a page, from its end where the place is negative; undefined where it has none there. */
  readonly keyAt: (page: Page, place: number) => string | undefined
}

/** Listings that are under way at once. */
const listingsAtOnce = 8
/** A range is halved once it has shown so many pages since it was last. */
const pagesBeforeHalving = 2

/** Servers order keys by their bytes. */
const isAfter = (left: string, right: string): boolean => Buffer.compare(Buffer.from(left), Buffer.from(right)) > 0

/** Only such characters can be stepped: printable, one byte, and with one behind them. */
const isStep = (character: string | undefined): character is string => character !== undefined && character >= "!" && character < "~"

const next = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 1)

/** A page without the keys that are not of a range. */
const within = (page: Page, { after, until }: Range, keyAt: Asking["keyAt"]): Page => {
  const items = page.items.filter((_, place) => {
    const key = keyAt(page, place) ?? ""
    return (after === undefined || isAfter(key, after)) && (until === undefined || !isAfter(key, until))
  })
  return { ...page, items }
}

/** A range that is being listed, or will be once it is known. */
class Running {
  readonly #listing: Listing
  readonly #asking: Asking
  readonly #from: Range | Promise<Range | undefined>
  range: Range | undefined
  /** The last key that was listed. */
  last: string | undefined
  /** Pages since the range was halved. */
  pages = 0
  halving = false

  constructor(listing: Listing, from: Range | Promise<Range | undefined>, asking: Asking) {
    this.#listing = listing
    this.#from = from
    this.#asking = asking
  }

  async *list(): AsyncGenerator<Page> {
    const range = await this.#from
    if (range === undefined) return
    this.range = range
    const listing = { ...this.#listing, prefix: range.prefix }
    let from: Record<string, string> | undefined = range.from ?? (range.after === undefined ? {} : { StartAfter: range.after })
    while (from !== undefined) {
      const page = await this.#asking.page(listing, from)
      const [first, last] = [this.#asking.keyAt(page, 0), this.#asking.keyAt(page, -1)]
      this.last = last ?? this.last
      this.pages++
      // Somebody may have taken the far half while the page came; a server may not know how to begin after a key.
      const late = last !== undefined && range.until !== undefined && !isAfter(range.until, last)
      const early = first !== undefined && range.after !== undefined && !isAfter(first, range.after)
      yield late || early ? within(page, range, this.#asking.keyAt) : page
      from = late ? undefined : page.next
    }
  }
}

/** The characters that keys are made of, in their order; a key between two others is looked for among them. */
class Alphabet {
  readonly #seen = new Set<string>()

  note(key: string, from: number): void {
    for (const character of key.slice(from)) if (isStep(character)) this.#seen.add(character)
  }

  between(low: string, high: string | undefined): ReadonlyArray<string> {
    return [...this.#seen].filter((character) => character > low && (high === undefined || character <= high)).sort()
  }
}

/**
 * A key that halves what a range still has before it, so far as can be seen; undefined where it cannot be told. About ten
 * small questions: first how far all keys that are left begin alike, then where the next character parts them.
 */
const halfOf = async (listing: Listing, { until }: Range, last: string, alphabet: Alphabet, keyAfter: Asking["keyAfter"]): Promise<string | undefined> => {
  const isBeyond = async (after: string): Promise<boolean> => {
    if (until !== undefined && !isAfter(until, after)) return false
    const key = await keyAfter(listing, after)
    if (key !== undefined && !isAfter(key, after)) throw new Error("this server does not know how to begin after a key")
    return key !== undefined && (until === undefined || !isAfter(key, until))
  }
  const beyond = (length: number): string | undefined => isStep(last[length - 1]) ? `${last.slice(0, length - 1)}${next(last[length - 1] ?? "")}` : undefined
  let [low, high] = [listing.prefix.length, last.length]
  while (low < high) {
    const length = Math.ceil((low + high) / 2)
    const after = beyond(length)
    if (after === undefined) return undefined
    if (await isBeyond(after)) high = length - 1
    else low = length
  }
  const [alike, parting] = [last.slice(0, low), last[low]]
  if (!isStep(parting)) return undefined
  let characters = alphabet.between(parting, until?.startsWith(alike) === true ? until[low] : undefined)
  while (characters.length > 0) {
    const middle = characters.length >> 1
    const half = `${alike}${characters[middle] ?? ""}`
    if (await isBeyond(half)) return half
    characters = characters.slice(0, middle)
  }
  const half = `${alike}${next(parting)}`
  return await isBeyond(half) ? half : undefined
}

type Arrived = { readonly from: AsyncGenerator<Page>; readonly page: IteratorResult<Page> }

/** The listings under way, and who takes from whom. */
class Ranges {
  readonly #listing: Listing
  readonly #asking: Asking
  readonly #rest: Array<Range>
  readonly #alphabet = new Alphabet()
  readonly #running = new Map<AsyncGenerator<Page>, Running>()
  readonly #waiting = new Map<AsyncGenerator<Page>, Promise<Arrived>>()
  #canHalve = true

  constructor(listing: Listing, ranges: ReadonlyArray<Range>, asking: Asking, seen: Page) {
    this.#listing = listing
    this.#asking = asking
    this.#rest = [...ranges].reverse()
    for (let place = 0; place < seen.items.length; place++) this.#alphabet.note(asking.keyAt(seen, place) ?? "", listing.prefix.length)
  }

  async *pages(): AsyncGenerator<Page> {
    try {
      this.#fill()
      while (this.#waiting.size > 0) {
        const { from, page } = await Promise.race(this.#waiting.values())
        this.#waiting.delete(from)
        if (page.done === true) this.#running.delete(from)
        else {
          this.#alphabet.note(this.#running.get(from)?.last ?? "", this.#listing.prefix.length)
          this.#ask(from)
        }
        this.#fill()
        if (page.done !== true && page.value.items.length > 0) yield page.value
      }
    } finally {
      await Promise.allSettled(this.#waiting.values())
    }
  }

  #ask(from: AsyncGenerator<Page>): void {
    const asked = from.next().then((page) => ({ from, page }))
    asked.catch(() => undefined)
    this.#waiting.set(from, asked)
  }

  /** Begins listings until enough are under way: of ranges that wait, else of halves of those that run. */
  #fill(): void {
    while (this.#running.size < listingsAtOnce) {
      const from = this.#rest.pop() ?? this.#half()
      if (from === undefined) return
      const running = new Running(this.#listing, from, this.#asking)
      const pages = running.list()
      this.#running.set(pages, running)
      this.#ask(pages)
    }
  }

  /** The far half of what has shown the most pages; undefined where nothing is long enough. */
  #half(): Promise<Range | undefined> | undefined {
    if (!this.#canHalve) return undefined
    const long = [...this.#running.values()].filter(({ halving, pages }) => !halving && pages >= pagesBeforeHalving)
    const longest = long.sort((left, right) => right.pages - left.pages)[0]
    if (longest === undefined) return undefined
    const taking = this.#take(longest)
    taking.catch(() => undefined)
    return taking
  }

  async #take(running: Running): Promise<Range | undefined> {
    const { range, last } = running
    if (range === undefined || last === undefined) return undefined
    running.halving = true
    try {
      const half = await halfOf({ ...this.#listing, prefix: range.prefix }, range, last, this.#alphabet, this.#asking.keyAfter)
      running.pages = 0
      // The listing went on meanwhile; what it has shown must not be shown again.
      if (half === undefined || !isAfter(half, running.last ?? "")) return undefined
      const taken: Range = { prefix: range.prefix, after: half, ...(range.until === undefined ? {} : { until: range.until }) }
      range.until = half
      return taken
    } catch {
      this.#listing.signal?.throwIfAborted()
      // A server that cannot answer such questions is listed one page after the other.
      this.#canHalve = false
      return undefined
    } finally {
      running.halving = false
    }
  }
}

/**
 * Every page of some ranges of a listing, in no particular order; no more than a page of each range is held. `seen` is a
 * page of the listing from which is learnt what keys are made of. Fails as `asking.page` does.
 */
export const pagesOfRanges = (listing: Listing, ranges: ReadonlyArray<Range>, asking: Asking, seen: Page): AsyncGenerator<Page> => new Ranges(listing, ranges, asking, seen).pages()
