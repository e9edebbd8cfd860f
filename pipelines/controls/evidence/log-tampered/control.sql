WITH stated AS (
  SELECT source, name, min("from") AS "from", max(until) AS until,
    CASE WHEN bool_or(state = 'invalid') THEN 'does-not-verify' WHEN bool_or(state = 'moved') THEN 'moved' END AS reason,
    min(detail) FILTER (state IN ('invalid', 'moved')) AS detail
  FROM logStatement WHERE state IN ('valid', 'invalid', 'moved') GROUP BY source, name
)
SELECT source || '|' || name AS unit, "from" AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' ELSE 'fail' END AS outcome,
  reason, NULL AS severity, 'log ' || source AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN to_json({logId: source, name: name, detail: coalesce(detail, 'its digest or signature does not match'), "from": "from", until: until}) END AS details
FROM stated
ORDER BY unit
