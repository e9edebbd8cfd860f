WITH named AS (
  SELECT uri FROM recordingCopy
  UNION
  SELECT unnest(list_append(coalesce(s.copies, []), s.uri)) FROM conflict x JOIN stored_recording s ON x.kind = 'recording' AND s.id = x.id
),
-- URIs or ARNs with * for any text, as regular expressions over URIs.
place AS (
  SELECT s.id AS source, replace(regexp_escape(regexp_replace(p.pattern, '^arn:aws[a-z-]*:s3:::', 's3://')), '\*', '.*') AS pattern
  FROM source s, unnest(s.recordings) AS p(pattern)
),
pattern AS (
  SELECT source, string_agg('(?:' || pattern || ')', '|' ORDER BY pattern) AS expression FROM place GROUP BY source
),
known AS (
  SELECT count(*) > 0 AS recordings FROM provided WHERE kind = 'recording'
),
judged AS (
  SELECT o.id, o.uri, o.seenAt, o.sourceId, CASE
    WHEN p.expression IS NOT NULL AND NOT regexp_full_match(o.uri, p.expression) THEN 'not-a-recording'
    WHEN n.uri IS NOT NULL THEN NULL WHEN NOT k.recordings THEN 'not-covered' ELSE 'no-recording' END AS reason
  FROM shownObject o CROSS JOIN known k LEFT JOIN pattern p ON p.source = o.sourceId LEFT JOIN named n ON n.uri = o.uri
  UNION ALL BY NAME
  SELECT id, id AS uri, 'conflicting-records' AS reason FROM conflict WHERE kind = 'storedObject'
)
SELECT id AS unit, seenAt AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, NULL AS staff,
  CASE WHEN reason IS NULL THEN 'pass' WHEN reason = 'no-recording' THEN 'fail' WHEN reason = 'not-a-recording' THEN 'notApplicable' ELSE 'unverifiable' END AS outcome,
  reason, NULL AS severity, split_part(uri, '/', 1) || '//' || split_part(uri, '/', 3) AS cause, NULL AS packKey, NULL AS ruleRef, NULL AS law,
  CASE WHEN reason = 'no-recording' THEN [{kind: 'storedObject', id: id}] END AS evidence, NULL AS contrary,
  NULL AS searched, CASE WHEN reason IS NOT NULL THEN to_json({object: uri}) END AS details
FROM judged
ORDER BY unit
