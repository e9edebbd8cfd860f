WITH "day" AS (
  SELECT a.actorKind, a.person, a.staff, y."day", min(a.packKey) AS packKey
  FROM accessDay y JOIN accessDeed a ON a.rowid = y.deed SEMI JOIN packDenials d ON d.packKey = a.packKey
  WHERE a.outcome = 'denied' AND a.actorKind IN ('staff', 'ambiguous', 'conflict', 'unknown')
  GROUP BY ALL
),
burst AS (
  SELECT actorKind, person, "day", count(*) AS bursts, arg_max({b: begins, c: closes, w: within, m: max, n: most, p: packKey}, (most, begins)) AS worst,
    list_sort(list_distinct(flatten(list(targets)))) AS targets, flatten(list(evidence ORDER BY begins, within, max)) AS evidence
  FROM denialBurst GROUP BY actorKind, person, "day"
)
SELECT d.person || '|' || d."day" AS unit, coalesce(b.worst.b, d."day"::TIMESTAMP) AS "at", NULL AS contactId, NULL AS recordingId, NULL AS party, d.staff,
  CASE WHEN b.person IS NULL THEN 'pass' WHEN d.actorKind = 'ambiguous' THEN 'unverifiable' ELSE 'fail' END AS outcome,
  CASE WHEN b.person IS NULL THEN NULL WHEN d.actorKind = 'ambiguous' THEN 'ambiguous-person' ELSE 'repeated-denials' END AS reason,
  NULL AS severity, d.person AS cause, coalesce(b.worst.p, d.packKey) AS packKey, 'access.denials' AS ruleRef, NULL AS law,
  list_distinct(b.evidence) AS evidence, NULL AS contrary, NULL AS searched,
  CASE WHEN b.person IS NOT NULL THEN to_json({person: d.person, "day": d."day"::VARCHAR, most: b.worst.n, within: b.worst.w::VARCHAR, max: b.worst.m, begins: b.worst.b, closes: b.worst.c,
    bursts: b.bursts, targets: b.targets}) END AS details
FROM "day" d LEFT JOIN burst b ON b.actorKind = d.actorKind AND b.person = d.person AND b."day" = d."day"
ORDER BY unit
