-- A version of a decision policy, or a pack, that was approved after it took effect.
WITH dated AS (
  SELECT packKey || '|' || policy || '|' || version || CASE WHEN count(*) OVER (PARTITION BY packKey, policy, version) > 1 THEN '|' || "from" ELSE '' END AS unit, packKey, policy, version, "from", approvedBy, approvedAt, 'decisions.' || policy || '.' || version || '.approvedAt' AS ruleRef
  FROM packDecisionVersion
  UNION ALL
  SELECT 'pack|' || packKey, packKey, policy, version, "from", approvedBy, approvedAt, 'approvedAt' FROM pack
),
judged AS (
  SELECT d.*, CASE WHEN approvedAt IS NULL OR "from" > run.asOf THEN 'notApplicable' WHEN approvedAt > "from" THEN 'fail' ELSE 'pass' END AS result
  FROM dated d CROSS JOIN run
)
SELECT
  unit, "from" AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result WHEN 'fail' THEN 'approved-late' WHEN 'notApplicable' THEN CASE WHEN approvedAt IS NULL THEN 'approval-not-stated' ELSE 'not-yet-in-effect' END END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN policy END AS cause,
  packKey,
  ruleRef,
  NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN result = 'fail' THEN json_object('policy', policy, 'version', version, 'from', "from", 'approvedAt', approvedAt, 'approver', approvedBy) END AS details
FROM judged
ORDER BY unit
