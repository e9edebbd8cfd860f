import { actTimes, madeIds, recordColumns, transcriptColumns } from "./columns.ts"
import { endedColumn, findGone } from "./snapshots.ts"
import { excludePurged } from "./purged.ts"
import type { EvidenceStore } from "./store.ts"

const quoted = (name: string): string => `"${name}"`

/** Acts that a record reports of itself; when they lie after as-of they have not happened yet. */
const laterActs: Readonly<Record<string, ReadonlyArray<string>>> = {
  recording: ["deletedAt"], request: ["completedAt", "liftedAt"], "grant": ["reviewedAt"]
}

/** Fields that speak of a later act of the same record and go with it. */
const goesWith: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  request: { outcome: "completedAt" }, "grant": { reviewedBy: "reviewedAt" }
}

/** The id of a stored record as SQL over its own table. */
export const idOf = (kind: string): string => {
  const made = madeIds[kind]
  return made === undefined ? `"id"` : kind === "coverage" ? made.replace("source ||", `"source" ||`) : made
}

/** Content of a row, the same for the same record however it was written; free maps in key order. */
const contentOf = (kind: string): string => {
  const fields = (recordColumns.get(kind) ?? []).map(({ name, type }) =>
    type === "JSON"
      ? `${quoted(name)} := CASE WHEN ${quoted(name)} IS NULL THEN NULL ELSE list_sort(map_entries(${quoted(name)}::MAP(VARCHAR, JSON)))::VARCHAR END`
      : `${quoted(name)} := ${quoted(name)}`).concat(`unstoredDigest := unstoredDigest`)
  return `md5(to_json(struct_pack(${fields.join(", ")}))::VARCHAR)`
}

/** Record kinds of which the store holds any row. */
export const filledKinds = async (store: EvidenceStore): Promise<ReadonlyArray<string>> => {
  const rows = await store.all([...recordColumns.keys()].map((kind) => `SELECT '${kind}' AS kind WHERE EXISTS (FROM ${quoted(`stored_${kind}`)})`).join(" UNION ALL "))
  return rows.map((row) => String(row["kind"])).sort()
}

/**
 * Classes every stored row that is not current into `excluded(kind, row, class)`:
 * purged, afterAsOf, superseded, duplicate, conflicting (records.md, Versions); ids in conflict go to `conflict(kind, id, contactId)`.
 * `filled` are the kinds that have rows. Which of equal rows stays is decided by the object's rank and the line, never by the order of loading.
 */
export const resolveVersions = async (store: EvidenceStore, filled: ReadonlyArray<string>): Promise<void> => {
  await store.run(`CREATE OR REPLACE TABLE excluded (kind VARCHAR, "row" BIGINT, "class" VARCHAR);
    CREATE OR REPLACE TABLE conflict (kind VARCHAR, id VARCHAR, contactId VARCHAR)`)
  await excludePurged(store)
  for (const kind of filled) {
    await excludeLater(store, kind)
    await excludeVersions(store, kind)
  }
  await store.run("DROP TABLE IF EXISTS repeated")
}

const excludeLater = async (store: EvidenceStore, kind: string): Promise<void> => {
  const act = actTimes[kind]
  const tests = [`recordedAt > (SELECT "asOf" FROM run)`, `objectNumber IN (SELECT objectNumber FROM object WHERE snapshotAt > (SELECT "asOf" FROM run))`, ...(act === undefined ? [] : [`${quoted(act)} > (SELECT "asOf" FROM run)`])]
  await store.run(`INSERT INTO excluded SELECT '${kind}', rowid, 'afterAsOf' FROM ${quoted(`stored_${kind}`)} WHERE (${tests.join(" OR ")}) AND rowid NOT IN (SELECT "row" FROM excluded WHERE kind = '${kind}')`)
}

