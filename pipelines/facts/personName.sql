-- Every name that identity knows: a subject for all time, an alias while it is valid.
SELECT subject AS name, person, NULL::TIMESTAMP AS "from", NULL::TIMESTAMP AS until
FROM subjectPerson
UNION
SELECT a.alias.alias, p.person, a.alias."from", a.alias.until
FROM identity i, unnest(i.aliases) AS a(alias), subjectPerson p
WHERE p.subject = i.subject
ORDER BY name, person, "from", until
