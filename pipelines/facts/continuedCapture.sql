-- A no that fell inside an exposure (one at its very start is an exposure under a refusal), until when it had to stop the capturing
-- of that party and until when that exposure went on. An express yes, or its being lifted, in time cures it (fine print 8).
-- Each no with its recording and party first, so that the exposures join it by those and not by time alone.
WITH no AS MATERIALIZED (
  SELECT n.*, n."at" + u.stopWithin AS stopBy, u.recordingNumber, u.party
  FROM purposeRefusal n JOIN recordedOutsider u ON u.rowid = n.outsider
  WHERE n.purpose = 'recording'
)
SELECT n.outsider, n.kind, n.id, n.says, n."at", n.ambiguous, n.stopBy, e.until AS capturedUntil,
  e.until > n.stopBy AND NOT coalesce(n.endedAt <= n.stopBy, false) AS continued
FROM no n
JOIN exposure e ON e.recordingNumber = n.recordingNumber AND e.party = n.party AND e.isOutsider AND e."from" < n."at" AND n."at" < e.until
