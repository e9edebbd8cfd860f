WITH active AS (
  SELECT person, staff, "at", accessId, lag("at") OVER w AS earlierAt, row_number() OVER w - 1 AS earlier,
    count(DISTINCT "at"::DATE) OVER (PARTITION BY person) AS "days"
  FROM accessAct WHERE outcome = 'success' AND actorKind = 'staff'
  WINDOW w AS (PARTITION BY person ORDER BY "at", accessId)
),
woken AS (
  SELECT person, arg_max({a: "at", id: accessId, e: earlier, s: date_diff('day', earlierAt, "at")}, ("at", accessId)) AS last
  FROM active WHERE "at" >= earlierAt + INTERVAL 90 DAY GROUP BY person
)
SELECT a.person AS unit, coalesce(w.last.a, min(a."at")) AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, a.staff,
  CASE WHEN max(a."days") < 2 THEN 'notApplicable' WHEN w.person IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome,
  CASE WHEN max(a."days") < 2 THEN 'too-few' WHEN w.person IS NOT NULL THEN 'woke-up' END AS reason,
  NULL AS severity, a.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN w.person IS NOT NULL THEN [{kind: 'access', id: w.last.id}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN w.person IS NOT NULL THEN to_json({person: a.person, silentDays: w.last.s, earlier: w.last.e}) END AS details
FROM active a LEFT JOIN woken w ON w.person = a.person
GROUP BY a.person, a.staff, w.person, w.last
ORDER BY unit
