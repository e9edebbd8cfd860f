-- Intervals in which a recording was capturing while a party other than a bot was there.
-- Screen recordings expose staff only (controls.md, Words).
SELECT c.recordingNumber, c.recordingId, c.contactId, a.party, a.isOutsider, a.person, a.ambiguous, a.joined,
  greatest(c."from", a."from") AS "from", least(c.until, a.until) AS until
FROM capturing c JOIN attendance a ON a.contactId = c.contactId
WHERE greatest(c."from", a."from") < least(c.until, a.until) AND (c.medium <> 'screen' OR NOT a.isOutsider)
