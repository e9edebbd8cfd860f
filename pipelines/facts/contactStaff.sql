-- Staff on each contact. Where the name was that of several staff then, each of them, marked doubtful.
-- By name first and by time last: the other way round every contact meets every name of its period.
WITH shared AS MATERIALIZED (
  SELECT p.contactId, p.party, p.role, n.candidates, n."from", n.until
  FROM party p JOIN staffNamePeriod n ON n.name = p.party WHERE p.isStaff AND p.staffAmbiguous
)
SELECT contactId, party, role, staff, false AS doubtful
FROM party WHERE isStaff AND staff IS NOT NULL
UNION
SELECT s.contactId, s.party, s.role, unnest(s.candidates) AS staff, true
FROM shared s JOIN contact o ON o.id = s.contactId
WHERE s."from" <= o.startedAt AND o.startedAt < s.until
ORDER BY ALL
