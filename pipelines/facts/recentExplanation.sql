-- Accesses that recent-contact explains: one row for each other contact of the same customer that the person handled.
-- doubt: it may hold, and the records cannot tell.
WITH actor AS (
  SELECT DISTINCT staff, who FROM explainableDeed WHERE staff IS NOT NULL
),
-- Customers of more than one contact, by number: joined by equality first and cut by time last.
customer AS MATERIALIZED (
  SELECT person, (row_number() OVER ())::INTEGER AS number FROM contactPerson WHERE role = 'customer' GROUP BY person HAVING count(*) > 1
),
mine AS (
  SELECT o.rowid::INTEGER AS object, o.contactId, n.number AS person, c.doubtful
  FROM contactPerson c JOIN customer n ON n.person = c.person JOIN accessObject o ON o.contactId = c.contactId WHERE c.role = 'customer'
),
theirs AS (
  SELECT n.number AS person, a.who, c.contactId, o.startedAt, c.doubtful OR s.doubtful AS doubtful
  FROM contactPerson c JOIN customer n ON n.person = c.person JOIN contactStaff s ON s.contactId = c.contactId JOIN actor a ON a.staff = s.staff
  JOIN contact o ON o.id = c.contactId WHERE c.role = 'customer'
),
recent AS (
  SELECT r.rowid::INTEGER AS access, t.contactId AS id, CASE WHEN m.doubtful OR t.doubtful THEN 'ambiguous-person' END AS doubt
  FROM accessRow r
  JOIN (FROM explainableDeed WHERE list_contains(explanations, 'recent-contact')) a ON a.deed = r.deed
  JOIN mine m ON m.object = r.object
  JOIN theirs t ON t.person = m.person AND t.who = a.who AND t.contactId <> m.contactId
  WHERE t.startedAt <= r."at" AND t.startedAt >= r."at" - a.recentContact
)
SELECT access, id, CASE WHEN bool_and(doubt IS NOT NULL) THEN min(doubt) END AS doubt FROM recent GROUP BY access, id
