-- Names of staff cut into periods in which the answer to "who is that?" does not change:
-- one staff member, or several (an alias of two staff at that time is ambiguous, records.md).
-- At most one row holds for a name and a time; no row: nobody had the name then.
WITH bounded AS (
  SELECT name, staff, coalesce("from", '-infinity'::TIMESTAMP) AS "from", coalesce(until, 'infinity'::TIMESTAMP) AS until
  FROM staffName
),
edge AS (
  SELECT name, "from" AS "at" FROM bounded
  UNION
  SELECT name, until FROM bounded
),
piece AS (
  SELECT name, "at" AS "from", lead("at") OVER (PARTITION BY name ORDER BY "at") AS until FROM edge
)
SELECT p.name, p."from", p.until,
  CASE WHEN count(DISTINCT b.staff) = 1 THEN min(b.staff) END AS staff,
  list_sort(list(DISTINCT b.staff)) AS candidates,
  count(DISTINCT b.staff) > 1 AS ambiguous
FROM piece p JOIN bounded b ON b.name = p.name AND b."from" <= p."from" AND p."from" < b.until
WHERE p.until IS NOT NULL
GROUP BY p.name, p."from", p.until
ORDER BY p.name, p."from"
