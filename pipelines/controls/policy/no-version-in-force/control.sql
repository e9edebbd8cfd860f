-- Decisions at a time when no pack, or no version of their policy, was in force; and the holes between packs.
WITH sequence AS (
  SELECT packKey, "from", until, lead("from") OVER (ORDER BY "from") AS nextFrom FROM packPeriod
),
hole AS (
  -- The time after a pack in which none is in force, up to the run's as-of.
  SELECT s.packKey, s.until AS "from", coalesce(s.nextFrom, run.asOf) AS until
  FROM sequence s CROSS JOIN run
  WHERE s.until IS NOT NULL AND s.until < coalesce(s.nextFrom, run.asOf) AND s.until < run.asOf
),
conflicting AS (
  SELECT id, min(contactId) AS contactId FROM conflict WHERE kind = 'decision' GROUP BY id
),
judged AS (
  SELECT *, CASE WHEN version IS NOT NULL THEN NULL WHEN packKey IS NULL THEN 'no-pack' WHEN NOT policyNamed THEN 'policy-not-named' ELSE 'version-hole' END AS fault
  FROM decisionContext
)
SELECT
  decisionId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN fault IS NULL THEN 'pass' ELSE 'fail' END AS outcome,
  fault AS reason,
  NULL AS severity,
  CASE WHEN fault IS NOT NULL THEN policy END AS cause,
  packKey,
  CASE WHEN fault IS NOT NULL AND packKey IS NOT NULL THEN 'decisions.' || policy END AS ruleRef,
  NULL AS law,
  CASE WHEN fault IS NOT NULL THEN [{kind: 'decision', id: decisionId}] END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN fault IS NOT NULL THEN json_object('decisionId', decisionId, 'policy', policy, 'applied', policyVersion, 'holeFrom', NULL, 'holeUntil', NULL) END AS details
FROM judged
UNION ALL
SELECT 'pack|' || p.packKey, coalesce(h."from", p."from"), NULL, NULL, NULL, NULL,
  CASE WHEN h.packKey IS NULL THEN 'pass' ELSE 'fail' END, CASE WHEN h.packKey IS NOT NULL THEN 'pack-hole' END,
  NULL, NULL, p.packKey, CASE WHEN h.packKey IS NOT NULL THEN 'until' END, NULL, NULL, NULL, NULL,
  CASE WHEN h.packKey IS NOT NULL THEN json_object('pack', p.packKey, 'holeFrom', h."from", 'holeUntil', h.until) END
FROM pack p LEFT JOIN (SELECT packKey, min("from") AS "from", min_by(until, "from") AS until FROM hole GROUP BY packKey) h ON h.packKey = p.packKey
UNION ALL
SELECT id, NULL, contactId, NULL, NULL, NULL, 'unverifiable', 'conflicting-records', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, json_object('decisionId', id)
FROM conflicting
ORDER BY unit
