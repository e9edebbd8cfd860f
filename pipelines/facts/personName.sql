-- Every name that identity knows: a subject for all time, an alias while it is valid.
SELECT subject AS name, person, NULL::TIMESTAMP AS "from", NULL::TIMESTAMP AS until
FROM subjectPerson
UNION
SELECT i.alias.alias, p.person, i.alias."from", i.alias.until
FROM (SELECT subject, unnest(aliases) AS alias FROM identity) i JOIN subjectPerson p ON p.subject = i.subject
ORDER BY name, person, "from", until
