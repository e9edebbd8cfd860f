-- Two versions of one decision policy, or two packs, that claim to be in force at the same time.
WITH numbered AS (
  SELECT *, row_number() OVER (ORDER BY packKey, policy, "from", version, until) AS n FROM packDecisionVersion
),
pair AS (
  SELECT a.packKey, a.policy, a.version AS earlier, b.version AS later, b."from" AS overlapFrom, least(a.until, b.until) AS overlapUntil
  FROM numbered a JOIN numbered b ON b.packKey = a.packKey AND b.policy = a.policy AND a.n < b.n AND (a.until IS NULL OR b."from" < a.until)
),
overlapping AS (
  SELECT packKey, policy, min(overlapFrom) AS overlapFrom, list({earlier: earlier, later: later, "from": overlapFrom, until: overlapUntil} ORDER BY overlapFrom, earlier, later) AS pairs,
    arg_min(earlier, (overlapFrom, earlier, later)) AS earlier, arg_min(later, (overlapFrom, earlier, later)) AS later
  FROM pair GROUP BY packKey, policy
),
packPair AS (
  SELECT b.packKey, a.packKey AS earlier, b."from" AS overlapFrom, least(a.until, b.until) AS overlapUntil
  FROM pack a JOIN pack b ON (a."from", a.packKey) < (b."from", b.packKey) AND (a.until IS NULL OR b."from" < a.until)
),
packOverlapping AS (
  SELECT packKey, min(earlier) AS earlier, min(overlapFrom) AS overlapFrom, list({earlier: earlier, "from": overlapFrom, until: overlapUntil} ORDER BY earlier) AS pairs
  FROM packPair GROUP BY packKey
)
SELECT
  d.packKey || '|' || d.policy AS unit, o.overlapFrom AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN o.policy IS NULL THEN 'pass' ELSE 'fail' END AS outcome,
  CASE WHEN o.policy IS NOT NULL THEN 'versions' END AS reason,
  NULL AS severity,
  CASE WHEN o.policy IS NOT NULL THEN d.policy END AS cause,
  d.packKey,
  'decisions.' || d.policy || '.versions' AS ruleRef,
  NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN o.policy IS NOT NULL THEN json_object('policy', d.policy, 'earlier', o.earlier, 'later', o.later, 'overlapFrom', o.overlapFrom, 'overlaps', o.pairs) END AS details
FROM packDecision d LEFT JOIN overlapping o ON o.packKey = d.packKey AND o.policy = d.policy
UNION ALL
SELECT 'pack|' || p.packKey, o.overlapFrom, NULL, NULL, NULL, NULL,
  CASE WHEN o.packKey IS NULL THEN 'pass' ELSE 'fail' END, CASE WHEN o.packKey IS NOT NULL THEN 'packs' END,
  NULL, NULL, p.packKey, 'from', NULL, NULL, NULL, NULL,
  CASE WHEN o.packKey IS NOT NULL THEN json_object('pack', p.packKey, 'earlier', o.earlier, 'overlapFrom', o.overlapFrom, 'overlaps', o.pairs) END
FROM pack p LEFT JOIN packOverlapping o ON o.packKey = p.packKey
ORDER BY unit
