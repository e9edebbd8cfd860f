import { chmodSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from "node:fs"
import { madeIds, recordColumns, transcriptColumns } from "./columns.ts"
import { tombstoneKey } from "./purged.ts"
import { EvidenceError, type EvidenceStore } from "./store.ts"

const selection = readFileSync(new URL("./purgeable.sql", import.meta.url), "utf8")

/** Facts that the selection reads; the caller makes them, under the policy in force. */
export const purgeFacts = ["retentionDecision", "recordingHeld", "recordingRequest", "recordingCopy", "storedCopy", "requestDecided", "requestPerson", "namedPerson", "personName", "contactPerson", "chain", "accessTarget"] as const

/** What a purge removes or would remove, and what it leaves although its recording is deleted, erased or past its term. */
export type Purgeable = {
  /** Stored rows (all versions) by kind and reason: `deleted`, `erasure`, `term`, or `delivered-again` (purged before). */
  readonly removed: ReadonlyArray<{ readonly kind: string; readonly because: string; readonly rows: number }>
  readonly contacts: number
  readonly recordings: number
  /** Recordings that stay, by reason. */
  readonly kept: Readonly<Record<string, number>>
}

/** A record that must stay, because an open finding needs it as evidence. */
export type NeededRecord = { readonly kind: string; readonly id: string }

const state = async (store: EvidenceStore, needed: ReadonlyArray<NeededRecord>, due: boolean): Promise<void> => {
  await store.run(`CREATE OR REPLACE TEMP TABLE purgeSetting AS SELECT ${due} AS due; CREATE OR REPLACE TEMP TABLE neededRecord (kind VARCHAR, id VARCHAR)`)
  for (let start = 0; start < needed.length; start += 5000) {
    await store.run(`INSERT INTO neededRecord SELECT e->>'kind', e->>'id' FROM (SELECT unnest(?::VARCHAR::JSON[]) AS e)`, [JSON.stringify(needed.slice(start, start + 5000))])
  }
}

const idOf = (kind: string): string => madeIds[kind] ?? "id"

const doomedKinds = async (store: EvidenceStore): Promise<ReadonlyArray<string>> => (await store.all(`SELECT DISTINCT kind FROM doomed ORDER BY kind`)).map((row) => String(row["kind"]))

/** Turns and signals have no id: they go with their contact. */
const ofTranscript = (kind: string): string => `FROM "stored_${kind}" s JOIN purgedContact c ON c.id = s.contactId`

const countDoomed = async (store: EvidenceStore): Promise<Purgeable["removed"]> => {
  const counted = (await doomedKinds(store)).map((kind) => `SELECT '${kind}' AS kind, d.because, count(*)::BIGINT AS "rows" FROM "stored_${kind}" s JOIN (SELECT id AS doomedId, min(because) AS because FROM doomed WHERE kind = '${kind}' GROUP BY id) d ON d.doomedId = s.${idOf(kind)} GROUP BY ALL`)
  const spoken = [...transcriptColumns.keys()].map((kind) => `SELECT '${kind}' AS kind, c.because, count(*)::BIGINT AS "rows" ${ofTranscript(kind)} GROUP BY ALL`)
  const delivered = `SELECT kind, 'delivered-again' AS because, count(*)::BIGINT AS "rows" FROM excluded WHERE "class" = 'purged' GROUP BY kind`
  const rows = await store.all(`${[...counted, ...spoken, delivered].join(" UNION ALL ")} ORDER BY 1, 2`)
  return rows.map((row) => ({ kind: String(row["kind"]), because: String(row["because"]), rows: Number(row["rows"]) }))
}

/** Selects what may go, into temp tables, and counts it; nothing is changed yet. Needs settled records and `purgeFacts`. */
export const selectPurgeable = async (store: EvidenceStore, needed: ReadonlyArray<NeededRecord>, due: boolean): Promise<Purgeable> => {
  await state(store, needed, due)
  await store.run(selection)
  const [counts] = await store.all(`SELECT (SELECT count(*) FROM purgedContact)::BIGINT AS contacts, (SELECT count(*) FROM purgedRecording)::BIGINT AS recordings`)
  const kept = await store.all(`WITH stood AS (SELECT f.recordingId, coalesce(f.stays, c.stays, 'chain') AS stays FROM recordingFate f LEFT JOIN contactFate c ON c.contactId = f.contactId ANTI JOIN purgedRecording p ON p.id = f.recordingId)
    SELECT stays, count(DISTINCT recordingId)::BIGINT AS recordings FROM stood GROUP BY stays ORDER BY stays`)
  return {
    removed: await countDoomed(store), contacts: Number(counts?.["contacts"]), recordings: Number(counts?.["recordings"]),
    kept: Object.fromEntries(kept.map((row) => [String(row["stays"]), Number(row["recordings"])]))
  }
}

const bury = async (store: EvidenceStore): Promise<void> => {
  await store.run(`INSERT INTO stored.tombstoneSalt SELECT uuid()::VARCHAR || uuid()::VARCHAR WHERE NOT EXISTS (FROM tombstoneSalt);
    INSERT INTO stored.tombstone SELECT 'contact', ${tombstoneKey("contact", "id")}, run."asOf" FROM purgedContact CROSS JOIN run;
    INSERT INTO stored.tombstone SELECT 'recording', ${tombstoneKey("recording", "id")}, run."asOf" FROM purgedRecording CROSS JOIN run`)
  // What was due but is not known to be deleted is still listed tonight: that is no orphan. What was deleted and is listed again, is.
  await store.run(`INSERT INTO stored.tombstone SELECT 'object', ${tombstoneKey("object", "uri")}, CASE WHEN because = 'deleted' THEN run."asOf" ELSE 'infinity'::TIMESTAMP END FROM purgedObject CROSS JOIN run`)
}

/** Rows that a source delivered again of what an earlier purge removed. */
const again = (kind: string): string => `SELECT "row" FROM excluded WHERE kind = '${kind}' AND "class" = 'purged'`

/** The rows of a kind that go: what is doomed in every version, so that an earlier one does not become current again, and what was delivered again. */
const going = (kind: string): string => `(s.${idOf(kind)} IN (SELECT id FROM doomed WHERE kind = '${kind}') OR s.rowid IN (${again(kind)}))`

const remove = async (store: EvidenceStore): Promise<void> => {
  for (const kind of transcriptColumns.keys()) {
    await store.run(`DELETE FROM stored."stored_${kind}" WHERE contactId IN (SELECT id FROM purgedContact) OR (objectNumber, line) IN (SELECT (t.objectNumber, t.line) FROM stored_transcript t WHERE t.rowid IN (${again("transcript")}))`)
  }
  for (const kind of recordColumns.keys()) await store.run(`DELETE FROM stored."stored_${kind}" AS s WHERE ${going(kind)}`)
  const [known] = await store.all(`SELECT 1 AS one FROM duckdb_tables() WHERE table_name = 'failedUnit'`)
  if (known === undefined) return
  await store.run(`DELETE FROM stored.failedUnit WHERE unit IN (
    SELECT f.unit FROM (SELECT DISTINCT unit, unnest(string_split(unit, '|') || string_split(unit, '/')) AS part FROM failedUnit) f SEMI JOIN (SELECT id AS part FROM doomed UNION SELECT uri FROM purgedObject) d USING (part))`)
}

/** The accounting of the objects that delivered the purged rows stays what it was: what will be missing is kept as counts. */
const keepAccounting = async (store: EvidenceStore): Promise<void> => {
  const staying = [...recordColumns.keys()].map((kind) => `SELECT s.objectNumber, s.line FROM "stored_${kind}" s JOIN excluded x ON x.kind = '${kind}' AND x."row" = s.rowid WHERE NOT ${going(kind)}`)
  await store.run(`INSERT INTO stored.purgedLine
    SELECT objectNumber, CASE WHEN list_contains(classes, 'conflicting') THEN 'conflicting' WHEN list_contains(classes, 'superseded') THEN 'superseded'
      WHEN list_contains(classes, 'duplicate') THEN 'duplicate' WHEN list_contains(classes, 'purged') THEN 'purged' ELSE 'afterAsOf' END AS "class", count(*)
    FROM excludedLine ANTI JOIN keptLine USING (objectNumber, line) ANTI JOIN (${staying.join(" UNION ")}) USING (objectNumber, line) GROUP BY ALL`)
  const current = (await doomedKinds(store)).map((kind) => `SELECT sourceId AS source, '${kind}' AS kind FROM "${kind}" WHERE id IN (SELECT id FROM doomed WHERE kind = '${kind}')`)
  if (current.length === 0) return
  await store.run(`INSERT INTO stored.purgedRecord SELECT g.source, g.kind, g.records, p.oldest, p.newest
    FROM (SELECT source, kind, count(*) AS records FROM (${current.join(" UNION ALL ")} UNION ALL SELECT sourceId, type FROM event WHERE id IN (SELECT id FROM doomed WHERE kind = 'event')) GROUP BY ALL) g
    JOIN (SELECT source, kind, min(oldest) AS oldest, max(newest) AS newest FROM produced GROUP BY ALL) p USING (source, kind)`)
}

/**
 * Removes what was selected, in one transaction together with what must remember it and the line of the log:
 * a purge that dies leaves the store as it was. `line` gets the number and the line before.
 */
export const applyPurge = async (store: EvidenceStore, line: (sequence: number, previous: string | undefined) => string): Promise<void> => {
  await store.run("BEGIN TRANSACTION")
  try {
    await bury(store)
    await keepAccounting(store)
    await remove(store)
    const [last] = await store.all(`SELECT "sequence", line FROM purgeLog ORDER BY "sequence" DESC LIMIT 1`)
    const sequence = last === undefined ? 1 : Number(last["sequence"]) + 1
    await store.run(`INSERT INTO stored.purgeLog VALUES (?::BIGINT, ?::VARCHAR)`, [sequence, line(sequence, last === undefined ? undefined : String(last["line"]))])
    await store.run("COMMIT")
  } catch (failure) {
    await store.run("ROLLBACK").catch(() => undefined)
    throw failure
  }
}

/** All lines of the log of purges, in order. */
export const purgeLines = async (store: EvidenceStore): Promise<ReadonlyArray<string>> => (await store.all(`SELECT line FROM purgeLog ORDER BY "sequence"`)).map((row) => String(row["line"]))

/**
 * Writes the store anew without the room of what was removed, and puts it in place by renaming while the old file is still
 * locked: another process finds the old store (and waits) or the new one. A rewrite that dies leaves a file beside that the next one removes.
 */
export const rewriteStore = async (store: EvidenceStore): Promise<void> => {
  const fresh = `${store.path}.rewriting`
  for (const file of [fresh, `${fresh}.wal`]) rmSync(file, { force: true })
  await store.run(`CHECKPOINT stored; ATTACH '${fresh.replaceAll("'", "''")}' AS "rewritten"`)
  await store.run(`COPY FROM DATABASE stored TO "rewritten"; CHECKPOINT "rewritten"; DETACH "rewritten"`)
  if (existsSync(`${fresh}.wal`) || existsSync(`${store.path}.wal`)) throw new EvidenceError("The evidence store could not be written anew; what was purged is removed all the same, and the next purge tries again.")
  chmodSync(fresh, 0o600)
  const handle = openSync(fresh, "r+")
  fsyncSync(handle)
  closeSync(handle)
  renameSync(fresh, store.path)
}
