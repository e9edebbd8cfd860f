-- What is asked of each recorded outsider: recording itself, and the purposes that the recording serves,
-- with the level that the policy asks (`none`, `notice`, `express`; NULL: the policy does not name the purpose).
WITH served AS (
  SELECT DISTINCT recordingId, party, packKey, unnest(purposes) AS purpose FROM recordedOutsider
)
SELECT recordingId, party, 'recording' AS purpose, NULL AS level FROM recordedOutsider
UNION ALL
SELECT s.recordingId, s.party, s.purpose, k.level
FROM served s LEFT JOIN packPurpose k ON k.packKey = s.packKey AND k.purpose = s.purpose
WHERE s.purpose <> 'recording'
