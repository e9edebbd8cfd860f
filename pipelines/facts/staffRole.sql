-- The roster, one row for each role of each staff member, with the supervisor as a staff id.
WITH listed AS (
  SELECT s.id AS staff, r.role.role AS role, r.role."from" AS "from", r.role.until AS until,
    r.role.team AS team, r.role.site AS site, r.role.supervisor AS supervisor
  FROM staff s, unnest(s.roles) AS r(role)
)
SELECT DISTINCT l.staff, l.role, l."from", l.until, l.team, l.site, coalesce(n.staff, l.supervisor) AS supervisor
FROM listed l
LEFT JOIN staffNamePeriod n ON n.name = l.supervisor AND n."from" <= l."from" AND l."from" < n.until
ORDER BY ALL
