-- Contacts whose customer shares a telephone number or a postal or mail address with a staff member: with one of the staff
-- member's own customer ids, or with a staff alias. The same person is access/own-record's matter. What more than
-- ten people share is a switchboard or an office and says nothing of a household.
-- from, until: the accesses for which that is so (ownCustomer).
WITH alias AS (
  SELECT subject, alias.alias AS name FROM (SELECT subject, unnest(aliases) AS alias FROM identity)
),
addressed AS (
  SELECT person, name FROM (
    SELECT DISTINCT p.person, a.name FROM alias a JOIN subjectPerson p ON p.subject = a.subject WHERE starts_with(a.name, 'tel:') OR starts_with(a.name, 'mailto:') OR starts_with(a.name, 'address:')
  ) QUALIFY count(*) OVER (PARTITION BY name) <= 10
),
reachable AS (
  SELECT o.staff, a.name, o."from", o.until FROM ownPerson o JOIN addressed a ON a.person = o.person
  UNION
  SELECT staff, name, '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP FROM staffName WHERE starts_with(name, 'tel:') OR starts_with(name, 'mailto:') OR starts_with(name, 'address:')
)
SELECT c.contactId, r.staff, r."from", r.until, min(c.party) AS party,
  min(CASE WHEN starts_with(r.name, 'tel:') THEN 'telephone number' ELSE 'address' END) AS shared
FROM contactPerson c JOIN addressed a ON a.person = c.person JOIN reachable r ON r.name = a.name
WHERE c.role = 'customer'
GROUP BY c.contactId, r.staff, r."from", r.until
ORDER BY ALL
