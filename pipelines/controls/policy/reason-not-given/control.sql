-- A refusal in whose chain of contacts the events that the policy wants beside a refusal are absent.
WITH needed AS (
  SELECT decisionId,
    list(type ORDER BY type) FILTER (NOT seenBefore AND seenAfter IS NULL) AS absent,
    min(doubt) FILTER (NOT seenBefore AND seenAfter IS NULL) AS doubt,
    bool_or(NOT seenBefore AND seenAfter IS NULL AND doubt IS NULL) AS certain
  FROM requiredStep WHERE rule = 'deniedNeeds' GROUP BY decisionId
),
judged AS (
  SELECT c.*, n.absent, n.doubt,
    CASE WHEN n.decisionId IS NULL THEN 'notApplicable' WHEN n.absent IS NULL THEN 'pass' WHEN n.certain THEN 'fail' ELSE 'unverifiable' END AS result
  FROM decisionContext c LEFT JOIN needed n ON n.decisionId = c.decisionId
  WHERE c.refusal
)
SELECT
  decisionId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result WHEN 'fail' THEN 'no-reason' WHEN 'unverifiable' THEN doubt WHEN 'notApplicable' THEN 'nothing-required' END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN queue END AS cause,
  packKey,
  CASE WHEN result IN ('fail', 'unverifiable') THEN 'decisions.' || policy || '.' || version || '.deniedNeeds' END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN [{kind: 'decision', id: decisionId}, {kind: 'contact', id: contactId}] END AS evidence,
  NULL AS contrary,
  CASE WHEN result = 'fail' THEN [subject] END AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('decisionId', decisionId, 'policy', policy, 'version', version, 'outcome', outcome, 'absent', absent, 'customer', subject, 'decider', staffName, 'queue', queue) END AS details
FROM judged
ORDER BY unit
