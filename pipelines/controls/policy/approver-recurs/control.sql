-- Pairs of decider and approver that met more often than the team makes one expect.
SELECT
  unit, "at", NULL AS contactId, NULL AS recordingId, NULL AS party, staff,
  outcome, reason, NULL AS severity, cause,
  packKey, 'statistics.fdr' AS ruleRef, NULL AS law, evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN outcome = 'fail' THEN json_merge_patch(numbers, json_object('approver', partner)) END AS details
FROM concentrationUnit
WHERE kind = 'approver'
ORDER BY unit
