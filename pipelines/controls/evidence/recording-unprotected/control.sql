WITH held AS (
  SELECT uri, min(recordingId) AS recordingId, min(contactId) AS contactId FROM recordingCopy GROUP BY uri HAVING min(recordingId) = max(recordingId)
),
judged AS (
  SELECT o.id, o.uri, o.seenAt, o.sourceId, h.recordingId, h.contactId,
    CASE WHEN o.publiclyReadable THEN 'publicly-readable' WHEN NOT o.encrypted THEN 'not-encrypted'
      WHEN o.publiclyReadable IS NULL AND o.encrypted IS NULL THEN 'not-stated' END AS reason
  FROM shownObject o LEFT JOIN held h ON h.uri = o.uri
  UNION ALL BY NAME
  SELECT id, id AS uri, 'conflicting-records' AS reason FROM conflict WHERE kind = 'storedObject'
)
SELECT id AS unit, seenAt AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('publicly-readable', 'not-encrypted') THEN 'fail' WHEN reason = 'not-stated' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, split_part(uri, '/', 1) || '//' || split_part(uri, '/', 3) AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason IN ('publicly-readable', 'not-encrypted') THEN [{kind: 'storedObject', id: id}] END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IN ('publicly-readable', 'not-encrypted', 'conflicting-records') THEN to_json({object: uri}) END AS details
FROM judged
ORDER BY unit
