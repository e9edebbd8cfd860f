-- subject -> person: subjects that share an alias other than a telephone number are one person,
-- named by the least of its subjects (records.md, People have time-bound names; fine print 16).
WITH RECURSIVE
shared AS (
  SELECT alias.alias AS name, subject
  FROM (SELECT subject, unnest(aliases) AS alias FROM identity)
  WHERE NOT starts_with(alias.alias, 'tel:')
  UNION
  SELECT i.subject AS name, i.subject FROM identity i
),
links AS (
  SELECT DISTINCT x.subject AS a, y.subject AS b
  FROM shared x JOIN shared y ON x.name = y.name AND x.subject <> y.subject
),
reach(subject, person) AS (
  SELECT a, least(a, b) FROM links
  UNION
  SELECT l.a, r.person FROM reach r JOIN links l ON l.b = r.subject
)
SELECT i.subject, coalesce(min(r.person), i.subject) AS person
FROM identity i LEFT JOIN reach r ON r.subject = i.subject
GROUP BY i.subject
ORDER BY i.subject
