-- The unit of consent: a recording and a customer or third party whom it exposed at least once. Its rowid is what other
-- facts call outsider: joins on it are cheap. In a unit an id that holds a bar is quoted, so that two pairs are never one unit.
WITH exposed AS (
  SELECT recordingNumber, party, any_value(recordingId) AS recordingId, any_value(contactId) AS contactId, any_value(person) AS person,
    any_value(ambiguous) AS ambiguous, any_value(joined) AS joined, min("from") AS firstExposed, max(until) AS lastExposed
  FROM exposure WHERE isOutsider GROUP BY recordingNumber, party
)
SELECT unitPart(e.recordingId) || '|' ||
    unitPart(e.party) AS unit, e.recordingNumber, e.recordingId, e.contactId, e.party,
  e.firstExposed, e.lastExposed, e.joined, e.person, e.ambiguous,
  s.chain, s.medium, s.channel, s.queue, s.site, s."from" AS recordedFrom, s.until AS recordedUntil, s.packKey, s.acted,
  coalesce(k.grace, INTERVAL 0 SECOND) AS grace, coalesce(k.opening, INTERVAL 0 SECOND) AS opening, k.standingValidity
FROM exposed e
JOIN recordingSpan s ON s.rowid = e.recordingNumber
LEFT JOIN pack k ON k.packKey = s.packKey
