import { namePurged } from "./purged.ts"
import type { EvidenceStore } from "./store.ts"
import { createCurrentViews, filledKinds, resolveVersions } from "./versions.ts"

/** A source as the pipeline states it; durations are DuckDB interval texts, absent settings null. */
export type SourceRow = {
  readonly id: string
  readonly uri?: string
  readonly format?: string
  readonly mode?: string
  readonly layer?: string | undefined
  readonly provides?: ReadonlyArray<string>
  readonly authority?: string | undefined
  readonly freshWithin?: string | undefined
  readonly minObjects?: number | undefined
  readonly allowRejected?: number | undefined
  readonly allowUnreadableObjects?: number | undefined
  readonly maxSilence?: string | undefined
  readonly matchWithin?: string | undefined
  readonly calendar?: ReadonlyArray<string> | undefined
  readonly recordings?: ReadonlyArray<string> | undefined
  readonly notes?: ReadonlyArray<string> | undefined
}

/** An object that was read, with what the border counted in it. */
export type ObjectRow = {
  /** Key of the object in the store. */
  readonly objectNumber: number
  /** Place in the order of source, uri and version; the same whenever the object was read. */
  readonly rank?: number
  readonly source: string
  readonly uri: string
  readonly versionId?: string | undefined
  readonly bytes?: number
  readonly sha256?: string
  readonly format?: string
  /** Why it could not be read. */
  readonly unreadable?: string | undefined
  /** Of a full list: when it was taken, RFC 3339. */
  readonly snapshotAt?: string | undefined
  /** Of a full list with rejected rows: digests of what they are about, where that is known of all of them. */
  readonly unfit?: ReadonlyArray<string> | undefined
  /** Storage no longer lists it. */
  readonly gone?: boolean
  readonly read?: number
  readonly ignored?: number
  readonly rejected?: number
}

