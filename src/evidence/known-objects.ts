import { storedKinds } from "./load.ts"
import type { EvidenceStore } from "./store.ts"

/** An object that the store holds the records of. */
export type KnownObject<Report> = { readonly objectNumber: number; readonly fingerprint: string; readonly source: string; readonly uri: string; readonly gone: boolean; readonly report: Report }

/** Makes the tables of what was read before, where they are missing. */
export const createKnownObjects = async (store: EvidenceStore): Promise<void> => {
  await store.run(`CREATE TABLE IF NOT EXISTS stored.knownObject (objectNumber INTEGER, fingerprint VARCHAR, source VARCHAR, uri VARCHAR, gone BOOLEAN, report JSON);
    CREATE TABLE IF NOT EXISTS stored.knownQuarantine (objectNumber INTEGER, place BIGINT, entry JSON)`)
}

/** All known objects, by number. */
export const knownObjects = async <Report>(store: EvidenceStore): Promise<ReadonlyArray<KnownObject<Report>>> => {
  const rows = await store.all(`SELECT objectNumber, fingerprint, source, uri, gone, report::VARCHAR AS report FROM knownObject ORDER BY objectNumber`)
  return rows.map((row) => ({ ...(row as unknown as KnownObject<Report>), report: JSON.parse(String(row["report"])) as Report }))
}

/** Forgets objects whole: their rows, their quarantine and themselves. */
export const forgetObjects = async (store: EvidenceStore, numbers: ReadonlyArray<number>): Promise<void> => {
  if (numbers.length === 0) return
  await store.run(`CREATE OR REPLACE TEMP TABLE forgotten (objectNumber INTEGER)`)
  for (let start = 0; start < numbers.length; start += 1000) {
    await store.run(`INSERT INTO forgotten VALUES ${numbers.slice(start, start + 1000).map((number) => `(${number})`).join(", ")}`)
  }
  for (const table of [...storedKinds.map((kind) => `stored_${kind}`), "knownObject", "knownQuarantine", "purgedLine"]) {
    await store.run(`DELETE FROM "${table}" WHERE objectNumber IN (FROM forgotten)`)
  }
}

/** Remembers objects that were read now. */
export const rememberObjects = async (store: EvidenceStore, objects: ReadonlyArray<Omit<KnownObject<unknown>, "gone">>): Promise<void> => {
  const insert = `INSERT INTO knownObject VALUES (?::INTEGER, ?::VARCHAR, ?::VARCHAR, ?::VARCHAR, false, ?::VARCHAR::JSON)`
  for (const object of objects) await store.run(insert, [object.objectNumber, object.fingerprint, object.source, object.uri, JSON.stringify(object.report)])
}

/** Sets which objects storage no longer lists; their records stay. */
export const markGone = async (store: EvidenceStore, numbers: ReadonlyArray<number>): Promise<void> => {
  await store.run(`UPDATE knownObject SET gone = ${numbers.length === 0 ? "false" : `objectNumber IN (${numbers.join(", ")})`}`)
}
