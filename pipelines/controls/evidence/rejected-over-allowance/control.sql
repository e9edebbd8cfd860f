WITH judged AS (
  SELECT *, CASE WHEN rejected > allowRejected * read THEN 'over-allowance' END AS reason FROM sourceDelivery
)
SELECT id AS unit, NULL AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' ELSE 'fail' END AS outcome,
  reason, NULL AS severity, 'source ' || id AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({sourceId: id, rejected: rejected, read: read, allowRejected: allowRejected}) END AS details
FROM judged
ORDER BY unit
