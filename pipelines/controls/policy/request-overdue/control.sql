-- A subject request that was open, or is still open, past its term, extensions counted.
WITH judged AS (
  SELECT t.*,
    CASE
      WHEN t.due IS NULL THEN 'notApplicable'
      WHEN t.doneAt <= t.due THEN 'pass'
      WHEN t.doneAt IS NULL AND run.asOf <= t.due THEN 'notApplicable'
      ELSE 'fail'
    END AS result
  FROM requestTerm t CROSS JOIN run
),
conflicting AS (
  SELECT DISTINCT id FROM conflict WHERE kind = 'request'
)
SELECT
  requestId AS unit, receivedAt AS "at", NULL AS contactId, NULL AS recordingId, subject AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN CASE WHEN doneAt IS NULL THEN 'still-open' ELSE 'completed-late' END
    WHEN 'notApplicable' THEN CASE WHEN packKey IS NULL THEN 'no-pack' WHEN due IS NULL THEN 'no-term' ELSE 'not-yet-due' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN type END AS cause,
  packKey,
  CASE WHEN term IS NOT NULL THEN 'requests.' || type END AS ruleRef,
  NULL AS law,
  CASE WHEN result = 'fail' THEN [{kind: 'request', id: requestId}] END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result = 'fail' THEN json_object('requestId', requestId, 'type', type, 'receivedAt', receivedAt, 'due', due, 'doneAt', doneAt, 'extendedUntil', extendedUntil) END AS details
FROM judged
UNION ALL
SELECT id, NULL, NULL, NULL, NULL, NULL, 'unverifiable', 'conflicting-records', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, json_object('requestId', id)
FROM conflicting
ORDER BY unit
