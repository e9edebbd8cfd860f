-- Each subject request with the end of its term: receipt plus the policy's term (calendar arithmetic in UTC),
-- or the extension where that is later. doneAt later than the run's as-of does not exist yet.
WITH inForce AS (
  SELECT q.id, q.subject, q.type, q.receivedAt, q.extendedUntil, q.completedAt, q.liftedAt, q.outcome,
    CASE WHEN p.until IS NULL OR q.receivedAt < p.until THEN p.packKey END AS packKey
  FROM request q ASOF LEFT JOIN packPeriod p ON q.receivedAt >= p."from"
)
SELECT f.id AS requestId, f.subject, f.type, f.receivedAt, f.extendedUntil, f.packKey, t.term,
  CASE WHEN t.term IS NOT NULL THEN greatest(f.receivedAt + t.term, f.extendedUntil) END AS due,
  CASE WHEN least(f.completedAt, f.liftedAt) <= run.asOf THEN least(f.completedAt, f.liftedAt) END AS doneAt
FROM inForce f CROSS JOIN run
LEFT JOIN packRequestTerm t ON t.packKey = f.packKey AND t.type = f.type
