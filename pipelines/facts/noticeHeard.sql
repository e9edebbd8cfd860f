-- Notices and the customers and third parties who were present throughout them (policy.md, In time);
-- a notice for a named party concerns that party only. `ambiguous`: it names a number of several people, of whom this may be one.
WITH addressed AS (
  SELECT id, person, count(*) OVER (PARTITION BY id) > 1 AS several
  FROM (
    SELECT DISTINCT g.id, n.person
    FROM noticeGrant g JOIN personName n ON n.name = g.partyId AND (n."from" IS NULL OR n."from" <= g."at") AND (n.until IS NULL OR g."at" < n.until)
  )
)
SELECT g.id, g.contactId, k.chain, a.party, a.person, a.language AS partyLanguage, g."at", g.until, g.purposes, g.noticeId, g.noticeVersion, g.language, g.packKey,
  coalesce(g.partyId <> a.party AND m.several, false) AS ambiguous
FROM noticeGrant g
JOIN attendance a ON a.contactId = g.contactId AND a.isOutsider AND a."from" <= g."at" AND g."at" < a.until AND g.until <= a.until
JOIN chain k ON k.contactId = g.contactId
LEFT JOIN addressed m ON m.id = g.id AND m.person = a.person
WHERE g.partyId IS NULL OR g.partyId = a.party OR m.id IS NOT NULL
