-- Accesses that an assignment or a grant, the policy's list of services or an earlier report's inputs explain.
-- weakness: why an assignment does not explain; doubt: it may hold, and the records cannot tell.
WITH warranted AS (
  SELECT w.access, w.kind AS template, w.kind AS kind, w.id AS id, CASE WHEN w.disputed THEN 'conflicting-records' WHEN w.doubtful THEN 'ambiguous-person' END AS doubt, w.weakness
  FROM accessWarrant w JOIN explainableDeed a ON a.deed = w.deed AND list_contains(a.explanations, w.kind)
  WHERE w.inForce AND w.madeByThen
),
declared AS (
  SELECT DISTINCT a.deed
  FROM explainableDeed a JOIN packService s ON s.packKey = a.packKey AND s.id = a.actor
  WHERE a.actorKind IN ('service', 'audit') AND (a.purpose IS NULL OR s.purposes IS NULL OR list_contains(s.purposes, a.purpose))
),
audited AS (
  SELECT DISTINCT r.rowid::INTEGER AS access
  FROM (FROM explainableDeed WHERE list_contains(auditPrincipals, actor) AND actorKind IN ('service', 'audit') AND action IN ('view', 'play', 'download')) a
  JOIN accessRow r ON r.deed = a.deed
  JOIN accessObject b ON b.rowid = r.object
  LEFT JOIN recording g ON g.id = b.recordingId
  JOIN auditedObject o ON o.uri = coalesce(b.uri, g.uri) AND o."from" - a.clockTolerance <= r."at" AND r."at" <= o.until + a.clockTolerance
)
SELECT access, template, kind, id, doubt, weakness FROM warranted
UNION ALL
SELECT r.rowid::INTEGER, 'service', NULL, NULL, NULL, NULL FROM accessRow r JOIN declared d ON d.deed = r.deed
UNION ALL
SELECT access, 'audit', NULL, NULL, NULL, NULL FROM audited
