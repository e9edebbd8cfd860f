import { madeIds } from "./columns.ts"
import type { EvidenceStore } from "./store.ts"

/** The field that says when a record of a kind ends; a row that is gone from a full list ends with the first list that lacks it. */
const endings: Readonly<Record<string, string>> = { grant: "until", assignment: "until", hold: "until", staff: "employedUntil", consent: "expiresAt", request: "liftedAt" }

/** Kinds whose rows end when a snapshot lacks them. Identity ends through its aliases. */
const endingKinds: ReadonlyArray<string> = [...Object.keys(endings), "identity"]

/**
 * A full list at one time, of one object or several: it is whole where nothing in it is unreadable, and where of what is in
 * quarantine it is known what it is about (that is there, though it does not fit). What is not whole ends nothing.
 */
const wholeLists = `SELECT listOf, takenAt FROM snapshot GROUP BY ALL HAVING bool_and(whole)`

/**
 * Makes `gone(kind, id, at)`: records of sources in mode snapshot that a later list, of as-of or before, lacks (records.md, Versions).
 * Gives the kinds that have any.
 */
export const findGone = async (store: EvidenceStore): Promise<ReadonlySet<string>> => {
  await store.run(`CREATE OR REPLACE TABLE gone (kind VARCHAR, id VARCHAR, "at" TIMESTAMP);
    CREATE OR REPLACE TABLE snapshot AS
      SELECT o.objectNumber AS keyed, o.source AS listOf, o.snapshotAt AS takenAt, o.unreadable IS NULL AND (o.rejected = 0 OR u.names IS NOT NULL) AS whole
      FROM object o JOIN source s ON s.id = o.source AND s.mode = 'snapshot' LEFT JOIN (SELECT objectNumber AS unfitIn, names FROM unfit) u ON u.unfitIn = o.objectNumber
      WHERE o.snapshotAt <= (SELECT "asOf" FROM run);
    CREATE OR REPLACE TABLE unfitRow AS SELECT n.listOf, n.takenAt, unnest(u.names) AS named FROM snapshot n JOIN unfit u ON u.objectNumber = n.keyed`)
  const [lists] = await store.all(`SELECT count(DISTINCT takenAt)::INTEGER AS "times" FROM snapshot`)
  if (Number(lists?.["times"] ?? 0) < 2) return new Set()
  for (const kind of endingKinds) {
    await store.run(`INSERT INTO gone
      WITH fitting AS (
        SELECT n.listOf, ${madeIds[kind] ?? "s.id"} AS id, max(n.takenAt) AS "last" FROM "stored_${kind}" s JOIN snapshot n ON n.keyed = s.objectNumber GROUP BY ALL
      ), seen AS (
        SELECT f.listOf, f.id, greatest(f."last", max(u.takenAt)) AS "last" FROM fitting f LEFT JOIN unfitRow u ON u.listOf = f.listOf AND u.named = sha256('${kind}:' || f.id) GROUP BY f.listOf, f.id, f."last"
      )
      SELECT '${kind}', seen.id, min(later.takenAt) FROM seen JOIN (${wholeLists}) later ON later.listOf = seen.listOf AND later.takenAt > seen."last" GROUP BY seen.id`)
  }
  return new Set((await store.all("SELECT DISTINCT kind FROM gone")).map((row) => String(row["kind"])))
}

/** A column of the current view of a kind that has rows which are gone; `g` is the joined table `gone`. */
export const endedColumn = (kind: string, name: string, plain: string): string => {
  if (endings[kind] === name) return `least(s."${name}", g."at") AS "${name}"`
  if (kind === "identity" && name === "aliases") return `list_transform(s.aliases, lambda a: {"alias": a.alias, "from": a."from", "until": least(a.until, g."at")}) AS aliases`
  return plain
}
