-- The roster, one row for each role of each staff member, with the supervisor as it is written.
SELECT DISTINCT s.id AS staff, r.role.role AS role, r.role."from" AS "from", r.role.until AS until,
  r.role.team AS team, r.role.site AS site, r.role.supervisor AS supervisor
FROM staff s, unnest(s.roles) AS r(role)
ORDER BY ALL
