-- Chains of contacts in which records conflict, so that an absence in them proves nothing.
SELECT DISTINCT chain FROM (
  SELECT coalesce(h.chain, x.contactId) AS chain
  FROM conflictContact x LEFT JOIN chain h ON h.contactId = x.contactId
  WHERE x.kind = 'event'
  UNION ALL
  SELECT coalesce(h.chain, x.id) FROM conflict x
  LEFT JOIN contact c ON c.previousContactId = x.id
  LEFT JOIN chain h ON h.contactId = c.id
  WHERE x.kind = 'contact'
  UNION ALL
  SELECT chain FROM brokenChain
)
WHERE chain IS NOT NULL
