-- Recorded outsiders whose consent cannot be told because records in conflict speak of it (records.md, Versions):
-- their own statements, notices and objections on the chain, a contact of the chain, or what identity says of them.
WITH contested AS (
  SELECT DISTINCT x.kind, x.id, s.subject AS name, s.contactId
  FROM conflict x JOIN stored_consent s ON x.kind = 'consent' AND s.id = x.id
  UNION
  SELECT x.kind, x.id, s.subject, NULL
  FROM conflict x JOIN stored_request s ON x.kind = 'request' AND s.id = x.id AND s.type = 'objection'
  UNION
  SELECT x.kind, x.id, NULL, s.contactId
  FROM conflict x JOIN stored_event s ON x.kind = 'event' AND s.id = x.id AND s.type IN ('notice-played', 'tone-played', 'objection')
  UNION
  SELECT x.kind, x.id, x.id, NULL FROM conflict x WHERE x.kind = 'identity'
),
named AS (
  SELECT c.kind, c.id, k.chain, c.contactId, c.name AS person FROM contested c LEFT JOIN chain k ON k.contactId = c.contactId WHERE c.name IS NOT NULL
  UNION
  SELECT c.kind, c.id, k.chain, c.contactId, n.person FROM contested c JOIN personName n ON n.name = c.name LEFT JOIN chain k ON k.contactId = c.contactId
)
SELECT outsider, min(contested) AS contested
FROM (
  SELECT u.rowid AS outsider, n.kind || '/' || n.id AS contested
  FROM named n JOIN recordedOutsider u ON u.person = n.person AND (n.contactId IS NULL OR n.chain = u.chain)
  UNION ALL
  SELECT u.rowid, 'contact/' || b.id FROM brokenChain b JOIN recordedOutsider u ON u.chain = b.chain
  UNION ALL
  SELECT u.rowid AS outsider, c.kind || '/' || c.id
  FROM contested c JOIN chain k ON k.contactId = c.contactId JOIN recordedOutsider u ON u.chain = k.chain
  WHERE c.name IS NULL
)
GROUP BY outsider
