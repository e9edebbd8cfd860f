-- What a notice grants: the purposes of its version in the policy of that time; without a known version, recording only (fine print 11).
WITH version AS (
  SELECT packKey, id, version, list_sort(list_distinct(flatten(list(purposes)))) AS purposes, min(language) AS language
  FROM packNotice GROUP BY packKey, id, version
)
SELECT e.id, e.contactId, e."at", coalesce(e.until, e."at") AS until, e.partyId, e.noticeId, e.noticeVersion,
  k.packKey, coalesce(v.purposes, ['recording']) AS purposes, coalesce(e.language, v.language) AS language
FROM event e
LEFT JOIN packPeriod k ON k."from" <= e."at" AND (k.until IS NULL OR e."at" < k.until)
LEFT JOIN version v ON v.packKey = k.packKey AND v.id = e.noticeId AND v.version = e.noticeVersion
WHERE e.type = 'notice-played'
