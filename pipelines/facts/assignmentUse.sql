-- Assignments that were used: those that cover an access of their holder, with their first use. An access that only
-- perhaps falls under one (a name of several people) is marked doubtful.
WITH "use" AS (
  SELECT w.id, min({"at": r."at", id: r.accessId, access: w.access}) AS first, bool_and(w.doubtfulCover) AS doubtful,
    bool_or(w.doubtfulAssigner) AS doubtfulAssigner, min(w.weakness) AS weakness, count(*) AS uses
  FROM accessWarrant w JOIN accessRow r ON r.rowid = w.access
  WHERE w.kind = 'assignment' AND w.inForce AND NOT w.disputed
  GROUP BY w.id
)
SELECT id, first."at" AS "at", first.access AS access, first.id AS accessId, doubtful, doubtfulAssigner, weakness, uses FROM "use"
ORDER BY id
