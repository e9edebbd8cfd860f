-- Steps (events) in their chain of contacts and for whom they were done: one row for each person concerned.
-- A step that names no customer concerns every outsider of its own contact, and whoever that contact
-- is about (anyone = true); a party that is new to the chain inherits nothing (records.md, Chains).
-- `ambiguous`: `person` is a number of several people then, which stands for itself.
WITH member AS (
  SELECT contactId, chain FROM chain
  UNION
  -- A contact that is only known as the one continued.
  SELECT c.previousContactId, h.chain FROM contact c JOIN chain h ON h.contactId = c.id
  WHERE c.previousContactId IS NOT NULL AND c.previousContactId NOT IN (SELECT contactId FROM chain)
),
step AS (
  SELECT e.id AS eventId, e.type, e."at", e.contactId, e.partyId, e.name, coalesce(m.chain, e.contactId) AS chain
  FROM event e JOIN stepType t ON t.type = e.type
  LEFT JOIN member m ON m.contactId = e.contactId
),
insider AS (
  -- Steps that name a member of staff or a bot, so that they were done for whoever was there.
  SELECT s.eventId FROM step s SEMI JOIN party p ON p.contactId = s.contactId AND p.party = s.partyId AND NOT p.isOutsider
  UNION
  SELECT s.eventId FROM step s SEMI JOIN staffName n ON n.name = s.partyId
),
stated AS (
  SELECT s.*, CASE WHEN o.person IS NOT NULL THEN o.person WHEN s.partyId IS NOT NULL AND i.eventId IS NULL THEN CASE WHEN r.ambiguous THEN s.partyId ELSE coalesce(r.person, s.partyId) END END AS person,
    coalesce(o.ambiguous, r.ambiguous, false) AS ambiguous
  FROM step s
  LEFT JOIN outsiderParty o ON o.contactId = s.contactId AND o.party = s.partyId
  LEFT JOIN insider i ON i.eventId = s.eventId
  LEFT JOIN resolvedName r ON r.name = s.partyId AND r."at" = s."at"
)
SELECT eventId, type, "at", contactId, partyId, name, chain, person, ambiguous, false AS anyone
FROM stated WHERE person IS NOT NULL
UNION ALL
SELECT s.eventId, s.type, s."at", s.contactId, s.partyId, s.name, s.chain, o.person, o.ambiguous, false
FROM stated s JOIN outsiderPerson o ON o.contactId = s.contactId
WHERE s.person IS NULL
UNION ALL
SELECT eventId, type, "at", contactId, partyId, name, chain, NULL, false, true
FROM stated WHERE person IS NULL
