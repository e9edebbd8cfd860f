-- Between two days on which somebody did anything lies all that can be a silence; within a day none is long enough.
WITH "day" AS (
  SELECT d.person, d.staff, d.who, y."day", sum(y.accesses) AS accesses, min(y."from") AS "from", max(y.until) AS until
  FROM accessDay y JOIN accessDeed d ON d.rowid = y.deed WHERE d.outcome = 'success' AND d.actorKind = 'staff' GROUP BY ALL
),
active AS (
  SELECT *, lag(until) OVER w AS earlierAt, coalesce(sum(accesses) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS earlier
  FROM "day" WINDOW w AS (PARTITION BY who ORDER BY "day")
),
woken AS (
  SELECT who, arg_max({a: "from", e: earlier, s: date_diff('day', earlierAt, "from")}, "from") AS last
  FROM active WHERE "from" >= earlierAt + INTERVAL 90 DAY GROUP BY who
),
-- The access that broke the silence.
first AS (
  SELECT w.who, min(r.accessId) AS accessId
  FROM woken w JOIN accessDeed d ON d.who = w.who AND d.outcome = 'success' JOIN accessRow r ON r.deed = d.rowid AND r."at" = w.last.a GROUP BY w.who
)
SELECT a.person AS unit, coalesce(w.last.a, min(a."from")) AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, a.staff,
  CASE WHEN count(*) < 2 THEN 'notApplicable' WHEN w.who IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome,
  CASE WHEN count(*) < 2 THEN 'too-few' WHEN w.who IS NOT NULL THEN 'woke-up' END AS reason,
  NULL AS severity, a.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN w.who IS NOT NULL THEN [{kind: 'access', id: f.accessId}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN w.who IS NOT NULL THEN to_json({person: a.person, silentDays: w.last.s, earlier: w.last.e}) END AS details
FROM active a LEFT JOIN woken w ON w.who = a.who LEFT JOIN first f ON f.who = a.who
GROUP BY a.person, a.staff, w.who, w.last, f.accessId
ORDER BY unit
