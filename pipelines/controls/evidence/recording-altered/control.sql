-- The run sets compareRecordings to 'no' where the pipeline says verifyRecordings: none.
WITH newest AS (
  SELECT *, seenAt = max(seenAt) OVER (PARTITION BY recordingId) AS latest FROM storedCopy
  WHERE NOT copied AND sha256 IS NOT NULL AND statedSha256 IS NOT NULL AND getvariable('compareRecordings')::VARCHAR IS DISTINCT FROM 'no'
),
compared AS (
  SELECT recordingId, bool_or(sha256 = statedSha256) AS same, bool_or(sha256 <> statedSha256) AS differs, max(seenAt) AS seenAt,
    min(objectId) FILTER (sha256 <> statedSha256) AS objectId
  FROM newest WHERE latest GROUP BY recordingId
),
contested AS (
  SELECT DISTINCT r.id AS recordingId FROM conflict x JOIN stored_storedObject o ON x.kind = 'storedObject' AND x.id = o.uri || coalesce('#' || o.versionId, '')
  JOIN recording r ON r.uri = o.uri AND (r.versionId IS NULL OR o.versionId IS NULL OR r.versionId = o.versionId)
),
judged AS (
  SELECT r.id AS recordingId, r.contactId, r.startedAt, c.seenAt, c.objectId, o.sourceId,
    b.sha256 AS readSha256, b.problem,
    CASE WHEN b.sha256 = lower(r.sha256) THEN NULL WHEN b.sha256 IS NOT NULL THEN 'bytes-differ' WHEN c.differs AND NOT c.same THEN 'checksum-differs' WHEN d.recordingId IS NOT NULL THEN 'conflicting-records'
      WHEN b.problem IS NOT NULL THEN 'bytes-unread' WHEN c.recordingId IS NULL THEN 'not-compared' WHEN c.differs THEN 'version-unknown' END AS reason
  FROM recording r LEFT JOIN compared c ON c.recordingId = r.id LEFT JOIN shownObject o ON o.id = c.objectId LEFT JOIN contested d ON d.recordingId = r.id
  LEFT JOIN recordingBytes b ON b.recordingId = r.id
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(seenAt, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('checksum-differs', 'bytes-differ') THEN 'fail' WHEN reason = 'not-compared' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, CASE WHEN reason IN ('bytes-differ', 'bytes-unread') THEN 'storage that was read' ELSE 'storage listed by ' || sourceId END AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'checksum-differs' THEN [{kind: 'recording', id: recordingId}, {kind: 'storedObject', id: objectId}] WHEN reason IN ('bytes-differ', 'bytes-unread') THEN [{kind: 'recording', id: recordingId}] END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason = 'checksum-differs' THEN to_json({seenAt: seenAt}) WHEN reason = 'bytes-differ' THEN to_json({sha256: readSha256}) WHEN reason = 'bytes-unread' THEN to_json({problem: problem}) END AS details
FROM judged
ORDER BY unit
