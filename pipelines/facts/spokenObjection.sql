-- Objections that the scanner heard in transcripts from anybody but staff and bots, while a recording was capturing an outsider and
-- went on for longer than it may take to stop by the policy of that time; `reflected`: a record or event within 60 s says so too.
WITH objected AS MATERIALIZED (
  SELECT contactId, partyId, "at", until, turn, recordingId FROM signal WHERE type = 'objection'
),
-- Few: who was there is looked up before times are compared.
there AS MATERIALIZED (
  FROM party SEMI JOIN objected USING (contactId)
),
-- Amazon Connect's speech analysis knows speakers by their role alone: that is the only party in it.
sole AS (
  SELECT contactId, 'connect:' || contactId || '/' || role AS spokenAs, min(party) AS party FROM there GROUP BY contactId, role HAVING count(*) = 1
),
heard AS MATERIALIZED (
  SELECT g.contactId, coalesce(p.party, g.partyId) AS partyId, g."at", coalesce(g.until, g."at") AS until, g.turn, g.recordingId AS transcribed, coalesce(p.person, n.person, g.partyId) AS person, p.party,
    o.packKey, coalesce(k.stopWithin, INTERVAL 0 SECOND) AS stopWithin
  FROM objected g
  LEFT JOIN packPeriod o ON o."from" <= g."at" AND (o.until IS NULL OR g."at" < o.until)
  LEFT JOIN pack k ON k.packKey = o.packKey
  LEFT JOIN sole s ON s.contactId = g.contactId AND s.spokenAs = g.partyId
  LEFT JOIN there p ON p.contactId = g.contactId AND p.party = coalesce(s.party, g.partyId)
  LEFT JOIN resolvedName n ON n.name = g.partyId AND n."at" = g."at"
  WHERE coalesce(p.isOutsider, g.partyId NOT IN ('connect:' || g.contactId || '/agent', 'connect:' || g.contactId || '/supervisor', 'connect:' || g.contactId || '/system'))
),
concerned AS MATERIALIZED (
  SELECT recordingNumber, contactId, party, person, chain, channel FROM recordedOutsider SEMI JOIN heard USING (contactId)
),
captured AS (
  SELECT h.contactId, h.person, h."at", h.turn, min(h.partyId) AS partyId, max(h.until) AS until, any_value(u.chain) AS chain, any_value(u.channel) AS channel, any_value(h.packKey) AS packKey,
    min(e.recordingId) AS recordingId, max(e.until) AS capturedUntil
  FROM heard h
  JOIN concerned u ON u.contactId = h.contactId
  JOIN exposure e ON e.recordingNumber = u.recordingNumber AND e.party = u.party AND e."from" <= h."at" AND h."at" + h.stopWithin < e.until
  WHERE u.person = h.person OR NOT EXISTS (SELECT 1 FROM there p WHERE p.contactId = h.contactId AND p.isOutsider AND p.person = h.person)
  GROUP BY h.contactId, h.person, h."at", h.turn
)
SELECT c.*, EXISTS (
    SELECT 1 FROM consentStatement s
    WHERE s.person = c.person AND s.says <> 'given' AND (s.chain IS NULL OR s.chain = c.chain)
      AND (list_contains(s.purposes, 'recording') OR list_contains(s.purposes, '*'))
      AND s."at" >= c."at" - INTERVAL 60 SECOND AND s."at" <= c.until + INTERVAL 60 SECOND
  ) AS reflected
FROM captured c
