-- Every notice played and consent given that names a version of a notice, and whether the policy of that time had it in force.
WITH used AS (
  SELECT 'event' AS kind, id, contactId, NULL AS subject, "at", noticeId, noticeVersion FROM event WHERE type = 'notice-played' AND noticeVersion IS NOT NULL
  UNION ALL
  SELECT 'consent', id, contactId, subject, "at", noticeId, noticeVersion FROM consent WHERE noticeVersion IS NOT NULL AND status = 'given'
),
timed AS (
  SELECT u.*, k.packKey FROM used u LEFT JOIN packPeriod k ON k."from" <= u."at" AND (k.until IS NULL OR u."at" < k.until)
),
-- The versions of a notice with their periods, in order of beginning.
listed AS (
  SELECT packKey, id, list({version: version, "from": coalesce("from", '-infinity'::TIMESTAMP), until: coalesce(until, 'infinity'::TIMESTAMP)} ORDER BY "from", version) AS versions
  FROM packNotice GROUP BY packKey, id
),
placed AS (
  SELECT t.*, l.versions, list_filter(l.versions, lambda v: v."from" <= t."at" AND t."at" < v.until) AS inForce
  FROM timed t LEFT JOIN listed l ON l.packKey = t.packKey AND l.id = t.noticeId
)
SELECT kind, id, contactId, subject, "at", noticeId, noticeVersion, packKey, [v.version FOR v IN inForce] AS versionsInForce,
  CASE
    WHEN packKey IS NULL THEN 'no-policy'
    WHEN noticeId IS NULL THEN 'notice-unnamed'
    WHEN versions IS NULL THEN 'notice-unlisted'
    WHEN list_contains([v.version FOR v IN inForce], noticeVersion) THEN NULL
    WHEN list_contains([v.version FOR v IN versions], noticeVersion) THEN 'not-in-force'
    ELSE 'version-unlisted'
  END AS reason
FROM placed
