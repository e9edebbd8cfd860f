WITH judged AS (
  SELECT *, CASE WHEN minObjects IS NULL THEN 'no-limit' WHEN objects < minObjects THEN 'too-few-objects' END AS reason FROM sourceDelivery
)
SELECT id AS unit, NULL AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'too-few-objects' THEN 'fail' ELSE 'notApplicable' END AS outcome,
  reason, NULL AS severity, 'source ' || id AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason = 'too-few-objects' THEN to_json({sourceId: id, objects: objects, minObjects: minObjects}) END AS details
FROM judged
ORDER BY unit
