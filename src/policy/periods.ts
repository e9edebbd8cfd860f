import { formatInstant, type Instant } from "../time/index.ts"
import type { Pack } from "./pack.ts"

/** A stretch of time, from <= t < until; until null: open. */
export type Period = { readonly from: Instant; readonly until: Instant | null }

/** The one pack in force during a period. */
export type PackPeriod = Period & { readonly packKey: string }

/** A period that something of that name holds. */
export type Dated = Period & { readonly name: string }

const covers = (one: Period, at: Instant): boolean => one.from <= at && (one.until === null || at < one.until)

/** Later start wins; two that start together are ordered by name, so that the order of files decides nothing. */
const inForceAt = (all: ReadonlyArray<Dated>, at: Instant): Dated | undefined =>
  all.filter((one) => covers(one, at)).sort((a, b) => (a.from === b.from ? (a.name < b.name ? 1 : -1) : a.from < b.from ? 1 : -1))[0]

/** The entry that covers an instant, of entries that do not overlap and stand in order of time. */
export const holding = <P extends Period>(ordered: ReadonlyArray<P>, at: Instant): P | undefined => {
  const found = ordered.findLast((one) => one.from <= at)
  return found !== undefined && covers(found, at) ? found : undefined
}

/** The instants at which something begins or ends, in order, each once. */
const edges = (all: ReadonlyArray<Period>): ReadonlyArray<Instant> =>
  [...new Set(all.flatMap((one) => (one.until === null ? [one.from] : [one.from, one.until])))].sort((a, b) => (a < b ? -1 : 1))

/** Cuts overlapping periods so that exactly one name holds at each instant that any of them covers. */
export const nonOverlapping = (all: ReadonlyArray<Dated>): ReadonlyArray<Dated> => {
  const cuts = edges(all)
  const result: Array<Dated> = []
  for (const [index, from] of cuts.entries()) {
    const winner = inForceAt(all, from)
    if (winner === undefined) continue
    const until = cuts[index + 1] ?? null
    const last = result.at(-1)
    if (last !== undefined && last.name === winner.name && last.until === from) result[result.length - 1] = { ...last, until }
    else result.push({ name: winner.name, from, until })
  }
  return result
}

/** Two that hold at the same time, and when. */
export type Overlap = Period & { readonly names: readonly [string, string] }

/** Pairs that overlap, in order of time. */
export const overlapsOf = (all: ReadonlyArray<Dated>): ReadonlyArray<Overlap> =>
  all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b): ReadonlyArray<Overlap> => {
      const from = a.from > b.from ? a.from : b.from
      const until = a.until === null ? b.until : b.until === null ? a.until : a.until < b.until ? a.until : b.until
      const names: readonly [string, string] = a.name < b.name ? [a.name, b.name] : [b.name, a.name]
      return until !== null && from >= until ? [] : [{ names, from, until }]
    })
  ).sort((a, b) => (a.from === b.from ? (a.names.join() < b.names.join() ? -1 : 1) : a.from < b.from ? -1 : 1))

/** Times between the first start and the last end that nothing covers. */
export const holesOf = (all: ReadonlyArray<Dated>): ReadonlyArray<Period> => {
  const covered = nonOverlapping(all)
  return covered.slice(1).flatMap((one, index) => {
    const end = covered[index]!.until
    return end !== null && end < one.from ? [{ from: end, until: one.from }] : []
  })
}

const datedPacks = (packs: ReadonlyArray<Pack>): ReadonlyArray<Dated> =>
  packs.map(({ packKey, from, until }) => ({ name: packKey, from, until }))

/** The pack in force at each instant; holes have no entry. */
export const packPeriods = (packs: ReadonlyArray<Pack>): ReadonlyArray<PackPeriod> =>
  nonOverlapping(datedPacks(packs)).map(({ name, from, until }) => ({ packKey: name, from, until }))

/** Overlaps and holes among the packs of a pipeline: findings, not errors. */
export const packIssues = (packs: ReadonlyArray<Pack>): { readonly overlaps: ReadonlyArray<Overlap>; readonly holes: ReadonlyArray<Period> } =>
  ({ overlaps: overlapsOf(datedPacks(packs)), holes: holesOf(datedPacks(packs)) })

/** What a reader of the packs should know before they are used, in sentences: overlaps and holes. Times are UTC. */
export const packIssueSentences = (packs: ReadonlyArray<Pack>): ReadonlyArray<string> => {
  const { overlaps, holes } = packIssues(packs)
  const until = (end: Instant | null): string => (end === null ? "on" : `until ${formatInstant(end)}`)
  return [
    ...overlaps.map((one) => `policies ${one.names.join(" and ")} both hold from ${formatInstant(one.from)} ${until(one.until)}; the one that starts later is in force.`),
    ...holes.map((one) => `no policy is in force from ${formatInstant(one.from)} ${until(one.until)}; what happened then cannot be judged.`)
  ]
}
