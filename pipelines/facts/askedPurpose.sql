-- What is asked of each recorded outsider: recording itself, the purposes that the recording serves (`serves`), and those that it
-- was used for later; with the level that the policy asks (`none`, `notice`, `express`; NULL: the policy does not name the purpose).
WITH asked AS (
  SELECT recordingId, party, packKey, unnest(purposes) AS purpose, true AS serves FROM recordedOutsider
  UNION ALL
  SELECT u.recordingId, u.party, u.packKey, p.purpose, false
  FROM recordedOutsider u JOIN purposeUse p ON p.recordingId = u.recordingId
),
served AS (
  SELECT recordingId, party, packKey, purpose, bool_or(serves) AS serves
  FROM asked WHERE purpose <> 'recording' GROUP BY ALL
)
SELECT recordingId, party, 'recording' AS purpose, coalesce(list_contains(purposes, 'recording'), false) AS serves, NULL AS level FROM recordedOutsider
UNION ALL
SELECT s.recordingId, s.party, s.purpose, s.serves, k.level
FROM served s LEFT JOIN packPurpose k ON k.packKey = s.packKey AND k.purpose = s.purpose
