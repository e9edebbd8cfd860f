WITH log AS (
  SELECT DISTINCT source FROM logArrival UNION SELECT DISTINCT source FROM logStatement
),
gap AS (
  SELECT source, source || '|silence|' || epoch_ms("from") AS unit, 'silence' AS reason, "from", until,
    {allowed: allowed::VARCHAR, basis: CASE WHEN stated THEN 'maxSilence' ELSE 'its own rhythm' END, silent: silent::VARCHAR} AS silence, NULL AS hole, NULL AS digest
  FROM logSilence
  UNION ALL
  SELECT source, source || '|' || log || '|numbers|' || "first", 'missing-numbers', "from", until, NULL, {log: log, "first": "first", "last": "last", numbers: CASE WHEN "first" = "last" THEN 'the number ' || "first" ELSE 'the numbers ' || "first" || ' to ' || "last" END}, NULL FROM logHole
  UNION ALL
  SELECT source, source || '|digest|' || name, 'missing-digest', min("from"), max(until), NULL, NULL, {name: name, state: min(state)}
  FROM logStatement WHERE state IN ('gap', 'missing') GROUP BY source, name
  UNION ALL
  SELECT source, source || '|file|' || name, 'unnamed-file', NULL, NULL, NULL, NULL, {name: name, state: 'unnamed'}
  FROM logStatement WHERE state = 'unnamed' GROUP BY source, name
),
judged AS (
  SELECT * FROM gap
  UNION ALL BY NAME
  SELECT source, source AS unit FROM log ANTI JOIN gap g ON g.source = log.source
)
SELECT unit, "from" AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' ELSE 'fail' END AS outcome,
  reason, NULL AS severity, 'log ' || source AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law, NULL AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN reason IS NOT NULL THEN json_merge_patch(to_json({logId: source || coalesce(' (' || nullif(hole.log, '') || ')', ''), "from": "from", until: until}),
    CASE reason WHEN 'silence' THEN to_json(silence) WHEN 'missing-numbers' THEN to_json(hole) ELSE to_json(digest) END) END AS details
FROM judged
ORDER BY unit
