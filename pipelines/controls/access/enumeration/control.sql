WITH own AS (
  SELECT person, staff, "at", accessId, target FROM accessAct WHERE outcome = 'success' AND actorKind = 'staff' AND action <> 'list'
),
-- Thirty-one accesses at most thirty seconds apart touch two quarters of an hour at most, so one of them holds sixteen.
busy AS (
  SELECT DISTINCT person FROM own GROUP BY person, epoch("at")::BIGINT // 900 HAVING count(*) >= 16
),
act AS (
  SELECT *, lag(target) OVER w AS earlierTarget, lag("at") OVER w AS earlierAt
  FROM own SEMI JOIN busy USING (person)
  WINDOW w AS (PARTITION BY person ORDER BY "at", accessId)
),
step AS (
  SELECT *, earlierAt IS NULL OR "at" > earlierAt + INTERVAL 30 SECOND OR (length(target), target) <= (length(earlierTarget), earlierTarget) AS begins FROM act
),
run AS (
  SELECT *, count(*) FILTER (begins) OVER (PARTITION BY person ORDER BY "at", accessId ROWS UNBOUNDED PRECEDING) AS run FROM step
),
long AS (
  SELECT person, max("at")::DATE AS "day", count(*) AS length, min("at") AS begins, max("at") AS closes,
    median(epoch("at" - earlierAt)) FILTER (NOT begins) AS gap, list({kind: 'access', id: accessId} ORDER BY "at", accessId) AS evidence
  FROM run GROUP BY person, run HAVING count(*) > 30 AND median(epoch("at" - earlierAt)) FILTER (NOT begins) < 3
),
worst AS (
  SELECT person, "day", arg_max({n: length, b: begins, c: closes, g: gap, e: evidence}, (length, begins)) AS run FROM long GROUP BY person, "day"
),
"day" AS (
  SELECT person, staff, "at"::DATE AS "day", min("at") AS "at" FROM own GROUP BY ALL
)
SELECT d.person || '|' || d."day" AS unit, coalesce(w.run.b, d."at") AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, d.staff,
  CASE WHEN w.person IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome, CASE WHEN w.person IS NOT NULL THEN 'in-order' END AS reason,
  NULL AS severity, d.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, w.run.e AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN w.person IS NOT NULL THEN to_json({person: d.person, "day": d."day"::VARCHAR, run: w.run.n, begins: w.run.b, closes: w.run.c, gap: w.run.g}) END AS details
FROM "day" d LEFT JOIN worst w ON w.person = d.person AND w."day" = d."day"
ORDER BY unit