const excludeVersions = async (store: EvidenceStore, kind: string): Promise<void> => {
  const table = quoted(`stored_${kind}`)
  const id = idOf(kind)
  await store.run(`CREATE OR REPLACE TABLE repeated AS SELECT ${id} AS versionedId FROM ${table}
    WHERE rowid NOT IN (SELECT "row" FROM excluded WHERE kind = '${kind}') GROUP BY ALL HAVING count(*) > 1`)
  const [any] = await store.all(`SELECT count(*)::INTEGER AS ids FROM repeated`)
  if (any?.["ids"] === 0) return
  const contactId = kind === "contact" ? "id" : (recordColumns.get(kind) ?? []).some(({ name }) => name === "contactId") ? "contactId" : "NULL"
  await store.run(`CREATE OR REPLACE TABLE versioned AS
    WITH content AS (
      SELECT s.rowid AS "row", ${id} AS versionedId, ${contactId} AS contactId, recordedAt, o."rank", line, coalesce(pointer, '') AS pointer, ${contentOf(kind)} AS content
      FROM ${table} s JOIN (SELECT objectNumber AS keyed, "rank" FROM object) o ON o.keyed = s.objectNumber
      WHERE ${id} IN (SELECT versionedId FROM repeated) AND s.rowid NOT IN (SELECT "row" FROM excluded WHERE kind = '${kind}')
    )
    SELECT *,
      recordedAt IS NOT DISTINCT FROM max(recordedAt) OVER (PARTITION BY versionedId) AS newest,
      row_number() OVER (PARTITION BY versionedId, recordedAt, content ORDER BY "rank", line, pointer) > 1 AS again
    FROM content`)
  await store.run(`CREATE OR REPLACE TABLE versionedClass AS
    SELECT *, CASE
      WHEN newest AND count(DISTINCT content) FILTER (newest) OVER (PARTITION BY versionedId) > 1 THEN 'conflicting'
      WHEN again THEN 'duplicate'
      WHEN NOT newest THEN 'superseded' END AS "class"
    FROM versioned`)
  await store.run(`INSERT INTO excluded SELECT '${kind}', "row", "class" FROM versionedClass WHERE "class" IS NOT NULL;
    INSERT INTO conflict SELECT DISTINCT '${kind}', versionedId, min(contactId) FROM versionedClass WHERE "class" = 'conflicting' GROUP BY versionedId;
    DROP TABLE versioned; DROP TABLE versionedClass`)
}

const visible = (kind: string, name: string): string => {
  const act = laterActs[kind]?.includes(name) === true ? name : goesWith[kind]?.[name]
  return act === undefined ? `s.${quoted(name)}` : `CASE WHEN s.${quoted(act)} > (SELECT "asOf" FROM run) THEN NULL ELSE s.${quoted(name)} END AS ${quoted(name)}`
}

/** The views that a store has: cases change its records many times, and its views seldom. */
const viewsOf = new WeakMap<EvidenceStore, string>()

/** Makes the current view of each kind, as of the run's time, and those of turn and signal. */
export const createCurrentViews = async (store: EvidenceStore): Promise<void> => {
  const excluded = new Set((await store.all(`SELECT DISTINCT kind FROM excluded`)).map((row) => row["kind"] as string))
  const gone = await findGone(store)
  const views: Array<string> = []
  for (const [kind, columns] of recordColumns) {
    const names = columns.map(({ name }) => name)
    const made = names.includes("id") ? [] : [`${idOf(kind)} AS id`]
    const source = names.includes("source") ? [] : [`o.sourceId AS source`]
    views.push(`CREATE OR REPLACE VIEW ${quoted(kind)} AS
      SELECT ${[...made, ...names.map((name) => gone.has(kind) ? endedColumn(kind, name, visible(kind, name)) : visible(kind, name)), ...source, "o.sourceId AS sourceId", "s.objectNumber AS objectNumber", "s.line AS line", "s.pointer AS pointer", "s.digest AS digest"].join(", ")}
      FROM ${quoted(`stored_${kind}`)} s JOIN (SELECT objectNumber AS keyed, source AS sourceId FROM object) o ON o.keyed = s.objectNumber
      ${gone.has(kind) ? `LEFT JOIN (SELECT id AS goneId, "at" FROM gone WHERE kind = '${kind}') g ON g.goneId = ${madeIds[kind] ?? "s.id"}` : ""}
      ${excluded.has(kind) ? `WHERE s.rowid NOT IN (SELECT "row" FROM excluded WHERE kind = '${kind}')` : ""}`)
  }
  for (const [kind, columns] of transcriptColumns) {
    views.push(`CREATE OR REPLACE VIEW ${quoted(kind)} AS SELECT ${columns.map(({ name }) => `s.${quoted(name)}`).join(", ")}
      FROM ${quoted(`stored_${kind}`)} s
      ${excluded.has("transcript") ? `WHERE (s.objectNumber, s.line, s.contactId, coalesce(s.recordingId, '')) NOT IN (SELECT (t.objectNumber, t.line, t.contactId, coalesce(t.recordingId, '')) FROM stored_transcript t JOIN excluded x ON x.kind = 'transcript' AND x."row" = t.rowid)` : ""}`)
  }
  const text = views.join(";\n")
  if (viewsOf.get(store) === text) return
  viewsOf.delete(store)
  await store.run(text)
  viewsOf.set(store, text)
}
