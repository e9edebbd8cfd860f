SELECT id AS unit, startedAt AS "at", id AS contactId, NULL::VARCHAR AS recordingId, NULL::VARCHAR AS party, NULL::VARCHAR AS staff,
  CASE WHEN queue IS NULL THEN 'fail' ELSE 'pass' END AS outcome, CASE WHEN queue IS NULL THEN 'unnamed' END AS reason,
  NULL::VARCHAR AS severity, NULL::VARCHAR AS cause, NULL::VARCHAR AS packKey, NULL::VARCHAR AS ruleRef,
  NULL::STRUCT(jurisdiction VARCHAR, version VARCHAR, citation VARCHAR)[] AS law,
  [{kind: 'contact', id: id}]::STRUCT(kind VARCHAR, id VARCHAR)[] AS evidence, NULL::STRUCT(kind VARCHAR, id VARCHAR)[] AS contrary,
  NULL::VARCHAR[] AS searched, NULL::JSON AS details
FROM contact
ORDER BY unit
