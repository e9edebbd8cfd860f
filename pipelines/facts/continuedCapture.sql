-- A no that fell inside an exposure (one at its very start is an exposure under a refusal), until when it had to stop the capturing
-- of that party and until when that exposure went on. `cured`: ended by an express yes, or lifted, in time (fine print 8).
SELECT u.unit, u.recordingId, u.party, u.contactId, u.packKey, n.kind, n.id, n.says, n."at", n.ambiguous,
  n."at" + u.stopWithin AS stopBy, e.until AS capturedUntil,
  coalesce(n.endedAt <= n."at" + u.stopWithin, false) AS cured,
  e.until > n."at" + u.stopWithin AND NOT coalesce(n.endedAt <= n."at" + u.stopWithin, false) AS continued
FROM recordedOutsider u
JOIN purposeRefusal n ON n.recordingId = u.recordingId AND n.party = u.party AND n.purpose = 'recording'
JOIN exposure e ON e.recordingId = u.recordingId AND e.party = u.party AND e.isOutsider AND e."from" < n."at" AND n."at" < e.until
