-- Break-glass grants that were used, with the first use, from which the time for their review runs (fine print 19),
-- and all persons who used them.
SELECT w.id, min(a."at") AS "at", arg_min(w.accessId, (a."at", w.accessId)) AS accessId, bool_and(w.doubtfulCover) AS doubtful,
  list_sort(list(DISTINCT a.person)) AS persons, count(*) AS uses
FROM accessWarrant w JOIN accessAct a ON a.accessId = w.accessId
WHERE w.breakGlass AND w.inForce
GROUP BY w.id
ORDER BY w.id
