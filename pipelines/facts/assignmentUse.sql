-- Assignments that were used: those that cover an access of their holder, with their first use. An access that only
-- perhaps falls under one (a name of several people) is marked doubtful.
SELECT w.id, min(a."at") AS "at", arg_min(w.accessId, (a."at", w.accessId)) AS accessId, bool_and(w.doubtfulCover) AS doubtful,
  bool_or(w.doubtfulAssigner) AS doubtfulAssigner, min(w.weakness) AS weakness, count(*) AS uses
FROM accessWarrant w JOIN accessAct a ON a.accessId = w.accessId
WHERE w.kind = 'assignment' AND w.inForce
GROUP BY w.id
ORDER BY w.id
