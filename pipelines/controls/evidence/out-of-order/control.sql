WITH judged AS (
  SELECT *, CASE WHEN what IS NOT NULL THEN 'ends-before-start' WHEN late THEN 'joined-after-end' END AS reason FROM timedRecord
)
SELECT kind || '/' || id AS unit, "at", contactId, recordingId, NULL AS party, CASE WHEN kind = 'staff' AND reason IS NOT NULL THEN id END AS staff,
  CASE WHEN reason IS NULL THEN 'pass' ELSE 'fail' END AS outcome, reason, NULL AS severity, CASE WHEN reason IS NOT NULL THEN kind END AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason IS NOT NULL THEN [{kind: kind, id: id}] END AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({recordKind: kind, recordId: CASE WHEN kind <> 'staff' THEN id END, what: what}) END AS details
FROM judged
ORDER BY unit
