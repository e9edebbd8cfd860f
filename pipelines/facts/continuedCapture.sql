-- A no that fell inside an exposure (one at its very start is an exposure under a refusal), until when it had to stop the capturing
-- of that party and until when that exposure went on. An express yes, or its being lifted, in time cures it (fine print 8).
-- How soon is what the policy of the no's own time says; `packKey` NULL: none was in force then.
-- Each no with its recording and party first, so that the exposures join it by those and not by time alone.
WITH no AS MATERIALIZED (
  SELECT n.*, p.packKey, n."at" + k.stopWithin AS stopBy, u.recordingNumber, u.party
  FROM purposeRefusal n JOIN recordedOutsider u ON u.rowid = n.outsider
  LEFT JOIN packPeriod p ON p."from" <= n."at" AND (p.until IS NULL OR n."at" < p.until)
  LEFT JOIN pack k ON k.packKey = p.packKey
  WHERE n.purpose = 'recording'
)
SELECT n.outsider, n.kind, n.id, n.says, n."at", n.ambiguous, n.packKey, n.stopBy, e.until AS capturedUntil,
  e.until > n.stopBy AND NOT coalesce(n.endedAt <= n.stopBy, false) AS continued
FROM no n
JOIN exposure e ON e.recordingNumber = n.recordingNumber AND e.party = n.party AND e.isOutsider AND e."from" < n."at" AND n."at" < e.until
