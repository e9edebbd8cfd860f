-- Notices and the customers and third parties who were present throughout them (policy.md, In time);
-- a notice for a named party concerns that party only.
SELECT g.id, g.contactId, k.chain, a.party, a.person, a.language AS partyLanguage, g."at", g.until, g.purposes, g.noticeId, g.noticeVersion, g.language, g.packKey
FROM noticeGrant g
JOIN attendance a ON a.contactId = g.contactId AND a.isOutsider AND a."from" <= g."at" AND g."at" < a.until AND g.until <= a.until
JOIN chain k ON k.contactId = g.contactId
LEFT JOIN resolvedName n ON n.name = g.partyId AND n."at" = g."at"
WHERE g.partyId IS NULL OR g.partyId = a.party OR n.person = a.person
