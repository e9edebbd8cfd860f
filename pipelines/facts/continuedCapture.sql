-- A no that fell inside an exposure (one at its very start is an exposure under a refusal), until when it had to stop the capturing
-- of that party and until when that exposure went on. An express yes, or its being lifted, in time cures it (fine print 8).
SELECT u.rowid AS outsider, n.kind, n.id, n.says, n."at", n.ambiguous, n."at" + u.stopWithin AS stopBy, e.until AS capturedUntil,
  e.until > n."at" + u.stopWithin AND NOT coalesce(n.endedAt <= n."at" + u.stopWithin, false) AS continued
FROM purposeRefusal n
JOIN recordedOutsider u ON u.rowid = n.outsider
JOIN exposure e ON e.recordingNumber = u.recordingNumber AND e.party = u.party AND e.isOutsider AND e."from" < n."at" AND n."at" < e.until
WHERE n.purpose = 'recording'
