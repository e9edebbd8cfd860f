-- Every notice played and consent given that names a version of a notice, and whether the policy of that time had it in force.
WITH used AS (
  SELECT 'event' AS kind, id, contactId, NULL AS subject, "at", noticeId, noticeVersion FROM event WHERE type = 'notice-played' AND noticeVersion IS NOT NULL
  UNION ALL
  SELECT 'consent', id, contactId, subject, "at", noticeId, noticeVersion FROM consent WHERE noticeVersion IS NOT NULL AND status = 'given'
),
listed AS (
  SELECT u.kind, u.id, k.packKey,
    bool_or(n.version = u.noticeVersion AND (n."from" IS NULL OR n."from" <= u."at") AND (n.until IS NULL OR u."at" < n.until)) AS inForce,
    bool_or(n.version = u.noticeVersion) AS versionKnown, count(n.id) > 0 AS noticeKnown,
    list_sort(list(DISTINCT n.version) FILTER (n."from" <= u."at" AND (n.until IS NULL OR u."at" < n.until))) AS versionsInForce
  FROM used u
  LEFT JOIN packPeriod k ON k."from" <= u."at" AND (k.until IS NULL OR u."at" < k.until)
  LEFT JOIN packNotice n ON n.packKey = k.packKey AND n.id = u.noticeId
  GROUP BY u.kind, u.id, k.packKey
)
SELECT u.*, l.packKey, l.versionsInForce,
  CASE
    WHEN l.packKey IS NULL THEN 'no-policy'
    WHEN u.noticeId IS NULL THEN 'notice-unnamed'
    WHEN NOT l.noticeKnown THEN 'notice-unlisted'
    WHEN l.inForce THEN NULL
    WHEN l.versionKnown THEN 'not-in-force'
    ELSE 'version-unlisted'
  END AS reason
FROM used u JOIN listed l ON l.kind = u.kind AND l.id = u.id
