WITH made AS (
  SELECT h.recordingId, h.holdId, h."from" AS heldFrom, h.createdAt AS madeAt, h.doubt,
    CASE WHEN h.createdAt > t.deletedAt AND h."from" < t.deletedAt THEN 'made-after-deletion'
      WHEN h.createdAt > t.deleteBy AND h."from" < t.deleteBy AND (t.deletedAt IS NULL OR t.deleteBy < t.deletedAt) THEN 'made-after-delete-by' END AS reason
  FROM holdCover h JOIN retentionTerm t ON t.recordingId = h.recordingId
),
worst AS (
  SELECT recordingId, min({unsure: doubt IS NOT NULL, madeAt: madeAt, holdId: holdId, heldFrom: heldFrom, doubt: doubt, reason: reason}) FILTER (reason IS NOT NULL) AS w
  FROM made GROUP BY recordingId
),
judged AS (
  SELECT t.recordingId, t.contactId, t.packKey, t.startedAt, t.deletedAt, t.deleteBy, t.deleteRule, m.w,
    CASE WHEN m.recordingId IS NULL THEN 'no-hold' ELSE coalesce(m.w.doubt, m.w.reason) END AS reason
  FROM retentionTerm t LEFT JOIN worst m ON m.recordingId = t.recordingId
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(w.madeAt, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN starts_with(reason, 'made-after') THEN 'fail' WHEN reason = 'no-hold' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, 'hold ' || w.holdId AS cause, packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN starts_with(reason, 'made-after') THEN [{kind: 'recording', id: recordingId}, {kind: 'hold', id: w.holdId}] END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN starts_with(reason, 'made-after') THEN to_json({holdId: w.holdId, madeAt: w.madeAt, heldFrom: w.heldFrom, deletedAt: deletedAt, deleteBy: deleteBy, deleteRule: deleteRule}) END AS details
FROM judged
ORDER BY unit
