-- A decision whose policy requires an event before it, and the event comes only after it.
WITH judged AS (
  SELECT r.*, CASE WHEN seenBefore THEN 'pass' WHEN seenAfter IS NULL THEN 'notApplicable' WHEN doubt IS NOT NULL THEN 'unverifiable' ELSE 'fail' END AS result
  FROM requiredStep r WHERE rule = 'before'
)
SELECT
  decisionId || '|' || type AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result WHEN 'fail' THEN 'step-after-decision' WHEN 'unverifiable' THEN doubt WHEN 'notApplicable' THEN 'step-absent' END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN coalesce(queue, '') || '|' || type END AS cause,
  packKey,
  CASE WHEN result IN ('fail', 'unverifiable') THEN 'decisions.' || policy || '.' || version || '.before' END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN [{kind: 'decision', id: decisionId}, {kind: 'event', id: seenAfter}, {kind: 'contact', id: contactId}] END AS evidence,
  NULL AS contrary,
  CASE WHEN result = 'fail' THEN [subject] END AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('decisionId', decisionId, 'policy', policy, 'version', version, 'step', type, 'stepAt', seenAfterAt, 'eventId', seenAfter, 'customer', subject, 'queue', queue) END AS details
FROM judged
ORDER BY unit
