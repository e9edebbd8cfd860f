-- Break-glass grants that were used, with the first use, from which the time for their review runs (fine print 19),
-- and all persons who used them.
WITH "use" AS (
  SELECT w.id, min({"at": r."at", id: r.accessId, access: w.access}) AS first, bool_and(w.doubtfulCover) AS doubtful,
    list_sort(list(DISTINCT d.person)) AS persons, count(*) AS uses
  FROM accessWarrant w JOIN accessRow r ON r.rowid = w.access JOIN accessDeed d ON d.rowid = w.deed
  WHERE w.breakGlass AND w.inForce AND NOT w.disputed
  GROUP BY w.id
)
SELECT id, first."at" AS "at", first.access AS access, first.id AS accessId, doubtful, persons, uses FROM "use"
ORDER BY id
