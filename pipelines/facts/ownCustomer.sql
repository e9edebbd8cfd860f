-- Contacts whose customer is a staff member: one of their own customer ids, or a staff name then.
-- doubtful: the name is that of several people.
WITH owned AS (
  SELECT s.id AS staff, s.employedFrom, unnest(s.subjectIds) AS subject FROM staff s
),
ownPerson AS (
  SELECT o.staff, n.person, bool_and(n.doubtful) AS doubtful
  FROM owned o JOIN namedPerson n ON n.name = o.subject AND n."at" = o.employedFrom
  GROUP BY o.staff, n.person
),
match AS (
  SELECT c.contactId, c.party, o.staff, c.doubtful OR o.doubtful AS doubtful
  FROM contactPerson c JOIN ownPerson o ON o.person = c.person WHERE c.role = 'customer'
  UNION ALL
  SELECT p.contactId, p.party, unnest(n.candidates), n.ambiguous
  FROM party p JOIN contact c ON c.id = p.contactId
  JOIN staffNamePeriod n ON n.name = p.party AND n."from" <= c.startedAt AND c.startedAt < n.until
  WHERE p.role = 'customer'
)
SELECT contactId, staff, min(party) AS party, bool_and(doubtful) AS doubtful FROM match GROUP BY contactId, staff
ORDER BY contactId, staff
