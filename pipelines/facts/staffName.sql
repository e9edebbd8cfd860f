-- Every name of a staff member: the id for all time, an alias while it is valid.
SELECT id AS name, id AS staff, NULL::TIMESTAMP AS "from", NULL::TIMESTAMP AS until FROM staff
UNION
SELECT a.alias.alias, s.id, a.alias."from", a.alias.until
FROM staff s, unnest(s.aliases) AS a(alias)
ORDER BY name, staff, "from", until
