WITH lost AS (
  SELECT r.id, r.startedAt FROM recording r ANTI JOIN contact c ON c.id = r.contactId
),
-- What is known of a contact that is not there is only its time; a statement about some queues or sites may not mean it.
watched AS (
  SELECT DISTINCT l.id FROM lost l JOIN coverageWindow w ON w.kind = 'contact' AND w."from" <= l.startedAt AND l.startedAt < w.until AND w.queues IS NULL AND w.sites IS NULL
),
judged AS (
  SELECT r.id AS recordingId, r.contactId, r.startedAt, r.sourceId, CASE
    WHEN l.id IS NULL THEN NULL WHEN x.id IS NOT NULL THEN 'conflicting-records' WHEN w.id IS NULL THEN 'not-covered' ELSE 'no-contact' END AS reason
  FROM recording r LEFT JOIN lost l ON l.id = r.id LEFT JOIN watched w ON w.id = r.id LEFT JOIN conflict x ON x.kind = 'contact' AND x.id = r.contactId
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, startedAt AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'no-contact' THEN 'fail' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'source ' || sourceId AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'no-contact' THEN [{kind: 'recording', id: recordingId}] END AS evidence, NULL AS contrary,
  NULL AS searched, NULL AS details
FROM judged
ORDER BY unit
