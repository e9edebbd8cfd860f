WITH own AS (
  SELECT rowid::INTEGER AS deed, who, person, staff FROM accessDeed WHERE outcome = 'success' AND actorKind = 'staff' AND action <> 'list'
),
-- Thirty-one accesses at most thirty seconds apart touch two quarters of an hour at most, so one of them holds sixteen; a longer
-- run fills the quarters that it spans. So each run lies in such quarters and their neighbours.
busy AS (
  SELECT DISTINCT who, unnest([quarter - 1, quarter, quarter + 1]) AS quarter FROM (
    SELECT o.who, epoch(r."at")::BIGINT // 900 AS quarter FROM accessRow r JOIN own o ON o.deed = r.deed GROUP BY ALL HAVING count(*) >= 16
  )
),
-- First by time alone, then in the order of what was opened, only where thirty-one follow each other closely.
paced AS MATERIALIZED (
  SELECT o.who, r.rowid::INTEGER AS access, r.object, r."at", row_number() OVER w AS place, coalesce(r."at" > lag(r."at") OVER w + INTERVAL 30 SECOND, true) AS begins
  FROM accessRow r JOIN own o ON o.deed = r.deed SEMI JOIN busy q ON q.who = o.who AND q.quarter = epoch(r."at")::BIGINT // 900
  WINDOW w AS (PARTITION BY o.who ORDER BY r."at")
),
burst AS (
  SELECT b.who, b.place, coalesce(lead(b.place) OVER (PARTITION BY b.who ORDER BY b.place), e.places + 1) AS next
  FROM (FROM paced WHERE begins) b JOIN (SELECT who, count(*) AS places FROM paced GROUP BY who) e ON e.who = b.who
),
close AS MATERIALIZED (
  SELECT p.who, p.access, p.object, p."at" FROM (FROM burst WHERE next > place + 30) b JOIN paced p ON p.who = b.who AND p.place >= b.place AND p.place < b.next
),
act AS (
  SELECT p.who, p.access, p."at", o.target, lag(o.target) OVER w AS earlierTarget, lag(p."at") OVER w AS earlierAt, row_number() OVER w AS place
  FROM close p JOIN accessObject o ON o.rowid = p.object JOIN accessRow r ON r.rowid = p.access
  WINDOW w AS (PARTITION BY p.who ORDER BY p."at", r.accessId)
),
step AS MATERIALIZED (
  SELECT who, access, "at", earlierAt, place, earlierAt IS NULL OR "at" > earlierAt + INTERVAL 30 SECOND OR (length(target), target) <= (length(earlierTarget), earlierTarget) AS begins FROM act
),
-- A run ends where the next begins.
run AS (
  SELECT b.who, b.place, coalesce(lead(b.place) OVER (PARTITION BY b.who ORDER BY b.place), e.places + 1) AS next
  FROM (FROM step WHERE begins) b JOIN (SELECT who, count(*) AS places FROM step GROUP BY who) e ON e.who = b.who
),
long AS (
  SELECT d.person, max(s."at")::DATE AS "day", count(*) AS length, min(s."at") AS begins, max(s."at") AS closes,
    median(epoch(s."at" - s.earlierAt)) FILTER (NOT s.begins) AS gap, list({kind: 'access', id: r.accessId} ORDER BY s.place) AS evidence
  FROM (FROM run WHERE next > place + 30) n JOIN step s ON s.who = n.who AND s.place >= n.place AND s.place < n.next
  JOIN accessRow r ON r.rowid = s.access JOIN (SELECT DISTINCT who, person FROM own) d ON d.who = n.who
  GROUP BY d.person, n.place HAVING median(epoch(s."at" - s.earlierAt)) FILTER (NOT s.begins) < 3
),
worst AS (
  SELECT person, "day", arg_max({n: length, b: begins, c: closes, g: gap, e: evidence}, (length, begins)) AS run FROM long GROUP BY person, "day"
),
"day" AS (
  SELECT o.person, o.staff, y."day", min(y."from") AS "at" FROM accessDay y JOIN own o ON o.deed = y.deed GROUP BY ALL
)
SELECT d.person || '|' || d."day" AS unit, coalesce(w.run.b, d."at") AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, d.staff,
  CASE WHEN w.person IS NOT NULL THEN 'fail' ELSE 'pass' END AS outcome, CASE WHEN w.person IS NOT NULL THEN 'in-order' END AS reason,
  NULL AS severity, d.person AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, w.run.e AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN w.person IS NOT NULL THEN to_json({person: d.person, "day": d."day"::VARCHAR, run: w.run.n, begins: w.run.b, closes: w.run.c, gap: w.run.g}) END AS details
FROM "day" d LEFT JOIN worst w ON w.person = d.person AND w."day" = d."day"
ORDER BY unit