const text = (value: string | undefined | null): string => (value === undefined || value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`)
const number = (value: number | undefined): string => (value === undefined ? "NULL" : String(value))
const list = (values: ReadonlyArray<string> | undefined): string => (values === undefined ? "NULL" : `[${values.map(text).join(", ")}]::VARCHAR[]`)

const insert = async (store: EvidenceStore, table: string, rows: ReadonlyArray<string>): Promise<void> => {
  for (let start = 0; start < rows.length; start += 1000) {
    await store.run(`INSERT INTO ${table} VALUES ${rows.slice(start, start + 1000).join(", ")}`)
  }
}

/** Makes `run`, `source` and `object`: what the run was told and what the border saw; and empty tables for what it will see in answers of the gate and in recordings. Times are UTC. */
export const createRunTables = async (store: EvidenceStore, asOf: string, sources: ReadonlyArray<SourceRow>, objects: ReadonlyArray<ObjectRow>): Promise<void> => {
  await store.run(`CREATE OR REPLACE TABLE run AS SELECT ${text(asOf)}::TIMESTAMPTZ::TIMESTAMP AS "asOf";
    CREATE OR REPLACE TABLE source (id VARCHAR, uri VARCHAR, format VARCHAR, mode VARCHAR, layer VARCHAR, provides VARCHAR[], authority VARCHAR, freshWithin INTERVAL,
      minObjects BIGINT, allowRejected DOUBLE, allowUnreadableObjects BIGINT, maxSilence INTERVAL, matchWithin INTERVAL, calendar VARCHAR[], recordings VARCHAR[]);
    CREATE OR REPLACE TABLE object (objectNumber INTEGER, "rank" INTEGER, source VARCHAR, uri VARCHAR, versionId VARCHAR, bytes BIGINT, sha256 VARCHAR, format VARCHAR, unreadable VARCHAR, snapshotAt TIMESTAMP, gone BOOLEAN,
      read BIGINT, accepted BIGINT, duplicate BIGINT, superseded BIGINT, conflicting BIGINT, ignored BIGINT, rejected BIGINT);
    CREATE OR REPLACE TABLE unfit (objectNumber INTEGER, names VARCHAR[]);
    CREATE OR REPLACE TABLE answeredObject (uri VARCHAR, versionId VARCHAR, decision VARCHAR, "at" TIMESTAMP, validUntil TIMESTAMP);
    CREATE OR REPLACE TABLE readBack (recordingId VARCHAR, sha256 VARCHAR, problem VARCHAR)`)
  await insert(store, "source", sources.map((source) =>
    `(${[text(source.id), text(source.uri), text(source.format ?? "canonical"), text(source.mode ?? "append"), text(source.layer), list(source.provides ?? []), text(source.authority),
      text(source.freshWithin), number(source.minObjects), number(source.allowRejected), number(source.allowUnreadableObjects), text(source.maxSilence), text(source.matchWithin),
      list(source.calendar), list(source.recordings)].join(", ")})`))
  await insert(store, "object", objects.map((object) =>
    `(${[number(object.objectNumber), number(object.rank ?? object.objectNumber), text(object.source), text(object.uri), text(object.versionId), number(object.bytes ?? 0), text(object.sha256), text(object.format ?? "canonical"),
      text(object.unreadable), object.snapshotAt === undefined ? "NULL" : `${text(object.snapshotAt)}::TIMESTAMPTZ::TIMESTAMP`, String(object.gone ?? false), number(object.read ?? 0), "0", "0", "0", "0", number(object.ignored ?? 0), number(object.rejected ?? 0)].join(", ")})`))
  await insert(store, "unfit", objects.filter(({ unfit }) => unfit !== undefined).map((object) => `(${number(object.objectNumber)}, ${list(object.unfit)})`))
}

/**
 * Makes the current record views from what is stored, and completes the accounting:
 * `object` gets accepted, duplicate, superseded, conflicting and after-as-of as ignored, in source records; `produced` counts by kind.
 * `known` are the kinds that have rows, where the caller can tell.
 */
export const settleRecords = async (store: EvidenceStore, known?: ReadonlyArray<string>): Promise<void> => {
  const filled = known ?? await filledKinds(store)
  await resolveVersions(store, filled)
  await createCurrentViews(store)
  await namePurged(store)
  await completeAccounting(store, filled)
  await countProduced(store, filled)
}

/** Puts the records that do not count into classes: `excludedLine`, `keptLine`, `lostLine`, and what came of them by object. */
const classLost = async (store: EvidenceStore, filled: ReadonlyArray<string>): Promise<void> => {
  const [any] = await store.all("SELECT EXISTS(FROM excluded) OR EXISTS(FROM purgedLine) AS lost")
  if (any?.["lost"] !== true) {
    await store.run(`CREATE OR REPLACE TABLE excludedLine (objectNumber INTEGER, line BIGINT, classes VARCHAR[]);
      CREATE OR REPLACE TABLE keptLine (objectNumber INTEGER, line BIGINT);
      CREATE OR REPLACE TABLE lostLine (objectNumber INTEGER, "class" VARCHAR, lines BIGINT);
      CREATE OR REPLACE TABLE afterAsOf (objectNumber INTEGER, lines BIGINT);
      CREATE OR REPLACE TABLE purgedAgain (objectNumber INTEGER, lines BIGINT)`)
    return
  }
  // A union of nothing is no query.
  const kinds = filled.length === 0 ? ["contact"] : filled
  // A source record may become several records: it counts as the best that became of any of them.
  const rows = kinds.map((kind) => `SELECT s.objectNumber, s.line, coalesce(x."class", 'accepted') AS "class"
    FROM "stored_${kind}" s JOIN excluded x ON x.kind = '${kind}' AND x."row" = s.rowid`).join(" UNION ALL ")
  const kept = kinds.map((kind) => `SELECT s.objectNumber, s.line FROM "stored_${kind}" s
    WHERE (s.objectNumber, s.line) IN (SELECT (objectNumber, line) FROM excludedLine) AND s.rowid NOT IN (SELECT "row" FROM excluded WHERE kind = '${kind}')`).join(" UNION ")
  await store.run(`CREATE OR REPLACE TABLE excludedLine AS
    SELECT objectNumber, line, list_sort(list(DISTINCT "class")) AS classes FROM (${rows}) GROUP BY ALL`)
  await store.run(`CREATE OR REPLACE TABLE keptLine AS ${kept}`)
  await store.run(`CREATE OR REPLACE TABLE lostLine AS
    SELECT objectNumber,
      CASE WHEN list_contains(classes, 'conflicting') THEN 'conflicting' WHEN list_contains(classes, 'superseded') THEN 'superseded'
           WHEN list_contains(classes, 'duplicate') THEN 'duplicate'
           WHEN list_contains(classes, 'purged') THEN 'purged' ELSE 'afterAsOf' END AS "class", count(*) AS lines
    FROM excludedLine e WHERE NOT EXISTS (FROM keptLine k WHERE k.objectNumber = e.objectNumber AND k.line = e.line)
    GROUP BY ALL
    UNION ALL SELECT objectNumber, "class", lines FROM purgedLine`)
  await store.run(`UPDATE object SET
      duplicate = coalesce((SELECT sum(lines) FROM lostLine l WHERE l.objectNumber = object.objectNumber AND l."class" = 'duplicate'), 0),
      superseded = coalesce((SELECT sum(lines) FROM lostLine l WHERE l.objectNumber = object.objectNumber AND l."class" = 'superseded'), 0),
      conflicting = coalesce((SELECT sum(lines) FROM lostLine l WHERE l.objectNumber = object.objectNumber AND l."class" = 'conflicting'), 0);
    CREATE OR REPLACE TABLE afterAsOf AS SELECT objectNumber, sum(lines)::BIGINT AS lines FROM lostLine WHERE "class" = 'afterAsOf' GROUP BY ALL;
    CREATE OR REPLACE TABLE purgedAgain AS SELECT objectNumber, sum(lines)::BIGINT AS lines FROM lostLine WHERE "class" = 'purged' GROUP BY ALL;
    UPDATE object SET ignored = ignored + coalesce((SELECT lines FROM afterAsOf a WHERE a.objectNumber = object.objectNumber), 0)
      + coalesce((SELECT lines FROM purgedAgain a WHERE a.objectNumber = object.objectNumber), 0)`)
}

const completeAccounting = async (store: EvidenceStore, filled: ReadonlyArray<string>): Promise<void> => {
  await classLost(store, filled)
  await store.run(`UPDATE object SET accepted = read - ignored - rejected - duplicate - superseded - conflicting`)
  const [short] = await store.all(`SELECT count(*)::INTEGER AS objects FROM object WHERE accepted < 0`)
  if (short?.["objects"] !== 0) throw new Error("the accounting of records does not add up; this is a defect of Earshot")
}

const newest: Readonly<Record<string, string>> = {
  contact: "coalesce(endedAt, startedAt)", recording: "coalesce(endedAt, startedAt)", storedObject: "seenAt", consent: `"at"`, event: `"at"`, access: `"at"`, grant: "createdAt",
  assignment: "createdAt", decision: `"at"`, hold: "createdAt", request: "coalesce(completedAt, receivedAt)", review: `"at"`, staff: "recordedAt", identity: "recordedAt", coverage: `"to"`, transcript: "recordedAt"
}

const countProduced = async (store: EvidenceStore, filled: ReadonlyArray<string>): Promise<void> => {
  // greatest and least pass over NULL, so a row without any time must not become as-of.
  const parts = Object.entries(newest).filter(([kind]) => filled.includes(kind)).map(([kind, time]) =>
    `SELECT sourceId AS source, '${kind}' AS kind, count(*)::BIGINT AS records, min(dated) AS oldest, max(dated) AS newest
     FROM (SELECT sourceId, CASE WHEN coalesce(${time}, recordedAt) IS NOT NULL THEN least(greatest(${time}, recordedAt), (SELECT "asOf" FROM run)) END AS dated FROM "${kind}") GROUP BY sourceId`)
  await store.run(`CREATE OR REPLACE TABLE produced AS
    SELECT source, kind, sum(records)::BIGINT AS records, min(oldest) AS oldest, max(newest) AS newest FROM purgedRecord GROUP BY source, kind
    ${[...parts, ...(filled.includes("event") ? [`SELECT sourceId, type, count(*)::BIGINT, min("at"), max("at") FROM event GROUP BY sourceId, type`] : [])].map((part) => `UNION ALL ${part}`).join("\n    ")}`)
}
