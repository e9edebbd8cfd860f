-- Granted erasures that speak of a recording: of a customer or third party on its contact, received after it began (fine
-- print 26). One that names purposes asks for the recording only where it names all that the recording serves.
-- `doubt`: it is not known whether it is that person, or which purposes the recording serves.
WITH met AS (
  SELECT r.id AS recordingId, r.contactId, q.requestId, q.receivedAt, q.due, q.packKey, c.party, r.purposes AS served, q.purposes AS asked,
    m.doubtful OR c.doubtful AS doubtful
  FROM requestDecided q
  JOIN requestPerson m ON m.requestId = q.requestId
  JOIN contactPerson c ON c.person = m.person
  JOIN recording r ON r.contactId = c.contactId
  WHERE q.type = 'erasure' AND q.outcome IN ('granted', 'partly') AND r.startedAt < q.receivedAt
)
SELECT recordingId, contactId, requestId, receivedAt, due, packKey, min(party) AS party,
  CASE WHEN bool_and(doubtful) THEN 'ambiguous-person'
    WHEN bool_or(asked IS NOT NULL AND NOT list_contains(asked, '*') AND coalesce(len(served), 0) = 0) THEN 'purpose-unknown' END AS doubt
FROM met
WHERE asked IS NULL OR list_contains(asked, '*') OR coalesce(len(served), 0) = 0 OR list_has_all(asked, served)
GROUP BY recordingId, contactId, requestId, receivedAt, due, packKey
