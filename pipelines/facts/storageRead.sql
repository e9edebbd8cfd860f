-- Reads of recordings that storage itself logged (a source of layer storage), each with the nearest access to the same
-- recording that the application logged within matchWithin (five minutes where the pipeline says nothing), and whether
-- anybody would have logged it.
WITH stored AS MATERIALIZED (
  SELECT x.id AS accessId, s.id AS source, coalesce(s.matchWithin, INTERVAL 5 MINUTE) AS matchWithin
  FROM access x JOIN source s ON s.id = x.sourceId WHERE s.layer = 'storage'
),
read AS MATERIALIZED (
  SELECT l.accessId, a."at", l.source, l.matchWithin, a.actor, a.actorKind, a.staff, a.person, a.action, a.uri, a.recordingId, a.contactId, a.target, a.problem, a.aim
  FROM stored l JOIN accessAct a ON a.accessId = l.accessId
  WHERE a.outcome = 'success' AND a.action IN ('view', 'play', 'download', 'export', 'share')
),
-- What other layers logged of the same objects.
logged AS (
  SELECT g."at", g.aim, g.accessId FROM accessRow g SEMI JOIN read r ON r.aim = g.aim
  SEMI JOIN (SELECT rowid FROM accessDeed WHERE outcome = 'success' AND action <> 'list') d ON d.rowid = g.deed
  ANTI JOIN stored l ON l.accessId = g.accessId
),
matched AS (
  SELECT r.accessId, min(g.accessId) AS applicationId FROM read r JOIN logged g ON g.aim = r.aim
    AND g."at" BETWEEN r."at" - r.matchWithin AND r."at" + r.matchWithin
  GROUP BY r.accessId
),
-- Where somebody looked: sources of the application's layer, by what they state.
watching AS (
  SELECT w."from", w.until FROM coverageWindow w JOIN source s ON s.id = w.source
  WHERE w.kind = 'access' AND coalesce(s.layer, 'application') <> 'storage' AND w.queues IS NULL AND w.sites IS NULL
),
-- In a gap of the application's log its silence says nothing.
blind AS (
  SELECT DISTINCT r.accessId FROM read r JOIN logGap g ON g."from" - r.matchWithin <= r."at" AND r."at" < g.until + r.matchWithin
  JOIN source s ON s.id = g.source AND coalesce(s.layer, 'application') <> 'storage'
),
watched AS (
  SELECT DISTINCT r.accessId FROM read r JOIN watching w ON w."from" <= r."at" AND r."at" < w.until ANTI JOIN blind b ON b.accessId = r.accessId
)
SELECT r.* EXCLUDE (aim), m.applicationId, c.accessId IS NOT NULL AS covered
FROM read r LEFT JOIN matched m ON m.accessId = r.accessId LEFT JOIN watched c ON c.accessId = r.accessId
