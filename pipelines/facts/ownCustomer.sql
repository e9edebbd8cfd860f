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
-- By name first and by time last: the other way round every contact meets every name of its period.
namesake AS MATERIALIZED (
  SELECT p.contactId, p.party, n.ambiguous, n.candidates, n."from", n.until
  FROM party p JOIN staffNamePeriod n ON n.name = p.party WHERE p.role = 'customer'
),
match AS (
  SELECT c.contactId, c.party, o.staff, c.doubtful OR o.doubtful AS doubtful
  FROM contactPerson c JOIN ownPerson o ON o.person = c.person WHERE c.role = 'customer'
  UNION ALL
  SELECT m.contactId, m.party, unnest(m.candidates), m.ambiguous
  FROM namesake m JOIN contact c ON c.id = m.contactId
  WHERE m."from" <= c.startedAt AND c.startedAt < m.until
)
SELECT contactId, staff, min(party) AS party, bool_and(doubtful) AS doubtful FROM match GROUP BY contactId, staff
ORDER BY contactId, staff
