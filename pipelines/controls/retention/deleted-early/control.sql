WITH judged AS (
  SELECT t.*, CASE
    WHEN t.keepUntil > t.deleteBy THEN 'decided-by:retention/conflict'
    WHEN t.deletedAt IS NULL THEN 'not-deleted'
    WHEN t.doubt = 'no-policy' THEN 'no-policy'
    WHEN t.deletedAt < t.keepUntil THEN CASE WHEN t.keepUntil > t.perhapsDeleteBy THEN t.doubt ELSE 'before-keep-until' END
    WHEN t.deletedAt < t.perhapsKeepUntil THEN t.doubt
    WHEN t.keepUntil IS NULL THEN 'no-keep-duty' END AS reason
  FROM retentionTerm t
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(deletedAt, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'before-keep-until' THEN 'fail'
    WHEN reason IN ('not-deleted', 'no-keep-duty') OR starts_with(reason, 'decided-by:') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, keepRule || coalesce(', queue ' || queue, '') AS cause, packKey, 'retention.' || keepRule AS ruleRef, NULL AS law,
  CASE WHEN reason = 'before-keep-until' THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason = 'before-keep-until' THEN to_json({deletedAt: deletedAt, keepUntil: keepUntil, keepRule: keepRule, keepCitation: keepCitation}) END AS details
FROM judged
ORDER BY unit
