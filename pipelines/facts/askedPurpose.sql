-- What is asked of each recorded outsider beside recording itself: the purposes that the recording serves (`serves`), and those that
-- it was used for later; with the level that the policy asks (`none`, `notice`, `express`; NULL: the policy does not name the purpose).
WITH served AS (
  SELECT u.rowid AS outsider, u.packKey, unnest(CASE WHEN len(s.purposes) > 1 THEN list_distinct(s.purposes) ELSE s.purposes END) AS purpose, true AS serves
  FROM recordedOutsider u JOIN recordingSpan s ON s.rowid = u.recordingNumber
  WHERE len(s.purposes) > 0
),
used AS (
  SELECT DISTINCT u.rowid AS outsider, u.packKey, p.purpose
  FROM purposeUse p JOIN recordedOutsider u ON u.recordingId = p.recordingId
),
asked AS (
  FROM served
  UNION ALL
  SELECT *, false FROM used ANTI JOIN served USING (outsider, purpose)
)
SELECT a.outsider, a.purpose, a.serves, k.level
FROM asked a LEFT JOIN packPurpose k ON k.packKey = a.packKey AND k.purpose = a.purpose
