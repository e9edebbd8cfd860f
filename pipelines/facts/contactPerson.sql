-- Customers and third parties of each contact as persons. Where a telephone number was that of several
-- persons then, each of them, marked doubtful (records.md: never a guess).
SELECT contactId, party, role, person, false AS doubtful
FROM party WHERE isOutsider AND NOT ambiguous
UNION
SELECT p.contactId, p.party, p.role, n.person, true
FROM party p
JOIN contact o ON o.id = p.contactId
JOIN personName n ON n.name = p.party
  AND (n."from" IS NULL OR n."from" <= o.startedAt) AND (n.until IS NULL OR o.startedAt < n.until)
WHERE p.isOutsider AND p.ambiguous
ORDER BY ALL
