-- Chains to which a contact belongs of which no version can be used: what was said and played on it is not known.
SELECT h.chain, x.id
FROM conflict x JOIN contact c ON c.previousContactId = x.id JOIN chain h ON h.contactId = c.id
WHERE x.kind = 'contact'
UNION
SELECT h.chain, x.id
FROM conflict x JOIN stored_contact s ON s.id = x.id JOIN chain h ON h.contactId = s.previousContactId
WHERE x.kind = 'contact'
