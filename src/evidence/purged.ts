import type { EvidenceStore } from "./store.ts"

/**
 * What a purge leaves behind, so that later runs judge as if the purged had been judged before (which they were):
 * `tombstone` knows purged contacts, recordings and objects by a keyed digest, not by name;
 * `purgedLine` and `purgedRecord` keep the accounting of the objects that delivered them; `purgeLog` what was done.
 */
export const createPurgeTables = async (store: EvidenceStore): Promise<void> => {
  await store.run(`CREATE TABLE IF NOT EXISTS stored.tombstone (kind VARCHAR, "key" UBIGINT, "at" TIMESTAMP);
    CREATE TABLE IF NOT EXISTS stored.tombstoneSalt (salt VARCHAR);
    CREATE TABLE IF NOT EXISTS stored.purgedLine (objectNumber INTEGER, "class" VARCHAR, lines BIGINT);
    CREATE TABLE IF NOT EXISTS stored.purgedRecord (source VARCHAR, kind VARCHAR, records BIGINT, oldest TIMESTAMP, newest TIMESTAMP);
    CREATE TABLE IF NOT EXISTS stored.purgeLog ("sequence" BIGINT, line VARCHAR)`)
}

/** The digest under which a tombstone knows an id; the salt never leaves the store. */
export const tombstoneKey = (kind: string, id: string): string => `md5_number_lower((SELECT salt FROM tombstoneSalt) || '${kind}:' || ${id})`

/** How a row of a kind names what may have been purged: kind of the tombstone -> column. Accesses and listings are told apart by time. */
const namings: Readonly<Record<string, ReadonlyArray<readonly [string, string]>>> = {
  contact: [["contact", "id"]], recording: [["recording", "id"], ["contact", "contactId"]], transcript: [["contact", "contactId"], ["recording", "recordingId"]],
  event: [["contact", "contactId"]], consent: [["contact", "contactId"]], decision: [["contact", "contactId"]],
  access: [["recording", "recordingId"], ["contact", "contactId"], ["object", "uri"]], storedObject: [["object", "uri"]]
}

/** What happened to an object or recording after its purge is news, and is judged. */
const times: Readonly<Record<string, string>> = { access: `s."at"`, storedObject: "s.seenAt" }

/** Whether anything was ever purged from this store. */
export const anyPurged = async (store: EvidenceStore): Promise<boolean> => (await store.all(`SELECT 1 AS one FROM tombstone LIMIT 1`)).length > 0

/** Sets rows aside, as class `purged`, that a source delivered again of a contact or recording that was purged. */
export const excludePurged = async (store: EvidenceStore): Promise<void> => {
  if (!(await anyPurged(store))) return
  for (const [kind, columns] of Object.entries(namings)) {
    const time = times[kind]
    const tests = columns.map(([named, column]) =>
      `EXISTS (FROM tombstone t WHERE t.kind = '${named}' AND t."key" = ${tombstoneKey(named, `s."${column}"`)}${time === undefined ? "" : ` AND ${time} <= t."at"`})`)
    await store.run(`INSERT INTO excluded SELECT '${kind}', s.rowid, 'purged' FROM "stored_${kind}" s WHERE ${tests.join(" OR ")}`)
  }
}

/** Columns of records that stay in which a purged contact or recording may still be named. */
const mentions: ReadonlyArray<readonly [string, string, string]> = [
  ["contact", "contact", "previousContactId"], ["access", "contact", "contactId"], ["access", "recording", "recordingId"],
  ...["hold", "grant", "assignment"].flatMap((kind) => [[kind, "contact", "unnest(contactIds)"], [kind, "recording", "unnest(recordingIds)"]] as const)
]

/** Makes `purgedName(kind, id)`: purged contacts and recordings that records of this run still name; such a name is no reference to nothing. */
export const namePurged = async (store: EvidenceStore): Promise<void> => {
  await store.run(`CREATE OR REPLACE TABLE purgedName (kind VARCHAR, id VARCHAR)`)
  if (!(await anyPurged(store))) return
  const named = mentions.map(([kind, target, column]) => `SELECT '${target}' AS kind, ${column} AS id FROM "stored_${kind}"`).join(" UNION ")
  await store.run(`INSERT INTO purgedName SELECT n.kind, n.id FROM (${named}) n JOIN tombstone t ON t.kind = n.kind
    AND t."key" = CASE n.kind WHEN 'contact' THEN ${tombstoneKey("contact", "n.id")} ELSE ${tombstoneKey("recording", "n.id")} END WHERE n.id IS NOT NULL`)
}

