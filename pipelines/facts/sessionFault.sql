-- Sessions of access (not list) with the one numbered control of the access family that fires for them, or why the records
-- cannot tell: a session fails if any access in it fails, and the first control in the list that applies to one of them decides.
-- access: the first one for which that is so, with its time; what is said of the session is true of it.
-- doubt: nothing fires, and the records cannot tell from control number doubtFrom on. Sessions in order have no row.
WITH numbered AS (
  SELECT * FROM (VALUES (1, 'anonymous'), (2, 'unknown-actor'), (3, 'unauthorised-monitoring'), (4, 'grant-expired'),
    (5, 'explanation-backdated'), (6, 'unexplained')) AS t(number, name)
),
worst AS (
  SELECT s.session, min(n.number) AS number, min(v.doubt) AS doubt, min(v.doubtFrom) FILTER (v.doubt IS NOT NULL) AS doubtFrom,
    arg_min({access: v.access, "at": r."at", deed: r.deed}, (coalesce(n.number, 9), r."at", r.accessId)) AS act
  FROM accessVerdict v JOIN accessSession s ON s.access = v.access JOIN accessRow r ON r.rowid = v.access LEFT JOIN numbered n ON n.name = v.fires
  GROUP BY s.session
)
SELECT w.session, n.name AS fires, CASE WHEN n.name IS NULL THEN w.doubt END AS doubt, w.doubtFrom, w.act.access AS access, w.act."at" AS "at", w.act.deed AS deed
FROM worst w LEFT JOIN numbered n ON n.number = w.number
