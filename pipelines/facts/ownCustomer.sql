-- Contacts whose customer is a staff member: one of their own customer ids, or a staff name then.
-- doubtful: the name is that of several people.
-- from, until: the accesses for which that is so, since customer ids mean who has them when something is opened.
-- By name first and by time last: the other way round every contact meets every name of its period.
WITH namesake AS MATERIALIZED (
  SELECT p.contactId, p.party, n.ambiguous, n.candidates, n."from", n.until
  FROM party p JOIN staffNamePeriod n ON n.name = p.party WHERE p.role = 'customer'
),
match AS (
  SELECT c.contactId, c.party, o.staff, c.doubtful OR o.doubtful AS doubtful, o."from", o.until
  FROM contactPerson c JOIN ownPerson o ON o.person = c.person WHERE c.role = 'customer'
  UNION ALL
  SELECT m.contactId, m.party, unnest(m.candidates), m.ambiguous, '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP
  FROM namesake m JOIN contact c ON c.id = m.contactId
  WHERE m."from" <= c.startedAt AND c.startedAt < m.until
)
SELECT contactId, staff, "from", until, min(party) AS party, bool_and(doubtful) AS doubtful FROM match GROUP BY contactId, staff, "from", until
ORDER BY ALL
