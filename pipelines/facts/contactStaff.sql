-- Staff on each contact. Where the name was that of several staff then, each of them, marked doubtful.
SELECT contactId, party, role, staff, false AS doubtful
FROM party WHERE isStaff AND staff IS NOT NULL
UNION
SELECT p.contactId, p.party, p.role, c.staff, true
FROM party p
JOIN contact o ON o.id = p.contactId
JOIN staffNamePeriod n ON n.name = p.party AND n."from" <= o.startedAt AND o.startedAt < n.until, unnest(n.candidates) AS c(staff)
WHERE p.isStaff AND p.staffAmbiguous
ORDER BY ALL
