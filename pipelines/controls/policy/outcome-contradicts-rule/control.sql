-- A decision whose outcome is not among what the first matching rule of the version in force expects: against
-- the customer always, in the customer's favour only where nobody approved it (fine print 24).
WITH judged AS (
  SELECT *,
    CASE
      WHEN version IS NULL THEN 'notApplicable'
      WHEN fires = 'policy/outcome-contradicts-rule' THEN 'fail'
      WHEN fires IS NOT NULL THEN 'notApplicable'
      WHEN contradiction = 'unknown' THEN 'unverifiable'
      WHEN expect IS NULL THEN 'notApplicable'
      ELSE 'pass'
    END AS result
  FROM decisionContext
),
conflicting AS (
  SELECT id, min(contactId) AS contactId FROM conflict WHERE kind = 'decision' GROUP BY id
)
SELECT
  decisionId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN CASE contradiction WHEN 'against' THEN 'against-the-customer' ELSE 'beyond-the-rule' END
    WHEN 'unverifiable' THEN 'rule-not-evaluable'
    WHEN 'notApplicable' THEN CASE WHEN version IS NULL THEN 'no-version' WHEN fires IS NOT NULL THEN 'decided-by:' || fires ELSE 'no-rule-matches' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN staffName END AS cause,
  packKey,
  CASE WHEN result IN ('fail', 'unverifiable') THEN 'decisions.' || policy || '.' || version || coalesce('.' || rule, '') END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN [{kind: 'decision', id: decisionId}, {kind: 'contact', id: contactId}] END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('decisionId', decisionId, 'policy', policy, 'version', version, 'rule', rule, 'expected', expect, 'outcome', outcome, 'decider', staffName, 'customer', subject,
      'amount', printf('%.2f', amount), 'currency', currency, 'team', team, 'reasonCode', reasonCode) END AS details
FROM judged
UNION ALL
SELECT id, NULL, contactId, NULL, NULL, NULL, 'unverifiable', 'conflicting-records', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, json_object('decisionId', id)
FROM conflicting
ORDER BY unit
