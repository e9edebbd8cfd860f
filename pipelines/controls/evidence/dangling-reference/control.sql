WITH missing AS (
  SELECT n.*, coalesce(c.id, r.id) AS found
  FROM namedRecord n
  LEFT JOIN contact c ON c.id = CASE WHEN n.targetKind = 'contact' THEN n.target END
  LEFT JOIN recording r ON r.id = CASE WHEN n.targetKind = 'recording' THEN n.target END
),
-- When the missing record would have been made is not known, so a source that covers any time counts as having looked.
known AS (
  SELECT kind FROM provided WHERE kind IN ('contact', 'recording')
),
judged AS (
  SELECT m.*, CASE WHEN m.found IS NOT NULL THEN NULL WHEN x.id IS NOT NULL THEN 'conflicting-records' WHEN k.kind IS NULL THEN 'not-covered' ELSE 'no-such-record' END AS reason
  FROM missing m LEFT JOIN conflict x ON x.kind = m.targetKind AND x.id = m.target LEFT JOIN known k ON k.kind = m.targetKind
)
SELECT kind || '|' || unitPart(id) || '|' || field || '|' || unitPart(target) AS unit, "at",
  NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'no-such-record' THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, CASE WHEN reason IS NOT NULL THEN kind || '.' || field END AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'no-such-record' THEN [{kind: kind, id: id}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({referrer: kind || ' ' || id, field: field, targetKind: targetKind, target: target}) END AS details
FROM judged
ORDER BY unit
