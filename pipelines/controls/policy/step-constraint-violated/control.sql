-- Steps that the policy orders (response, precedence, succession, absence, non-coexistence) and that came
-- otherwise, each activation by itself.
WITH judged AS (
  SELECT s.*,
    CASE WHEN kept THEN 'pass'
         WHEN due IS NOT NULL AND lateAt IS NULL AND run.asOf <= due THEN 'notApplicable'
         WHEN doubt IS NOT NULL THEN 'unverifiable'
         ELSE 'fail' END AS result
  FROM stepConstraint s CROSS JOIN run
)
SELECT
  packKey || '|' || policy || '|' || version || '|' || ordinal || '|' || CASE WHEN afterwards THEN 'then|' ELSE '' END || subjectId AS unit,
  "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN CASE WHEN type = 'absence' THEN 'occurred' WHEN type = 'non-coexistence' THEN 'both-occurred' WHEN NOT afterwards THEN 'nothing-before' WHEN lateAt IS NOT NULL THEN 'came-late' ELSE 'nothing-after' END
    WHEN 'unverifiable' THEN doubt
    WHEN 'notApplicable' THEN 'not-yet-due'
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN queue END AS cause,
  packKey,
  'decisions.' || policy || '.' || version || '.steps[' || ordinal || ']' AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN list_concat(list_transform(eventIds, lambda id: {kind: 'event', id: id}), [{kind: 'contact', id: contactId}]) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('policy', policy, 'version', version, 'constraint', type, 'first', first, 'then', "then", 'within', within::VARCHAR, 'due', due, 'lateAt', lateAt, 'eventIds', eventIds, 'queue', queue) END AS details
FROM judged
ORDER BY unit
