WITH covered AS (
  SELECT r.id AS recordingId, bool_or(h.doubt IS NULL) AS sure, min(h.doubt) AS doubt,
    list_sort(list(DISTINCT h.holdId) FILTER (h.doubt IS NULL)) AS holdIds, min(h."from") FILTER (h.doubt IS NULL) AS heldSince, min(h.createdAt) FILTER (h.doubt IS NULL) AS holdMadeAt
  FROM recording r JOIN holdCover h ON h.recordingId = r.id
    AND h.createdAt <= r.deletedAt AND h."from" <= r.deletedAt AND (h.until IS NULL OR r.deletedAt < h.until)
  GROUP BY r.id
),
known AS (
  SELECT count(*) > 0 AS holds FROM provided WHERE kind = 'hold'
),
judged AS (
  SELECT r.id AS recordingId, r.contactId, r.deletedAt, r.startedAt, s.packKey, s.queue, c.holdIds, c.heldSince, c.holdMadeAt,
    CASE WHEN r.deletedAt IS NULL THEN 'not-deleted' WHEN c.sure THEN 'under-hold' WHEN c.doubt IS NOT NULL THEN c.doubt WHEN NOT k.holds THEN 'no-hold-source' END AS reason
  FROM recording r CROSS JOIN known k JOIN recordingSpan s ON s.recordingId = r.id LEFT JOIN covered c ON c.recordingId = r.id
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(deletedAt, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'under-hold' THEN 'fail' WHEN reason IN ('not-deleted', 'no-hold-source') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'hold ' || holdIds[1] AS cause, packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'under-hold' THEN [{kind: 'recording', id: recordingId}] || list_transform(holdIds, lambda x: {kind: 'hold', id: x}) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IN ('under-hold', 'ambiguous-person') THEN to_json({deletedAt: deletedAt, holdIds: holdIds, heldSince: heldSince, holdMadeAt: holdMadeAt}) END AS details
FROM judged
ORDER BY unit
