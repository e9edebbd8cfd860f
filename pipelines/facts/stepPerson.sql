-- Whom a step may have been done for: its person, or each of the people whose number it names (`doubtful`): of a party as names
-- stood when the contact began, else as they stood at the step. Only chains with such a number: few.
WITH doubted AS (
  SELECT eventId, type, "at", chain, contactId, person FROM chainStep WHERE ambiguous
)
SELECT eventId, type, "at", chain, person, false AS doubtful FROM chainStep SEMI JOIN doubted USING (chain) WHERE NOT ambiguous AND NOT anyone
UNION
SELECT s.eventId, s.type, s."at", s.chain, c.person, true
FROM doubted s JOIN contactPerson c ON c.contactId = s.contactId AND c.party = s.person AND c.doubtful
UNION
SELECT s.eventId, s.type, s."at", s.chain, n.person, true
FROM doubted s ANTI JOIN outsiderParty o ON o.contactId = s.contactId AND o.party = s.person
JOIN personName n ON n.name = s.person AND (n."from" IS NULL OR n."from" <= s."at") AND (n.until IS NULL OR s."at" < n.until)
