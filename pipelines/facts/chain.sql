-- contact -> chain: the whole connected set of contacts through previousContactId
-- (records.md, Versions; fine print 16), named by the least contact id in it.
WITH RECURSIVE
links AS (
  SELECT id AS a, previousContactId AS b FROM contact WHERE previousContactId IS NOT NULL
  UNION
  SELECT previousContactId, id FROM contact WHERE previousContactId IS NOT NULL
),
reach(contactId, chain) USING KEY (contactId) AS (
  SELECT a, min(least(a, b)) FROM links GROUP BY a
  UNION
  SELECT l.a, min(r.chain)
  FROM reach r JOIN links l ON l.b = r.contactId JOIN recurring.reach known ON known.contactId = l.a
  WHERE r.chain < known.chain
  GROUP BY l.a
)
SELECT c.id AS contactId, coalesce(r.chain, c.id) AS chain
FROM contact c LEFT JOIN reach r ON r.contactId = c.id
ORDER BY c.id
