-- All names of the customers and third parties on a contact, so that a hold that comes after the audit finds its recordings under
-- any of them. A customer calls often, and nearly every contact has one: names are put together once for each of them.
WITH known AS (
  SELECT person, list(name) AS names FROM personName GROUP BY person
),
named AS (
  SELECT p.party, p.person, list_sort(list_distinct(list_concat([p.party, p.person], coalesce(k.names, [])))) AS names
  FROM (SELECT DISTINCT party, person FROM contactPerson) p LEFT JOIN known k ON k.person = p.person
),
several AS (
  SELECT contactId FROM contactPerson GROUP BY contactId HAVING count(*) > 1
)
SELECT c.contactId, n.names
FROM contactPerson c ANTI JOIN several USING (contactId) JOIN named n ON n.party = c.party AND n.person = c.person
UNION ALL
SELECT c.contactId, list_sort(list_distinct(flatten(list(n.names))))
FROM contactPerson c SEMI JOIN several USING (contactId) JOIN named n ON n.party = c.party AND n.person = c.person
GROUP BY c.contactId
