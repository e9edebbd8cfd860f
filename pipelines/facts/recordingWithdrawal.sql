-- Recordings of which consent was the only basis and was withdrawn after they began, with the end of the erasure term that
-- runs from the withdrawal. The recording's own basis decides; where it has none, the policy's bases for its purposes.
-- A later express yes revives the basis. `doubt`: a name of several people.
-- Only contacts of whom somebody ever withdrew a consent: few.
WITH withdrawing AS (
  SELECT DISTINCT o.contactId FROM contactPerson o SEMI JOIN (FROM consentStatement WHERE kind = 'consent' AND says = 'withdrawn') w ON w.person = o.person
),
asked AS (
  SELECT s.* FROM recordingSpan s SEMI JOIN withdrawing w ON w.contactId = s.contactId
),
policyBasis AS (
  SELECT s.recordingId, list(DISTINCT b.basis) AS bases
  FROM (SELECT recordingId, packKey, "from", unnest(purposes) AS purpose FROM asked WHERE lawfulBasis IS NULL) s
  JOIN packBasis b ON b.packKey = s.packKey AND (list_contains(b.purposes, s.purpose) OR list_contains(b.purposes, '*')) AND b."from" <= s."from"
  GROUP BY s.recordingId
),
consented AS (
  SELECT s.recordingId, s.contactId, s.chain, s.channel, s."from", s.purposes
  FROM asked s LEFT JOIN policyBasis b ON b.recordingId = s.recordingId
  WHERE s.lawfulBasis = 'consent' OR s.lawfulBasis IS NULL AND b.bases = ['consent']
),
said AS (
  SELECT c.recordingId, c.contactId, o.party, w.id, w.says, w."at", w.express, w.ambiguous OR o.doubtful AS doubtful
  FROM consented c
  JOIN contactPerson o ON o.contactId = c.contactId
  JOIN consentStatement w ON w.person = o.person AND w.kind = 'consent' AND (w.chain IS NULL OR w.chain = c.chain)
    AND (w.channels IS NULL OR list_contains(w.channels, c.channel)) AND w."at" >= c."from"
    AND (list_contains(w.purposes, '*') OR list_contains(w.purposes, 'recording') OR len(c.purposes) > 0 AND list_has_all(w.purposes, c.purposes))
),
latest AS (
  SELECT recordingId, party, max("at") FILTER (express AND NOT doubtful) AS yesAt FROM said GROUP BY recordingId, party
),
standing AS (
  SELECT s.recordingId, s.contactId, s.party, s.id, s."at", s.doubtful
  FROM said s JOIN latest l ON l.recordingId = s.recordingId AND l.party = s.party
  WHERE s.says = 'withdrawn' AND (l.yesAt IS NULL OR s."at" >= l.yesAt)
),
first AS (
  SELECT recordingId, contactId, bool_and(doubtful) AS doubtful,
    min({"at": "at", id: id, party: party, doubtful: doubtful}) FILTER (NOT doubtful) AS sure, min({"at": "at", id: id, party: party, doubtful: doubtful}) AS "any"
  FROM standing GROUP BY recordingId, contactId
),
picked AS (
  SELECT recordingId, contactId, coalesce(sure, "any") AS w, doubtful FROM first
)
SELECT f.recordingId, f.contactId, f.w.party AS party, f.w.id AS consentId, f.w."at" AS withdrawnAt, p.packKey, f.w."at" + t.term AS due,
  CASE WHEN f.doubtful THEN 'ambiguous-person' WHEN p.packKey IS NULL THEN 'no-policy' END AS doubt
FROM picked f
LEFT JOIN packPeriod p ON p."from" <= f.w."at" AND (p.until IS NULL OR f.w."at" < p.until)
LEFT JOIN packRequestTerm t ON t.packKey = p.packKey AND t.type = 'erasure'
