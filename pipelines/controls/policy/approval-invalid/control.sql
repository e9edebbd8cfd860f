-- A decision that needed an approval (over the decider's limit, or beyond what the rule allows) and has
-- approvals, of which none is valid.
WITH given AS (
  SELECT decisionId,
    list(DISTINCT approver ORDER BY approver) AS approvers,
    list({approver: approver, approvedAt: "at", fault: coalesce(why, 'valid')} ORDER BY ordinal) AS approvals,
    list(DISTINCT {kind: 'staff', id: approverStaff}) FILTER (approverStaff IS NOT NULL) AS staffRecords
  FROM approvalValidity GROUP BY decisionId
),
judged AS (
  SELECT j.*, g.approvers, g.approvals AS givenApprovals, g.staffRecords,
    CASE
      WHEN j.fires = 'policy/approval-invalid' THEN 'fail'
      WHEN j.fires IS NOT NULL THEN 'notApplicable'
      WHEN j.valid > 0 THEN 'pass'
      ELSE 'unverifiable'
    END AS result
  FROM decisionContext j LEFT JOIN given g ON g.decisionId = j.decisionId
  WHERE j.need = 'yes' OR (j.need = 'unknown' AND j.approvals > 0)
)
SELECT
  decisionId AS unit, "at", contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  result AS outcome,
  CASE result WHEN 'fail' THEN invalidWhy
              WHEN 'notApplicable' THEN 'decided-by:' || fires
              WHEN 'unverifiable' THEN coalesce(CASE WHEN unknown > 0 THEN unknownWhy END, needDoubt) END AS reason,
  NULL AS severity,
  CASE WHEN result = 'fail' THEN staffName END AS cause,
  packKey,
  'decisions.' || policy || '.' || version || '.authority' AS ruleRef,
  NULL AS law,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    list_concat([{kind: 'decision', id: decisionId}, {kind: 'contact', id: contactId}],
      list_sort(list_distinct(list_concat(CASE WHEN staff IS NOT NULL THEN [{kind: 'staff', id: staff}] END, staffRecords)))) END AS evidence,
  NULL AS contrary,
  NULL AS searched,
  CASE WHEN result IN ('fail', 'unverifiable') THEN
    json_object('decisionId', decisionId, 'policy', policy, 'version', version, 'decider', staffName, 'customer', subject, 'outcome', outcome,
      'amount', printf('%.2f', amount), 'currency', currency, 'limit', printf('%.2f', "limit"), 'overTheLimit', over = 'yes', 'beyondTheRule', contradiction = 'favour',
      'expected', expect, 'approvers', CASE result WHEN 'fail' THEN list_sort(list_distinct([a.approver FOR a IN givenApprovals IF a.fault = invalidWhy])) ELSE approvers END, 'approvals', givenApprovals) END AS details
FROM judged
ORDER BY unit
