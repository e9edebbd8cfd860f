-- Every name that identity knows: a subject for all time, an alias while it is valid.
-- Versions of an identity in conflict are not used, and what depends on them must not be guessed either: an alias in one of
-- them is a name of its subject and of nobody else at once, and persons whom one would join are perhaps one.
WITH sure AS MATERIALIZED (
  SELECT subject AS name, person, NULL::TIMESTAMP AS "from", NULL::TIMESTAMP AS until
  FROM subjectPerson
  UNION
  SELECT i.alias.alias, p.person, i.alias."from", i.alias.until
  FROM (SELECT subject, unnest(aliases) AS alias FROM identity) i JOIN subjectPerson p ON p.subject = i.subject
),
contested AS MATERIALIZED (
  SELECT DISTINCT s.subject, a.alias.alias AS name, a.alias."from" AS "from", a.alias.until AS until
  FROM excluded x JOIN stored_identity s ON x."row" = s.rowid, unnest(s.aliases) AS a(alias)
  WHERE x.kind = 'identity' AND x."class" = 'conflicting'
),
joined AS MATERIALIZED (
  SELECT DISTINCT c.subject, n.person FROM contested c JOIN sure n ON n.name = c.name WHERE NOT starts_with(c.name, 'tel:')
)
SELECT name, person, "from", until FROM sure
UNION
SELECT name, unnest([subject, name]), "from", until FROM contested
UNION
SELECT n.name, j.subject, n."from", n.until FROM joined j JOIN sure n ON n.person = j.person
UNION
SELECT subject, unnest([subject, person]), NULL, NULL FROM joined
ORDER BY name, person, "from", until
