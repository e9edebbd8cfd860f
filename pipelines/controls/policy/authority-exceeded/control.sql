-- A decision in the customer's favour with an amount over the decider's limit, and no approval at all.
WITH judged AS (
  SELECT *,
    CASE
      WHEN fires = 'policy/authority-exceeded' THEN 'fail'
      WHEN version IS NULL OR fires IS NOT NULL OR NOT favourable OR NOT limited THEN 'notApplicable'
      WHEN over = 'unknown' AND approvals = 0 THEN 'unverifiable'
      ELSE 'pass'
    END AS result
  FROM decisionContext
  WHERE amount IS NOT NULL
)
SELECT
  decisionId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result
    WHEN 'fail' THEN 'over-limit'
    WHEN 'unverifiable' THEN overDoubt
    WHEN 'notApplicable' THEN
      CASE WHEN version IS NULL THEN 'no-version'
           WHEN fires IS NOT NULL THEN 'decided-by:' || fires
           WHEN NOT favourable THEN 'not-favourable'
           ELSE 'no-limits' END
  END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN staffName END AS cause,
  packKey,
  CASE WHEN result IN ('fail', 'unverifiable') THEN 'decisions.' || policy || '.' || version || '.authority.' || coalesce('limitsFor[' || limitPart || '].', '') || 'limits' END AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    list_concat([{kind: 'decision', id: decisionId}, {kind: 'contact', id: contactId}], CASE WHEN staff IS NOT NULL THEN [{kind: 'staff', id: staff}] END) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('decisionId', decisionId, 'policy', policy, 'version', version, 'decider', staffName, 'customer', subject, 'outcome', outcome,
      'amount', printf('%.2f', amount), 'currency', currency, 'limit', printf('%.2f', "limit"), 'over', printf('%.2f', amount - "limit"), 'roles', roles, 'team', team, 'queue', queue) END AS details
FROM judged
ORDER BY unit
