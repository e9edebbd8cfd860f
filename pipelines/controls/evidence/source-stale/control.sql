WITH judged AS (
  SELECT d.*, CASE WHEN d.freshWithin IS NULL THEN 'no-limit' WHEN d.records = 0 THEN 'no-record' WHEN d.newest IS NULL THEN 'undated'
    WHEN run."asOf" > d.staleAt THEN 'too-old' END AS reason
  FROM sourceDelivery d CROSS JOIN run
)
SELECT id AS unit, newest AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason IN ('too-old', 'no-record') THEN 'fail' WHEN reason = 'undated' THEN 'unverifiable' ELSE 'notApplicable' END AS outcome,
  reason, NULL AS severity, 'source ' || id AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason <> 'no-limit' THEN to_json({sourceId: id, newest: newest, freshWithin: freshWithin::VARCHAR, staleAt: staleAt,
    days: CASE WHEN calendar IS NULL THEN 'every day counts' ELSE 'counting ' || array_to_string(calendar, ', ') END}) END AS details
FROM judged
ORDER BY unit
