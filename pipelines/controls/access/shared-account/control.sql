WITH own AS (
  SELECT rowid::INTEGER AS deed, who, person, staff, onBehalfOf FROM accessDeed WHERE outcome = 'success' AND actorKind = 'staff'
),
client AS (
  SELECT rowid::INTEGER AS client, ip, userAgent FROM accessClient WHERE ip IS NOT NULL AND userAgent IS NOT NULL
),
"use" AS MATERIALIZED (
  SELECT o.who, r."at"::DATE AS "day", r.client, count(*) AS accesses
  FROM accessRow r JOIN (FROM own WHERE onBehalfOf IS NULL) o ON o.deed = r.deed SEMI JOIN client c ON c.client = r.client GROUP BY ALL
),
-- Who takes turns has two clients on one day or on two that follow each other; only those days are looked at in order.
mixed AS (
  SELECT DISTINCT who, unnest(["day", "day" - 1]) AS "day" FROM (
    SELECT *, min(client) OVER w <> max(client) OVER w AS several FROM "use" WINDOW w AS (PARTITION BY who ORDER BY "day" RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW)
  ) WHERE several
),
placed AS (
  SELECT o.who, r."at", r.accessId, c.ip, c.userAgent, r."at"::DATE AS "day",
    lag(c.ip) OVER w AS ip1, lag(c.userAgent) OVER w AS agent1, lag(c.ip, 2) OVER w AS ip2, lag(c.userAgent, 2) OVER w AS agent2, lag(r."at", 2) OVER w AS at2
  FROM accessRow r JOIN (FROM own WHERE onBehalfOf IS NULL) o ON o.deed = r.deed JOIN client c ON c.client = r.client SEMI JOIN mixed m ON m.who = o.who AND m."day" = r."at"::DATE
  WINDOW w AS (PARTITION BY o.who ORDER BY r."at", r.accessId)
),
turn AS (
  SELECT * FROM placed WHERE ip = ip2 AND userAgent = agent2 AND ip <> ip1 AND userAgent <> agent1 AND "at" <= at2 + INTERVAL 10 MINUTE
),
"day" AS (
  SELECT o.who, o.person, o.staff, y."day", min(y."from") AS "at" FROM accessDay y JOIN own o ON o.deed = y.deed GROUP BY ALL
),
taken AS (
  SELECT who, "day", count(*) AS turns, list({kind: 'access', id: accessId} ORDER BY "at", accessId) AS evidence FROM turn GROUP BY who, "day"
),
counted AS (
  SELECT u.who, u."day", sum(u.accesses) AS accesses, count(DISTINCT c.ip) AS addresses FROM "use" u JOIN client c ON c.client = u.client GROUP BY u.who, u."day"
)
SELECT d.person || '|' || d."day" AS unit, d."at", NULL AS contactId, NULL AS recordingId, NULL AS party, d.staff,
  CASE WHEN t.turns >= 2 THEN 'fail' WHEN coalesce(c.accesses, 0) < 3 THEN 'notApplicable' ELSE 'pass' END AS outcome,
  CASE WHEN t.turns >= 2 THEN 'interleaved' WHEN coalesce(c.accesses, 0) < 3 THEN 'no-address' END AS reason,
  NULL AS severity, d.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN t.turns >= 2 THEN t.evidence END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN t.turns >= 2 THEN to_json({person: d.person, "day": d."day"::VARCHAR, addresses: c.addresses, turns: t.turns}) END AS details
FROM "day" d LEFT JOIN counted c ON c.who = d.who AND c."day" = d."day" LEFT JOIN taken t ON t.who = d.who AND t."day" = d."day"
ORDER BY unit
