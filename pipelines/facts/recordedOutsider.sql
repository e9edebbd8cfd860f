-- The unit of consent: a recording and a customer or third party whom it exposed at least once.
WITH exposed AS (
  SELECT recordingId, contactId, party, min("from") AS firstExposed, max(until) AS lastExposed
  FROM exposure WHERE isOutsider GROUP BY ALL
),
listed AS (
  SELECT contactId, party, min(person) AS person, bool_or(ambiguous) AS ambiguous, bool_or(coalesce(minor, false)) AS minor, min(language) AS language
  FROM party WHERE isOutsider GROUP BY ALL
),
joined AS (
  SELECT contactId, party, min("from") AS joined FROM attendance WHERE isOutsider GROUP BY ALL
)
SELECT e.recordingId || '|' || e.party AS unit, e.recordingId, e.contactId, e.party, e.firstExposed, e.lastExposed, j.joined,
  l.person, l.ambiguous, l.minor, coalesce(l.language, s.language) AS language,
  s.chain, s.medium, s.channel, s.queue, s.site, s."from" AS recordedFrom, s.until AS recordedUntil, s.pauses, s.purposes, s.packKey,
  coalesce(k.grace, INTERVAL 0 SECOND) AS grace, coalesce(k.opening, INTERVAL 0 SECOND) AS opening,
  coalesce(k.stopWithin, INTERVAL 0 SECOND) AS stopWithin, k.standingValidity
FROM exposed e
JOIN listed l ON l.contactId = e.contactId AND l.party = e.party
JOIN joined j ON j.contactId = e.contactId AND j.party = e.party
JOIN recordingSpan s ON s.recordingId = e.recordingId
LEFT JOIN pack k ON k.packKey = s.packKey
