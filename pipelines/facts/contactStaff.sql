-- Staff on each contact. Where the name was that of several staff then, each of them, marked doubtful.
SELECT contactId, party, role, staff, false AS doubtful
FROM party WHERE isStaff AND staff IS NOT NULL
UNION
SELECT p.contactId, p.party, p.role, unnest(n.candidates) AS staff, true
FROM (FROM party WHERE isStaff AND staffAmbiguous) p
JOIN contact o ON o.id = p.contactId
JOIN staffNamePeriod n ON n.name = p.party AND n."from" <= o.startedAt AND o.startedAt < n.until
ORDER BY ALL
