WITH state AS (
  SELECT t.*, h.sure AS held, h.doubt AS holdDoubt, run."asOf" > t.deleteBy AS late, run."asOf" > t.perhapsDeleteBy AS perhapsLate
  FROM retentionTerm t CROSS JOIN run LEFT JOIN recordingHeld h ON h.recordingId = t.recordingId
),
watched AS (
  SELECT DISTINCT s.recordingId FROM state s
  JOIN coverageWindow w ON w.kind = 'hold' AND w."from" <= s.deleteBy AND s.deleteBy < w.until
    AND (w.queues IS NULL OR list_contains(w.queues, s.queue)) AND (w.sites IS NULL OR list_contains(w.sites, s.site))
  WHERE s.late AND s.deletedAt IS NULL
),
judged AS (
  SELECT s.*, CASE
    WHEN s.keepUntil > s.deleteBy THEN 'decided-by:retention/conflict'
    WHEN s.deletedAt IS NOT NULL THEN NULL
    WHEN coalesce(s.late, false) AND s.held THEN 'held'
    WHEN s.late AND s.doubt <> 'no-policy' AND s.perhapsKeepUntil > s.perhapsDeleteBy THEN s.doubt
    WHEN s.late AND s.holdDoubt IS NOT NULL THEN s.holdDoubt
    WHEN s.late AND w.recordingId IS NULL THEN 'not-covered'
    WHEN s.late THEN 'past-delete-by'
    WHEN s.perhapsLate AND s.held THEN 'held'
    WHEN s.perhapsLate THEN s.doubt
    WHEN s.deleteBy IS NULL AND s.perhapsDeleteBy IS NULL THEN 'no-rule' END AS reason
  FROM state s LEFT JOIN watched w ON w.recordingId = s.recordingId
  UNION ALL BY NAME
  SELECT id AS recordingId, contactId, 'conflicting-records' AS reason FROM conflict WHERE kind = 'recording'
)
SELECT recordingId AS unit, coalesce(deleteBy, startedAt) AS "at", contactId, recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'past-delete-by' THEN 'fail'
    WHEN reason IN ('held', 'no-rule') OR starts_with(reason, 'decided-by:') THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, deleteRule || coalesce(', queue ' || queue, '') AS cause, packKey,
  CASE WHEN deleteRule = 'deleteBy' THEN 'recording.deleteBy' ELSE 'retention.' || deleteRule END AS ruleRef, NULL AS law,
  CASE WHEN reason = 'past-delete-by' THEN list_filter([{kind: 'recording', id: recordingId}, {kind: 'contact', id: contactId}], lambda x: x.id IS NOT NULL) END AS evidence,
  NULL AS contrary, NULL AS searched,
  CASE WHEN reason IN ('past-delete-by', 'not-covered') THEN to_json({deleteBy: deleteBy, deleteRule: deleteRule, deleteCitation: deleteCitation, keepUntil: keepUntil}) END AS details
FROM judged
ORDER BY unit
