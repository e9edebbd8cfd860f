WITH judged AS (
  SELECT r.kind, r.id, x.contactId, x.id IS NOT NULL AS contested
  FROM repeatedRecord r LEFT JOIN conflict x ON x.kind = r.kind AND x.id = r.id
)
SELECT kind || '/' || id AS unit, NULL AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party,
  NULL AS staff, CASE WHEN contested THEN 'fail' ELSE 'pass' END AS outcome, CASE WHEN contested THEN 'different-content' END AS reason, NULL AS severity,
  CASE WHEN contested THEN kind END AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN contested THEN [{kind: kind, id: id}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN contested THEN to_json({recordKind: kind, recordId: id, contactId: contactId}) END AS details
FROM judged
ORDER BY unit
