WITH shown AS (
  SELECT s.recordingId, max(s.seenAt) AS seenAt, arg_max(s.objectId, {t: s.seenAt, id: s.objectId}) AS objectId
  FROM storedCopy s JOIN recording r ON r.id = s.recordingId WHERE NOT s.copied AND s.seenAt > r.deletedAt GROUP BY s.recordingId
),
contested AS (
  SELECT DISTINCT r.id AS recordingId FROM conflict x JOIN stored_storedObject o ON x.kind = 'storedObject' AND x.id = o.uri || coalesce('#' || o.versionId, '')
  JOIN recording r ON r.uri = o.uri WHERE o.seenAt > r.deletedAt
),
listed AS (
  SELECT max(seenAt) AS until FROM storedObject
),
judged AS (
  SELECT r.id AS recordingId, r.contactId, r.startedAt, r.deletedAt, s.seenAt, s.objectId, o.sourceId,
    CASE WHEN r.deletedAt IS NULL THEN 'not-deleted' WHEN r.uri IS NULL THEN 'no-object' WHEN s.recordingId IS NOT NULL THEN 'still-shown'
      WHEN d.recordingId IS NOT NULL THEN 'conflicting-records' WHEN l.until IS NULL OR l.until <= r.deletedAt THEN 'not-listed-since' END AS reason
  FROM recording r CROSS JOIN listed l
  LEFT JOIN shown s ON s.recordingId = r.id LEFT JOIN shownObject o ON o.id = s.objectId LEFT JOIN contested d ON d.recordingId = r.id
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(deletedAt, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'still-shown' THEN 'fail' WHEN reason = 'conflicting-records' THEN 'unverifiable' ELSE 'notApplicable' END AS outcome,
  reason, NULL AS severity, 'storage listed by ' || sourceId AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'still-shown' THEN [{kind: 'recording', id: recordingId}, {kind: 'storedObject', id: objectId}] END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason = 'still-shown' THEN to_json({deletedAt: deletedAt, seenAt: seenAt}) END AS details
FROM judged
ORDER BY unit
