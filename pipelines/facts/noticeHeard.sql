-- Notices and the customers and third parties who were present throughout them (policy.md, In time);
-- a notice for a named party concerns that party only.
SELECT g.id, g.contactId, k.chain, p.party, p.person, p.language AS partyLanguage, g."at", g.until, g.purposes, g.noticeId, g.noticeVersion, g.language, g.packKey
FROM noticeGrant g
JOIN chain k ON k.contactId = g.contactId
JOIN attendance a ON a.contactId = g.contactId AND a.isOutsider AND a."from" <= g."at" AND g."at" < a.until AND g.until <= a.until
JOIN party p ON p.contactId = g.contactId AND p.party = a.party AND p.isOutsider
LEFT JOIN resolvedName n ON n.name = g.partyId AND n."at" = g."at"
WHERE g.partyId IS NULL OR g.partyId = p.party OR n.person = p.person
