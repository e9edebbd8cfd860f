WITH placed AS (
  SELECT person, staff, "at", accessId, ip, userAgent, "at"::DATE AS "day",
    lag(ip) OVER w AS ip1, lag(userAgent) OVER w AS agent1, lag(ip, 2) OVER w AS ip2, lag(userAgent, 2) OVER w AS agent2, lag("at", 2) OVER w AS at2
  FROM accessAct WHERE actorKind = 'staff' AND outcome = 'success' AND onBehalfOf IS NULL AND ip IS NOT NULL AND userAgent IS NOT NULL
  WINDOW w AS (PARTITION BY person ORDER BY "at", accessId)
),
turn AS (
  SELECT *, ip = ip2 AND userAgent = agent2 AND ip <> ip1 AND userAgent <> agent1 AND "at" <= at2 + INTERVAL 10 MINUTE AS inTurn FROM placed
),
"day" AS (
  SELECT person, staff, "at"::DATE AS "day", min("at") AS "at" FROM accessAct WHERE actorKind = 'staff' AND outcome = 'success' GROUP BY ALL
),
counted AS (
  SELECT person, "day", count(*) AS accesses, count(*) FILTER (inTurn) AS turns, count(DISTINCT ip) AS addresses,
    list({kind: 'access', id: accessId} ORDER BY "at", accessId) FILTER (inTurn) AS evidence
  FROM turn GROUP BY person, "day"
)
SELECT d.person || '|' || d."day" AS unit, d."at", NULL AS contactId, NULL AS recordingId, NULL AS party, d.staff,
  CASE WHEN c.turns >= 2 THEN 'fail' WHEN coalesce(c.accesses, 0) < 3 THEN 'notApplicable' ELSE 'pass' END AS outcome,
  CASE WHEN c.turns >= 2 THEN 'interleaved' WHEN coalesce(c.accesses, 0) < 3 THEN 'no-address' END AS reason,
  NULL AS severity, d.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN c.turns >= 2 THEN c.evidence END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN c.turns >= 2 THEN to_json({person: d.person, "day": d."day"::VARCHAR, addresses: c.addresses, turns: c.turns}) END AS details
FROM "day" d LEFT JOIN counted c ON c.person = d.person AND c."day" = d."day"
ORDER BY unit
