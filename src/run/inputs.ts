import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import type { EvidenceStore } from "../evidence/index.ts"
import { instantText } from "../findings/assemble.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { Accounting, SourceSummary } from "../report/summary.ts"
import type { Ingested } from "./ingest.ts"
import type { Lines } from "./outputs.ts"

/** An object of the signed denominator, as a line of inputs.ndjson. */
type InputLine = Accounting & {
  readonly source: string
  readonly uri: string
  readonly versionId?: string
  readonly bytes: number
  readonly sha256: string
  readonly format: string
  readonly unreadable?: string
  readonly gone?: true
  readonly snapshotAt?: string
  readonly ignoredBecause: Readonly<Record<string, number>>
  readonly produced: Readonly<Record<string, number>>
  /** What could not be carried over, by sentence. */
  readonly notCarriedOver?: Readonly<Record<string, number>>
}

const sortedCounts = (counts: Readonly<Record<string, number | undefined>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined && entry[1] > 0).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Writes inputs.ndjson in the order of source, uri, version and gives the same counts by source. */
export const writeInputs = async (store: EvidenceStore, ingested: Ingested, names: Pseudonymiser, out: Lines): Promise<ReadonlyArray<SourceSummary>> => {
  const rows = new Map((await store.all(`SELECT o.*, coalesce(a.lines, 0)::BIGINT AS afterAsOf, coalesce(p.lines, 0)::BIGINT AS purgedAgain
    FROM object o LEFT JOIN afterAsOf a ON a.objectNumber = o.objectNumber LEFT JOIN purgedAgain p ON p.objectNumber = o.objectNumber`)).map((row) => [Number(row["objectNumber"]), row]))
  const sources = new Map<string, SourceSummary>()
  const lines: Array<string> = []
  for (const object of ingested.objects) {
    const row = rows.get(object.objectNumber) ?? {}
    const counted = (name: string): number => Number(row[name] ?? 0)
    const accounting: Accounting = {
      read: counted("read"), accepted: counted("accepted"), duplicate: counted("duplicate"), superseded: counted("superseded"), conflicting: counted("conflicting"), ignored: counted("ignored"), rejected: counted("rejected")
    }
    const ignoredBecause = sortedCounts({ ...object.ignored, "after-as-of": counted("afterAsOf"), purged: counted("purgedAgain") })
    const line: InputLine = {
      source: object.source, uri: names.scrub(object.uri), ...(object.versionId === undefined ? {} : { versionId: object.versionId }), bytes: object.bytes, sha256: object.sha256, format: object.format,
      ...(object.unreadable === undefined ? {} : { unreadable: names.scrub(object.unreadable) }), ...(object.gone ? { gone: true as const } : {}), ...(object.snapshotAt === undefined ? {} : { snapshotAt: object.snapshotAt }),
      ...accounting, ignoredBecause, produced: sortedCounts(object.produced), ...(Object.keys(object.notes).length === 0 ? {} : { notCarriedOver: sortedCounts(object.notes) })
    }
    lines.push(JSON.stringify(line))
    sources.set(object.source, added(sources.get(object.source), object.source, line))
  }
  out.write(lines)
  await dateSources(store, sources)
  return [...sources.values()]
}

/** The summary of a source from which nothing was read. */
export const emptySource = (id: string, format: string): SourceSummary => ({
  id, format, objects: 0, unreadable: 0, bytes: 0, read: 0, accepted: 0, duplicate: 0, superseded: 0, conflicting: 0, ignored: 0, rejected: 0, produced: {}, ignoredBecause: {}
})

const plus = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> => {
  const sum: Record<string, number> = { ...a }
  for (const [key, value] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + value
  return sortedCounts(sum)
}

const added = (before: SourceSummary | undefined, id: string, line: InputLine): SourceSummary => {
  const base = before ?? emptySource(id, line.format)
  return {
    ...base,
    objects: base.objects + 1, unreadable: base.unreadable + (line.unreadable === undefined ? 0 : 1), bytes: base.bytes + line.bytes,
    read: base.read + line.read, accepted: base.accepted + line.accepted, duplicate: base.duplicate + line.duplicate, superseded: base.superseded + line.superseded,
    conflicting: base.conflicting + line.conflicting, ignored: base.ignored + line.ignored, rejected: base.rejected + line.rejected,
    produced: plus(base.produced, line.produced), ignoredBecause: plus(base.ignoredBecause, line.ignoredBecause)
  }
}

const dateSources = async (store: EvidenceStore, sources: Map<string, SourceSummary>): Promise<void> => {
  for (const row of await store.all(`SELECT source, min(oldest) AS oldest, max(newest) AS newest FROM produced GROUP BY source`)) {
    const known = sources.get(String(row["source"]))
    if (known === undefined || row["newest"] === null) continue
    sources.set(known.id, { ...known, oldest: instantText(row["oldest"] as string), newest: instantText(row["newest"] as string) })
  }
}

/** Writes quarantine.ndjson: place and reason of every rejected record, in the order of the inputs. */
export const writeQuarantine = async (store: EvidenceStore, names: Pseudonymiser, out: Lines): Promise<void> => {
  for await (const rows of store.batches(`SELECT q.entry::VARCHAR AS entry FROM knownQuarantine q JOIN object o ON o.objectNumber = q.objectNumber ORDER BY o."rank", q.place`)) {
    out.write(rows.map((row) => {
      const { objectNumber: _number, place: _place, ...entry } = JSON.parse(String(row["entry"])) as Record<string, unknown>
      // A field may be named after somebody, so that pointer and sentence are masked like the object's name.
      return JSON.stringify(Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, typeof value === "string" ? names.scrub(value) : value])))
    }))
  }
}

/** Reads the lines of a file; for small files only. */
export const linesOf = async function* (file: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file) })) if (line !== "") yield line
}
