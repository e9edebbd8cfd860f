-- All names of the customers and third parties on a contact that has a recording, so that a hold that comes after the audit
-- finds them under any of them.
WITH met AS (
  SELECT DISTINCT c.contactId, c.party, c.person FROM contactPerson c SEMI JOIN recording r ON r.contactId = c.contactId
)
SELECT contactId, party AS name FROM met
UNION
SELECT contactId, person FROM met
UNION
SELECT m.contactId, n.name FROM met m JOIN personName n ON n.person = m.person
