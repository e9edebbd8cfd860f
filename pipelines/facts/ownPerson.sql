-- Which customers each staff member is, by the customer ids of the staff record, in periods in which the answer does not change:
-- one person, or each of several, marked doubtful; and always a customer of whom nothing but that id is known.
WITH owned AS (
  SELECT DISTINCT s.id AS staff, o.subject AS name FROM staff s, unnest(s.subjectIds) AS o(subject)
),
known AS (
  SELECT name, person, coalesce("from", '-infinity'::TIMESTAMP) AS "from", coalesce(until, 'infinity'::TIMESTAMP) AS until
  FROM personName SEMI JOIN owned USING (name)
),
edge AS (
  SELECT name, "from" AS "at" FROM known
  UNION
  SELECT name, until FROM known
),
piece AS (
  SELECT name, "at" AS "from", lead("at") OVER (PARTITION BY name ORDER BY "at") AS until FROM edge
),
candidate AS (
  SELECT DISTINCT p.name, p."from", p.until, k.person
  FROM piece p JOIN known k ON k.name = p.name AND k."from" <= p."from" AND p."from" < k.until WHERE p.until IS NOT NULL
),
meant AS (
  SELECT name, person, "from", until, count(*) OVER (PARTITION BY name, "from") > 1 AS doubtful FROM candidate
  UNION ALL
  SELECT DISTINCT name, name, '-infinity'::TIMESTAMP, 'infinity'::TIMESTAMP, false FROM owned
)
SELECT o.staff, m.person, m."from", m.until, bool_and(m.doubtful) AS doubtful
FROM owned o JOIN meant m ON m.name = o.name GROUP BY o.staff, m.person, m."from", m.until
ORDER BY ALL
